"""What some people are asked besides: the first policy that is for them, by group and by place."""

import subprocess

import ldap
import pytest

from lab.api import Client
from lab.child import until
from lab.people import another
from lab.places import program
from lab.policies import code_of, explain, explained, to_second

NEW = "Wolken-boven-7-dijken"


@pytest.fixture
def group(directory):
    """group(person): put them into a group of their own; its DN.  Nested: into one in it."""
    made = []

    def make(person, nested=False):
        member = make(person) if nested else person.dn
        name = f"cn=g{len(made)}-{person.username},{directory.groups}"
        connection = directory.admin()
        connection.add_s(name, [("objectClass", [b"groupOfNames"]), ("member", [member.encode()])])
        connection.unbind_s()
        made.append(name)
        return name

    yield make
    connection = directory.admin()
    for name in made:
        connection.delete_s(name)
    connection.unbind_s()


def policy(name, second=("mail",), **who):
    return {"name": name, "second": list(second), **who}


def rows(house, person, what):
    return [(row["outcome"], row["detail"]) for row in house.audit(person.username)
            if row["what"] == what]


# ---- The second code ---------------------------------------------------------------------------

@pytest.mark.parametrize("nested", [False, True])
def test_members_are_asked_a_second_code(mail_house, group, directory, exim, town, nested):
    person = directory.newcomer()
    house = mail_house({"policies": [policy("finance", group=group(person, nested))]})
    client = to_second(house, town, person)
    first = client.step["flow"]
    assert (client.step["step"], client.step["reason"]) == ("second", None)
    assert [(c["id"], c["channel"]) for c in client.step["choices"]] == [("3", "mail")]
    assert client.step.field_names() == ["code"]
    code = code_of(exim.next(person.mail))
    # The one of the text message is not it.
    assert client.answer(code=town.phone.messages(person.mobile)[0]["text"][-8:])["reason"] == "wrong_code"
    assert client.step["left"] == 4
    client.answer(code=code)
    assert client.settle()["step"] == "password" and client.step["flow"] != first
    assert client.choose(NEW)["outcome"] == "reset"
    assert directory.binds(person, NEW)
    assert rows(house, person, "opened") == [("ok", "policy finance")]
    assert rows(house, person, "code") == [("right", ""), ("wrong", "second, 4 left"),
                                           ("right", "second")]
    assert rows(house, person, "reset") == [("ok", "mobile birthdate + sms + mail")]


def test_nothing_is_unlocked_before_it(mail_house, directory, exim, town):
    person = directory.newcomer("locked")
    house = mail_house({"policies": [policy("all")]})
    client = to_second(house, town, person, "unlock")
    assert client.step["step"] == "second"
    assert not directory.binds(person, person.password)
    for _ in range(5):
        client.answer(code="00000000")
    assert (client.step["outcome"], client.step["reason"]) == ("stopped", "too_many")
    assert not directory.binds(person, person.password)
    exim.next(person.mail)
    again = to_second(house, town, person, "unlock")
    again.answer(code=code_of(exim.next(person.mail, 1)))
    assert again.settle()["outcome"] == "unlocked"
    assert directory.binds(person, person.password)


def test_the_first_that_fits_counts(mail_house, group, directory, exim, town):
    """Before those of a group, one is excepted by their place."""
    excepted, member, other = (directory.newcomer() for _ in range(3))
    both = group(member)
    directory.change(both, [(ldap.MOD_ADD, "member", excepted.dn)])
    house = mail_house({"policies": [policy("excepted", (), below=excepted.dn),
                                     policy("finance", group=both)]})
    assert to_second(house, town, excepted).step["step"] == "password"
    assert to_second(house, town, member).step["step"] == "second"
    assert to_second(house, town, other).step["step"] == "password"
    assert rows(house, other, "opened") == [("ok", "")]
    exim.next(member.mail)


