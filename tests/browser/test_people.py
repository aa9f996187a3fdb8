"""A first password, with and without script; one that may not be changed yet, or not again."""

import subprocess

import pytest
from selenium.webdriver.common.by import By

from lab.api import Client
from lab.pages import Pages
from lab.places import program

NEW = "Wolken-boven-8-dijken"


def at_the_password(pages, person, wish):
    pages.at(f"/?wish={wish}").fill(username=person.username)
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    return pages.fill(code=pages.code(person))


@pytest.mark.parametrize("script", [True, False])
def test_first_password(browser, look, another_house, directory, phone, script):
    house = another_house({"keeper.wishes": ["reset", "unlock", "activate"]})
    person = directory.newcomer(extra={"pwdReset": ["TRUE"]})
    pages = Pages(browser("nl", script), house, phone, look,
                  "activate" if script else "activate-plain")
    at_the_password(pages, person, "activate")
    pages.fill(password=NEW, password_again=NEW)
    heading = pages.driver.find_element(By.TAG_NAME, "h1").text
    assert heading == "Uw account is klaar voor gebruik"
    assert directory.binds(person, NEW)


@pytest.mark.parametrize("lang, heading", [
    ("nl", "Uw wachtwoord kan nog niet worden gewijzigd"),
    ("en", "Your password can't be changed yet")])
def test_too_young(browser, look, ad, ad_house, phone, lang, heading):
    house = ad_house()
    person = ad.newcomer(policy="young")
    pages = Pages(browser(lang), house, phone, look,
                  f"young-{lang}")
    at_the_password(pages, person, "reset")
    assert pages.driver.find_element(By.TAG_NAME, "h1").text == heading
    assert pages.driver.find_element(By.CSS_SELECTOR, "[role=alert]").text
    assert not pages.has("password")
    pages.driver.find_element(By.CSS_SELECTOR, ".cancel button").click()
    assert ad.binds(person, person.password)


def test_too_often(browser, look, another_house, directory, phone):
    """It is said, and said again to who looks again."""
    house = another_house({"keeper.limits.resets_day": 1})
    person = directory.newcomer()
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"
    pages = Pages(browser("en"), house, phone, look, "too-often")
    pages.at("/?wish=reset").fill(username=person.username)
    before = len(phone.messages(person.mobile))
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    pages.fill(code=pages.code(person, before))
    assert "several times within a day" in pages.text()
    pages.driver.refresh()
    assert "several times within a day" in pages.seen().text()


def test_cancelled_too_late(browser, another_house, directory, phone):
    """In another tab it has been done: nobody is told that nothing has been changed."""
    house = another_house()
    person = directory.newcomer()
    pages = Pages(browser("en"), house, phone)
    at_the_password(pages, person, "reset")
    driver, first = pages.driver, pages.driver.current_window_handle
    driver.switch_to.new_window("tab")
    pages.at("/step/password").fill(password=NEW, password_again=NEW)
    pages.settle()
    assert directory.binds(person, NEW)
    driver.close()
    driver.switch_to.window(first)
    pages.press(driver.find_element(By.CSS_SELECTOR, ".cancel button"))
    assert "Nothing has been changed" not in pages.text()
    assert driver.current_url.endswith("/step/end")


@pytest.mark.parametrize("script", [True, False])
def test_nobody_can_begin(browser, look, another_house, directory, phone, script):
    """It is said at the first answer, and what was typed stands there still."""
    house = another_house()
    person = directory.newcomer()
    subprocess.run([program("ctl"), "-c", house.conf, "halt", "sms"], check=True, timeout=30)
    pages = Pages(browser("en", script), house, phone, look, "first-later")
    pages.at("/?wish=reset").fill(username=person.username)
    assert "doesn't work just now" in pages.text()
    assert pages.driver.find_element(By.NAME, "username").get_attribute("value") == person.username
    subprocess.run([program("ctl"), "-c", house.conf, "resume"], check=True, timeout=30)
    pages.fill(username=person.username)
    assert pages.has("mobile")
