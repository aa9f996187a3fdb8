"""Whole journeys without a mouse; and axe-core over each page of them as it is served."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from lab import axe
from lab.keyboard import Keyboard
from lab.pages import Pages

NEW = "Wolken-boven-8-dijken"


class Walk:
    """A person with a keyboard, and somebody who looks at each page that they meet."""

    def __init__(self, driver, house, path, script=True):
        self.driver, self.keys = driver, Keyboard(driver)
        # Where scripts are off, axe is one too; test_every_page looks at such pages.
        self.script = axe.source() if script else None
        driver.get(house.url + path)

    def look(self, cancel=True):
        """Each stop is reached, in order, and seen; there is a way out; nothing holds one."""
        if self.script:
            violations, undecided = axe.look(self.driver, self.script)
            assert not violations
            assert {one["rule"] for one in undecided} <= {"hidden-content"}
        focused = self.keys.here()
        stops = self.keys.round()
        assert all(one["outlined"] and not one["covered"] for one in stops), stops
        places = [one["place"] for one in stops]
        first = places.index(min(places))
        assert places[first:] + places[:first] == list(range(self.keys.count())), stops
        assert not cancel or any(one["name"] in ("Annuleren", "Cancel") for one in stops)
        self.keys.back()
        assert self.keys.here() != stops[0], "and back again"
        return focused

    def heading(self):
        return self.driver.find_element(By.TAG_NAME, "h1").text

    def settle(self):
        Pages(self.driver, None, None).settle()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_reset(browser, town, script):
    person = town.directory.newcomer()
    walk = Walk(browser("nl", script), town.house, "/?wish=reset&lang=nl", script)
    assert walk.look() is None, "the page is read from its begin"
    walk.keys.type("username", person.username).send()
    walk.look()
    walk.keys.type("mobile", person.mobile).type("birthdate", "31-2-1984").send()
    assert walk.look()["name"] == "birthdate", "what is wrong has the focus"
    field = walk.driver.find_element(By.NAME, "birthdate")
    walk.keys.go_to("birthdate").press(*[Keys.BACKSPACE] * len(field.get_attribute("value")))
    walk.keys.press(person.birthdate)
    walk.keys.send()
    walk.look()
    code = Pages(walk.driver, town.house, town.phone).code(person)
    walk.keys.type("code", "12").send()
    assert walk.look()["name"] == "code"
    walk.keys.type("code", code).go_to("Volgende").send(Keys.SPACE)
    walk.look()
    walk.keys.type("password", NEW).type("password_again", NEW + "x").send()
    assert walk.look()["name"] == "password_again"
    walk.keys.type("password", NEW).type("password_again", NEW)
    walk.keys.go_to("Stel dit wachtwoord in").send(Keys.SPACE)
    walk.settle()
    walk.look(cancel=False)
    assert walk.heading() == "Uw nieuwe wachtwoord is ingesteld"
    assert town.directory.binds(person, NEW)


def test_unlock(browser, town):
    person = town.directory.newcomer()
    town.directory.lock(person)
    walk = Walk(browser("en"), town.house, "/")
    walk.look()
    walk.keys.type("username", person.username).send()
    walk.look()
    walk.keys.go_to("Next").send()
    assert walk.look()["name"] == "wish", "the first choice has the focus"
    walk.keys.go_to("wish").press(Keys.SPACE, Keys.ARROW_DOWN)
    chosen = walk.driver.find_element(By.CSS_SELECTOR, "[name=wish]:checked")
    assert chosen.get_attribute("value") == "unlock"
    walk.keys.send()
    walk.look()
    walk.keys.type("mobile", person.mobile).type("birthdate", person.birthdate).send()
    walk.look()
    code = Pages(walk.driver, town.house, town.phone).code(person)
    walk.keys.type("code", code).send()
    walk.settle()
    walk.look(cancel=False)
    assert walk.heading() == "Your account is unlocked"
    assert town.directory.binds(person, person.password)


def test_a_way_out(browser, town):
    """By keyboard alone, also from the middle; and straight to the content."""
    person = town.directory.newcomer()
    walk = Walk(browser("nl"), town.house, "/?wish=reset")
    walk.keys.go_to("Naar de inhoud").press(Keys.ENTER)
    walk.keys.press(Keys.TAB)
    assert walk.keys.here()["name"] == "username"
    walk.keys.type("username", person.username).send()
    walk.keys.go_to("Annuleren").send()
    assert walk.heading() == "U bent gestopt"
    walk.look(cancel=False)