def test_the_same_for_everybody_before_the_code(mail_house, group, directory, town):
    member, other, nobody = directory.newcomer(), directory.newcomer(), another()
    house = mail_house({"policies": [policy("finance", group=group(member))]})
    seen = []
    for person in (member, other, nobody):
        client = Client(house.url, town.phone)
        steps = [client.open("reset"), client.answer(username=person.username),
                 client.answer(mobile=person.mobile, birthdate=person.birthdate),
                 client.answer(code="00000000")]
        seen.append([{k: v for k, v in step.items() if k not in
                      ("flow", "seq", "reference", "choices", "life", "wait")} for step in steps])
    assert seen[0] == seen[1] == seen[2]


def test_who_has_no_other_way_is_told(mail_house, directory, town):
    person = directory.newcomer()
    house = mail_house({"policies": [policy("all")],
                        "registrar.directory.mail_attribute": "description"})
    client = to_second(house, town, person)
    assert (client.step["outcome"], client.step["reason"]) == ("stopped", "no_other_way")
    assert "Zorggroep Linde" in client.step["reason_text"]
    assert directory.binds(person, person.password)
    assert rows(house, person, "sent")[1] == ("no_proof", "second")
    said, status = explain(house, person)
    assert status == 1 and "the directory has no address of theirs" in said


def test_another_way_than_the_one_that_was_chosen(mail_house, directory, exim, town):
    """Whoever let the first code come by mail too gets no second one there."""
    person = directory.newcomer()
    house = mail_house({"keeper.codes": ["sms", "mail"], "policies": [policy("all")]})
    client = Client(house.url, town.phone)
    client.to_code(person)
    code = client.take_code(person)
    assert client.again("3")["reason"] is None
    assert code_of(exim.next(person.mail)) == code
    client.answer(code=code)
    assert (client.settle()["outcome"], client.step["reason"]) == ("stopped", "no_other_way")


def test_a_place_that_is_gone(mail_house, directory):
    """Its people would be asked less: nobody is helped until the settings name it rightly."""
    place = f"ou=stage,{directory.base}"
    connection = directory.admin()
    connection.add_s(place, [("objectClass", [b"organizationalUnit"])])
    try:
        house = mail_house({"policies": [policy("interns", below=place.upper().replace(",", ", "))]})
        person = directory.newcomer()
        assert explained(house, person)["looked_at"] == [
            {"name": "interns", "group": "any", "below": "no"}]
        connection.rename_s(person.dn, f"uid={person.username}", place)
        assert explained(house, person)["policy"] == "interns"
        person.dn = f"uid={person.username},{place}"
        connection.delete_s(person.dn)
    finally:
        connection.delete_s(place)
        connection.unbind_s()
    assert "unavailable" in explain(house, directory.newcomer())[0]
    assert "so nobody is helped" in house.logs()


def test_sent_again_and_told_of_it(mail_house, directory, exim, town):
    """What keeps a second code from leaving is told, also when it is asked for once more."""
    person = directory.newcomer()
    house = mail_house({"policies": [policy("all")], "keeper.send_wait": 1})
    client = to_second(house, town, person)
    code = code_of(exim.next(person.mail))
    until(lambda: client.again()["reason"] is None, 5, "the wait between two")
    assert code_of(exim.next(person.mail, 1)) == code
    latchkey(house, "halt", "sms")
    until(lambda: client.again()["reason"] != "too_soon", 5, "the wait between two")
    assert (client.step["reason"], client.step.field_names()) == ("try_later", ["code"])
    client.answer(code=code)
    assert client.settle()["step"] == "password"
    assert client.choose(NEW)["outcome"] == "reset"
    # Both ways carried a code; the owner of either is better told than not.
    latchkey(house, "resume")
    until(lambda: rows(house, person, "notice"), 90, "a notice")
    assert rows(house, person, "notice") == [("ok", "mail mail")]


