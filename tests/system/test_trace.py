"""One reference names one person's way: on the page, in the API, in every log, and to the admin."""

import concurrent.futures
import json
import os
import re
import signal

import pytest
import requests

from lab.api import Client
from lab.child import descendants, until
from test_cli import latchkey

NEW = "Wolken-boven-8-dijken"
CROWD = 300
FORM = re.compile(r"^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$")


def told(house, reference, *options):
    """What latchkey trace says."""
    done = latchkey(house.conf, "trace", *options, reference)
    assert done.returncode == 0, done.stderr
    return done.stdout


def story(house, reference):
    return json.loads(told(house, reference, "--json"))


def words(house, reference):
    return [(row["what"], row["outcome"]) for row in story(house, reference)["rows"]]


def in_order(happened):
    """A code may be read, and typed, before its gateway says that it took it."""
    rest = [one for one in happened if one[0] != "sent"]
    sent = [one for one in happened if one[0] == "sent"]
    at = rest.index(("proved", "ok")) + 1
    return rest[:at] + sent + rest[at:]


# ---- The reference ------------------------------------------------------------------------


def test_one_from_the_first_page_to_the_last(client, directory):
    person = directory.newcomer()
    client.open("reset")
    reference = client.step["reference"]
    assert FORM.match(reference)
    client.answer(username=person.username)
    assert client.step["reference"] == reference
    client.answer(mobile=person.mobile, birthdate=person.birthdate)
    client.answer(code=client.take_code(person))
    assert client.step["reference"] == reference and client.step["step"] == "password"
    assert client.choose(NEW)["outcome"] == "reset"
    assert client.step["reference"] == reference


def test_two_ways_have_two(client):
    assert client.open("reset")["reference"] != client.open("reset")["reference"]


def test_where_there_is_no_flow(client):
    """... there is none to show."""
    client.open("reset")
    refused = client.post("show", {"flow": "x" * 32})
    assert refused.status_code == 404 and refused.json()["reference"] is None


@pytest.mark.parametrize("lang, word", [("nl", "Kenmerk"), ("en", "Reference")])
def test_pages_show_it_in_the_foot(town, lang, word):
    page = requests.get(f"{town.house.url}/?lang={lang}", timeout=10).text
    foot = page[page.index("<footer"):]
    assert re.search(rf"{word}: [0-9A-Z]{{4}}-[0-9A-Z]{{4}}<", foot)
    assert word not in page[:page.index("<footer")]
    left = requests.get(f"{town.house.url}/left", timeout=10).text
    assert word not in left


def test_keeper_is_away(another_house):
    """Then portal makes one of its own, shows it, and its log has it."""
    house = another_house()
    house.keeper.kill()
    page = requests.get(house.url + "/?lang=en", timeout=30)
    assert page.status_code == 503
    reference = re.search(r"Reference: ([0-9A-Z-]{9})<", page.text).group(1)
    step = Client(house.url).open("reset")
    assert step.status == 503 and FORM.match(step["reference"])
    for one in (reference, step["reference"]):
        assert re.search(rf"latchkey-portal: \[{one}\] keeper gave no answer", house.portal.output())


def test_keeper_is_away_and_many_ask(another_house):
    """Not each of them is worth a line; whoever sees a reference is in the log."""
    house = another_house()
    house.keeper.kill()
    with concurrent.futures.ThreadPoolExecutor(CROWD) as crowd:
        steps = list(crowd.map(lambda _: Client(house.url).open("reset"), range(CROWD)))
    shown = {step["reference"] for step in steps} - {None}
    logged = set(re.findall(r"\[(\S+)\] keeper gave no answer", house.portal.output()))
    assert all(step.status == 503 for step in steps)
    assert 0 < len(shown) < CROWD and shown == logged


# ---- The story ------------------------------------------------------------------------------


def test_a_good_way(town, client, directory):
    person = directory.newcomer()
    client.to_password(person)
    client.choose("Kort-9!")
    client.choose(NEW)
    reference = client.step["reference"]
    assert in_order(words(town.house, reference)) == [
        ("opened", "ok"), ("proved", "ok"), ("sent", "ok"), ("code", "right"),
        ("reset", "rule_length"), ("reset", "ok")]
    text = told(town.house, reference)
    assert person.username in text and "127.0.0.1" in text
    for sentence in ("gave a user name that the directory knows", "by sms through kannel",
                     "refused: it is too short", "the new password is set"):
        assert sentence in text
    assert text.count("\nNext: ") == 1
    # As it is heard by telephone.
    spoken = reference.lower().replace("-", "").replace("0", "o").replace("1", "l")
    assert told(town.house, spoken) == text


def test_wrong_codes_are_counted(town, client, directory):
    person = directory.newcomer()
    client.to_code(person)
    client.take_code(person)
    for n in range(5):
        client.answer(code=f"{n:08}")
    reference = client.step["reference"]
    assert [row["detail"] for row in story(town.house, reference)["rows"]
            if row["what"] == "code"] == ["4 left", "3 left", "2 left", "1 left", "0 left"]
    assert "a new code" in story(town.house, reference)["next"]


# What is wrong with an account -> the last row, and what the admin is told to do.
WHAT_NEXT = {
    "nomobile": (("proved", "no_proof"), "mobile and latchkeyBirthDate"),
    "nobirthdate": (("proved", "no_proof"), "mobile and latchkeyBirthDate"),
    "disabled": (("opened", "disabled"), "enable it"),
    "protected": (("opened", "protected"), "an admin resets it"),
}


