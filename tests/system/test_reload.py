"""Settings are read again while people are being helped, and none of them notices."""

import itertools
import os
import shutil
import signal
import subprocess
import threading

import pytest
import requests

from lab.api import Client
from lab.child import until
from lab.effort import rounds
from lab.house import ROLES
from lab.places import program
from lab.supervisor import Supervisor

NEW = "Wolken-boven-8-dijken"
AT_A_TIME = 4


@pytest.fixture
def supervisor():
    with Supervisor() as supervisor:
        yield supervisor


@pytest.fixture
def house(another_house, supervisor):
    return supervisor.start(another_house(start=False))


def reload(house, supervisor, *roles):
    """Tell programs to read their settings again; return what each told its supervisor."""
    said = {}
    for role in roles or ROLES:
        pid = house.programs[role].pid
        os.kill(pid, signal.SIGHUP)
        assert "MONOTONIC_USEC=" in supervisor.wait(pid, "RELOADING=1")
        said[role] = supervisor.wait(pid, "READY=1")
    return said


def walk(house, phone, people, failed, how):
    for person in people:
        client = Client(house.url, phone)
        try:
            if how(client, person).get("outcome") != "reset":
                failed.append((person.username, client.step))
        except Exception as error:  # pylint: disable=broad-except
            failed.append((person.username, repr(error), client.step))


def at_once(client, person):
    return client.reset(person, NEW)


LATER = ("try_later", "try_again")


def or_later(client, person):
    """Whoever was told to try later does; where nothing arrives they look at the page again."""
    for _ in range(5):
        before = len(client.phone.messages(person.mobile))
        if client.to_code(person)["step"] != "code":
            continue
        try:
            code = client.take_code(person, before, wait=30)
        except TimeoutError:
            assert client.show()["reason"] in LATER, client.step
            continue
        client.answer(code=code)
        client.settle()
        break
    for _ in range(5):
        if client.choose(NEW)["reason"] not in LATER:
            break
    return client.step


def under_load(house, phone, directory, flows, disturb, how=at_once):
    """Disturb again and again while people recover; return those who did not get through."""
    people, failed = [directory.newcomer() for _ in range(flows)], []
    walkers = [threading.Thread(target=walk, args=(house, phone, people[n::AT_A_TIME], failed, how))
               for n in range(AT_A_TIME)]
    for walker in walkers:
        walker.start()
    while any(walker.is_alive() for walker in walkers):
        disturb()
    for person in people:
        if not directory.binds(person, NEW):
            failed.append((person.username, "has not got the new password"))
    return failed


# Each round has another of these than the one before.
CHANGES = {
    "organisation": ["Zorggroep Linde", "Zorggroep Linde West"],
    "portal.languages": [["nl", "en"], ["en", "nl"], ["nl"]],
    "portal.connections": [1000, 500],
    "keeper.slot_ms": [30, 10, 60],
    "keeper.code_life": [600, 300],
    "registrar.workers": [4, 2, 6],
    "registrar.deadline": [10, 8],
    "courier.in_flight": [32, 4],
    "courier.gateways.0.timeout": [10, 5],
}


def test_nobody_is_dropped(house, supervisor, phone, directory):
    values = {name: itertools.cycle(values) for name, values in CHANGES.items()}

    def disturb():
        house.change({name: next(value) for name, value in values.items()})
        for said in reload(house, supervisor).values():
            assert "new settings" in said
    failed = under_load(house, phone, directory, rounds(200), disturb)
    assert failed == []


def test_nobody_is_dropped_by_a_mistake(house, supervisor, phone, directory):
    def disturb():
        house.change({"country": "thirty-one"})
        for said in reload(house, supervisor).values():
            assert "READY=1" in said
        house.change({"country": "31"})
    failed = under_load(house, phone, directory, rounds(50), disturb)
    assert failed == []


def test_registrar_starts_again_under_load(house, supervisor, phone, directory):
    """What keeper asked a worker is answered before that one goes: nothing is unknown.  Where it
    takes seconds to start, people are told to try later."""
    def disturb():
        assert house.registrar.stop() == 0
        house.registrar.start()
        supervisor.wait(house.registrar.pid, "READY=1")
        # One that is never there helps nobody, however slow the machine is.
        house.wait_ready()
    failed = under_load(house, phone, directory, rounds(100), disturb, or_later)
    assert failed == []


