"""What may be done how often, by whom and for whom, and what an admin says to it."""

import json
import subprocess

import pytest

from lab.api import Client
from lab.child import until
from lab.places import program
from lab.proxy import Proxy

PASSWORDS = [f"Wolken-boven-{n}-dijken" for n in range(1, 6)]


@pytest.fixture
def narrow(another_house):
    """narrow(resets_day=2): a house with these limits that believes X-Forwarded-For."""
    def make(**limits):
        return another_house({"portal.trusted_proxies": ["127.0.0.1"], "keeper.send_wait": 1,
                              **{f"keeper.limits.{name}": n for name, n in limits.items()}})
    return make


def come(house, phone, addr="192.0.2.1"):
    """Somebody who comes from there."""
    client = Client(house.url, phone)
    client.session.headers["X-Forwarded-For"] = addr
    return client


def latchkey(house, *words):
    done = subprocess.run([program("ctl"), "-c", house.conf, *words], capture_output=True,
                          text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def outcomes(house, person, what):
    """How this went, each time, once ${what} has been written of."""
    rows = until(lambda: house.audit(person.username), 10)
    return [(row["outcome"], row["detail"]) for row in rows if row["what"] == what]


def test_resets_a_day(narrow, directory, phone):
    house = narrow(resets_day=2)
    person = directory.newcomer()
    for password in PASSWORDS[:2]:
        assert come(house, phone).reset(person, password)["outcome"] == "reset"
    client = come(house, phone)
    end = client.to_password(person)
    assert (end["outcome"], end["reason"]) == ("stopped", "too_often")
    assert client.show() == end
    assert directory.binds(person, PASSWORDS[1])
    status, said = latchkey(house, "lookup", "--json", person.username)
    told = json.loads(said)
    assert status == 0 and told["standing"] == "ok"
    assert told["resets_day"] == {"spent": 2, "limit": 2}
    # The first came from a network that was not known to be theirs yet.
    assert told["messages_hour"]["spent"] == 1 and told["known_messages_hour"]["spent"] == 2
    assert "2 of 2 in a day" in latchkey(house, "lookup", person.username)[1]
    # Of unlocking there is as much as before, and others have their own.
    assert come(house, phone).unlock(person)["outcome"] == "unlocked"
    assert come(house, phone).reset(directory.newcomer(), PASSWORDS[0])["outcome"] == "reset"
    status, said = latchkey(house, "pardon", person.username)
    assert status == 0, said
    assert come(house, phone).reset(person, PASSWORDS[2])["outcome"] == "reset"


def test_a_password_that_is_refused_is_no_reset(narrow, directory, phone):
    house = narrow(resets_day=1)
    person = directory.newcomer()
    client = come(house, phone)
    client.to_password(person)
    for _ in range(3):
        assert client.choose(person.password)["reason"] == "rule_history"
    assert client.choose(PASSWORDS[0])["outcome"] == "reset"


def test_messages_to_one_account_end_in_silence(narrow, directory, phone):
    """Who asks sees the same pages; the phone gets no more; an admin can read why."""
    house = narrow(account_hour=3, account_from_hour=3)
    person = directory.newcomer()
    seen = []
    for n in range(5):
        client = come(house, phone, f"192.0.2.{n}")
        client.to_code(person)
        seen.append({key: value for key, value in client.step.items()
                     if key not in ("flow", "reference")})
        until(lambda n=n: len(outcomes(house, person, "sent")) > n, 10)
    assert all(step == seen[0] for step in seen)
    assert len(phone.messages(person.mobile)) == 3
    assert outcomes(house, person, "sent")[3:] == [("limit", "account")] * 2
    status, _ = latchkey(house, "pardon", person.username)
    assert status == 0
    assert come(house, phone, "192.0.2.9").reset(person, PASSWORDS[0])["outcome"] == "reset"


def test_strangers_leave_something_for_her_own_network(narrow, directory, phone):
    house = narrow(account_hour=3, account_from_hour=3)
    person = directory.newcomer()
    assert come(house, phone, "192.0.2.1").reset(person, PASSWORDS[0])["outcome"] == "reset"
    for n in range(5):
        come(house, phone, f"198.51.100.{n}").to_code(person)
        until(lambda n=n: len(outcomes(house, person, "sent")) > n + 1, 10)
    assert ("limit", "account") in outcomes(house, person, "sent")
    assert come(house, phone, "192.0.2.1").reset(person, PASSWORDS[1])["outcome"] == "reset"


def test_who_fails_too_often_keeps_out_their_own_network(narrow, directory, phone):
    house = narrow(address_hour=2, address_most_hour=4, shared=["198.51.100.0/24"])
    person = directory.newcomer()
    for n in range(4):
        assert come(house, phone).to_code(person, username=f"nobody{n}")["step"] == "code"
    client = come(house, phone)
    client.open("reset")
    refused = client.answer(username=person.username)
    assert (refused["step"], refused["seq"], refused["reason"]) == ("name", 1, "busy_network")
    # The first page comes all the same, and others come in.
    assert come(house, phone, "2001:db8::1").reset(person, PASSWORDS[0])["outcome"] == "reset"
    for n in range(6):
        come(house, phone, "198.51.100.7").to_code(person, username=f"nobody{n}")
    assert come(house, phone, "198.51.100.7").reset(person, PASSWORDS[1])["outcome"] == "reset"


def test_an_office_on_monday(narrow, directory, phone):
    """They get in one after the other, so none of them counts."""
    house = narrow(address_hour=2, address_most_hour=3, resets_day=99)
    person = directory.newcomer()
    for _ in range(6):
        assert come(house, phone).unlock(person)["outcome"] == "unlocked"


def test_what_is_no_name_counts_as_well(narrow, directory, phone):
    """Else flows could be laid up, and names typed into them that no network has to answer for."""
    house = narrow(address_hour=4, address_most_hour=4)
    laid_up = []
    for _ in range(4):
        client = come(house, phone)
        client.open("reset")
        assert client.answer(username="")["reason"] == "empty"
        laid_up.append(client)
    client = come(house, phone)
    client.open("reset")
    assert client.answer(username="")["reason"] == "busy_network"
    assert client.answer(username=directory.newcomer().username)["reason"] == "busy_network"
    # Who had begun goes on, and does not count again; until the right code.
    for client in laid_up:
        person = directory.newcomer()
        client.answer(username=person.username)
        assert client.pay()["step"] == "proof"
    client.answer(mobile=person.mobile, birthdate=person.birthdate)
    assert client.answer(code=client.take_code(person))["step"] == "password"
    assert come(house, phone).reset(directory.newcomer(), PASSWORDS[0])["outcome"] == "reset"


def test_halt_and_resume(narrow, directory, phone):
    house = narrow()
    person = directory.newcomer()
    waits = come(house, phone)
    waits.to_password(person)
    codes = come(house, phone)
    before = len(phone.messages(person.mobile))
    codes.to_code(person)
    code = codes.take_code(person, before)

    def begins():
        client = come(house, phone)
        client.open("reset")
        return client.answer(username=person.username)

    assert latchkey(house, "halt", "sms")[0] == 0
    assert begins()["reason"] == "try_later"
    assert latchkey(house, "halt", "recover")[0] == 0
    refused = codes.answer(code=code)
    assert (refused["step"], refused["reason"], refused["left"]) == ("code", "try_later", 5)
    assert latchkey(house, "halt")[0] == 0
    assert waits.choose(PASSWORDS[0])["reason"] == "try_later"
    assert directory.binds(person, person.password)
    status, said = latchkey(house, "status", "--json")
    assert status == 1 and json.loads(said)["halted"] == ["sms", "recover", "all"]

    house.keeper.kill()
    house.restart("keeper")
    assert begins()["reason"] == "try_later"
    assert latchkey(house, "resume", "all")[0] == 0
    assert waits.choose(PASSWORDS[0])["outcome"] == "reset"
    assert latchkey(house, "resume")[0] == 0
    assert codes.answer(code=code)["step"] == "password"
    assert latchkey(house, "status")[0] == 0


def test_halt_stops_what_was_under_way(another_house, directory, phone):
    """A password that the directory was still judging when an admin halted everything."""
    proxy = Proxy(directory.tls_port)
    house = another_house({"registrar.directory.uris": [proxy.uri]})
    person, client = directory.newcomer(), Client(house.url, phone)
    try:
        client.to_password(person)
        proxy.fail_after(1, stall=True)
        assert client.answer(password=PASSWORDS[0], password_again=PASSWORDS[0])["step"] == "setting"
        assert latchkey(house, "halt")[0] == 0
        proxy.heal()
        assert (client.settle()["step"], client.step["reason"]) == ("password", "try_later")
        assert directory.binds(person, person.password)
        assert latchkey(house, "resume")[0] == 0
        assert client.choose(PASSWORDS[0])["outcome"] == "reset"
    finally:
        proxy.close()


def test_too_many_wrong_codes_halt_recovery(narrow, directory, phone):
    house = narrow(wrong_codes_hour=7)
    for _ in range(2):
        person = directory.newcomer()
        client = come(house, phone)
        client.to_code(person)
        client.take_code(person)
        for _ in range(5):
            client.answer(code="00000000")
            if client.step["reason"] == "try_later":
                break
    assert (client.step["step"], client.step["left"]) == ("code", 3)
    assert "recovery is halted" in house.keeper.output()
    # Codes for nobody can't be guessed, so they do not count.
    assert latchkey(house, "resume", "recover")[0] == 0


@pytest.mark.parametrize("words", [("halt", "post"), ("resume", "x"), ("pardon",), ("lookup",),
                                   ("halt", "sms", "all"), ("pardon", "a" * 257)])
def test_mistakes_in_the_call(narrow, words):
    status, said = latchkey(narrow(), *words)
    assert status == 2 and said


def test_nobody_can_be_pardoned_too(narrow):
    """It is not told to anybody who may not ask the directory, and clears what was typed."""
    house = narrow()
    assert latchkey(house, "pardon", "nobody-at-all")[0] == 0
    status, said = latchkey(house, "lookup", "nobody-at-all")
    assert status == 1 and "nobody" in said


@pytest.mark.parametrize("change, says", [
    ({"shared": ["10.1"]}, "10.1.2.3"),
    ({"address_most_hour": 5, "address_hour": 6}, "price"),
    ({"account_hour": 1}, "keeper.sends"),
])
def test_settings_that_make_no_sense(another_house, change, says):
    house = another_house({f"keeper.limits.{name}": value for name, value in change.items()},
                          start=False)
    done = subprocess.run([program("keeper"), "-c", house.conf, "--check"], capture_output=True,
                          text=True, timeout=20, check=False)
    assert done.returncode == 1 and says in done.stdout
