"""The store cannot be written: people are told in words, and it heals without a restart."""

import contextlib
import os
import sqlite3
import subprocess
import time

import pytest
import requests

from lab.api import Client
from lab.child import until
from lab.effort import rounds
from lab.places import program, tool

NEW = "Wolken-boven-8-dijken"
DISK = 4 << 20      # bytes


def status(house):
    """The exit status of latchkey status, and what it prints."""
    done = subprocess.run([program("ctl"), "-c", house.conf, "status"], capture_output=True,
                          text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def is_whole(house):
    """What SQLite itself says of every page, once nobody else writes."""
    with contextlib.closing(sqlite3.connect(os.path.join(house.state, "latchkey.db"))) as db:
        return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def ready(house):
    return requests.get(house.url + "/readyz", timeout=10)


@pytest.fixture
def small_disk(another_house):
    """A house whose state folder is a disk of its own."""
    house = another_house(start=False)
    subprocess.run([tool("mount"), "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "tmpfs",
                    house.state], check=True)
    try:
        yield house.start()
    finally:
        house.stop()
        subprocess.run([tool("umount"), house.state], check=True)


class Filler:
    """All that is free on a disk, to the last byte."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "filler")

    def fill(self):
        with open(self.path, "ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)):
                        pass

    def free(self):
        os.unlink(self.path)


def told_to_try_later(answer):
    assert (answer.status, answer["reason"]) == (503, "try_later"), answer
    assert answer["reason_text"]


def is_told_everywhere(house, client, cause):
    """Each question of a person is answered, in words; and whoever has to mend it can see what."""
    page = requests.get(house.url + "/", headers={"Accept-Language": "en"}, timeout=10)
    assert page.status_code == 503 and "text/html" in page.headers["Content-Type"]
    assert "try again in a few minutes" in page.text
    for question in (client.show, client.again, client.leave, client.open):
        step = client.step
        told_to_try_later(question())
        client.step = step
    answer = ready(house)
    assert answer.status_code == 503
    assert answer.json()["keeper"] is True and answer.json()["store"] is False
    assert answer.json()["why"].startswith("the store cannot be written: ")
    assert cause in answer.json()["why"] and house.state not in answer.json()["why"]
    code, text = status(house)
    assert code == 1 and "the store cannot be written: " in text
    assert cause in text and house.state in text


def keeper_said(house, words):
    return house.keeper.output().count(words)


def stays_refused(client):
    """What the store gave back when it was closed is room again: enough, if keeper was faster."""
    for _ in range(15):     # beyond keeper's next try
        if client.open("reset").status == 200:
            return False
        time.sleep(0.1)
    return True


def write_until_refused(house, phone, filler):
    """Fill the disk under people's answers; return those who were told that theirs was kept."""
    told = []
    for n in range(1000):
        if n == 3:
            filler.fill()
        client = Client(house.url, phone)
        if client.open("reset").status == 200 and \
                client.answer(username=f"nobody{n}").status == 200:
            told.append(client)
            continue
        told_to_try_later(client.step)
        assert n >= 3, "refused before the disk was full"
        filler.fill()
        if stays_refused(client):
            return told
    raise AssertionError("a full disk was no matter")


def test_full_disk(small_disk, phone, directory, figure):
    """Somebody stands at the page for the code when the disk runs full."""
    house, filler, kept = small_disk, Filler(small_disk.state), 0
    pid = house.keeper.pid
    for turn in range(rounds(20)):
        person = directory.newcomer()
        client = Client(house.url, phone)
        client.to_code(person)
        code, before = client.take_code(person), client.step
        others = write_until_refused(house, phone, filler)
        told_to_try_later(client.answer(code=code))
        client.step = before
        is_told_everywhere(house, client, "its disk is full")
        assert keeper_said(house, "the store cannot be written: its disk is full") > turn
        filler.free()
        house.wait_ready()
        for other in others:
            told = other.step
            assert other.show()["seq"] >= told["seq"], "what was told is lost"
            kept += 1
        assert client.show()["left"] == before["left"], "a try was lost"
        assert client.answer(code=code)["step"] == "password"
        assert client.choose(NEW)["outcome"] == "reset"
        assert directory.binds(person, NEW)
    assert house.keeper.pid == pid and house.keeper.lives()
    house.stop()
    assert is_whole(house)
    figure("store_full_kept", kept, "answers")


def test_locked_by_another_process(another_house, phone, directory):
    house = another_house()
    person = directory.newcomer()
    client = Client(house.url, phone)
    client.to_password(person)
    before = client.step
    with contextlib.closing(sqlite3.connect(os.path.join(house.state, "latchkey.db"),
                                            isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        told_to_try_later(client.answer(password=NEW, password_again=NEW))
        client.step = before
        is_told_everywhere(house, client, "another process keeps it locked")
        assert keeper_said(house, "the store cannot be written") == 1
        assert not directory.binds(person, NEW), "set without its commit"
        shell.execute("ROLLBACK")
    house.wait_ready()
    assert keeper_said(house, "the store can be written") == 1
    client.step = before
    assert client.show()["step"] == "password"
    assert client.choose(NEW)["outcome"] == "reset"
    assert directory.binds(person, NEW)
    rows = [row["outcome"] for row in house.audit(person.username) if row["what"] == "reset"]
    assert rows == ["ok"]


def test_started_on_a_store_that_is_locked(another_house, phone, directory):
    house = another_house()
    house.keeper.stop()
    with contextlib.closing(sqlite3.connect(os.path.join(house.state, "latchkey.db"),
                                            isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        house.keeper.start()
        until(lambda: ready(house).json()["keeper"] and not ready(house).json()["store"], 15,
              "keeper to say that it cannot write")
        client = Client(house.url, phone)
        told_to_try_later(client.open())
    house.wait_ready()
    client.to_code(directory.newcomer())
    assert client.step["step"] == "code"


def test_damaged_store(another_house):
    """It is refused in words that say what mends it, and not written to."""
    house = another_house()
    house.keeper.stop()
    path = os.path.join(house.state, "latchkey.db")
    with open(path, "r+b") as file:
        file.write(b"not a database any more, whatever it was before" * 10)
    with open(path, "rb") as file:
        before = file.read()
    house.keeper.start()
    until(lambda: ready(house).json()["keeper"], 15, "keeper to say what is wrong")
    code, text = status(house)
    assert code == 1 and "it is damaged" in text and "latchkey restore FILE" in text
    told_to_try_later(Client(house.url).open())
    house.keeper.stop()
    with open(path, "rb") as file:
        assert file.read() == before
