"""The page between the name and the proofs, where the browser works, or its person waits."""

import statistics

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from lab.effort import rounds
from lab.house import House
from lab.pages import Pages

# A phone of a hundred euros beside the machine of a developer: what Lighthouse reckons with is 4.
PHONE = 6


@pytest.fixture(scope="module")
def asking(town, tmp_path_factory):
    """A house that always asks; who waits there waits for two minutes."""
    yield from _house(town, tmp_path_factory, 120)


@pytest.fixture(scope="module")
def patient(town, tmp_path_factory):
    """Likewise, for two seconds."""
    yield from _house(town, tmp_path_factory, 2)


def _house(town, tmp_path_factory, wait):
    with House(str(tmp_path_factory.mktemp("asking")), town.directory, town.kannel,
               {"keeper.price": "always", "keeper.price_wait": wait}) as house:
        yield house


def throttle(driver, rate):
    driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": rate})


def path(driver):
    return driver.current_url.split("/", 3)[3]


def arrive(driver, where="step/proof", seconds=60):
    WebDriverWait(driver, seconds, 0.1, ignored_exceptions=[WebDriverException]).until(
        lambda _: path(driver) == where)


def begin(driver, house, town, name="niemand", where="/?wish=reset"):
    driver.get(house.url + where)
    driver.find_element(By.NAME, "username").send_keys(name)
    driver.find_element(By.CSS_SELECTOR, "button.primary").click()
    return Pages(driver, house, town.phone)


def solved(driver):
    return int(driver.find_element(By.ID, "ring").get_attribute("aria-valuenow"))


# A browser that works on when the test says "turn()".
_BY_TURNS = """
window.MessageChannel = function () {
	const one = {}, other = { postMessage() { window.turn = () => { one.onmessage(); }; } };
	return { port1: one, port2: other };
};
"""


def by_turns(driver):
    return driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument",
                                  {"source": _BY_TURNS})["identifier"]


def turn_until(driver, count):
    """So many puzzles are solved, and not all of them."""
    WebDriverWait(driver, 20).until(lambda _: path(driver) == "step/price")
    while solved(driver) < count:
        driver.execute_script("window.turn()")
    assert solved(driver) < 32


# ---- With script --------------------------------------------------------------------------

def test_by_itself(browser, asking, town, look):
    """Nothing to press, and the whole way works; where it came from leads past it again."""
    driver, person = browser("en"), town.directory.newcomer()
    pages = begin(driver, asking, town, person.username)
    arrive(driver)
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    pages.fill(code=pages.code(person))
    assert pages.has("password")
    driver.back()
    assert "price" not in path(driver)


def test_back_is_no_trap(browser, asking, town):
    driver = browser("nl")
    begin(driver, asking, town)
    arrive(driver)
    assert driver.execute_script("return history.length") <= 4
    driver.back()
    WebDriverWait(driver, 20).until(lambda _: path(driver) in ("?wish=reset", "step/proof"))
    driver.get(asking.url + "/step/price")
    assert path(driver) == "step/proof"


@pytest.fixture
def unpaid(browser, asking, town):
    """unpaid(): a browser at a fresh page that has begun, works by turns, and never pays."""
    driver = browser("nl")
    by_turns(driver)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {
        "source": "window.fetch = () => { window.paid = true; return new Promise(() => {}); };"})
    driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})

    def start():
        throttle(driver, 1)
        begin(driver, asking, town)
        WebDriverWait(driver, 20).until(lambda _: path(driver) == "step/price")
        driver.execute_script("window.turn()")
        return driver

    return start


def busy(driver):
    """The milliseconds that the page's own thread has computed."""
    metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return 1000 * next(one["value"] for one in metrics if one["name"] == "ThreadTime")


_TO_THE_END = """
const begun = performance.now();
while (!window.paid)
	window.turn();
return performance.now() - begun;
"""


def test_on_a_phone(unpaid, figure):
    """How long the work takes a processor that is so much slower, when it has nothing else to do."""
    took = []
    for _ in range(rounds(100)):
        driver = unpaid()
        before, part = busy(driver), 1 - solved(driver) / 32
        throttle(driver, PHONE)
        driver.execute_script(_TO_THE_END)
        took.append((busy(driver) - before) / part)
        assert solved(driver) == 32
    figure("price_phone_ms", round(statistics.median(took)), "ms")
    figure("price_phone_max_ms", round(max(took)), "ms")


