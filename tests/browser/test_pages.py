"""The pages in Chromium: journey A in Dutch, B's unlock in English, Back and reload."""

import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from lab.pages import Pages

NEW = "Wolken-boven-8-dijken"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_reset_in_dutch(browser, look, town, script):
    person = town.directory.newcomer()
    name = "a-nl" if script else "a-nl-no-script"
    pages = Pages(browser("nl", script), town.house, town.phone, look, name).at("/?wish=reset")
    assert pages.driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "nl"
    pages.fill(username=person.username)
    pages.fill(mobile="06-" + person.mobile[4:], birthdate="31-2-1984")
    assert pages.has("birthdate"), "a date that is none keeps one on the page"
    assert pages.driver.find_elements(By.CSS_SELECTOR, "[aria-invalid=true]")
    day = "-".join(str(int(part)) for part in reversed(person.birthdate.split("-")))
    pages.fill(mobile="06-" + person.mobile[4:], birthdate=day)
    assert pages.has("code") and person.mobile[-2:] in pages.text()
    code = pages.code(person)
    pages.fill(code=f"{(int(code) + 1) % 10 ** 8:08}")
    assert pages.has("code")
    pages.fill(code=code)
    assert pages.has("password") and pages.has("password_again")
    pages.fill(password="Kort-7!", password_again="Kort-7!")
    assert pages.has("password")
    pages.fill(password=person.password, password_again=person.password)
    assert pages.has("password")
    pages.fill(password=NEW, password_again=NEW)
    pages.settle()
    assert "Linde Intranet" in pages.text()
    assert town.directory.binds(person, NEW)
    assert not town.directory.binds(person, person.password)


def test_what_was_typed(browser, look, town):
    """A slip costs one field, not both; but a code or a password is never shown again."""
    person = town.directory.newcomer()
    pages = Pages(browser("nl"), town.house, town.phone, look, "typed").at("/?wish=reset")

    def value(name):
        return pages.driver.find_element(By.NAME, name).get_attribute("value")

    pages.fill(username=person.username)
    number, slip = "06 - " + person.mobile[4:], '31-2-1984 "<'
    pages.fill(mobile=number, birthdate=slip)
    assert (value("mobile"), value("birthdate")) == (number, slip)
    wrong = pages.driver.find_elements(By.CSS_SELECTOR, "[aria-invalid=true]")
    assert [field.get_attribute("name") for field in wrong] == ["birthdate"]
    # Kept on that page alone: whoever comes by later sees nothing.
    pages.driver.get(town.house.url + "/step/proof")
    assert (value("mobile"), value("birthdate")) == ("", "")
    pages.fill(mobile=number, birthdate=person.birthdate)
    code = pages.code(person)
    for wrong_code in ("onzin", f"{(int(code) + 1) % 10 ** 8:08}"):
        pages.fill(code=wrong_code)
        assert value("code") == "" and wrong_code not in pages.driver.page_source
    pages.fill(code=code)
    for first, second in (("Kort-7!", "Kort-7!"), (NEW, NEW + "x"), (person.password,) * 2):
        pages.fill(password=first, password_again=second)
        assert (value("password"), value("password_again")) == ("", "")
        assert first not in pages.driver.page_source and second not in pages.driver.page_source


def test_unlock_in_english(browser, look, town):
    person = town.directory.newcomer()
    town.directory.lock(person)
    pages = Pages(browser("en"), town.house, town.phone, look, "b-en").at("/")
    assert pages.driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    pages.fill(username=person.username)
    choice = pages.driver.find_element(By.CSS_SELECTOR, "[name=wish][value=unlock]")
    if choice.tag_name == "button":
        choice.click()
    else:
        pages.driver.execute_script("arguments[0].click()", choice)
        choice.find_element(By.XPATH, "ancestor::form").find_element(
            By.CSS_SELECTOR, "button:not([type=button])").click()
    WebDriverWait(pages.driver, 20).until(lambda _: pages.has("mobile"))
    pages.seen().fill(mobile=person.mobile, birthdate=person.birthdate)
    pages.fill(code=pages.code(person))
    pages.settle()
    assert re.search("unlocked", pages.text(), re.I)
    assert town.directory.binds(person, person.password)


def test_back_and_reload(browser, town):
    """They never cost a try, never send a second message, and lead on to where one was."""
    person = town.directory.newcomer()
    pages = Pages(browser("nl"), town.house, town.phone).at("/?wish=reset")
    pages.fill(username=person.username)
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    code = pages.code(person)
    for _ in range(3):
        pages.driver.refresh()
        assert pages.has("code")
    pages.driver.back()
    pages.driver.forward()
    pages.seen()
    pages.driver.back()
    pages.driver.back()
    pages.driver.get(town.house.url + "/step/code")
    assert pages.has("code")
    pages.fill(code=code)
    assert pages.has("password")
    pages.driver.back()
    pages.driver.get(town.house.url + "/step/password")
    assert pages.has("password")
    pages.fill(password=NEW, password_again=NEW)
    pages.settle()
    pages.driver.refresh()
    assert "Linde Intranet" in pages.text()
    assert town.directory.binds(person, NEW)
    assert len(town.phone.messages(person.mobile)) == 1


def test_rules_tick_themselves(browser, town):
    """Where there is script the list of rules follows the typing."""
    person = town.directory.newcomer()
    pages = Pages(browser("nl"), town.house, town.phone).at("/?wish=reset")
    pages.fill(username=person.username)
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    pages.fill(code=pages.code(person))
    field = pages.driver.find_element(By.NAME, "password")

    def rules():
        return [item.get_attribute("outerHTML") for item in
                pages.driver.find_elements(By.CSS_SELECTOR, "li") if item.is_displayed()]

    empty = rules()
    field.send_keys("Wolken")
    short = rules()
    field.send_keys("-boven-8-dijken")
    long = rules()
    assert empty and short != long and empty != long


def test_cancel_on_each_page(browser, town):
    person = town.directory.newcomer()
    pages = Pages(browser("nl"), town.house, town.phone).at("/?wish=reset")
    pages.fill(username=person.username)
    forms = pages.driver.find_elements(By.CSS_SELECTOR, "form[action$='/leave'] button")
    assert forms, "a way out stands on the page"
    forms[-1].click()
    WebDriverWait(pages.driver, 20).until(lambda _: not pages.has("mobile"))
    pages.seen()
    pages.driver.get(town.house.url + "/step/proof")
    assert not pages.has("mobile")


def test_language_switch(browser, town):
    pages = Pages(browser("nl"), town.house, town.phone).at("/")
    pages.driver.find_element(By.CSS_SELECTOR, "[lang=en], [hreflang=en]").click()
    WebDriverWait(pages.driver, 20).until(
        lambda driver: driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en")


def test_a_stranger_sees_the_same(browser, town):
    pages = Pages(browser("nl"), town.house, town.phone).at("/?wish=reset")
    pages.fill(username="niemand")
    pages.fill(mobile="06-12345699", birthdate="1-1-1980")
    assert pages.has("code") and "99" in pages.text()
    pages.fill(code="12345678")
    assert pages.has("code")


def test_the_telephone(browser, look, town):
    person = town.directory.newcomer()
    pages = Pages(browser("nl"), town.house, town.phone).at("/?wish=reset")
    pages.fill(username=person.username)
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    pages.code(person)
    pages.driver.get(town.phone.url)
    assert person.mobile in pages.text()
    look(pages.driver, "telephone")
