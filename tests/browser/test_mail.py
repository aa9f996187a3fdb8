"""A code by mail, where people may choose it: as they see it, with script and without."""

import re

import pytest
from selenium.webdriver.common.by import By

from lab.pages import Pages
from lab.phone import Phone

PASSWORD = "Wolken-boven-9-dijken"
BY_MAIL = "form[action='/again'] button[name=choice][value='3']"
BY_TEXT = "form[action='/again'] button[name=choice][value='0']"


@pytest.fixture
def phone(town, tmp_path):
    """A telephone that takes mail beside the one that gets everybody's text messages."""
    phone = Phone(str(tmp_path), town.kannel.smsc_port, pair=town.authority.issue("telephone"))
    try:
        yield phone.start()
    finally:
        phone.stop()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_by_mail_instead(browser, look, town, another_house, phone, script):
    house = another_house({"keeper.codes": ["sms", "mail"], "keeper.notices": ["sms", "mail"],
                           "keeper.notice_same": True}, start=False)
    gateways = house.settings["courier"]["gateways"]
    house.change({"courier.gateways": gateways + [{
        "name": "mail", "channel": "mail", "url": f"smtps://localhost:{phone.smtps_port}",
        "sender": "herstel@linde.example", "ca_file": town.authority.certificate}]})
    house.start()
    person = town.directory.newcomer()
    name = "mail" if script else "mail-no-script"
    pages = Pages(browser("nl", script), house, town.phone, look, name).at("/?wish=reset")
    pages.fill(username=person.username)
    pages.fill(mobile=person.mobile, birthdate=person.birthdate)
    assert "sms met een code" in pages.text()
    button = pages.driver.find_element(By.CSS_SELECTOR, BY_MAIL)
    assert button.text == "Stuur de code liever per e-mail"
    pages.press(button)
    assert pages.has("code") and "e-mail met een code" in pages.text()
    assert person.mail not in pages.driver.page_source
    assert pages.driver.find_elements(By.CSS_SELECTOR, BY_TEXT)
    look(pages.driver, f"{name}-code")
    text = phone.next(person.mail, 0)["text"]
    code = re.search(r"\b\d{8}\b", text).group(0)
    pages.fill(code=code)
    pages.fill(password=PASSWORD, password_again=PASSWORD)
    pages.settle()
    assert town.directory.binds(person, PASSWORD)
    assert phone.next(person.mail, 1)["text"].startswith("Uw wachtwoord voor Zorggroep Linde")
