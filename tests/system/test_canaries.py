"""Canaries: values that could be found anywhere are typed, sent and kept; then all is searched.

What people type must be gone from the memory of every program when it has been used.
What has to be kept (keys, the service account's password, a gateway's token) stands in
locked pages that no core shows, and in one such place.  Neither is in any file.
"""

import base64
import glob
import os
import re
import resource
import signal
import socket
import subprocess
import urllib.parse

import pytest
import requests

from lab import memory
from lab.api import Client
from lab.child import until
from lab.house import ROLES
from lab.places import tool
from lab.supervisor import Supervisor

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may look")

NEW = "Kanarie-vliegt-73-hoog"
BROKEN = "Knr-71!"                      # too short
UNKNOWN = {"username": "kanarie.onbekend", "mobile": "+31687419253", "birthdate": "1931-03-27"}
WRONG_DATE = "1933-05-29"
WRONG_CODE = "90817263"
TOKEN = "kanarie-token-5b8e2f"


class Needles:
    """What is looked for, each in all the ways in which it may be written."""

    def __init__(self):
        self.typed, self.kept = {}, {}

    def add(self, where, name, *values):
        for value in values:
            ways = {"": value} if isinstance(value, bytes) else {
                "": value.encode(), "utf-16": value.encode("utf-16-le"),
                "base64": base64.b64encode(value.encode())[:-4]}
            for way, needle in ways.items():
                where[f"{name} {value!r} {way}".rstrip()] = needle


def numbers(mobile):
    """As typed, as people write it at home, and without any prefix."""
    return mobile, "0" + mobile[3:], mobile[3:]


def dates(iso):
    year, month, day = iso.split("-")
    return iso, iso.replace("-", ""), f"{int(day)}-{int(month)}-{year}"


def browse(url, phone, person, password):
    """The pages, without script, as forms.  Return the code that was sent."""
    session, code = requests.Session(), None

    def send(page, **typed):
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        action = re.search(r'<form[^>]* action="([^"]+)"', page.text).group(1)
        return session.post(url + action, data={**hidden, **typed}, timeout=30)

    before = len(phone.messages(person.mobile))
    page = send(session.get(url + "/?wish=reset", timeout=10), username=person.username)
    page = send(page, mobile=person.mobile, birthdate=WRONG_DATE + "x")
    page = send(page, mobile=person.mobile, birthdate=person.birthdate)
    code = Client(url, phone).take_code(person, before)
    page = send(page, code=code)
    page = send(page, password=BROKEN, password_again=BROKEN)
    page = send(page, password=password, password_again=password)
    until(lambda: "/step/end" in session.get(page.url, timeout=10).url, 20, "the last page")
    return code


def walk(house, phone, directory, needles):
    """Right and wrong, known and unknown, by API and by pages; note what was typed."""
    typed = needles.typed
    for n, way in enumerate(("api", "pages")):
        date = f"19{37 + n}-11-2{3 + n}"
        day = dates(date)[2]
        person = directory.newcomer(birthdate=date, spelt_birthdate=day)
        password = f"{NEW}-{way}"
        needles.add(typed, "birth date", *dates(date))
        needles.add(typed, "number", *numbers(person.mobile))
        needles.add(typed, "password", password)
        if way == "pages":
            needles.add(typed, "code", browse(house.url, phone, person, password))
        else:
            client = Client(house.url, phone)
            client.to_code(person)
            code = client.take_code(person)
            # At the page for the code nobody needs number and date any more.
            found = settled(lambda: in_memory(house, needles))
            assert found == [], "\n".join(found)
            needles.add(typed, "code", code)
            client.answer(code=WRONG_CODE)
            client.answer(code=code)
            client.settle()
            assert client.choose(BROKEN)["step"] == "password"
            assert client.choose(password)["outcome"] == "reset"
        assert directory.binds(person, password)
    needles.add(typed, "password", BROKEN)
    needles.add(typed, "code", WRONG_CODE)
    stranger = Client(house.url, phone)
    stranger.open("reset")
    stranger.answer(username=UNKNOWN["username"])
    stranger.answer(mobile=UNKNOWN["mobile"], birthdate=UNKNOWN["birthdate"])
    stranger.answer(code=WRONG_CODE)
    needles.add(typed, "number", *numbers(UNKNOWN["mobile"]))
    needles.add(typed, "birth date", *dates(UNKNOWN["birthdate"]))
    wrong = Client(house.url, phone)
    wrong.to_code(person, birthdate=WRONG_DATE)
    wrong.answer(code=WRONG_CODE)
    needles.add(typed, "birth date", *dates(WRONG_DATE), WRONG_DATE + "x")


def kept(house, needles):
    for name in ("code", "audit", "ticket", "account", "proof"):
        with open(os.path.join(house.folder, "keys", f"{name}.key"), encoding="ascii") as key:
            digits = key.read().strip()
        needles.add(needles.kept, f"{name}.key", digits, bytes.fromhex(digits))
    needles.add(needles.kept, "bind password", house.directory.service_password)
    needles.add(needles.kept, "token", TOKEN)


def files(house):
    """All that the house writes or is told: logs, the store with its WAL, /proc, /tmp."""
    names = glob.glob(os.path.join(house.folder, "log", "*")) + \
        glob.glob(os.path.join(house.state, "*")) + glob.glob("/tmp/latchkey*") + \
        glob.glob(os.path.join(house.folder, "core*")) + [house.conf]
    for child in house.programs.values():
        for pid in child.family():
            names += [f"/proc/{pid}/cmdline", f"/proc/{pid}/environ"]
    for name in names:
        if os.path.isfile(name):
            with open(name, "rb") as file:
                yield name, file.read()