def test_messages_are_halted_in_between(mail_house, directory, exim, town):
    person = directory.newcomer()
    house = mail_house({"policies": [policy("all")]})
    client = Client(house.url, town.phone)
    client.to_code(person)
    code = client.take_code(person)
    latchkey(house, "halt", "sms")
    client.answer(code=code)
    assert (client.step["step"], client.step["reason"]) == ("second", "try_later")
    assert client.step["fields"] == []
    told = latchkey(house, "trace", client.step["reference"]).stdout
    assert "messages are halted (second halted)" in told and "everybody" not in told
    latchkey(house, "resume", "sms")
    assert (client.again()["reason"], client.step.field_names()) == (None, ["code"])
    client.answer(code=code_of(exim.next(person.mail)))
    assert client.settle()["step"] == "password"


def latchkey(house, *words):
    return subprocess.run([program("ctl"), "-c", house.conf, *words], timeout=30, check=True,
                          capture_output=True, text=True)


# ---- What an admin is told -----------------------------------------------------------------------

def test_explain(mail_house, group, directory):
    member, other = directory.newcomer(), directory.newcomer()
    named = group(member)
    house = mail_house({"policies": [policy("elsewhere", (), below=other.dn),
                                     policy("finance", group=named, below=directory.base)]})
    said, status = explain(house, member)
    assert status == 0
    lines = said.splitlines()
    assert lines[1] == f"elsewhere        is not for them, not below {other.dn}"
    assert lines[2] == f"finance          is for them, in {named}, below {directory.base}"
    assert lines[3:] == ["before the code  mobile, birthdate",
                         "after the code   a second code, by mail"]
    assert explained(house, other)["policy"] == "elsewhere"
    told = explained(house, member)
    assert told["looked_at"] == [{"name": "elsewhere", "group": "any", "below": "no"},
                                 {"name": "finance", "group": "yes", "below": "yes"}]
    assert (told["second"], told["reached_by"], told["stuck"]) == (["mail"], ["sms", "mail"], False)
    guarded = directory.newcomer("protected")
    said, status = explain(house, guarded)
    assert status == 1 and "protected group" in said and len(said.splitlines()) == 1
    said, status = explain(house, another())
    assert status == 1 and "nobody" in said


@pytest.mark.parametrize("policies, says", [
    ([policy("a b")], "is no name of a policy"),
    ([policy("a", group="cn=x"), policy("a")], "is there twice"),
    ([policy("a"), policy("b")], "put it last"),
    ([policy("a", ("voice",))], "courier.gateways has none"),
    ([policy("a", ("sms", "mail"))], "has to come another way"),
])
def test_mistakes(another_house, policies, says):
    checked = check(another_house({"policies": policies}, start=False), "keeper")
    assert checked.returncode == 1 and says in checked.stdout


def test_a_date_alone_is_no_proof(another_house, directory):
    dates = [one for one in directory.settings()["proofs"] if one["kind"] == "date"]
    checked = check(another_house({"proofs": dates}, start=False), "keeper")
    assert checked.returncode == 1 and "too many people know it" in checked.stdout


@pytest.mark.parametrize("who, says", [
    ({"group": "cn=gone,dc=linde,dc=example"}, "the group cn=gone"),
    ({"below": "ou=gone,ou=people,dc=linde,dc=example"}, "the entry ou=gone"),
    ({"below": "ou=groups,dc=linde,dc=example"}, "outside of registrar.directory.base"),
])
def test_what_is_not_there(another_house, who, says):
    checked = check(another_house({"policies": [policy("a", **who)]}, start=False), "registrar")
    assert checked.returncode == 1 and says in checked.stdout


def test_what_is_advised(mail_house):
    checked = check(mail_house({"policies": [policy("a")], "keeper.codes": ["sms", "mail"]}), "keeper")
    assert checked.returncode == 0 and "the very password that was forgotten" in checked.stdout
    assert "has to begin again" in checked.stdout


def test_more_messages_than_an_account_gets(mail_house):
    checked = check(mail_house({"policies": [policy("a")], "keeper.limits.account_hour": 5}, start=False),
                    "keeper")
    assert checked.returncode == 1 and "is less than 6" in checked.stdout


def check(house, room):
    return subprocess.run([program(room), "-c", house.conf, "--check"], capture_output=True,
                          text=True, timeout=30, check=False)
