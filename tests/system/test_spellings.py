"""People write names, numbers and dates as they are used to; so do directories."""

import pytest

from lab import people


@pytest.mark.parametrize("form", [
    "{}", "{}@linde.example", "LINDE\\{}", "linde\\{}", "{}@LINDE.EXAMPLE", "  {}  "])
def test_names(client, directory, form):
    person = directory.newcomer()
    client.to_password(person, username=form.format(person.username))
    assert client.step["step"] == "password"


def test_name_in_capitals_and_mail_address(client, directory):
    person = directory.newcomer()
    assert client.to_password(person, username=person.username.upper())["step"] == "password"
    assert client.to_password(person, username=person.mail)["step"] == "password"


@pytest.mark.parametrize("form", [
    "{}@elders.example", "ELDERS\\{}", "*", "{}*", "{})(uid=*", "uid={},ou=people", "\\{}"])
def test_names_of_nobody(client, directory, phone, form):
    """Another's domain, a pattern, a piece of a filter: like somebody unknown."""
    person = directory.newcomer()
    client.to_code(person, username=form.format(person.username))
    assert client.step["step"] == "code"
    witness(client, directory)
    assert phone.messages(person.mobile) == []


def witness(client, directory):
    """Somebody known gets a message; whatever was sent before it has arrived by now."""
    known = directory.newcomer()
    client.to_code(known)
    client.take_code(known)


BIRTHDATES = ["1-10-1984", "01-10-1984", "01/10/1984", "1/10/1984", "1.10.1984", "1984-10-01",
              "01101984", "19841001", " 1-10-1984 "]


@pytest.mark.parametrize("typed", BIRTHDATES)
def test_birth_dates_as_typed(client, directory, typed):
    person = directory.newcomer(birthdate="1984-10-01", spelt_birthdate="19841001000000Z")
    assert client.to_password(person, birthdate=typed)["step"] == "password"


@pytest.mark.parametrize("spelt", BIRTHDATES[:8] + ["19841001000000Z"])
def test_birth_dates_in_the_directory(client, directory, spelt):
    person = directory.newcomer(birthdate="1984-10-01", spelt_birthdate=spelt)
    assert client.to_password(person)["step"] == "password"


MOBILES = ["06-{0} {1}", "06{0}{1}", "+31 (0)6 {0} {1}", "00316{0}{1}", "+316{0}{1}",
           "(06) {0} {1}", "+31-6-{0}{1}", "06 {0} {1} "]


def _number():
    tail = people.another().mobile[-8:]
    return "+316" + tail, tail[:4], tail[4:]


@pytest.mark.parametrize("typed", MOBILES)
def test_mobiles_as_typed(client, directory, typed):
    mobile, *halves = _number()
    person = directory.newcomer(mobile=mobile)
    assert client.to_password(person, mobile=typed.format(*halves))["step"] == "password"


@pytest.mark.parametrize("spelt", MOBILES[:7] + ["tel:+316{0}{1}"])
def test_mobiles_in_the_directory(client, directory, spelt):
    mobile, *halves = _number()
    person = directory.newcomer(mobile=mobile, spelt_mobile=spelt.format(*halves))
    assert client.to_password(person)["step"] == "password"


@pytest.mark.parametrize("field, typed", [
    ("birthdate", "31-02-1984"), ("birthdate", "gisteren"), ("birthdate", "1984"),
    ("mobile", "zes"), ("mobile", "12"), ("birthdate", ""), ("mobile", "")])
def test_what_cannot_be_read_is_said_beside_the_field(client, directory, field, typed):
    person = directory.newcomer()
    client.open("reset")
    client.answer(username=person.username)
    step = client.answer(**{"mobile": person.mobile, "birthdate": person.birthdate, field: typed})
    assert (step["step"], step["reason"]) == ("proof", "empty" if typed == "" else "bad_value")
    # ... and may be mended.
    assert client.answer(mobile=person.mobile, birthdate=person.birthdate)["step"] == "code"
