"""Floods: budgets hold to the last message, and people get in meanwhile."""

import asyncio
import collections
import itertools

import pytest

from lab import flood
from lab.background import Background
from lab.city import City, citizen
from lab.crowd import addresses
from lab.effort import rounds
from lab.house import House

REQUESTS = rounds(100000)       # for a message
SENDS, REPEATS = 2, 3           # of one code; and how often more a flow asks for it
TRIES = REQUESTS // (REPEATS + 1)
NUMBERS = rounds(10000)
OFFICE, HOSTILE = 150, rounds(10000)
HONEST, FOREIGNERS, FAMILY = 10, 20, 3
AT_ONCE = 100
NOBODIES = [citizen(n) for n in range(90000, 99999)]
counted = collections.Counter()


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Its first people share a telephone, and the next have theirs in another country."""
    shared, foreign = {"mobile": citizen(0).mobile}, "+32470{:06}"
    city = City(str(tmp_path_factory.mktemp("city") / "c"), [
        citizen(n, **shared if n < FAMILY else
                {"mobile": foreign.format(n)} if n < FAMILY + FOREIGNERS else {})
        for n in range(OFFICE + NUMBERS + HONEST)])
    try:
        yield city.start()
    finally:
        city.stop()


@pytest.fixture
def limited(city, tmp_path):
    """limited(number_hour=5): a house with these limits, and else without."""
    houses = []

    def make(change=None, **limits):
        houses.append(House(str(tmp_path), city.directory, city.kannel, {
            **city.change, "keeper.sends": SENDS, "keeper.send_wait": 1,
            "registrar.writes_per_hour": 1000000, **(change or {}),
            **{f"keeper.limits.{name}": limit for name, limit in limits.items()}}))
        return houses[-1].start()

    yield make
    for house in houses:
        house.stop()


@pytest.fixture
def sent(city):
    """sent(house): what each telephone has received of this test, when no more comes."""
    before = city.bank.counts()

    def count(house):
        background = Background(house)
        after = background.settle(city.bank)
        background.close()
        return collections.Counter(
            {to: n - before.get(to, 0) for to, n in after.items() if n > before.get(to, 0)})
    return count


def during(house, city, tries, sources, people=(), meanwhile=None):
    """How many of these people are let in while all tries are made."""
    async def both():
        striking = asyncio.create_task(flood.strike_all(house.port, sources, tries, AT_ONCE))
        let_in = await flood.served(house.port, sources[0], city.bank, people, HONEST)
        if meanwhile:
            meanwhile()
        await striking
        return let_in
    return asyncio.run(both())


def too_many(received, each):
    """How many messages are more than one number may have."""
    return sum(max(0, n - each) for n in received.values())


def hold(asked, over):
    counted.update(asked=asked, over=over)
    assert over == 0


def restart(house):
    house.keeper.kill()
    house.restart("keeper")


def test_one_number(city, limited, sent, figure):
    """Three people have it; keeper is killed meanwhile; who has another gets in."""
    house = limited(account_hour=6, number_hour=10)
    family, honest = city.citizens[:FAMILY], city.citizens[-HONEST:]
    tries = (flood.as_owner(family[n % FAMILY], repeats=REPEATS) for n in range(TRIES))
    let_in = during(house, city, tries, addresses(50), honest, lambda: restart(house))
    figure("honest_served", let_in, f"of {HONEST}")
    received = sent(house)
    hold(REQUESTS, too_many(received, 10))
    assert let_in == HONEST
    assert received == {family[0].mobile: 10, **{person.mobile: 1 for person in honest}}


def test_many_numbers(city, limited, sent):
    """None more often than an account may, nor those of another country; nobody else's."""
    house = limited(account_hour=SENDS, number_hour=SENDS, country_hour=10)
    people = city.citizens[FAMILY:NUMBERS]
    known, nobody = itertools.cycle(people), itertools.cycle(NOBODIES)
    tries = (flood.as_owner(next(known if n % 10 else nobody), repeats=REPEATS)
             for n in range(TRIES))
    during(house, city, tries, addresses(50))
    received = sent(house)
    abroad = sum(n for to, n in received.items() if not to.startswith("+31"))
    hold(REQUESTS, too_many(received, SENDS) + max(0, abroad - 10))
    assert abroad == 10
    # Strangers are faster than a directory, which costs them most tries of a long flood; there are
    # enough of the others.
    assert len(received) > NUMBERS // 10
    assert received.keys() <= {person.mobile for person in people}


def test_all_together(city, limited, sent):
    """What all may have is not to be had twice by asking at once."""
    house = limited(messages_hour=100)
    tries = [flood.as_owner(person) for person in city.citizens[OFFICE:OFFICE + 500]]
    during(house, city, tries, addresses(50))
    received = sent(house)
    hold(len(tries), max(0, sum(received.values()) - 100))
    assert sum(received.values()) == 100


def hostile(people):
    """Names of nobody, and somebody's with a wrong proof; codes are guessed all the same."""
    for n, known in zip(range(HOSTILE), itertools.cycle(people)):
        yield [flood.as_owner(NOBODIES[n % len(NOBODIES)], guesses=5),
               flood.Try(known.username, known.mobile, "1901-01-01", guesses=5),
               flood.Try(known.username, "+31699999999", known.birthdate, guesses=5)][n % 3]


def test_one_office(city, limited, sent, figure):
    """Behind one address, which its admin has named: who wants in, and who means harm."""
    source, = addresses(1)
    house = limited({"keeper.limits": {"shared": [source]}, "keeper.price_wait": 1})
    office, others = city.citizens[-OFFICE - HONEST:-HONEST], city.citizens[FAMILY:NUMBERS]
    let_in = during(house, city, hostile(others), [source], office)
    figure("office_served", let_in, f"of {OFFICE}")
    assert let_in == OFFICE
    assert sent(house) == {person.mobile: 1 for person in office}


def test_figures(figure):
    """Last of the file: how many messages were asked for, and how many were too many."""
    figure("budget_requests", counted["asked"], "requests")
    figure("budget_overrun", counted["over"], "messages")
    assert counted["asked"] >= 2 * REQUESTS and not counted["over"]
