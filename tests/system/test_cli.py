"""The latchkey command: check, run, status, audit."""

import json
import re
import subprocess
import unicodedata

import ldap
import ldap.modlist
import pytest
import requests

from lab.api import Client
from lab.child import Child, until
from lab.directory import PEOPLE
from lab.places import BUILD, program

NEW = "Wolken-boven-8-dijken"


def latchkey(conf, *args):
    return subprocess.run([program("ctl"), "-c", conf, *args], capture_output=True, text=True,
                          timeout=60, check=False, env={"PATH": "/usr/bin:/bin",
                                                        "LATCHKEY_BINDIR": BUILD})


def test_status(town):
    done = latchkey(town.house.conf, "status")
    assert done.returncode == 0, done.stderr
    status = latchkey(town.house.conf, "status", "--json")
    assert json.loads(status.stdout)


def test_audit_tells_who_did_what(town, client, directory):
    person = directory.newcomer()
    client.reset(person, NEW)
    done = latchkey(town.house.conf, "audit", "show", person.username)
    assert done.returncode == 0, done.stderr
    assert person.username in done.stdout and "127.0.0.1" in done.stdout
    assert re.search(r"reset", done.stdout)
    rows = [json.loads(line) for line in
            latchkey(town.house.conf, "audit", "show", person.username, "--json").stdout.splitlines()]
    assert rows
    for secret in (NEW, person.birthdate, person.mobile[3:]):
        assert secret not in done.stdout


def test_audit_of_nobody(town):
    assert latchkey(town.house.conf, "audit", "show", "nobody-at-all").returncode in (0, 1)


@pytest.mark.parametrize("args", [["fly"], ["audit"], ["--fly"], [], ["audit", "shw"],
                                  ["audit", "show", "\x1b[2J"], ["audit", "show", "a" * 257]])
def test_mistakes_in_the_call(town, args):
    done = latchkey(town.house.conf, *args)
    assert done.returncode == 2
    assert done.stderr.strip()


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["help"], ["rekey", "--help", "code"]])
def test_help(town, args):
    done = latchkey(town.house.conf, *args)
    assert done.returncode == 0 and "usage: latchkey" in done.stdout


def test_did_you_mean(town):
    assert "status" in latchkey(town.house.conf, "statsu").stderr


def test_check_is_content(town):
    done = latchkey(town.house.conf, "check")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def rude(directory):
    """Somebody whose name speaks to a terminal, and whose date cannot be read."""
    dn = f"cn=Kwaad\\1b]0\\3bx\\07\\0atouch x\\c2\\9b2J,{PEOPLE}"
    connection = directory.admin()
    connection.add_s(dn, ldap.modlist.addModlist({
        "objectClass": [b"inetOrgPerson", b"latchkeyPerson"], "uid": [b"kwaad"],
        "cn": ["Kwaad\x1b]0;x\x07\ntouch x\x9b2J".encode()], "sn": [b"Kwaad"],
        "mobile": [b"0612345678"], "latchkeyBirthDate": [b"sometime"]}))
    yield
    connection.delete_s(dn)
    connection.unbind_s()


def test_check_says_nothing_to_the_terminal(town, rude):
    done = latchkey(town.house.conf, "check")
    assert "Kwaad" in done.stdout
    assert [c for c in done.stdout if unicodedata.category(c) == "Cc" and c != "\n"] == []
    assert [line for line in done.stdout.splitlines() if line.startswith("touch")] == []


def test_check_merges_what_all_say(another_house):
    house = another_house({"keeper.code_lief": 1, "portal.share": "/nowhere",
                           "courier.gateways.0.method": "GIT"}, start=False)
    done = latchkey(house.conf, "check")
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "code_life" in said and "/nowhere" in said and "GET" in said
    merged = latchkey(house.conf, "check", "--json")
    assert {json.loads(line)["program"] for line in merged.stdout.splitlines()} >= {
        "latchkeyd", "latchkey-portal", "latchkey-courier"}


def test_check_compares_what_two_programs_wait(another_house):
    house = another_house({"keeper.request_life": 10, "registrar.deadline": 9}, start=False)
    done = latchkey(house.conf, "check")
    assert done.returncode == 1
    assert "keeper.request_life = 11" in done.stdout


def test_run(another_house, town, directory):
    """All four in the foreground; one SIGTERM ends them all."""
    house = another_house(start=False)
    child = Child("run", [program("ctl"), "-c", house.conf, "run"], house.folder + "/run.log",
                  env={"LATCHKEY_BINDIR": BUILD}).start()
    try:
        def ready():
            try:
                return requests.get(house.url + "/readyz", timeout=5).status_code == 200
            except requests.RequestException:
                return False
        child.wait_ready(ready, 20)
        person = directory.newcomer()
        assert Client(house.url, town.phone).reset(person, NEW)["outcome"] == "reset"
        family = child.family()
        assert len(family) >= 5
    finally:
        child.stop()
    from lab.child import started_at
    until(lambda: not [pid for pid in family if started_at(pid)], 10, "all four to end")


def test_run_refuses_to_start_half_configured(another_house):
    house = another_house({"keeper.code_lief": 1}, start=False)
    done = latchkey(house.conf, "run")
    assert done.returncode == 1
    assert "code_life" in done.stdout + done.stderr
