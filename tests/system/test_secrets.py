"""A code, a password, a birth date, a number: in no log, no store, no argument, no core."""

import glob
import os
import re
import resource
import socket
import urllib.parse

import pytest

from lab.api import Client
from lab.child import descendants, until

NEW = "Zeldzaam-Woord-4711-xyz"


@pytest.fixture
def walked(another_house, town, directory):
    """A house through which one person walked, and one failed; and what nobody may find."""
    house = another_house()
    person = directory.newcomer(birthdate="1971-08-29", spelt_birthdate="29-8-1971")
    client = Client(house.url, town.phone)
    client.to_code(person)
    code = client.take_code(person)
    client.answer(code=code)
    client.choose("Kort-9!")
    client.choose(NEW)
    stranger = Client(house.url, town.phone)
    stranger.to_code(person, birthdate="30-8-1971")
    stranger.answer(code="87654321")
    number = person.mobile[3:]
    secrets = [NEW, "Kort-9!", code, "1971-08-29", "19710829", "29-8-1971", "30-8-1971",
               number, "06" + number[1:], "87654321", directory.service_password]
    return house, secrets


def files(folder):
    for path in glob.glob(os.path.join(folder, "**"), recursive=True):
        if os.path.isfile(path):
            with open(path, "rb") as one:
                yield path, one.read()


def test_not_in_logs_nor_in_the_store(walked):
    house, secrets = walked
    looked = 0
    for folder in (os.path.join(house.folder, "log"), house.state):
        for path, data in files(folder):
            looked += 1
            for secret in secrets:
                assert secret.encode() not in data, f"{path} holds a secret"
                assert secret.encode("utf-16-le") not in data, f"{path} holds a secret"
    assert looked >= 5


def test_name_is_sealed_in_the_store(walked):
    """The audit knows who it was, but only who has its key can read it."""
    house, _ = walked
    for path, data in files(house.state):
        assert b"Proefman" not in data, path


def test_not_in_arguments_nor_environment(walked):
    house, secrets = walked
    for role, child in house.programs.items():
        for pid in child.family():
            for what in ("cmdline", "environ"):
                with open(f"/proc/{pid}/{what}", "rb") as seen:
                    data = seen.read()
                assert not [s for s in secrets if s.encode() in data], f"{role}: {what}"


@pytest.mark.parametrize("role", ["keeper", "portal", "registrar", "courier"])
def test_no_core_and_no_debugger(town, role):
    """Not dumpable: /proc/PID/mem belongs to root, whoever runs the program."""
    child = town.house.programs[role]
    for pid in [child.pid] + descendants(child.pid):
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            text = status.read()
        assert "CoreDumping:\t0" in text
        assert os.stat(f"/proc/{pid}/environ").st_uid == 0
    assert resource.RLIMIT_CORE is not None


def holds(pid, secret):
    """Is it anywhere in what that process may write to?"""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb") as mem:
        for line in maps:
            first, last, mode = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            if mode.startswith("rw"):
                mem.seek(int(first, 16))
                if secret in mem.read(int(last, 16) - int(first, 16)):
                    return True
    return False


HALVES = {
    "gone half-way": b"POST /step/password HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n",
    "a head without end": b"POST /step/password HTTP/1.1\r\nHost: x\r\nCookie: ",
}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look")
@pytest.mark.parametrize("half", HALVES)
def test_not_left_in_the_portal(town, half):
    """Who sends a password and goes away before the end leaves nothing behind."""
    portal, secret = town.house.programs["portal"].pid, b"Half-verstuurd-93-woord"
    url = urllib.parse.urlsplit(town.house.url)
    with socket.create_connection((url.hostname, url.port), 5) as line:
        line.sendall(HALVES[half] + secret)
        until(lambda: holds(portal, secret), 5, "the portal to read it")
    until(lambda: not holds(portal, secret), 5, "the portal to forget it")
