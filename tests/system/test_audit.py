"""The audit: whatever is done to its rows is named, who asks it gets an answer, and what is
exported is all of it, once."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import threading
import time

import pytest

from lab.api import Client
from lab.child import until
from lab.effort import rounds
from test_cli import latchkey

NEW = "Wolken-boven-8-dijken"


def verify(house, *options):
    done = latchkey(house.conf, "audit", "verify", *options)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def store(house):
    return contextlib.closing(sqlite3.connect(os.path.join(house.state, "latchkey.db")))


def tamper(house, sql):
    """Somebody writes into the store while keeper does not run, and knows no key."""
    house.keeper.stop()
    with store(house) as db:
        db.executescript(sql)
    house.restart("keeper")


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture
def exported(tmp_path):
    (tmp_path / "log").mkdir()
    return str(tmp_path / "log" / "audit.jsonl")


@pytest.fixture
def walked(another_house, town, directory, exported):
    """A house where one person reset a password, and another gave wrong proofs."""
    house = another_house({"keeper.audit_file": exported})
    person, other = directory.newcomer(), directory.newcomer()
    assert Client(house.url, town.phone).reset(person, NEW)["outcome"] == "reset"
    client = Client(house.url, town.phone)
    client.to_code(other, birthdate="1-1-1901")
    until(lambda: [row["what"] for row in house.audit(other.username)][-1:] == ["proved"], 10,
          "the last row")
    return house, person, other


# ---- Answers -------------------------------------------------------------------------------


def test_who_when_from_where_by_which_proof(walked):
    """Did she reset her own password today, from where, by which proof?"""
    house, person, other = walked
    done = latchkey(house.conf, "audit", "show", "--what=reset", "--from=2000-01-01",
                    person.username)
    assert done.returncode == 0
    head, row = done.stdout.splitlines()
    assert head.split()[-1] == "DETAIL"
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  \S{9}  " + re.escape(person.username)
                    + r" +reset +ok +127\.0\.0\.1 +mobile birthdate \+ sms$", row), row
    assert house.audit("--what=reset", other.username) == []
    assert {row["what"] for row in house.audit("--what=proved")} == {"proved"}
    assert {row["who"] for row in house.audit("--what=proved")} == {
        person.username, other.username}
    assert house.audit("--until=2000-01-01") == []
    reference = house.audit(person.username)[-1]["reference"]
    assert "on mobile birthdate + sms" in latchkey(house.conf, "trace", reference).stdout


@pytest.mark.parametrize("args", [["verify", "x"], ["verify", "--what=reset"], ["erase"],
                                  ["erase", "a" * 257], ["show", "--what=" + "x" * 32]])
def test_mistakes_in_the_call(town, args):
    done = latchkey(town.house.conf, "audit", *args)
    assert done.returncode == 2 and done.stderr.strip()


# ---- Whole, or not ---------------------------------------------------------------------------

TAMPERED = {
    "changed": ("UPDATE audit SET outcome = 'ok' WHERE what = 'proved' AND outcome = 'no_match'",
                r"row \d+ of .* \(proved: ok\) was changed, or another one was put there"),
    "from elsewhere": ("UPDATE audit SET addr = (SELECT addr FROM audit WHERE number = 1) "
                       "WHERE number = 2", r"row 2 of .* was changed, or another"),
    "the first": ("DELETE FROM audit WHERE number = 1", "row 1 is missing"),
    "some": ("DELETE FROM audit WHERE number IN (3, 4)", "rows 3 to 4 are missing"),
    "the last": ("DELETE FROM audit WHERE number >= 6", "rows 6 to 7 are missing"),
    "swapped": ("UPDATE audit SET number = 99 WHERE number = 2;"
                "UPDATE audit SET number = 2 WHERE number = 5;"
                "UPDATE audit SET number = 5 WHERE number = 99",
                "row 2 was moved: it stands at number 5 now"),
    "put in between": ("UPDATE audit SET number = -number - 1 WHERE number >= 4;"
                       "UPDATE audit SET number = -number WHERE number < 0;"
                       "INSERT INTO audit SELECT 4, at, what, outcome, account, flow, who, addr, "
                       "detail, generation, mac FROM audit WHERE number = 1",
                       "row 4 was moved: it stands at number 5 now"),
    "without a head": ("DELETE FROM chain_head; DELETE FROM audit WHERE number >= 6",
                       "row 6 is missing"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_tampered(walked, how):
    house, _, _ = walked
    assert verify(house) == (0, "the audit is whole: rows 1 to 7 are as they were written\n")
    sql, said = TAMPERED[how]
    tamper(house, sql)
    status, text = verify(house)
    assert status == 1 and re.match(said, text), text
    status, text = verify(house, "--json")
    assert status == 1 and not json.loads(text)["whole"]


def test_whole_after_a_restart(walked, town, directory):
    house, _, _ = walked
    house.keeper.kill()
    house.restart("keeper")
    Client(house.url, town.phone).reset(directory.newcomer(), NEW)
    assert verify(house) == (0, "the audit is whole: rows 1 to 12 are as they were written\n")


def test_another_audit_key(walked):
    """What was sealed with a key that is gone is not written over."""
    house, _, _ = walked
    house.keeper.stop()
    house._write_key("audit.key", "00" * 32)  # pylint: disable=protected-access
    house.keeper.start()
    until(lambda: "keeper.audit_key is not the key" in house.keeper.output(), 10)
    assert latchkey(house.conf, "audit", "verify").returncode == 1


# ---- The file ----------------------------------------------------------------------------------


def test_exported(walked, exported):
    """The same rows, without who and from where."""
    house, _, _ = walked
    kept = house.audit()
    for row in kept:
        for personal in ("who", "addr", "flow"):
            del row[personal]
    assert until(lambda: lines(exported) == kept, 5, "all rows in the file")
    assert os.stat(exported).st_mode & 0o777 == 0o600 | os.stat(exported).st_mode & 0o040
    status, text = verify(house, "--file=" + exported)
    assert status == 0 and "has the same rows: 7 are in the store too" in text


def test_with_names(another_house, town, directory, exported):
    house = another_house({"keeper.audit_file": exported, "keeper.audit_file_names": True})
    person = directory.newcomer()
    Client(house.url, town.phone).reset(person, NEW)
    kept = house.audit()
    for row in kept:
        del row["flow"]
    assert until(lambda: lines(exported) == kept, 5, "all rows in the file")
    assert {(row["who"], row["addr"]) for row in kept} == {(person.username, "127.0.0.1")}


def test_an_older_store_is_told_by_the_file(walked, town, directory, exported):
    house, _, _ = walked
    house.keeper.stop()
    with store(house) as db:
        older = "\n".join(db.iterdump())
    house.restart("keeper")
    Client(house.url, town.phone).reset(directory.newcomer(), NEW)
    until(lambda: len(lines(exported)) == 12, 5, "all rows in the file")
    house.keeper.stop()
    path = os.path.join(house.state, "latchkey.db")
    with store(house) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
    for name in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(path + name)
    with store(house) as db:
        db.executescript(older + f"\nPRAGMA user_version = {version}")
    house.restart("keeper")
    # In itself it is whole.
    assert verify(house)[0] == 0
    status, text = verify(house, "--file=" + exported)
    assert status == 1 and "has row 8, and the store ends at 7" in text
    assert "has rows that the store has not" in house.keeper.output()
    # Nothing is added to a file of another story.
    Client(house.url, town.phone).reset(directory.newcomer(), NEW)
    assert len(lines(exported)) == 12
    status, text = verify(house, "--file=" + exported)
    assert status == 1 and re.search(r'line 8: row 8 has another "mac" than the store', text)


FORGED = {
    "changed": (lambda rows: rows[3].update(outcome="x"), 'line 4: row 4 has another "outcome"'),
    "left out": (lambda rows: rows.pop(3), "row 4 is missing before line 4"),
    "swapped": (lambda rows: rows.insert(3, rows.pop(4)), "row 4 stands behind row 5"),
    "no row": (lambda rows: rows.insert(3, {"x": 1}), "line 4 is no row of the audit"),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_file_that_was_changed(walked, exported, how):
    house, _, _ = walked
    until(lambda: len(lines(exported)) == 7, 5, "all rows in the file")
    rows = lines(exported)
    change, said = FORGED[how]
    change(rows)
    with open(exported + ".forged", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    status, text = verify(house, "--file=" + exported + ".forged")
    assert status == 1 and said in text


def test_the_file_is_moved_away(walked, town, directory, exported):
    """As logrotate does; what is written from then on goes to a new one."""
    house, _, _ = walked
    until(lambda: len(lines(exported)) == 7, 5, "all rows in the file")
    os.rename(exported, exported + ".1")
    os.kill(house.keeper.pid, signal.SIGHUP)
    until(lambda: os.path.exists(exported), 10, "a new file")
    Client(house.url, town.phone).reset(directory.newcomer(), NEW)
    until(lambda: len(lines(exported)) == 5, 5, "the new rows")
    # Taken away while keeper does not run, there is no doubt either.
    house.keeper.stop()
    os.rename(exported, exported + ".2")
    house.restart("keeper")
    Client(house.url, town.phone).reset(directory.newcomer(), NEW)
    until(lambda: os.path.exists(exported) and len(lines(exported)) == 5, 5, "the new rows")
    numbers = [row["number"] for name in (".1", ".2", "") for row in lines(exported + name)]
    assert numbers == list(range(1, 18))
    assert verify(house, "--file=" + exported)[0] == 0


def test_a_file_that_is_not_ours(walked, town, directory, exported):
    house, _, _ = walked
    house.keeper.stop()
    with open(exported, "w", encoding="ascii") as file:
        file.write("the diary of somebody\n")
    house.restart("keeper")
    Client(house.url, town.phone).reset(directory.newcomer(), NEW)
    with open(exported, encoding="ascii") as file:
        assert file.read() == "the diary of somebody\n"
    assert "is not a file of the audit" in house.keeper.output()


def test_half_a_line(walked, town, directory, exported):
    """What a crash leaves at the end is written again, whole."""
    house, _, _ = walked
    house.keeper.stop()
    with open(exported, "rb+") as file:
        file.truncate(os.path.getsize(exported) - 40)
    house.restart("keeper")
    Client(house.url, town.phone).reset(directory.newcomer(), NEW)
    until(lambda: len(lines(exported)) == 12, 5, "all rows in the file")
    assert [row["number"] for row in lines(exported)] == list(range(1, 13))
    assert verify(house, "--file=" + exported)[0] == 0


def walk_on_and_on(house, phone, directory, stop):
    while not stop.is_set():
        with contextlib.suppress(Exception):
            Client(house.url, phone).to_code(directory.newcomer())


def test_killed_again_and_again(another_house, town, directory, exported, figure):
    """Nothing is missing in the file, nothing is there twice, and the chain is whole."""
    house, stop = another_house({"keeper.audit_file": exported}), threading.Event()
    walker = threading.Thread(target=walk_on_and_on, args=(house, town.phone, directory, stop))
    walker.start()
    times = rounds(100)
    try:
        for _ in range(times):
            before = os.path.getsize(exported) if os.path.exists(exported) else 0
            until(lambda size=before: os.path.exists(exported)
                  and os.path.getsize(exported) > size, 20, "another row")
            house.keeper.kill()
            house.restart("keeper")
    finally:
        stop.set()
        walker.join()
    status, text = verify(house)
    assert status == 0, text
    numbers = [row["number"] for row in house.audit()]
    until(lambda: len(lines(exported)) == len(numbers), 5, "all rows in the file")
    assert [row["number"] for row in lines(exported)] == numbers == list(
        range(1, len(numbers) + 1))
    figure("audit_kill_rounds", times, "rounds")


# ---- Much of it --------------------------------------------------------------------------------


def test_nobody_waits_for_it(walked, town, directory, figure):
    """A long audit is walked in pieces: people are served meanwhile."""
    house, _, _ = walked
    rows, slowest, done = rounds(300000), [0.0], []
    # Rows that have been there since before the chain cost the same reading, and no key.
    # So these are keeper's own, many times over: the first is wrong, and its true place is
    # looked for in all of them.
    tamper(house, "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n "
           f"WHERE i < {rows} + 99) INSERT INTO audit SELECT i, at, what, outcome, account, "
           "zeroblob(5), who, addr, detail, generation, mac FROM n, audit WHERE number = 1;"
           "UPDATE audit SET outcome = 'x' WHERE number = 1")

    def run():
        began = time.monotonic()
        said = latchkey(house.conf, "audit", "verify")
        done.append((said, time.monotonic() - began))

    walker = threading.Thread(target=run)
    walker.start()
    while walker.is_alive():
        began = time.monotonic()
        Client(house.url, town.phone).open("reset")
        slowest[0] = max(slowest[0], time.monotonic() - began)
    said, took = done[0]
    assert said.returncode == 1 and "row 1 of" in said.stdout
    # Whoever waits for longer than a second sees how far it is.
    assert re.match(r"(row \d+ of \d+\n)*$", said.stderr)
    figure("audit_verify_rate", int(rows / took), "rows/s")
    figure("audit_verify_wait_max", round(slowest[0] * 1000), "ms")


# ---- Erasing ---------------------------------------------------------------------------------------


def holds(folder, data):
    found = False
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            found = found or data in file.read()
    return found


def test_erase(walked, town):
    house, person, other = walked
    before = house.audit(person.username)
    with store(house) as db:
        key = db.execute("SELECT key FROM person WHERE account = ?",
                         [bytes.fromhex(before[0]["account"])]).fetchone()[0]
    assert key and holds(house.state, key)
    done = latchkey(house.conf, "audit", "erase", person.username.upper())
    assert done.returncode == 0 and before[0]["account"] in done.stdout
    assert not holds(house.state, key)
    after = house.audit(person.username)
    assert [row["number"] for row in after] == [*(row["number"] for row in before), 8]
    assert after[-1]["what"] == "erased"
    assert {(row["who"], row["addr"]) for row in after} == {("", "")}
    assert {row["who"] for row in house.audit(other.username)} == {other.username}
    assert "(erased)" in latchkey(house.conf, "audit", "show", person.username).stdout
    assert verify(house) == (0, "the audit is whole: rows 1 to 8 are as they were written\n")
    again = latchkey(house.conf, "audit", "erase", person.username)
    assert again.returncode == 1 and "names no" in again.stderr
    again = latchkey(house.conf, "audit", "erase", before[0]["account"])
    assert again.returncode == 1 and "has been erased" in again.stderr
    # Who comes again is somebody again.
    Client(house.url, town.phone).to_code(person)
    until(lambda: [row["who"] for row in house.audit(person.username)][-1:] == [person.username], 10,
          "a row")


def test_what_admins_did(walked):
    house, person, _ = walked
    for command in (["halt", "sms"], ["resume"], ["pardon", person.username]):
        assert latchkey(house.conf, *command).returncode == 0
    assert [(row["what"], row["outcome"]) for row in house.audit()][7:] == [
        ("halted", "sms"), ("resumed", "sms"), ("pardoned", "ok")]
    assert re.search(r"  -  +-  +halted  +sms  ", latchkey(house.conf, "audit", "show").stdout)
    assert verify(house)[0] == 0


def test_erase_nobody(walked, town):
    """A name that nobody has is under no key of its own."""
    house, _, _ = walked
    client = Client(house.url, town.phone)
    client.open("reset")
    client.answer(username="mijn-wachtwoord-1")
    until(lambda: house.audit()[-1]["who"] == "mijn-wachtwoord-1", 10, "a row")
    done = latchkey(house.conf, "audit", "erase", "mijn-wachtwoord-1")
    assert done.returncode == 1 and "keeper.audit_nobody_days" in done.stderr


def test_the_folder_of_the_file(another_house):
    house = another_house({"keeper.audit_file": "/nowhere/audit.jsonl"}, start=False)
    done = latchkey(house.conf, "check")
    assert done.returncode == 1 and "install -d" in done.stdout and "/nowhere" in done.stdout
