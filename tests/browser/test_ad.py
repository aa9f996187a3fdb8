"""Journeys A and B in Chromium, with an Active Directory behind them."""

import pytest
from selenium.webdriver.common.by import By

from lab.pages import Pages

NEW = "Wolken-boven-8-dijken"


@pytest.fixture
def house(ad_house):
    return ad_house()


def to_password(pages, person):
    pages.fill(username=person.username)
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    return pages.fill(code=pages.code(person))


def refused(pages, password):
    """One stays on the page, and is told why."""
    pages.fill(password=password, password_again=password)
    assert pages.has("password")
    assert pages.driver.find_elements(By.CSS_SELECTOR, "[aria-invalid=true]")


def test_reset_in_dutch(browser, look, house, ad, phone):
    """Fourteen characters, none of the last ten, no name: the rules of this very account."""
    person = ad.newcomer(policy="strict", given="Anna", surname="Jansen")
    pages = Pages(browser("nl"), house, phone, look, "ad-a-nl").at("/?wish=reset")
    to_password(pages, person)
    assert "14" in pages.text() and "10" in pages.text()
    refused(pages, "Twaalf-teken")
    refused(pages, "Jansen-is-weer-thuis-7")
    refused(pages, "alles-in-kleine-letters")
    refused(pages, person.password)
    pages.fill(password=NEW, password_again=NEW)
    pages.settle()
    assert "Linde Intranet" in pages.text()
    assert ad.binds(person, NEW) and not ad.binds(person, person.password)


@pytest.mark.parametrize("lang, script", [("en", True), ("nl", False)])
def test_unlock(browser, look, house, ad, phone, lang, script):
    person = ad.newcomer("locked")
    pages = Pages(browser(lang, script), house, phone, look, f"ad-b-{lang}").at("/?wish=unlock")
    to_password(pages, person)
    pages.settle()
    assert not pages.has("password")
    assert ad.binds(person, person.password)


def test_an_expired_password(browser, house, ad, phone):
    person = ad.newcomer("expired")
    assert not ad.binds(person, person.password)
    pages = Pages(browser("en"), house, phone).at("/?wish=reset")
    to_password(pages, person)
    pages.fill(password=NEW, password_again=NEW)
    pages.settle()
    assert ad.binds(person, NEW)


def test_half_way(browser, look, build_house, ad_old, phone):
    """A server without hints, and a reset and a change instead: refused between the two."""
    person = ad_old.newcomer()
    pages = Pages(browser("en"), build_house(ad_old), phone, look, "ad-gone").at("/?wish=reset")
    to_password(pages, person)
    assert "no longer works" not in pages.text()
    refused(pages, person.password)
    assert "no longer works" in pages.text()
    assert not ad_old.binds(person, person.password)
    # It is said as long as it is so, also to somebody who gives up.
    refused(pages, "Kort-7!")
    assert "no longer works" in pages.text()
    pages.driver.find_element(By.CSS_SELECTOR, "form[action$=leave] button").click()
    pages.wait_for("You have stopped")
    assert "no longer works" in pages.text()
    assert "Nothing has been changed" not in pages.text()
