"""The clock of the machine is set while people are on their way: in words, and no harm done."""

import os

import pytest
import requests

from lab.api import Client
from lab.child import until

NEW = "Wolken-boven-8-dijken"
HOUR = 3600
LIBRARY = "/usr/lib/{}-linux-gnu/faketime/libfaketime.so.1".format(os.uname().machine)


class Clock:
    """What time all programs of a house think it is; what never is set back goes on."""

    def __init__(self, house):
        self.path = os.path.join(house.folder, "clock")
        self.set(0)
        for child in house.programs.values():
            child.env = {**(child.env or {}), "LD_PRELOAD": LIBRARY, "FAKETIME_NO_CACHE": "1",
                         "FAKETIME_TIMESTAMP_FILE": self.path, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                         "FAKETIME_DISABLE_SHM": "1"}

    def set(self, seconds):
        """Ahead of the true time by so many seconds, or behind it."""
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}\n")
        os.replace(self.path + ".new", self.path)


@pytest.fixture
def house(another_house):
    return another_house(start=False)


@pytest.fixture
def clock(house):
    clock = Clock(house)
    house.start()
    return clock


def told_to_begin_again(step):
    """In words, whether that way is known to be over or not known at all."""
    assert step.status in (200, 404), step
    assert step["reason"] in ("expired", "unknown_flow"), step
    assert step["reason_text"]


def notices(house, times):
    until(lambda: house.keeper.output().count("the clock was set") == times, 10, "keeper to notice")


def walks(house, phone, directory):
    person = directory.newcomer()
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"
    assert directory.binds(person, NEW)


@pytest.mark.parametrize("seconds", [-HOUR, HOUR])
def test_an_hour(house, clock, phone, directory, seconds):
    pid = house.keeper.pid
    at_code, at_password, opened = (Client(house.url, phone) for _ in range(3))
    person, another = directory.newcomer(), directory.newcomer()
    at_code.to_code(person)
    code = at_code.take_code(person)
    at_password.to_password(another)
    opened.open("reset")
    clock.set(seconds)
    told_to_begin_again(at_code.answer(code=code))
    told_to_begin_again(at_password.answer(password=NEW, password_again=NEW))
    told_to_begin_again(opened.answer(username=person.username))
    assert directory.binds(person, person.password) and directory.binds(another, another.password)
    walks(house, phone, directory)
    notices(house, 1)
    clock.set(0)
    told_to_begin_again(at_code.show())
    walks(house, phone, directory)
    notices(house, 2)
    assert house.keeper.pid == pid and house.keeper.lives()


def test_a_way_cannot_begin_twice(house, clock, phone, directory):
    """What was swept while the clock was wrong would be opened again, with five more tries."""
    person = directory.newcomer()
    client = Client(house.url, phone)
    first = client.open("reset")
    client.answer(username=person.username)
    client.answer(mobile=person.mobile, birthdate=person.birthdate)
    client.take_code(person)
    clock.set(2 * HOUR)
    notices(house, 1)
    before = requests.get(house.url + "/readyz", timeout=10).status_code
    clock.set(0)
    client.step = first
    step = client.answer(username=person.username)
    assert before == 200 and (step["step"], step["seq"] > 1) == ("code", True), step
    assert len(phone.messages(person.mobile)) == 1


def test_nobody_waits_an_hour(house, clock, phone, directory):
    """Small steps, as of a clock that is being put right, end nobody's way."""
    person = directory.newcomer()
    client = Client(house.url, phone)
    client.to_code(person)
    code = client.take_code(person)
    clock.set(-30)
    step = client.again()
    assert step["reason"] != "too_soon" and step["wait"] <= 60 and step["life"] <= 600, step
    assert client.answer(code=code)["step"] == "password"
    assert client.choose(NEW)["outcome"] == "reset"