@pytest.mark.parametrize("state", WHAT_NEXT)
def test_what_to_do_next(town, client, directory, state):
    last, words_of_it = WHAT_NEXT[state]
    client.to_code(directory.newcomer(state))
    reference = client.step["reference"]
    until(lambda: latchkey(town.house.conf, "trace", reference).returncode == 0
          and words(town.house, reference)[-1] == last, 10, f"the row {last}")
    text = story(town.house, reference)["next"]
    assert words_of_it in text
    assert text in told(town.house, reference)


def test_nobody_knows_it(town):
    done = latchkey(town.house.conf, "trace", "K7QM-2XWD")
    assert done.returncode == 1 and "K7QM-2XWD" in done.stderr and not done.stdout


@pytest.mark.parametrize("typed", [["anna"], ["K7QM-2XWU"], ["K7QM-2XWDA"], [""], []])
def test_what_is_no_reference(town, typed):
    done = latchkey(town.house.conf, "trace", *typed)
    assert done.returncode == 2 and "K7QM-2XWD" in done.stderr


def test_the_audit_shows_it(town, client, directory):
    person = directory.newcomer()
    client.to_code(person)
    client.take_code(person)
    reference = client.step["reference"]
    done = latchkey(town.house.conf, "audit", "show", person.username)
    assert done.stdout.splitlines()[0].split()[1] == "REFERENCE"
    assert reference in done.stdout
    rows = town.house.audit(person.username)
    assert {row["reference"] for row in rows} == {reference}


# ---- The logs ----------------------------------------------------------------------------------

ROLES = ("keeper", "registrar", "courier", "portal")
PROGRAMS = {"latchkeyd", "latchkey-portal", "latchkey-registrar", "latchkey-courier"}
# The lines that are about the house and nobody in it.
OF_THE_HOUSE = re.compile(
    r"keeping in|courier is here|the directory (answers|does not answer)|connected to keeper")


@pytest.fixture
def walked(another_house, town, directory):
    """Two ways through a house that logs JSON: one good, one that ends with wrong codes."""
    house = another_house({"log": "json"})
    person, other = directory.newcomer(), directory.newcomer()
    good, bad = Client(house.url, town.phone), Client(house.url, town.phone)
    good.to_password(person)
    good.choose("Kort-9!")
    good.choose(NEW)
    assert good.step["outcome"] == "reset"
    bad.to_code(other)
    bad.take_code(other)
    for n in range(5):
        bad.answer(code=f"9{n:07}")
    assert bad.step["outcome"] == "stopped"
    lines = [json.loads(line) for role in ROLES
             for line in house.programs[role].output().splitlines()]
    return house, good, bad, lines, (person, other)


def test_every_line_says_whose_way_it_is(walked):
    _, good, bad, lines, people = walked
    references = {good.step["reference"], bad.step["reference"]}
    for line in lines:
        assert set(line) <= {"at", "level", "program", "reference", "event", "outcome", "text"}
        assert line["program"] in PROGRAMS
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line["at"])
        assert line["level"] in ("info", "warning", "error", "debug")
        assert ("event" in line) == ("outcome" in line)
        if OF_THE_HOUSE.search(line["text"]):
            assert "reference" not in line, line
        else:
            assert line["reference"] in references, line
    text = "\n".join(json.dumps(line) for line in lines)
    for person in people:
        for secret in (person.username, person.mobile[3:], person.birthdate, person.dn):
            assert secret not in text
    assert NEW not in text and "Kort-9!" not in text and "90000000" not in text


def test_what_happened_is_there(walked):
    _, good, bad, lines, _ = walked

    def events(reference, program):
        return [(line["event"], line["outcome"]) for line in lines
                if line.get("reference") == reference and line["program"] == program
                and "event" in line]

    assert in_order(events(good.step["reference"], "latchkeyd")) == [
        ("opened", "ok"), ("proved", "ok"), ("sent", "ok"), ("code", "right"),
        ("reset", "rule_length"), ("reset", "ok"), ("ended", "reset")]
    assert events(good.step["reference"], "latchkey-registrar") == [("set", "ok")]
    assert in_order(events(bad.step["reference"], "latchkeyd")) == [
        ("opened", "ok"), ("proved", "ok"), ("sent", "ok"), *[("code", "wrong")] * 4,
        ("code", "too_many"), ("ended", "stopped")]
    for one in (good, bad):
        assert [line for line in lines if line["program"] == "latchkey-courier"
                and line.get("reference") == one.step["reference"]]


def kill_a_busy_worker(house):
    """Or wait for one: what it is busy with may be a probe, which is on nobody's way."""
    if json.loads(latchkey(house.conf, "status", "--json").stdout)["busy"] == 1:
        for worker in descendants(house.registrar.pid):
            os.kill(worker, signal.SIGKILL)


def test_a_worker_that_dies_names_the_way(another_house, directory, town):
    """Its request is known to keeper alone, and so is whose way it was on."""
    house = another_house({"registrar.workers": 1})
    client = Client(house.url, town.phone)
    client.open("reset")
    line = rf"\[{client.step['reference']}\] a registrar worker went away at FIND"

    def told_so():
        kill_a_busy_worker(house)
        return re.search(line, house.keeper.output())

    os.kill(directory.child.pid, signal.SIGSTOP)
    try:
        client.answer(username="niemand")
        until(told_so, 10, line)
    finally:
        os.kill(directory.child.pid, signal.SIGCONT)
