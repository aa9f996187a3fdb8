"""The page that asks people instead of browsers: read it, hear it, ask for another, or wait."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from lab import riddle
from lab.house import House
from lab.pages import Pages

NEW = "Wolken-boven-8-dijken"


def _house(town, tmp_path_factory, wait):
    with House(str(tmp_path_factory.mktemp("asking")), town.directory, town.kannel,
               {"keeper.price": "always", "keeper.price_by": "riddle",
                "keeper.riddle_wait": wait}) as house:
        yield house


@pytest.fixture(scope="module")
def asking(town, tmp_path_factory):
    yield from _house(town, tmp_path_factory, 300)


@pytest.fixture(scope="module")
def patient(town, tmp_path_factory):
    yield from _house(town, tmp_path_factory, 3)


def path(driver):
    return driver.current_url.split("/", 3)[3]


def solution(driver, house):
    return riddle.read(house, driver.get_cookie("latchkey")["value"])


def picture(driver):
    return driver.find_element(By.CSS_SELECTOR, ".riddle img").get_attribute("src")


def press(driver, text):
    driver.find_element(By.XPATH, f"//button[normalize-space()='{text}']").click()


@pytest.mark.parametrize("lang, another, half", [("nl", "Een andere", 0), ("en", "Another one", 1)])
def test_whole_way(browser, asking, town, lang, another, half):
    """From the name to the new password, by what is seen and by what is heard."""
    driver, person = browser(lang), town.directory.newcomer()
    pages = Pages(driver, asking, town.phone).at("/?wish=reset")
    pages.fill(username=person.username)
    assert path(driver) == "step/price"
    first = picture(driver)
    pages.fill(captcha="K7XPM")
    assert driver.find_element(By.ID, "error-captcha").text
    assert driver.find_element(By.NAME, "captcha").get_attribute("value") == ""
    second = picture(driver)
    press(driver, another)
    WebDriverWait(driver, 20).until(lambda _: picture(driver) not in (first, second))
    assert not driver.find_elements(By.ID, "error-captcha")
    pages.fill(captcha=solution(driver, asking)[half].lower())
    assert path(driver) == "step/proof"
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    pages.fill(code=pages.code(person))
    pages.fill(password=NEW, password_again=NEW)
    pages.wait_for("Uw nieuwe wachtwoord" if lang == "nl" else "Your new password")
    assert town.directory.binds(person, NEW)


_SOUND = """
const sound = document.querySelector('audio'), done = arguments[0];
sound.onerror = () => done(null);
sound.oncanplaythrough = () => done(sound.duration);
sound.load();
"""


def test_it_is_seen_and_heard(browser, asking, town):
    """Chromium can draw the one and play the other, and the page's policy lets it."""
    driver = browser("nl")
    Pages(driver, asking, town.phone).at("/?wish=reset").fill(username="niemand")
    image = driver.find_element(By.CSS_SELECTOR, ".riddle img")
    assert driver.execute_script("return arguments[0].naturalWidth", image) == 280
    assert image.get_attribute("alt")
    assert 3 < driver.execute_async_script(_SOUND) < 9


def test_by_waiting(browser, patient, town):
    driver = browser("nl")
    Pages(driver, patient, town.phone).at("/?wish=reset").fill(username="niemand")
    assert path(driver) == "step/price"
    WebDriverWait(driver, 20).until(lambda _: path(driver) == "step/proof")
