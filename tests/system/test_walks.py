"""The journeys, from the first page to the last, against a real directory."""

import pytest

NEW = "Wolken-boven-8-dijken"


def test_reset(client, directory):
    person = directory.newcomer()
    end = client.reset(person, NEW)
    assert (end["step"], end["outcome"], end["done"]) == ("end", "reset", True)
    assert directory.binds(person, NEW)
    assert not directory.binds(person, person.password)


def test_unlock(client, directory):
    person = directory.newcomer()
    directory.lock(person)
    end = client.unlock(person)
    assert (end["step"], end["outcome"], end["done"]) == ("end", "unlocked", True)
    assert directory.binds(person, person.password)


def test_reset_lets_a_locked_person_in(client, directory):
    person = directory.newcomer()
    directory.lock(person)
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert directory.binds(person, NEW)


def test_reset_of_an_expired_password(client, town):
    person = town.person("e.visser")
    assert not town.directory.binds(person, person.password)
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert town.directory.binds(person, NEW)


@pytest.mark.parametrize("username", ["z.muller", "j.vanderberg", "o.brown"])
def test_everybody_gets_in(client, town, username):
    person = town.person(username)
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert town.directory.binds(person, NEW)


def test_wish_is_asked_where_none_was_said(client, directory):
    person = directory.newcomer()
    assert client.open(None)["step"] == "name"
    step = client.answer(username=person.username)
    assert step["step"] == "wish"
    assert [choice["id"] for choice in step["choices"]] == ["reset", "unlock"]
    step = client.answer(wish="unlock")
    assert step["step"] == "proof"
    assert client.step.field_names() == ["mobile", "birthdate"]


def test_steps_say_what_pages_need(client, directory):
    """DESIGN section 8, to the letter."""
    person = directory.newcomer()
    keys = {"flow", "seq", "step", "title", "reason", "reason_text", "fields", "choices", "rules",
            "left", "wait", "life", "done"}
    first = client.open("reset")
    assert keys <= set(first)
    assert first["reason"] is None and first["done"] is False
    assert {"name", "kind", "label", "longest"} <= set(first["fields"][0])
    code = client.to_code(person)
    client.take_code(person)
    assert code["choices"][0]["channel"] == "sms"
    assert code["choices"][0]["hint"].endswith(person.mobile[-2:])
    assert code["left"] == 5 and code["life"] > 0
    step = client.to_password(person)
    assert client.step.field_names() == ["password", "password_again"]
    assert {"name", "text", "met"} <= set(step["rules"][0])


def test_flow_changes_after_the_code(client, directory):
    person = directory.newcomer()
    before = client.to_code(person)["flow"]
    client.answer(code=client.take_code(person))
    assert client.step["step"] == "password"
    assert client.step["flow"] != before
    # The earlier name is worth nothing any more.
    assert client.post("show", {"flow": before}).status_code == 404


@pytest.mark.parametrize("lang, word", [("nl", "herstelcode"), ("en", "recovery code")])
def test_message_is_in_their_language(client, directory, lang, word):
    person = directory.newcomer()
    client.lang = lang
    client.to_code(person)
    text = client.phone.next(person.mobile, 0)["text"]
    assert "Zorggroep Linde" in text
    assert word in text
    assert text.splitlines()[-1].startswith("@127.0.0.1 #")


def test_wrong_code_then_right_one(client, directory):
    person = directory.newcomer()
    client.to_code(person)
    code = client.take_code(person)
    step = client.answer(code="0" * len(code) if code != "0" * len(code) else "1" * len(code))
    assert (step["step"], step["reason"], step["left"]) == ("code", "wrong_code", 4)
    # People copy a code with blanks in it.
    assert client.answer(code=f"{code[:4]} {code[4:]}")["step"] == "password"


def test_five_wrong_codes_are_the_end(client, directory):
    person = directory.newcomer()
    client.to_code(person)
    code = client.take_code(person)
    for n in range(5):
        step = client.answer(code=f"{(int(code) + n + 1) % 10 ** 8:08}")
    assert (step["step"], step["outcome"]) == ("end", "stopped")
    assert client.answer(code=code)["step"] != "password"
    assert directory.binds(person, person.password)


def test_leave(client, directory):
    person = directory.newcomer()
    client.to_password(person)
    assert client.leave()["outcome"] == "left"
    assert client.answer(password=NEW, password_again=NEW)["step"] != "password"
    assert directory.binds(person, person.password)


def test_two_people_at_once(town, directory):
    """Neither's answers touch the other's flow."""
    from lab.api import Client
    one, two = directory.newcomer(), directory.newcomer()
    first, second = Client(town.house.url, town.phone), Client(town.house.url, town.phone)
    first.to_code(one)
    second.to_code(two)
    wrong = second.answer(code=first.take_code(one))
    assert wrong["reason"] == "wrong_code"
    first.answer(code=first.take_code(one))
    second.answer(code=second.take_code(two))
    assert first.choose(NEW)["outcome"] == second.choose(NEW + "!")["outcome"] == "reset"
    assert directory.binds(one, NEW) and directory.binds(two, NEW + "!")
