"""latchkey check --canary: everything that is done to people, really done to a test account."""

import json

import ldap
import pytest

from lab.directory import ADMIN_DN
from test_cli import latchkey

STEPS = ["find it", "may it be helped", "read the rules", "judge a random", "reset to a random",
         "sign in with it", "its history", "its name in it", "next sign-in", "lock it by wrong",
         "unlock it", "nobody knows"]


def canary(house, person):
    done = latchkey(house.conf, "check", "--json", f"--canary={person.username}")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done, [line for line in lines if line["text"].startswith("canary ")]


def step(said, words):
    return next(line for line in said if words in line["text"])


def test_all_of_it_works(another_house, directory):
    house = another_house({"keeper.must_change": True}, start=False)
    person = directory.newcomer()
    done, said = canary(house, person)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [words for words in STEPS if not step(said, words)["text"].count(": done")] == []
    assert "12 done, 0 skipped, 0 failed" in said[-1]["text"]
    assert not directory.binds(person, person.password)
    entry = directory.read(person, "pwdAccountLockedTime", "pwdReset")
    assert "pwdAccountLockedTime" not in entry and entry.get("pwdReset") in (None, [b"FALSE"])


def test_in_words(town, directory):
    person = directory.newcomer()
    done = latchkey(town.house.conf, "check", "--canary", person.username)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"canary {person.username}: reset to a random password: done (" in done.stdout
    assert "keeper.must_change is false" in done.stdout


@pytest.mark.parametrize("state", ["protected", "disabled"])
def test_whoever_would_not_be_helped_is_not_touched(town, directory, state):
    person = directory.newcomer(state)
    before = directory.read(person)
    done, said = canary(town.house, person)
    assert done.returncode == 1
    assert state in said[1]["text"] and "take another" in said[1]["text"]
    assert len(said) == 3
    assert directory.read(person) == before


def test_nobody(town):
    done = latchkey(town.house.conf, "check", "--canary=nobody.at.all")
    assert done.returncode == 1
    assert "is called that" in done.stdout


@pytest.mark.parametrize("args", [["--canary="], ["--canary"]])
def test_the_account_has_to_be_named(town, args):
    assert latchkey(town.house.conf, "check", *args).returncode == 2


def test_without_a_history_there_is_nothing_to_try(town, directory):
    person = directory.newcomer()
    directory.change(directory.policy, [(ldap.MOD_REPLACE, "pwdInHistory", "0")])
    try:
        _, said = canary(town.house, person)
    finally:
        directory.change(directory.policy, [(ldap.MOD_REPLACE, "pwdInHistory", "3")])
    assert "the policy has none" in step(said, "its history")["text"]


@pytest.fixture
def poor(directory):
    """A service account that may read as everybody may, and no more."""
    dn = "cn=poor,ou=services,dc=linde,dc=example"
    connection = directory.admin()
    connection.add_s(dn, [
        ("objectClass", [b"organizationalRole", b"simpleSecurityObject"]), ("cn", [b"poor"]),
        ("userPassword", [directory.service_password.encode()])])
    yield dn
    connection.delete_s(dn)
    connection.unbind_s()


def test_a_right_that_is_missing_comes_with_what_gives_it(another_house, directory, poor):
    house = another_house({"registrar.directory.bind_dn": poor}, start=False)
    done, said = canary(house, directory.newcomer())
    assert done.returncode == 1
    rules = step(said, "read the rules")
    assert rules["level"] == "error"
    assert rules["remedies"][0]["tool"] == "slapd.conf"
    assert poor in rules["remedies"][0]["command"]
    assert "the rest" not in said[-1]["text"] and "not all of it works" in said[-1]["text"]


def test_a_history_that_is_not_held_is_the_only_fault(another_house, directory, tmp_path):
    """A service account above the policy: the account has the password that was let in."""
    secret = tmp_path / "root.secret"
    secret.write_text(directory.admin_password + "\n")
    secret.chmod(0o600)
    house = another_house({"registrar.directory.bind_dn": ADMIN_DN,
                           "registrar.directory.bind_password_file": str(secret)}, start=False)
    _, said = canary(house, directory.newcomer())
    assert "accepted, although" in step(said, "its history")["text"]
    assert [line["text"] for line in said if "FAILED" in line["text"]] == \
        [step(said, "its history")["text"]]
