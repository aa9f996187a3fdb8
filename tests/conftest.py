"""What the system, abuse and browser tests stand on: one town for each run."""

import functools
import os
import shutil
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from lab import people  # noqa: E402
from lab.api import Client  # noqa: E402
from lab.house import House  # noqa: E402
from lab.mail import Exim, gateway  # noqa: E402
from lab.samba import Samba  # noqa: E402
from lab.town import Town  # noqa: E402

_figures = []


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """A directory, a gateway, a telephone and a house, shared by all tests of a run."""
    town = Town(str(tmp_path_factory.mktemp("town") / "t"))
    try:
        yield town.start()
    finally:
        town.stop()


@pytest.fixture
def directory(town):
    """The shared directory; whoever ended it leaves a shared house that has seen it again."""
    yield town.directory
    town.house.wait_ready()


@pytest.fixture
def phone(town):
    return town.phone


@pytest.fixture
def client(town):
    """A conversation that has not begun, with the shared house, which is well."""
    town.house.wait_ready()
    return Client(town.house.url, town.phone)


def _domain(town, name, **more):
    domain = Samba(os.path.join(town.folder, name), town.authority, people.cast(), **more)
    try:
        yield domain.start()
    finally:
        domain.stop()


@pytest.fixture(scope="session")
def ad(town):
    """An Active Directory that knows policy hints, shared by all tests of a run."""
    yield from _domain(town, "ad")


@pytest.fixture(scope="session")
def _house_of_ad(town, ad):
    house = House(os.path.join(town.folder, "house-of-ad"), ad, town.kannel)
    try:
        yield house.start()
    finally:
        house.stop()


@pytest.fixture
def ad_client(_house_of_ad, town):
    """A conversation that has not begun, with a shared house in front of that one."""
    return Client(_house_of_ad.wait_ready().url, town.phone)


@pytest.fixture(scope="session")
def ad_old(town):
    """One that does not: it can't hold a reset to the history."""
    yield from _domain(town, "ad-old", hints=False)


@pytest.fixture
def build_house(town, tmp_path):
    """build_house(directory, change): a house of the test's own, in the same town."""
    houses = []

    def build(directory, change=None, start=True, names=None):
        folder = tmp_path / f"h{len(houses)}"
        folder.mkdir()
        house = House(str(folder), directory, town.kannel, change, names=names)
        houses.append(house)
        return house.start() if start else house

    yield build
    for house in houses:
        house.stop()


@pytest.fixture
def another_house(town, build_house):
    """another_house({"keeper.code_life": 60}): one in front of the shared slapd."""
    return functools.partial(build_house, town.directory)


@pytest.fixture
def secure_house(another_house, town, tmp_path):
    """secure_house(change): one that does TLS, with a certificate in a place of its own."""
    def make(change=None):
        pair = {"portal.tls_certificate": str(tmp_path / "portal.crt"),
                "portal.tls_key": str(tmp_path / "portal.key")}
        for issued, place in zip(town.authority.issue("portal"), pair.values()):
            shutil.copy(issued, place)
        house = another_house({"public_url": "https://localhost", **pair, **(change or {})},
                              start=False)
        house.url = house.url.replace("http:", "https:")
        house.verify = town.authority.certificate
        return house.start()
    return make


@pytest.fixture
def ad_house(ad, build_house):
    """ad_house({"keeper.code_life": 60}): one in front of the shared Active Directory."""
    return functools.partial(build_house, ad)


@pytest.fixture(scope="session")
def exim(town):
    """A mail server, a real one."""
    server = Exim(town.authority)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def mail_house(build_house, exim, town):
    """mail_house(change): one that has a mail server besides its gateway for text messages."""
    def build(change=None, directory=None, start=True):
        house = build_house(directory or town.directory, change, start=False)
        gateways = house.settings["courier"]["gateways"]
        house.change({"courier.gateways": gateways + [gateway(exim, town.authority)],
                      "time_zone": "Europe/Amsterdam"})
        return house.start() if start else house
    return build


@pytest.fixture
def figure():
    """figure(name, value, unit): a number that doc/FIGURES explains."""
    def note(name, value, unit):
        _figures.append(f"figure {name} {value} {unit}")
    return note


def pytest_terminal_summary(terminalreporter):
    for line in _figures:
        terminalreporter.write_line(line)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that failed shows what the house said last."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed:
        town = item.funcargs.get("town")
        if town is not None:
            report.sections.append(("house", town.house.logs()[-3000:]))
