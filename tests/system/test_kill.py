"""Kill any program at any moment: nothing acknowledged is lost, nobody is told a lie."""

import concurrent.futures
import os
import random
import signal
import threading

import pytest
import requests

from lab.api import Client
from lab.child import Child, descendants, until
from lab.effort import rounds
from lab.proxy import Proxy

NEW = "Wolken-boven-8-dijken"


@pytest.fixture
def house(another_house):
    """With short deadlines, because after a crash keeper waits until a write must be over."""
    return another_house({"registrar.deadline": 4, "keeper.request_life": 6})


@pytest.fixture
def client(house, phone):
    return Client(house.url, phone)


def meanwhile(call, disturb, delay):
    """Disturb the house while call() is under way, so many seconds after it began.

    It is this thread that disturbs: a process ends with the thread that started it.
    """
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(call)
        try:
            under_way.result(delay)
        except concurrent.futures.TimeoutError:
            pass
        disturb()
        return under_way.result()


def truth(client, directory, person, new=NEW):
    """Compare what the person is told with what a bind says; return the outcome."""
    step = client.settle()
    if step.get("reason") == "try_later" and step.status == 503:
        until(lambda: client.show().status == 200, 20, "the house to answer", step=0.1)
        step = client.settle()
    old, fresh = directory.binds(person, person.password), directory.binds(person, new)
    told = step.get("outcome") if step["done"] else step["step"]
    expected = {"reset": (False, True), "password": (True, False)}
    if told in expected:
        assert (old, fresh) == expected[told], f"told {told}, but old={old} new={fresh}"
    else:
        assert told == "unknown", step
    assert old or fresh
    return told


def test_keeper_between_code_and_password(house, client, directory):
    person = directory.newcomer()
    client.to_password(person)
    house.keeper.kill()
    house.restart("keeper")
    assert client.show()["step"] == "password"
    assert client.choose(NEW)["outcome"] == "reset"
    assert directory.binds(person, NEW)


def test_keeper_between_proof_and_code(house, client, directory):
    """The same code counts, and the tries that were used stay used."""
    person = directory.newcomer()
    client.to_code(person)
    code = client.take_code(person)
    assert client.answer(code=f"{(int(code) + 1) % 10 ** 8:08}")["left"] == 4
    house.keeper.kill()
    house.restart("keeper")
    step = client.show()
    assert (step["step"], step["left"]) == ("code", 4)
    assert client.answer(code=code)["step"] == "password"
    assert len(client.phone.messages(person.mobile)) == 1


def test_an_answer_while_keeper_is_away(house, client, directory):
    """Portal keeps the question, and asks when keeper is back."""
    person = directory.newcomer()
    client.to_code(person)
    code = client.take_code(person)
    house.keeper.kill()
    step = meanwhile(lambda: client.answer(code=code), house.keeper.start, 0.5)
    assert (step.status, step["step"]) == (200, "password")


@pytest.mark.parametrize("role", ["portal", "registrar", "courier"])
def test_others_between_proof_and_password(house, client, directory, role):
    person = directory.newcomer()
    client.to_code(person)
    code = client.take_code(person)
    house.programs[role].kill()
    house.restart(role)
    client.answer(code=code)
    assert client.settle()["step"] == "password"
    assert client.choose(NEW)["outcome"] == "reset"


def test_ready_tells_who_is_missing(house):
    for role in ("registrar", "courier", "keeper"):
        house.programs[role].kill()
        until(lambda: requests.get(house.url + "/readyz", timeout=10).status_code == 503,
              15, f"/readyz to miss {role}")
        assert requests.get(house.url + "/healthz", timeout=10).status_code == 200
        house.restart(role)


def test_registrar_during_a_write(house, client, directory):
    """Workers die at moments spread over the time that a write takes."""
    told = []
    for _ in range(rounds(100)):
        person = directory.newcomer()
        walker = Client(house.url, client.phone)
        walker.to_password(person)
        victims = descendants(house.registrar.pid)
        meanwhile(lambda: walker.answer(password=NEW, password_again=NEW),
                  lambda: [os.kill(pid, signal.SIGKILL) for pid in victims],
                  random.uniform(0, 0.03))
        told.append(truth(walker, directory, person))
        house.wait_ready()
    assert house.registrar.lives()
    assert told


def test_workers_die_while_they_look(house, client, directory):
    """To look is harmless to repeat: whoever was asked after gets a code all the same."""
    for _ in range(3):
        for pid in descendants(house.registrar.pid):
            os.kill(pid, signal.SIGKILL)
        person = directory.newcomer()
        client.to_code(person)
        assert client.answer(code=client.take_code(person, wait=15))["step"] == "password"


