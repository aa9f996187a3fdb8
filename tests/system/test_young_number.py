"""A number that was changed lately gets no code, and nobody sees that it is so."""

import re
import sqlite3
import time

import ldap
import pytest

from lab.api import Client
from lab.child import until
from lab.directory import moment

DAY = 86400
OLD = moment(400 * DAY)
GUARDED = {"young_number_days": 7}


@pytest.fixture
def house(another_house):
    return another_house(GUARDED)


def colleague(directory, **more):
    """Somebody who has been here for long; their entry was changed just now."""
    person = directory.newcomer(extra={"createTimestamp": [OLD], **more})
    directory.change(person.dn, [(ldap.MOD_REPLACE, "description", "moved to another desk")])
    return person


def new_number(directory, person, mobile):
    directory.change(person.dn, [(ldap.MOD_REPLACE, "mobile", mobile)])
    person.mobile = mobile


def proved(house, town, person):
    """Walk to the code; what the audit says of the proofs.  A code arrives if it says "ok"."""
    sent, rows = len(town.phone.messages(person.mobile)), len(house.audit(person.username))
    Client(house.url).to_code(person)

    def outcomes():
        return {row["what"]: row["outcome"] for row in house.audit(person.username)[rows:]}

    said = until(lambda: outcomes().get("proved"), what="the proofs to be compared")
    if said == "ok":
        town.phone.next(person.mobile, sent)
    else:
        assert len(town.phone.messages(person.mobile)) == sent
    return said


def move_back(house, days):
    """So many days pass for all that keeper has seen; keeper is not there meanwhile."""
    house.keeper.stop()
    db = sqlite3.connect(f"{house.state}/latchkey.db")
    db.execute("UPDATE number SET since = since - ? WHERE since > 0", (days * DAY,))
    db.commit()
    db.close()
    house.restart("keeper")


def test_a_number_that_was_changed(house, directory, town):
    person = colleague(directory)
    assert proved(house, town, person) == "ok"
    old = person.mobile
    new_number(directory, person, "+31655500001")
    assert proved(house, town, person) == "young"
    assert proved(house, town, person) == "young"
    move_back(house, 6)
    assert proved(house, town, person) == "young"
    move_back(house, 1)
    assert proved(house, town, person) == "ok"
    # What they had before is no news either.
    new_number(directory, person, old)
    assert proved(house, town, person) == "ok"


def test_nobody_sees_it(house, directory):
    def seen(username, mobile, birthdate):
        client = Client(house.url)
        client.open("reset")
        steps = [client.step, client.answer(username=username),
                 client.answer(mobile=mobile, birthdate=birthdate), client.show(),
                 *(client.answer(code=f"{n:08}") for n in range(6))]
        return [re.sub(r'"(flow|reference|wait|life)": ?("[^"]*"|\d+)', "", step.response.text)
                for step in steps]

    person = colleague(directory)
    should = seen("niemand", "+31655500144", person.birthdate)
    seen(person.username, person.mobile, person.birthdate)
    new_number(directory, person, "+31655500244")
    assert seen(person.username, person.mobile, person.birthdate) == should
    assert [row["outcome"] for row in house.audit(person.username)
            if row["what"] == "proved"] == ["ok", "young"]


def test_everybody_is_told_how_it_is(house, town):
    """Whoever waits for a code reads why there may be none; where the guard is off, nobody."""
    for where, said in ((house, True), (town.house, False)):
        client = Client(where.url, lang="en")
        client.open("reset")
        client.answer(username="niemand")
        client.answer(mobile="+31655500009", birthdate="1984-10-01")
        page = client.session.get(f"{where.url}/step/code",
                                  headers={"Cookie": f"latchkey={client.step['flow']}"}).text
        assert ("less than 7 days ago" in page) == said


def test_a_new_account(house, directory, town):
    """On its first day its number may be put right."""
    person = directory.newcomer()
    assert proved(house, town, person) == "ok"
    new_number(directory, person, "+31655500003")
    assert proved(house, town, person) == "ok"


def test_an_entry_that_was_not_changed_for_long(house, directory, town):
    """Whatever keeper has seen: the number has been there for as long as all the rest."""
    person = colleague(directory)
    assert proved(house, town, person) == "ok"
    same = directory.read(person)["entryUUID"][0].decode()
    person.mobile = "+31655500004"
    for days, said in ((6, "young"), (8, "ok")):
        connection = directory.admin()
        connection.delete_s(person.dn)
        connection.unbind_s()
        person.extra.update(entryUUID=[same], modifyTimestamp=[moment(days * DAY)])
        directory.add(person)
        assert proved(house, town, person) == said


def test_off(client, directory, town):
    person = colleague(directory)
    assert proved(town.house, town, person) == "ok"
    new_number(directory, person, "+31655500005")
    assert proved(town.house, town, person) == "ok"


def test_no_number_is_kept_in_clear(house, directory, town):
    person = colleague(directory)
    assert proved(house, town, person) == "ok"
    house.keeper.stop()
    db = sqlite3.connect(f"{house.state}/latchkey.db")
    rows = db.execute("SELECT account, hash, since, seen FROM number").fetchall()
    db.close()
    assert len(rows) == 1
    account, number, since, seen = rows[0]
    assert len(account) == len(number) == 16 and since == 0 and abs(seen - time.time()) < 60
    assert person.mobile[-8:].encode() not in account + number
