"""A copy of the store while it is in use, and one put back."""

import concurrent.futures
import contextlib
import os
import pwd
import secrets
import shutil
import sqlite3
import struct
import subprocess
import tempfile
import time

import pytest

from lab.api import Client
from lab.places import program

NEW = "Wolken-boven-8-dijken"


def latchkey(house, *arguments):
    done = subprocess.run([program("ctl"), "-c", house.conf, *arguments], capture_output=True,
                          text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def is_whole(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def content(house):
    with contextlib.closing(sqlite3.connect(os.path.join(house.state, "latchkey.db"))) as db:
        return list(db.iterdump())


@pytest.fixture
def house(another_house):
    return another_house()


@pytest.fixture
def copy(tmp_path):
    return str(tmp_path / "copy.db")


def test_while_people_walk(house, phone, directory, copy):
    """Nobody waits for it, and what it holds is of one moment."""
    cast = [directory.newcomer() for _ in range(8)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        walks = [pool.submit(Client(house.url, phone).reset, person, NEW) for person in cast]
        copies = [f"{copy}.{n}" for n in range(6)]
        for path in copies:
            code, text = latchkey(house, "backup", path)
            assert code == 0 and path in text, text
        assert all(walk.result()["outcome"] == "reset" for walk in walks)
    for path in copies:
        assert is_whole(path) and os.stat(path).st_mode & 0o777 == 0o600
    assert sorted(os.listdir(house.state)) == [
        "copy.lock", "latchkey.db", "latchkey.db-shm", "latchkey.db-wal", "latchkeyd.lock"]


def test_put_back(house, phone, directory, copy):
    """What was then is there again; ways of then are over, and cannot begin a second time."""
    early, late, walking = (directory.newcomer() for _ in range(3))
    assert Client(house.url, phone).reset(early, NEW)["outcome"] == "reset"
    client = Client(house.url, phone)
    opened = client.open("reset")
    client.answer(username=walking.username)
    client.answer(mobile=walking.mobile, birthdate=walking.birthdate)
    code, before = client.take_code(walking), client.step
    assert latchkey(house, "backup", copy)[0] == 0
    assert client.answer(code=f"{(int(code) + 1) % 10 ** 8:08}")["left"] == 4
    assert Client(house.url, phone).reset(late, NEW)["outcome"] == "reset"
    status, text = latchkey(house, "restore", copy)
    assert status == 1 and "latchkeyd is at work" in text
    assert "before.db" in put_back(house, copy)
    begin_again(house)
    rows = house.audit()
    assert [row["outcome"] for row in rows if row["who"] == early.username
            and row["what"] == "reset"] == ["ok"]
    assert not [row for row in rows if row["who"] == late.username]
    assert (rows[-1]["what"], rows[-1]["outcome"]) == ("restored", "ok")
    client.step = before
    step = client.answer(code=code)
    assert (step.status, step["reason"]) == (404, "unknown_flow")
    client.step = opened
    step = client.answer(username=walking.username)
    assert (step.status, step["reason"]) == (404, "unknown_flow")
    assert Client(house.url, phone).reset(walking, NEW)["outcome"] == "reset"
    assert is_whole(os.path.join(house.state, "before.db"))


def put_back(house, copy):
    for role in ("keeper", "registrar", "courier", "portal"):
        house.programs[role].kill()
    status, text = latchkey(house, "restore", copy)
    assert status == 0, text
    return text


def begin_again(house):
    """What was handed out up to the second of that begins nothing."""
    house.start()
    time.sleep(2)


def test_what_was_halted_since_then(house, phone, directory, copy):
    """... nobody has let go on."""
    assert latchkey(house, "backup", copy)[0] == 0
    assert latchkey(house, "halt", "recover")[0] == 0
    assert "recover is halted" in put_back(house, copy)
    begin_again(house)
    status, text = latchkey(house, "status")
    assert status == 1 and "recover" in text
    assert latchkey(house, "resume")[0] == 0
    assert Client(house.url, phone).reset(directory.newcomer(), NEW)["outcome"] == "reset"
    house.keeper.kill()
    scribble(os.path.join(house.state, "latchkey.db"))
    os.remove(os.path.join(house.state, "latchkey.db-wal"))
    assert "is not known" in put_back(house, copy)


def test_put_back_by_a_clock_that_was_ahead(house, phone, directory, copy):
    """It is right again, and people need not wait until it comes to that."""
    assert latchkey(house, "backup", copy)[0] == 0
    put_back(house, copy)
    with contextlib.closing(sqlite3.connect(os.path.join(house.state, "latchkey.db"))) as db:
        db.execute("UPDATE about SET value = ? WHERE name = 'openings from'",
                   [struct.pack("=q", int(time.time()) + 7200)])
        assert db.total_changes == 1
        db.commit()
    begin_again(house)
    assert "the clock was ahead when the store was restored" in house.keeper.output()
    assert Client(house.url, phone).reset(directory.newcomer(), NEW)["outcome"] == "reset"


def cut(path):
    os.truncate(path, os.path.getsize(path) // 2)


def scribble(path):
    with open(path, "r+b") as file:
        for page in range(2, os.path.getsize(path) // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 64)


def empty(path):
    os.truncate(path, 0)


def of_somebody_else(path):
    os.unlink(path)
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE songs (title TEXT)")


def of_the_future(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9999")


BAD = {cut: "damaged", scribble: "damaged", empty: "somebody else",
       of_somebody_else: "somebody else", of_the_future: "later version"}


def test_a_bad_copy_is_refused(house, phone, directory, copy):
    Client(house.url, phone).reset(directory.newcomer(), NEW)
    assert latchkey(house, "backup", copy)[0] == 0
    house.keeper.stop()
    before = content(house)
    for spoil, word in BAD.items():
        bad = shutil.copy(copy, copy + ".bad")
        spoil(bad)
        status, text = latchkey(house, "restore", bad)
        assert status == 1 and "nothing was restored" in text and word in text, (spoil, text)
    assert content(house) == before
    assert not os.path.exists(os.path.join(house.state, "restore"))
    house.restart("keeper")


def test_a_copy_of_other_keys_is_refused(house, phone, directory, copy):
    """Without its audit key nobody could read whom it is about; with it as a second line, all can."""
    person = directory.newcomer()
    Client(house.url, phone).reset(person, NEW)
    assert latchkey(house, "backup", copy)[0] == 0
    house.keeper.stop()
    path = os.path.join(house.folder, "keys", "audit.key")
    with open(path, encoding="ascii") as file:
        old = file.read()
    with open(path, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    status, text = latchkey(house, "restore", copy)
    assert status == 1 and "audit_key" in text, text
    with open(path, "a", encoding="ascii") as file:
        file.write(old)
    status, text = latchkey(house, "restore", copy)
    assert status == 0, text
    house.restart("keeper")
    assert [row for row in house.audit() if row["who"] == person.username]


def test_mistakes_in_the_call(house, copy):
    assert latchkey(house, "backup")[0] == 2
    assert latchkey(house, "restore")[0] == 2
    assert latchkey(house, "restore", copy)[0] == 1
    with open(copy, "w", encoding="ascii") as file:
        file.write("mine\n")
    status, text = latchkey(house, "backup", copy)
    assert status == 1 and "is there already" in text
    with open(copy, encoding="ascii") as file:
        assert file.read() == "mine\n"


def test_root_leaves_nothing_that_keeper_cannot_read(another_house, copy):
    owner = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(prefix="latchkey-") as folder:
        os.chmod(folder, 0o755)
        state = os.path.join(folder, "state")
        os.mkdir(state, 0o700)
        house = another_house({"keeper.state": state})
        house.state = state
        house.keeper.stop()
        for name in ("", *os.listdir(state)):
            os.chown(os.path.join(state, name), owner.pw_uid, owner.pw_gid)
        assert latchkey(house, "backup", copy)[0] == 0
        status, text = latchkey(house, "restore", copy)
        assert status == 0, text
        assert {os.stat(os.path.join(state, name)).st_uid for name in os.listdir(state)} == {
            owner.pw_uid}
        house.restart("keeper")
