"""People are told of what was done, by another way than the code came by; and a code by
mail, where the settings allow it."""

import re
import socket
import sqlite3
import subprocess

import pytest

from lab.api import Client
from lab.child import until
from lab.people import another
from lab.places import free_port, program

PASSWORD = "Wolken-boven-7-dijken"


@pytest.fixture
def person(directory):
    """somebody(state): one more in the directory."""
    def add(state="ok", **more):
        someone = another(state, **more)
        directory.add(someone)
        return someone
    return add


def rows(house, someone, what):
    return [(row["outcome"], row["detail"]) for row in house.audit(someone.username)
            if row["what"] == what]


def notice(house, someone, seconds=15):
    """The outcome and the detail of the notice to somebody, once it is over."""
    until(lambda: rows(house, someone, "notice"), seconds, "a notice")
    return rows(house, someone, "notice")


def words(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


# ---- Notices ---------------------------------------------------------------------------------

def test_after_a_reset(mail_house, person, exim, town):
    house, someone = mail_house(), person()
    client = Client(house.url, town.phone)
    assert client.reset(someone, PASSWORD)["outcome"] == "reset"
    assert notice(house, someone) == [("ok", "mail mail")]
    mail = exim.next(someone.mail)
    assert mail["Subject"] == "Uw wachtwoord voor Zorggroep Linde is gewijzigd"
    text = words(mail)
    assert re.search(r"gewijzigd op \w+ \d+ \w+ \d\d:\d\d uur\.", text)
    assert "010 123 45 67" in text and someone.username not in text and PASSWORD not in text
    # By text message nothing but the code.
    assert len(town.phone.messages(someone.mobile)) == 1
    # Told once.
    assert len(exim.inbox(someone.mail)) == 1
    assert someone.mail not in house.logs()


def test_after_an_unlock_in_english(mail_house, person, exim, town):
    house, someone = mail_house(), person("locked")
    client = Client(house.url, town.phone, lang="en")
    assert client.unlock(someone)["outcome"] == "unlocked"
    assert exim.next(someone.mail)["Subject"] == "Your account at Zorggroep Linde was unlocked"
    assert notice(house, someone) == [("ok", "mail mail")]


def test_not_when_nothing_was_done(mail_house, person, exim, town):
    house, someone = mail_house(), person()
    client = Client(house.url, town.phone)
    client.to_password(someone)
    client.leave()
    other = person()
    assert Client(house.url, town.phone).reset(other, PASSWORD)["outcome"] == "reset"
    exim.next(other.mail)
    assert rows(house, someone, "notice") == [] and exim.inbox(someone.mail) == []


def test_nobody_is_told_twice_by_the_same_number(mail_house, person, town, directory):
    """Without another address there is no notice, unless the settings want one all the same."""
    house = mail_house({"keeper.notices": ["sms"]})
    someone = person()
    Client(house.url, town.phone).reset(someone, PASSWORD)
    assert notice(house, someone) == [("no_way", "")]
    assert len(town.phone.messages(someone.mobile)) == 1
    house.change({"keeper.notice_same": True})
    assert house.stop()["keeper"] == 0
    house.start()
    someone = person()
    Client(house.url, town.phone).reset(someone, PASSWORD)
    assert notice(house, someone) == [("ok", "sms kannel")]
    text = town.phone.next(someone.mobile, 1)["text"]
    assert text.startswith("Uw wachtwoord voor Zorggroep Linde is gewijzigd op")
    assert text.endswith("010 123 45 67")


def test_a_crash_loses_none(mail_house, person, exim, town):
    """Keeper and courier die while the mail server takes nothing."""
    house, someone = mail_house(), person()
    exim.close()
    try:
        assert Client(house.url, town.phone).reset(someone, PASSWORD)["outcome"] == "reset"
        until(lambda: "SMTP 451" in house.courier.output(), 15, "the server to refuse it")
        house.keeper.kill()
        house.courier.kill()
    finally:
        exim.close(False)
    assert rows_in_store(house) == 1
    # Whoever has taken one and does not come back: it is due again when the lease is over.
    make_due(house)
    house.programs["courier"].start()
    house.restart("keeper")
    assert exim.next(someone.mail)["Subject"].endswith("is gewijzigd")
    assert notice(house, someone) == [("ok", "mail mail")]
    assert rows_in_store(house) == 0


def store(house):
    return sqlite3.connect(f"{house.state}/latchkey.db", timeout=10, isolation_level=None)


def rows_in_store(house):
    with store(house) as db:
        return db.execute("SELECT count(*) FROM notice").fetchone()[0]


def make_due(house):
    with store(house) as db:
        db.execute("UPDATE notice SET due = 0")


def test_nothing_personal_lies_in_the_store(mail_house, person, exim, town):
    house, someone = mail_house(), person()
    exim.close()
    try:
        Client(house.url, town.phone).reset(someone, PASSWORD)
        until(lambda: rows_in_store(house) == 1, what="the notice to be kept")
        with store(house) as db:
            state = db.execute("SELECT state FROM notice").fetchone()[0]
    finally:
        exim.close(False)
    for secret in (someone.mail, someone.username, someone.mobile[3:], PASSWORD, someone.birthdate):
        assert secret.encode() not in state


# ---- Codes by mail -----------------------------------------------------------------------------

def test_a_code_by_mail(mail_house, person, exim, town):
    house, someone = mail_house({"keeper.codes": ["sms", "mail"], "keeper.notices": ["sms", "mail"]}), \
        person()
    client = Client(house.url, town.phone)
    step = client.to_code(someone)
    assert [(c["id"], c["channel"]) for c in step["choices"]] == [("0", "sms"), ("3", "mail")]
    by_text = client.take_code(someone)
    # Who has no reception need not wait.
    step = client.again("3")
    assert step["reason"] is None
    assert [(c["id"], c["channel"]) for c in step["choices"]] == [("3", "mail"), ("0", "sms")]
    text = words(exim.next(someone.mail))
    assert text.startswith(f"{by_text} is uw herstelcode")
    assert client.again("3")["reason"] == "too_soon"
    client.answer(code=by_text)
    client.settle()
    assert client.choose(PASSWORD)["outcome"] == "reset"
    # Both ways carried the code: there is no other.
    assert notice(house, someone) == [("no_way", "")]
    assert [row[1] for row in rows(house, someone, "sent")] == ["sms kannel", "mail mail"]


def test_the_same_for_everybody(mail_house, person, exim, town):
    """Whether somebody has an address, or is anybody, is told by nothing."""
    house = mail_house({"keeper.codes": ["sms", "mail"], "keeper.sends": 2})
    known = person()
    nobody = another()
    seen = []
    for someone in (known, nobody):
        client = Client(house.url, town.phone)
        steps = [client.to_code(someone), client.again("3"), client.again("0"), client.again("3")]
        seen.append([{k: v for k, v in step.items() if k not in ("flow", "seq", "reference", "choices",
                                                                "life")} for step in steps])
        assert steps[1]["choices"][0]["channel"] == "mail"
    assert seen[0] == seen[1]
    # The first and one more: that is all, whatever the way.
    assert [step["reason"] for step in seen[0]] == [None, None, "too_many", "too_many"]
    exim.next(known.mail)
    assert exim.inbox(nobody.mail) == []


def test_chosen_while_the_text_message_is_on_its_way(mail_house, person, exim, town):
    """A gateway that takes its time must not swallow the wish for another way."""
    slow = socket.create_server(("127.0.0.1", free_port()))
    house = mail_house({"keeper.codes": ["sms", "mail"], "courier.gateways.0.timeout": 2,
                        "courier.gateways.0.url": f"http://127.0.0.1:{slow.getsockname()[1]}/"})
    someone = person()
    client = Client(house.url, town.phone)
    client.to_code(someone)
    conn, _ = slow.accept()
    assert client.again("3")["reason"] is None
    code = words(exim.next(someone.mail))[:8]
    client.answer(code=code)
    assert client.settle()["step"] == "password"
    assert [row[1] for row in rows(house, someone, "sent")] == ["sms kannel", "mail mail"]
    conn.close()
    slow.close()


def test_only_what_is_allowed(mail_house, person, exim, town):
    house, someone = mail_house(), person()
    client = Client(house.url, town.phone)
    step = client.to_code(someone)
    assert [c["channel"] for c in step["choices"]] == ["sms"]
    for choice in ("3", "1", "9", "x", ""):
        answer = client.post("again", {"flow": step["flow"], "choice": choice})
        assert answer.status_code == 400, choice
    assert exim.inbox(someone.mail) == []
    client.step = step
    client.answer(code=client.take_code(someone))
    assert client.settle()["step"] == "password"


def test_without_an_address(mail_house, person, exim, town, directory):
    house = mail_house({"keeper.codes": ["sms", "mail"],
                        "registrar.directory.mail_attribute": "description"})
    someone = person()
    client = Client(house.url, town.phone)
    client.to_code(someone)
    client.take_code(someone)
    assert client.again("3")["reason"] is None
    until(lambda: len(rows(house, someone, "sent")) == 2, what="the second sending")
    assert rows(house, someone, "sent")[1] == ("no_proof", "mail")


@pytest.mark.parametrize("change, says", [
    ({"keeper.codes": ["mail"]}, 'has to name \\"sms\\"'),
    ({"keeper.codes": ["sms", "voice"]}, "courier.gateways has none"),
])
def test_mistakes(another_house, change, says):
    house = another_house(change, start=False)
    checked = run_check(house)
    assert checked.returncode == 1 and says in checked.stdout


def test_what_mail_weakens(mail_house):
    checked = run_check(mail_house({"keeper.codes": ["sms", "mail"]}))
    assert checked.returncode == 0
    assert "the very password that was forgotten" in checked.stdout


def run_check(house):
    return subprocess.run([program("keeper"), "-c", house.conf, "--check"], capture_output=True,
                          text=True, timeout=20, check=False)
