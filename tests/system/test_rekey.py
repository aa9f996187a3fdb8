"""Keys are changed while people are on their way: two are valid at a time."""

import os
import subprocess

import pytest

from lab.api import Client
from lab.child import until
from lab.places import program

NEW = "Wolken-boven-8-dijken"
LIBRARY = "/usr/lib/{}-linux-gnu/faketime/libfaketime.so.1".format(os.uname().machine)


def rekey(house, *arguments, hours=0):
    """latchkey rekey, so many hours later."""
    env = {**os.environ, "LD_PRELOAD": LIBRARY, "FAKETIME": f"+{hours}h",
           "NO_FAKE_STAT": "1"} if hours else None
    done = subprocess.run([program("ctl"), "-c", house.conf, "rekey", *arguments],
                          capture_output=True, text=True, timeout=60, check=False, env=env)
    return done.returncode, done.stdout + done.stderr


def lines(house, name):
    with open(os.path.join(house.folder, "keys", f"{name}.key"), encoding="ascii") as file:
        return file.read().split()


@pytest.fixture
def house(another_house):
    return another_house()


def restart(house, role):
    house.programs[role].stop()
    house.restart(role)


def begins(house, name):
    """The key in front, and the one of before behind it, in a file that is as it was."""
    path = os.path.join(house.folder, "keys", f"{name}.key")
    old = lines(house, name)
    os.chmod(path, 0o640)
    code, text = rekey(house, name)
    assert code == 0 and f"latchkey rekey --end {name}" in text, text
    both = lines(house, name)
    assert both[1:] == old and both[0] != old[0] and len(both[0]) == 64
    assert os.stat(path).st_mode & 0o777 == 0o640
    assert sorted(os.listdir(os.path.dirname(path))) == sorted(
        ["account.key", "audit.key", "bind.secret", "code.key", "kannel.secret", "proof.key",
         "ticket.key"])
    code, text = rekey(house, name)
    assert code == 1 and "holds a key of before already" in text
    assert lines(house, name) == both
    return both


def ends(house, name, both, hours):
    code, text = rekey(house, "--end", name, hours=hours)
    assert code == 0, text
    assert lines(house, name) == both[:1]
    code, text = rekey(house, "--end", name)
    assert code == 1, text


def test_code(house, phone, directory):
    at_code, opened = Client(house.url, phone), Client(house.url, phone)
    one, other = directory.newcomer(), directory.newcomer()
    at_code.to_code(one)
    code = at_code.take_code(one)
    opened.open("reset")
    both = begins(house, "code")
    status, text = rekey(house, "--end", "code", hours=3)
    assert status == 1 and "has not been started" in text, text
    restart(house, "keeper")
    assert at_code.show()["step"] == "code"
    at_code.again()
    assert at_code.answer(code=code)["step"] == "password"
    assert at_code.choose(NEW)["outcome"] == "reset"
    opened.answer(username=other.username)
    opened.answer(mobile=other.mobile, birthdate=other.birthdate)
    assert opened.answer(code=opened.take_code(other))["step"] == "password"
    assert opened.choose(NEW)["outcome"] == "reset"
    assert Client(house.url, phone).reset(directory.newcomer(), NEW)["outcome"] == "reset"
    status, text = rekey(house, "--end", "code")
    assert status == 1 and "minutes" in text, text
    ends(house, "code", both, hours=2)
    restart(house, "keeper")
    assert Client(house.url, phone).reset(directory.newcomer(), NEW)["outcome"] == "reset"


def test_audit(house, phone, directory):
    person = directory.newcomer()
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"
    before = house.audit(person.username)
    assert before and all(row["who"] == person.username and row["addr"] for row in before)
    both = begins(house, "audit")
    status, text = rekey(house, "--end", "audit")
    assert status == 1 and "not all is sealed" in text, text
    restart(house, "keeper")
    until(lambda: "all is sealed under the new audit key" in house.keeper.output(), 20,
          "all to be sealed anew")
    assert house.audit(person.username) == before
    ends(house, "audit", both, hours=0)
    restart(house, "keeper")
    assert house.audit(person.username) == before


def test_ticket(house, phone, directory):
    """The person stays the same one to keeper: who looks for the name finds all rows."""
    person = directory.newcomer()
    client = Client(house.url, phone)
    client.to_password(person)
    before = house.audit(person.username)
    both = begins(house, "ticket")
    restart(house, "registrar")
    client.show()
    assert client.choose(NEW)["outcome"] == "reset"
    assert house.audit(person.username)[:len(before)] == before
    status, text = rekey(house, "--end", "ticket")
    assert status == 1 and "minutes" in text, text
    ends(house, "ticket", both, hours=3)
    restart(house, "registrar")
    assert Client(house.url, phone).reset(directory.newcomer(), NEW)["outcome"] == "reset"
    assert house.audit(person.username)[:len(before)] == before


def test_mistakes(house):
    for arguments in ((), ("account",), ("codes",), ("--end",)):
        code, text = rekey(house, *arguments)
        assert code == 2 and "code|ticket|audit" in text, (arguments, text)
    for name in ("code", "ticket", "audit"):
        code, text = rekey(house, "--end", name, hours=3)
        assert code == 1 and len(lines(house, name)) == 1, text


def test_another_audit_key_is_refused(house):
    """By hand, without the one of before: nobody's name could be read any more."""
    house.keeper.stop()
    path = os.path.join(house.folder, "keys", "audit.key")
    with open(path, encoding="ascii") as file:
        old = file.read()
    with open(path, "w", encoding="ascii") as file:
        file.write("0123456789abcdef" * 4 + "\n")
    house.keeper.start()
    until(lambda: "keeper.audit_key is not the key" in house.keeper.output(), 10, "a refusal")
    house.keeper.stop()
    with open(path, "a", encoding="ascii") as file:
        file.write(old)
    house.restart("keeper")
