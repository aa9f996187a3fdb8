"""The page that waits for a slow directory, and a code that arrives on the phone itself."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from lab.pages import Pages
from lab.proxy import Proxy


@pytest.fixture
def line(another_house, directory):
    """A house whose directory can be slow."""
    proxy = Proxy(directory.tls_port)
    yield another_house({"registrar.directory.uris": [proxy.uri]}), proxy
    proxy.close()


def to_code(pages, person, path):
    pages.at(path).fill(username=person.username)
    return pages.fill(mobile=person.mobile, birthdate=person.birthdate)


def age(driver):
    """When the document that stands there was begun: another one has another."""
    return driver.execute_script("return performance.timeOrigin")


def asked(driver):
    """How often the page has asked whether it is done."""
    return driver.execute_script(
        "return performance.getEntriesByType('resource').filter(one => "
        "one.name.endsWith('/step/setting')).length")


def test_quietly(browser, line, directory, phone):
    """It stays one page, asks by itself, and is another one when there is something to say."""
    house, proxy = line
    person = directory.newcomer("locked")
    pages = to_code(Pages(browser("en"), house, phone), person, "/?wish=unlock")
    code = pages.code(person)
    proxy.fail_after(1, stall=True)
    pages.fill(code=code)
    assert pages.driver.current_url.endswith("/step/setting")
    assert "goes on by itself" in pages.text() and "Press the button" not in pages.text()
    begun = age(pages.driver)
    WebDriverWait(pages.driver, 20).until(lambda driver: asked(driver) >= 2)
    assert age(pages.driver) == begun
    proxy.heal()
    pages.wait_for("Your account is unlocked")
    assert directory.binds(person, person.password)


def test_by_hand(browser, line, directory, phone):
    """Without script its button asks, and says so."""
    house, proxy = line
    person = directory.newcomer("locked")
    pages = to_code(Pages(browser("en", script=False), house, phone), person, "/?wish=unlock")
    code = pages.code(person)
    proxy.fail_after(1, stall=True)
    pages.fill(code=code)
    assert "Press the button" in pages.text() and "goes on by itself" not in pages.text()
    pages.driver.find_element(By.LINK_TEXT, "See whether it is done").click()
    assert pages.driver.current_url.endswith("/step/setting")
    proxy.heal()
    pages.settle()
    assert "Your account is unlocked" in pages.text()


# A browser on a phone that gets the message; ours has neither, so its part is played.
_PHONE = """
window.OTPCredential = function () {};
navigator.credentials.get = function (asked) {
	window.asked = asked;
	return new Promise(function (fulfil, refuse) {
		window.arrive = code => fulfil({code});
		asked.signal.addEventListener('abort', () => refuse(asked.signal.reason));
	});
};
"""


@pytest.fixture
def handset(browser):
    driver = browser("nl")
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _PHONE})
    return driver


def test_code_fills_itself_in(handset, town):
    """Where the browser can; what sends it is still the person."""
    person = town.directory.newcomer()
    pages = to_code(Pages(handset, town.house, town.phone), person, "/?wish=reset")
    field = handset.find_element(By.NAME, "code")
    assert field.get_attribute("autocomplete") == "one-time-code"
    assert field.get_attribute("inputmode") == "numeric"
    assert handset.execute_script("return window.asked.otp") == {"transport": ["sms"]}
    handset.execute_script("window.arrive(arguments[0])", pages.code(person))
    WebDriverWait(handset, 10).until(lambda _: field.get_attribute("value"))
    assert handset.switch_to.active_element.text == "Volgende"
    handset.switch_to.active_element.click()
    WebDriverWait(handset, 20).until(lambda _: pages.has("password"))


def test_what_was_typed_goes_first(handset, town):
    """And when the form is sent, nobody listens any more."""
    person = town.directory.newcomer()
    pages = to_code(Pages(handset, town.house, town.phone), person, "/?wish=reset")
    field = handset.find_element(By.NAME, "code")
    field.send_keys("123")
    handset.execute_script("document.forms[0].addEventListener('submit', e => e.preventDefault())")
    handset.execute_script("window.arrive('87654321')")
    WebDriverWait(handset, 10).until(lambda _: handset.switch_to.active_element.text == "Volgende")
    assert field.get_attribute("value") == "123"
    handset.switch_to.active_element.click()
    assert handset.execute_script("return window.asked.signal.aborted")
    assert pages.has("code")


def test_what_a_page_may(browser, town):
    """Codes of text messages, and nothing else that a phone has."""
    driver = Pages(browser("nl"), town.house, town.phone).at("/").driver
    assert driver.execute_script("""
        const policy = document.featurePolicy, all = policy.features();
        return ['otp-credentials', 'camera', 'geolocation', 'microphone', 'payment', 'usb'].filter(
            one => all.includes(one) && policy.allowsFeature(one));
    """) in (["otp-credentials"], [])
