"""Floods: messages go to the people of the directory alone, and everybody else gets in."""

import asyncio
import itertools
import random

import pytest

from lab import flood
from lab.background import Background
from lab.city import City, citizen
from lab.crowd import addresses
from lab.effort import rounds

REQUESTS = rounds(100000)       # for a message
REPEATS = 3                      # of them in each flow, besides the first
TRIES = REQUESTS // (REPEATS + 1)
NUMBERS = rounds(10000)
HOSTILE, OFFICE = rounds(10000), 150
AT_ONCE = 100
HONEST = 10
NOBODIES = [citizen(n) for n in range(90000, 99999)]
SENDS = 2           # of one code, in these houses


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Of so many people; nobody has to wait before a code is sent again."""
    city = City(str(tmp_path_factory.mktemp("city") / "c"), 1 + OFFICE + NUMBERS + HONEST, {
        "keeper.sends": SENDS, "keeper.send_wait": 1, "registrar.writes_per_hour": 1000000})
    try:
        yield city.start()
    finally:
        city.stop()


@pytest.fixture
def sent(city):
    """sent(): what each telephone has received of this test, when no more comes."""
    before, background = city.bank.counts(), Background(city.house)

    def count():
        after = background.settle(city.bank)
        return {to: n - before.get(to, 0) for to, n in after.items() if n > before.get(to, 0)}

    yield count
    background.close()


def during(city, tries, sources, people, at_once=10):
    """How many of these people are let in while tries are made, and who made the tries."""
    gang = flood.Gang(city.house.port, sources, AT_ONCE)

    async def both():
        striking = asyncio.create_task(gang.make(tries))
        let_in = await flood.served(city.house.port, sources[0], city.bank, people, at_once)
        await striking
        return let_in
    return asyncio.run(both()), gang


def test_one_number(city, sent, figure):
    """All at one person, by somebody who knows all but the phone."""
    victim, honest = city.citizens[0], city.citizens[-HONEST:]
    tries = (flood.as_owner(victim, repeats=REPEATS) for _ in range(TRIES))
    let_in, gang = during(city, tries, addresses(50), honest)
    figure("honest_served", let_in, f"of {HONEST}")
    assert gang.done == TRIES and let_in == HONEST
    received = sent()
    assert received.keys() == {victim.mobile} | {person.mobile for person in honest}
    assert all(received[person.mobile] == 1 for person in honest)
    assert flood.overrun(received, number=SENDS * TRIES) == 0


def test_many_numbers(city, sent):
    """A few at each of thousands; nobodies' numbers among them."""
    everybody = city.citizens[OFFICE + 1:-HONEST]
    known, nobody = itertools.cycle(everybody), itertools.cycle(NOBODIES)
    tries = (flood.as_owner(next(known if n % 4 else nobody), repeats=REPEATS)
             for n in range(TRIES))
    _, gang = during(city, tries, addresses(50), [])
    assert gang.done == TRIES
    received = sent()
    assert received.keys() <= {person.mobile for person in everybody}
    assert flood.overrun(received, number=SENDS * (TRIES // NUMBERS + 1)) == 0


def hostile(people):
    """Names of nobody, wrong proofs, and right ones with guessed codes."""
    for n in range(HOSTILE):
        known = random.choice(people)
        yield [flood.as_owner(NOBODIES[n % len(NOBODIES)]),
               flood.Try(known.username, known.mobile, "1901-01-01"),
               flood.as_owner(known, guesses=5)][n % 3]


def test_one_office(city, sent, figure):
    """Everybody behind one address: those who want in, and those who mean harm."""
    office, others = city.citizens[1:OFFICE + 1], city.citizens[OFFICE + 1:-HONEST]
    let_in, gang = during(city, hostile(others), addresses(1), office)
    figure("office_served", let_in, f"of {OFFICE}")
    assert gang.done == HOSTILE and let_in == OFFICE
    assert all(n == 1 for to, n in sent().items() if to in {p.mobile for p in office})
