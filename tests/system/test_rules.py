"""The directory's own rules: each refusal has its name, and changes nothing."""

import pytest

NEW = "Wolken-boven-8-dijken"
# What the server notes about each write to an entry, whatever the write did.
NOTES = {"modifyTimestamp", "entryCSN", "modifiersName"}


def entry(directory, person):
    return {name: values for name, values in directory.read(person).items() if name not in NOTES}


def refused(client, directory, person, password, reason):
    before = entry(directory, person)
    step = client.choose(password)
    assert (step["step"], step["reason"]) == ("password", reason)
    assert step["reason_text"]
    assert entry(directory, person) == before
    return step


def test_history(client, directory):
    person = directory.newcomer()
    client.reset(person, NEW)
    client.to_password(person)
    refused(client, directory, person, person.password, "rule_history")
    assert directory.binds(person, NEW)
    # The same flow goes on with another.
    assert client.choose(NEW + "-2")["outcome"] == "reset"
    assert directory.binds(person, NEW + "-2")


def test_the_password_that_one_has(client, directory):
    person = directory.newcomer()
    client.to_password(person)
    refused(client, directory, person, person.password, "rule_history")
    assert client.choose(NEW)["outcome"] == "reset"


def test_length(client, directory):
    person = directory.newcomer()
    client.to_password(person)
    refused(client, directory, person, "Kort-8!", "rule_length")
    assert client.choose("Lang-8!!")["outcome"] == "reset"
    assert directory.binds(person, "Lang-8!!")


@pytest.mark.parametrize("password", [
    "Jansen-is-thuis-7", "jANSEN-is-thuis-7", "xxAnnaxx-99-yy", "a.jansen-2026-zomer"])
def test_name(client, town, password):
    person = town.person("a.jansen")
    client.to_password(person)
    refused(client, town.directory, person, password, "rule_name")
    client.leave()


@pytest.mark.parametrize("username, password", [
    ("z.muller", "Müller-is-thuis-7"), ("z.muller", "mÜLLER-is-thuis-7"),
    ("z.muller", "Øster-is-thuis-77"), ("j.vanderberg", "Oosterberg-7-tuin")])
def test_name_with_diacritics_and_prefix(client, town, username, password):
    person = town.person(username)
    client.to_password(person)
    refused(client, town.directory, person, password, "rule_name")
    client.leave()


def test_short_tokens_of_a_name_are_free(client, directory):
    """Tokens of up to two characters don't count: "de" may stand in a password."""
    person = directory.newcomer(given="Al", surname="de Grauw")
    client.to_password(person)
    assert client.choose("Idee-al-8-keer")["outcome"] == "reset"


def test_not_the_same(client, directory):
    person = directory.newcomer()
    client.to_password(person)
    step = client.choose(NEW, NEW + "x")
    assert (step["step"], step["reason"]) == ("password", "not_same")
    assert client.choose(NEW)["outcome"] == "reset"


def test_a_policy_of_ones_own(client, town):
    """Length 14, and a password that is a minute old: recovery goes round the age."""
    person = town.person("s.degroot")
    step = client.to_password(person)
    assert any(rule["name"] == "rule_length" and "14" in rule["text"] for rule in step["rules"])
    refused(client, town.directory, person, "Twaalf-teken", "rule_length")
    assert client.choose("Veertien-tekens-1")["outcome"] == "reset"
    client.to_password(person)
    assert client.choose("Veertien-tekens-2")["outcome"] == "reset"
    assert town.directory.binds(person, "Veertien-tekens-2")


def test_rules_are_shown(client, directory):
    person = directory.newcomer()
    rules = {rule["name"]: rule for rule in client.to_password(person)["rules"]}
    assert {"rule_length", "rule_name", "rule_history"} <= set(rules)
    assert "8" in rules["rule_length"]["text"] and "3" in rules["rule_history"]["text"]


@pytest.mark.parametrize("password", [
    "ééé-ßßß-ŁŁŁ-1", "密码-пароль-كلمة", "  randen  en   midden  ", 'quote"\\(*)&=+%41#;é'])
def test_any_character_arrives_as_typed(client, directory, password):
    person = directory.newcomer()
    assert client.reset(person, password)["outcome"] == "reset"
    assert directory.binds(person, password)


@pytest.mark.parametrize("times, reasons", [
    (0, ["empty"]), (400, ["too_long", "too_large"]), (2000, ["too_long", "too_large"])])
def test_no_password_and_too_much_of_it(client, directory, times, reasons):
    person = directory.newcomer()
    client.to_password(person)
    assert client.choose("A-1" * times)["reason"] in reasons
    assert directory.binds(person, person.password)


def test_must_change_is_not_left_behind(client, directory):
    """A refused password must not leave the directory asking for another at sign-in."""
    person = directory.newcomer()
    client.to_password(person)
    client.choose(person.password)
    assert "pwdReset" not in directory.read(person)
    client.choose(NEW)
    assert "pwdReset" not in directory.read(person)