def test_page_on_a_phone(browser, asking, town, figure):
    """How long one looks at the page there, with all that the machine does besides."""
    driver = browser("nl")
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {
        "source": "sessionStorage.setItem(location.pathname, performance.timeOrigin)"})
    throttle(driver, PHONE)
    took = []
    for _ in range(rounds(30)):
        begin(driver, asking, town)
        arrive(driver)
        took.append(driver.execute_script(
            "return performance.timeOrigin - Number(sessionStorage.getItem('/step/price'))"))
    figure("price_page_phone_ms", round(statistics.median(took)), "ms")
    assert all(one > 0 for one in took)


_HASHES = """
const kept = (sessionStorage.getItem('latchkey-price') || '').slice(32);
let hashes = 0;
for (let i = 0; i < kept.length; i += 5)
	hashes += parseInt(kept.slice(i, i + 5), 16) + 1;
return hashes;
"""

_THEIRS = """
const done = arguments[0], text = new Uint8Array(40), times = 5000, begun = performance.now();
(async () => {
	for (let i = 0; i < times; i++)
		await crypto.subtle.digest('SHA-256', text);
	done(times / (performance.now() - begun));
})();
"""


def test_own_hash_is_worth_it(unpaid, figure):
    """Hashes in a millisecond: of our script, and of what the browser has for everybody."""
    driver = unpaid()
    before = driver.execute_script(_HASHES)
    took = driver.execute_script(_TO_THE_END)
    ours = (driver.execute_script(_HASHES) - before) / took
    theirs = driver.execute_async_script(_THEIRS)
    figure("price_hashes_ms", round(ours), "hashes/ms")
    figure("price_subtle_hashes_ms", round(theirs), "hashes/ms")
    assert ours > 0 and theirs > 0


def test_ring(browser, asking, town, look):
    """It moves, it is said, and the page lives meanwhile; a reload goes on where it was."""
    driver = browser("en")
    turning = by_turns(driver)
    begin(driver, asking, town)
    turn_until(driver, 2)
    look(driver, "price")
    ring = driver.find_element(By.ID, "ring")
    assert ring.aria_role == "progressbar" and ring.accessible_name
    assert ring.get_attribute("aria-valuemax") == "32"
    before = solved(driver)
    driver.refresh()
    assert path(driver) == "step/price" and before <= solved(driver) < 32
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": turning})
    driver.refresh()
    arrive(driver)


def test_cancel(browser, asking, town):
    driver = browser("en")
    by_turns(driver)
    begin(driver, asking, town)
    turn_until(driver, 1)
    driver.find_element(By.CSS_SELECTOR, ".cancel button").click()
    arrive(driver, "left")
    assert "Nothing has been changed" in driver.find_element(By.TAG_NAME, "body").text


# ---- Without ---------------------------------------------------------------------------------

def test_without_script(browser, patient, town, look):
    """It says how long, and goes on by itself."""
    driver, person = browser("en", script=False), town.directory.newcomer()
    pages = begin(driver, patient, town, person.username)
    assert "goes on by itself" in pages.text() and "working out" not in pages.text()
    arrive(driver)
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    assert pages.has("code")


def test_by_hand(browser, asking, town, look):
    """The button looks, and does no harm where it is too early."""
    driver = browser("nl", script=False)
    pages = begin(driver, asking, town)
    look(driver, "price-no-script")
    for _ in range(3):
        pages.press(driver.find_element(By.LINK_TEXT, "Verder"))
        assert path(driver) == "step/price" and "120 seconden" in pages.text()
    assert not driver.find_elements(By.CSS_SELECTOR, "[role=alert]")


BROKEN = {
    "the script does not come": None,
    "the answer does not leave": "window.fetch = () => Promise.reject(new TypeError());",
    "it ends in the middle": "window.MessageChannel = undefined;",
    "it never finds anything": "Int32Array.prototype.map = null; Math.cbrt = () => 0;",
}


@pytest.mark.parametrize("how", BROKEN)
def test_broken_script(browser, patient, town, how):
    """Whatever fails, time goes by."""
    driver = browser("en")
    if BROKEN[how]:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": BROKEN[how]})
    else:
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/price.js*"]})
    begin(driver, patient, town)
    arrive(driver)


def test_a_browser_that_keeps_nothing(browser, asking, town):
    driver = browser("en")
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
        Object.defineProperty(window, 'sessionStorage', {
            get: () => { throw new DOMException('no', 'SecurityError'); }});"""})
    begin(driver, asking, town)
    arrive(driver)
