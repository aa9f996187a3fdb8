"""A new account gets its first password; every other one is left alone, and nobody sees it."""

import re

import ldap
import pytest

from lab.api import Client
from lab.child import until
from lab.directory import moment

NEW = "Wolken-boven-8-dijken"
OLD = moment(400 * 86400)
ALL = {"keeper.wishes": ["reset", "unlock", "activate"]}
FRESH = {"pwdReset": ["TRUE"]}

# Who has had a password of their own, or may have.
IN_USE = {
    "in use": {},
    "reset by the service desk": {**FRESH, "createTimestamp": [OLD]},
    "signed in": FRESH,
}


def outcomes(house, person):
    return [(row["what"], row["outcome"]) for row in house.audit(person.username)]


def test_a_first_password(another_house, directory, town):
    house = another_house(ALL)
    person = directory.newcomer(extra=FRESH)
    client = Client(house.url, town.phone)
    client.to_password(person, "activate")
    assert client.step["step"] == "password"
    end = client.choose(NEW)
    assert (end["outcome"], end["done"]) == ("activated", True)
    assert directory.binds(person, NEW)
    assert "pwdReset" not in directory.read(person)
    assert outcomes(house, person)[-1] == ("activated", "ok")
    assert "activatiecode" in town.phone.messages(person.mobile)[0]["text"]
    # Once is enough: they have a password of their own now.
    sent = len(town.phone.messages(person.mobile))
    client.to_code(person, "activate")
    until(lambda: outcomes(house, person)[-1:] == [("proved", "in_use")])
    assert len(town.phone.messages(person.mobile)) == sent


def seen(house, person, username, mobile):
    """All that can be seen before a right code."""
    client = Client(house.url)
    client.open("activate")
    steps = [client.step, client.answer(username=username),
             client.answer(mobile=mobile, birthdate=person.birthdate), client.show(),
             *(client.answer(code=f"{n:08}") for n in range(6))]
    return [re.sub(r'"(flow|reference|wait|life)": ?("[^"]*"|\d+)', "", step.response.text)
            for step in steps]


def test_everybody_else_sees_the_same(another_house, directory, town):
    house = another_house(ALL)
    number = "+3165{:05}55".format
    fresh = directory.newcomer(extra=FRESH, mobile=number(0))
    should = seen(house, fresh, fresh.username, fresh.mobile)
    assert ("proved", "ok") in outcomes(house, fresh)
    for n, (kind, extra) in enumerate(IN_USE.items()):
        person = directory.newcomer(extra=extra, mobile=number(n + 1))
        if kind == "signed in":
            assert directory.binds(person, person.password)
        assert seen(house, person, person.username, person.mobile) == should, kind
        until(lambda: ("proved", "in_use") in outcomes(house, person), what=kind)
        assert town.phone.messages(person.mobile) == []
    assert seen(house, fresh, "niemand", number(99)) == should


def test_an_account_that_is_taken_into_use_meanwhile(another_house, directory, town):
    """Between the rules and the write: looked at once more, right before it."""
    house = another_house(ALL)
    person = directory.newcomer(extra=FRESH)
    client = Client(house.url, town.phone)
    client.to_password(person, "activate")
    directory.change(person.dn, [(ldap.MOD_DELETE, "pwdReset", None)])
    end = client.choose(NEW)
    assert (end["outcome"], end["reason"]) == ("stopped", "refused")
    assert directory.binds(person, person.password)
    assert outcomes(house, person)[-1] == ("activated", "in_use")


@pytest.mark.parametrize("wishes", [["activate"], ["reset", "activate"]])
def test_what_people_may_ask_for(another_house, directory, town, wishes):
    house = another_house({"keeper.wishes": wishes})
    person = directory.newcomer(extra=FRESH)
    client = Client(house.url, town.phone)
    client.open(None)
    step = client.answer(username=person.username)
    if len(wishes) == 1:
        assert step["step"] == "proof"
        return
    assert [choice["id"] for choice in step["choices"]] == wishes
    assert client.answer(wish="unlock")["reason"] == "bad_value"
    assert client.answer(wish="activate")["step"] == "proof"


@pytest.mark.parametrize("lang, says", [
    ("nl", "Uw account in gebruik nemen"), ("en", "Activate your account")])
def test_the_link_of_a_letter(another_house, lang, says):
    house = another_house(ALL)
    page = Client(house.url).session.get(f"{house.url}/?wish=activate&lang={lang}").text
    assert f"<h1>{says}</h1>" in page