def test_registrar_and_parent_during_a_write(house, client, directory):
    for _ in range(rounds(20)):
        person = directory.newcomer()
        walker = Client(house.url, client.phone)
        walker.to_password(person)

        def crash():
            house.registrar.kill()
            house.registrar.start()
        meanwhile(lambda: walker.answer(password=NEW, password_again=NEW), crash,
                  random.uniform(0, 0.03))
        house.wait_ready()
        truth(walker, directory, person)


def test_keeper_during_a_write(house, client, directory):
    for _ in range(rounds(50)):
        person = directory.newcomer()
        walker = Client(house.url, client.phone)
        walker.to_password(person)

        def crash():
            house.keeper.kill()
            house.keeper.start()
        meanwhile(lambda: walker.answer(password=NEW, password_again=NEW), crash,
                  random.uniform(0, 0.03))
        house.wait_ready()
        if walker.step.status != 200:
            walker.show()
        truth(walker, directory, person)


def test_keeper_restarts_while_a_worker_is_slow(another_house, directory, phone, tmp_path):
    """A write that an earlier keeper asked for may still be under way when the next one
    looks: "not done" may be said only once it can't be done any more."""
    house = another_house({"registrar.deadline": 2, "keeper.request_life": 4})
    for _ in range(rounds(50)):
        person = directory.newcomer()
        client = Client(house.url, phone)
        client.to_password(person)
        slow = descendants(house.registrar.pid)

        def crash():
            for pid in slow:
                os.kill(pid, signal.SIGSTOP)
            house.keeper.kill()
            house.keeper.start()
        second = None
        try:
            # Who answers the new keeper are the workers of a second registrar.
            def crash_and_help():
                nonlocal second
                crash()
                second = Child("second registrar", house.registrar.argv,
                               str(tmp_path / "second.log")).start()
            meanwhile(lambda: client.answer(password=NEW, password_again=NEW), crash_and_help,
                      random.uniform(0.001, 0.008))
            until(lambda: client.show().status == 200, 20, "keeper", step=0.1)
            client.settle()
        finally:
            for pid in slow:
                os.kill(pid, signal.SIGCONT)
        # They go on now, or their deadline has come: what was told has to stay true.
        for _ in range(10):
            threading.Event().wait(0.03)
            truth(client, directory, person)
        second.stop()
        house.wait_ready()


@pytest.fixture
def line(another_house, directory):
    """A house whose way to the directory can fail."""
    proxy = Proxy(directory.tls_port)
    house = another_house({"registrar.directory.uris": [proxy.uri], "registrar.deadline": 4,
                           "keeper.request_life": 6})
    yield house, proxy
    proxy.close()


def test_line_cut_at_every_reply(line, directory, phone):
    """After the first reply, after the second, ... : also between a write and its answer."""
    house, proxy = line
    told, failed = set(), True
    # How many pieces an answer comes in is the network's to say.
    for replies in range(60):
        person = directory.newcomer()
        client = Client(house.url, phone)
        client.to_password(person)
        proxy.fail_after(replies)
        client.answer(password=NEW, password_again=NEW)
        failed = proxy.failed
        proxy.heal()
        told.add(truth(client, directory, person))
        house.wait_ready()
        if not failed:
            break
    assert not failed, "the last round is meant to be long enough for all replies"
    assert "reset" in told


@pytest.mark.parametrize("replies", [0, 1, 2, 3, 4, 5])
def test_line_stalls(line, directory, phone, replies):
    """A directory that stops answering costs a worker, not the truth."""
    house, proxy = line
    person = directory.newcomer()
    client = Client(house.url, phone)
    client.to_password(person)
    proxy.fail_after(replies, stall=True)
    client.answer(password=NEW, password_again=NEW)
    if client.step["step"] == "setting":
        assert client.step["wait"] > 0
    try:
        client.settle(40)
    finally:
        proxy.heal()
    truth(client, directory, person)


def test_slow_directory_shows_setting(line, directory, phone):
    """Over three seconds the page says that the directory is at work, then how it went."""
    house, proxy = line
    person = directory.newcomer()
    client = Client(house.url, phone)
    client.to_password(person)
    proxy.fail_after(1, stall=True)
    step = client.answer(password=NEW, password_again=NEW)
    assert step["step"] == "setting" and step["wait"] > 0 and step["done"] is False
    proxy.heal()
    truth(client, directory, person)


def test_directory_away_before_anything(line, directory, phone):
    """People get the same steps; nobody is told a lie about a password."""
    house, proxy = line
    person = directory.newcomer()
    client = Client(house.url, phone)
    client.to_password(person)
    directory.stop()
    try:
        client.answer(password=NEW, password_again=NEW)
        client.settle(40)
        told = client.step.get("outcome") or client.step["step"]
        assert told in ("unknown", "password")
    finally:
        directory.start()
    assert directory.binds(person, person.password)