@pytest.mark.parametrize("role", ROLES)
def test_a_mistake_keeps_the_old(house, supervisor, role):
    house.change({"organisation": "Zorggroep Vergist", f"{role}.nonsense": 1})
    said = reload(house, supervisor, role)[role]
    assert "settings of before" in said
    log = house.programs[role].output()
    assert f"{role}.nonsense: unknown setting" in log
    assert "Zorggroep Vergist" not in requests.get(house.url, timeout=10).text
    house.change({f"{role}.nonsense": None})
    assert "new settings" in reload(house, supervisor, role)[role]


def test_what_counts_from_the_start_only(house, supervisor):
    house.change({"keeper.state": house.folder, "portal.listen": ["127.0.0.1:1"],
                  "registrar.writes_per_hour": 7, "runtime": house.folder})
    reload(house, supervisor)
    for role, names in {"keeper": ["keeper.state", "runtime"], "portal": ["portal.listen"],
                        "registrar": ["registrar.writes_per_hour"], "courier": ["runtime"]}.items():
        for name in names:
            assert f"{name} takes effect at the next start" in house.programs[role].output()
    assert house.is_ready()


def test_pages_and_texts(another_house, supervisor, directory, phone, tmp_path):
    """A page, a style and the name in text messages: of the next request, not of the next start."""
    pages = tmp_path / "pages"
    pages.mkdir()
    house = another_house({"portal.pages": str(pages)}, start=False)
    for child in house.programs.values():
        child.env = {**(child.env or {}), **supervisor.env}
    house.start()
    share = house.settings["portal"]["share"]
    shutil.copy(os.path.join(share, "pages", "name.html"), pages / "name.html")
    shutil.copy(os.path.join(share, "style", "style.css"), pages / "style.css")
    old_page = requests.get(house.url, timeout=10).text
    with open(pages / "name.html", "a", encoding="utf-8") as page:
        page.write("<p>Bel de servicedesk gerust</p>\n")
    with open(pages / "style.css", "a", encoding="utf-8") as style:
        style.write("/* ours */\n")
    house.change({"organisation": "Zorggroep Esdoorn"})
    reload(house, supervisor)
    new_page = requests.get(house.url, timeout=10).text
    assert "Bel de servicedesk gerust" in new_page and "Zorggroep Esdoorn" in new_page
    assert "Bel de servicedesk gerust" not in old_page
    assert b"/* ours */" in requests.get(house.url + "/static/style.css", timeout=10).content
    client, person = Client(house.url, phone), directory.newcomer()
    client.to_code(person)
    client.take_code(person)
    until(lambda: "Zorggroep Esdoorn" in phone.messages(person.mobile)[0]["text"], 5, "the text")


def test_a_page_with_a_mistake(another_house, supervisor, tmp_path):
    house = another_house({"portal.pages": str(tmp_path)}, start=False)
    house.portal.env = supervisor.env
    house.start()
    (tmp_path / "name.html").write_text("<a href='{{sign_in_url}}'>", encoding="utf-8")
    assert "settings of before" in reload(house, supervisor, "portal")["portal"]
    assert "name.html:1" in house.portal.output()
    assert requests.get(house.url, timeout=10).status_code == 200


def command(house):
    """latchkey reload: its status, and what it said of each program."""
    done = subprocess.run([program("ctl"), "-c", house.conf, "reload"], capture_output=True,
                          text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_command(another_house):
    house = another_house()
    house.change({"organisation": "Zorggroep Plataan"})
    status, said = command(house)
    assert status == 0, said
    for name in ("latchkey-portal", "latchkey-registrar", "latchkey-courier", "latchkeyd"):
        assert f"{name} works with the new settings" in " ".join(said.split()), said
    assert "Zorggroep Plataan" in requests.get(house.url, timeout=10).text


def test_the_command_looks_first(another_house):
    house = another_house()
    house.change({"organisation": "Zorggroep Vergist", "courier.in_flight": 0})
    status, said = command(house)
    assert status == 1
    assert "courier.in_flight" in said and "nothing was read again" in said
    assert "Zorggroep Vergist" not in requests.get(house.url, timeout=10).text
    assert "the settings" not in house.logs()


def test_the_command_misses_somebody(another_house):
    house = another_house()
    house.courier.stop()
    until(lambda: "courier went away" in house.keeper.output(), 5, "keeper to see it")
    status, said = command(house)
    assert status == 1
    assert "latchkey-courier is not connected to the keeper" in " ".join(said.split())
    assert "latchkey-portal works with the new settings" in " ".join(said.split())


def test_the_command_under_load(another_house, phone, directory):
    house = another_house()

    def disturb():
        assert command(house)[0] == 0
    failed = under_load(house, phone, directory, rounds(100), disturb)
    assert failed == []