def in_memory(house, needles):
    """Everything in any process that should not be there, as lines of text."""
    found = []
    for role, child in house.programs.items():
        for pid in child.family():
            for name, region, at, around in memory.places(pid, needles.typed):
                found.append(f"{role} {pid}: {name} in {region.name} at {at:#x}: {around!r}")
            for name, region, at, around in memory.places(pid, needles.kept):
                if not region.undumped:
                    found.append(f"{role} {pid}: {name} in {region.name} at {at:#x}: {around!r}")
    return found


def settled(look, seconds=5):
    """What is still found after a while, or nothing as soon as there is nothing."""
    try:
        until(lambda: not look(), seconds)
    except TimeoutError:
        pass
    return look()


def well_kept(house, needles):
    """Who holds what, in a place that is locked and in no core: {"registrar": {"ticket.key"}}."""
    held = {}
    for role, child in house.programs.items():
        for pid in child.family():
            for name, region, _, _ in memory.places(pid, needles.kept):
                assert region.undumped and region.locked
                held.setdefault(role, set()).add(re.split(r" b?['\"]", name)[0])
    return held


def in_files(house, needles):
    return [f"{path}: {name}" for path, data in files(house)
            for name, needle in {**needles.typed, **needles.kept}.items() if needle in data]


@pytest.fixture
def house_before(build_house, town):
    """house_before(directory): one that has not started, with values of its own to keep."""
    def build(directory):
        house = build_house(directory, start=False)
        keys = os.path.join(house.folder, "keys")
        headers = house.settings["courier"]["gateways"][0]["headers"]
        house.change({
            "registrar.proof_key": os.path.join(keys, "proof.key"),
            "courier.gateways.0.secret_file": os.path.join(keys, "token.secret"),
            "courier.gateways.0.headers": [header.replace("{secret}", town.kannel.password)
                                           for header in headers] + ["X-Token: {secret}"]})
        with open(os.open(os.path.join(keys, "token.secret"), os.O_WRONLY | os.O_CREAT, 0o600),
                  "w", encoding="ascii") as token:
            token.write(TOKEN + "\n")
        return house
    return build


def test_gone_when_used(house_before, phone, town, ad, figure):
    left, values = [], 0
    for directory in (town.directory, ad):
        house, needles = house_before(directory), Needles()
        kept(house, needles)
        house.start()
        assert in_memory(house, needles) + in_files(house, needles) == []
        walk(house, phone, directory, needles)
        # What is under way behind the last answer is over soon.
        found = settled(lambda: in_memory(house, needles) + in_files(house, needles))
        assert well_kept(house, needles) == {
            "keeper": {"code.key", "audit.key"}, "courier": {"token"},
            "registrar": {"ticket.key", "account.key", "proof.key", "bind password"},
        }
        left += found
        values += len(needles.typed) + len(needles.kept)
    figure("canary_values", values, "values")
    figure("canary_leaks", len(left), "places")
    assert left == [], "\n".join(left)


def test_the_key_of_tls(another_house, town):
    """Its number, as OpenSSL counts with it, stands where no core looks, and the file nowhere."""
    certificate, key = town.authority.issue("portal-canary")
    text = subprocess.run([tool("openssl"), "pkey", "-in", key, "-text", "-noout"], check=True,
                          capture_output=True, text=True).stdout
    number = bytes.fromhex(re.search(r"priv:([\s0-9a-f:]+)pub:", text)[1]
                           .replace(":", "").replace(" ", "").replace("\n", "")[-64:])
    with open(key, encoding="ascii") as file:
        body = "".join(file.read().splitlines()[1:-1])
    needles = Needles()
    needles.add(needles.kept, "key", number, number[::-1], body[8:48])
    house = another_house(start=False)
    house.change({"portal.tls_certificate": certificate, "portal.tls_key": key,
                  "public_url": house.url.replace("http:", "https:")})
    with Supervisor() as supervisor:
        house.portal.env = supervisor.env
        house.portal.start()
        supervisor.wait(house.portal.pid, "READY=1")
    assert in_memory(house, needles) == []
    assert set(well_kept(house, needles)) == {"portal"}


@pytest.mark.parametrize("role", ROLES)
def test_no_core(another_house, role):
    """A signal that asks for a core leaves none, whatever the limit is."""
    house = another_house()
    child = house.programs[role]
    for pid in child.family():
        resource.prlimit(pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY, ) * 2)
    os.kill(child.pid, signal.SIGQUIT)
    _, status = until(lambda: (ended := os.waitpid(child.pid, os.WNOHANG))[0] and ended,
                      20, "its end")
    assert os.WTERMSIG(status) == signal.SIGQUIT and not os.WCOREDUMP(status)
    child.process.returncode = -signal.SIGQUIT


def test_what_is_typed_can_be_found(another_house):
    """The search is good: what has just been typed, and not been used yet, it finds."""
    house = another_house()
    url = urllib.parse.urlsplit(house.url)
    needles = Needles()
    needles.add(needles.typed, "password", NEW)
    with socket.create_connection((url.hostname, url.port), 5) as line:
        line.sendall(b"POST /step/password HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n" +
                     NEW.encode())
        until(lambda: in_memory(house, needles), 5, "the portal to read it")
    until(lambda: not in_memory(house, needles), 5, "the portal to forget it")
