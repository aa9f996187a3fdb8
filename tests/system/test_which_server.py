"""Which server is asked, and what is told while none can be: the DNS, Kerberos, read-only ones.

A desk asks registrar in keeper's place, so each verdict is seen as it is.
"""

import contextlib
import os
import subprocess
import threading
import time

import pytest

from lab import desk as desks, people
from lab.api import Client
from lab.child import until
from lab.directory import Directory
from lab.forest import Twins
from lab.hostile import Hostile
from lab.names import Names
from lab.places import tool
from lab.proxy import Proxy

NEW = "Wolken-boven-8-dijken"
DEADLINE = 4
D = "registrar.directory."
BOUNDED = {"registrar.deadline": DEADLINE, "keeper.request_life": DEADLINE + 2}
SERVERS = "_ldap._tcp.dc._msdcs.linde.example"


@pytest.fixture
def desk_with(town, tmp_path):
    """desk_with(directory, change, names): one in front of it."""
    with contextlib.ExitStack() as stack:
        def build(directory, change=None, names=None):
            made = desks.make(tmp_path / "desk", directory, town.kannel,
                              {**BOUNDED, **(change or {})}, names)
            stack.callback(made.stop)
            return made
        yield build


@pytest.fixture
def hostile():
    with contextlib.ExitStack() as stack:
        def build(**more):
            server = Hostile(**more)
            stack.callback(server.close)
            return server
        yield build


def timed(ask, *args):
    """(how long it took, what was answered)."""
    begun = time.monotonic()
    answered = ask(*args)
    return time.monotonic() - begun, answered


# ---- Kerberos ------------------------------------------------------------------------------

def test_set_while_the_kdc_is_silent(ad, desk_with, hostile, tmp_path, monkeypatch):
    """Nobody can end its library but the alarm.  Nothing was written by then, and that is told."""
    with open(ad.krb5_conf, encoding="ascii") as conf:
        good = conf.read()
    path = tmp_path / "krb5.conf"
    path.write_text(good)
    monkeypatch.setitem(ad.environment, "KRB5_CONFIG", str(path))
    desk = desk_with(ad, {D + "uris": [ad.plain_uri], D + "mechanism": "GSSAPI",
                          D + "keytab": ad.keytab})
    person = ad.newcomer("locked")
    ticket = desk.ticket(person)
    mark = desk.mark(ticket)
    path.write_text(good.replace(f"{ad.address}:88", f"{hostile(port=88).address}:88"))
    for ask in (lambda: desk.set(ticket, NEW, mark=mark), lambda: desk.unlock(ticket)):
        desk.another_worker()
        seconds, verdict = timed(ask)
        assert verdict == "UNAVAILABLE" and seconds < DEADLINE + 1
        until(lambda: "took more than" in desk.log(), 10, "the worker to be ended")
        assert not desk.peer.recv(65536), "a second answer"
        desk.greet()
    assert ad.binds(person, NEW) is False and ad.is_locked(person)
    path.write_text(good)
    desk.another_worker()
    assert desk.set(ticket, NEW, mark=mark) == "OK"


# ---- Slow at everything --------------------------------------------------------------------

def test_slow_at_each_step(ad, desk_with):
    """No step takes too long, all of them together do: told in time, by a worker that lives on."""
    proxy = Proxy(ad.port, ad.address)
    try:
        desk = desk_with(ad, {D + "uris": [proxy.uri.replace("ldaps", "ldap")],
                              D + "starttls": True})
        person, worker = ad.newcomer(), desk.house.registrar.family()[-1]
        proxy.delay = 1.3
        seconds, (verdict, _) = timed(desk.find, person.username)
        assert verdict == "UNAVAILABLE" and seconds < DEADLINE
        proxy.delay = 0
        assert desk.find(person.username)[0] == "OK"
        assert desk.house.registrar.family()[-1] == worker
    finally:
        proxy.close()


def test_not_connected_at_once(ad, desk_with):
    """As over any network, and never on loopback."""
    proxy = Proxy(ad.tls_port, ad.address, crowded=True)
    try:
        desk = desk_with(ad, {D + "uris": [proxy.uri]})
        threading.Timer(0.3, proxy.open).start()
        seconds, (verdict, _) = timed(desk.find, ad.newcomer().username)
        assert verdict == "OK" and seconds > 0.5, desk.log()
    finally:
        proxy.close()


# ---- The DNS -------------------------------------------------------------------------------

@pytest.fixture
def names(ad, tmp_path):
    names = Names(str(tmp_path / "names"), [ad])
    yield names.start()
    names.stop()


def by_domain(names):
    return {D + "uris": [], D + "domain": "linde.example", D + "site": names.site}


def test_what_the_dns_said_last_stays(ad, desk_with, names):
    """Also for a worker that has just begun."""
    desk, person = desk_with(ad, by_domain(names), names), ad.newcomer()
    assert desk.find(person.username)[0] == "OK"
    names.say({ad.host: [["A", ad.address]]})
    desk.another_worker()
    assert desk.find(person.username)[0] == "OK"


def test_a_dns_that_is_silent(ad, desk_with, names):
    """One question is waited for, not three, and the worker outlives it."""
    said = names.of([ad])
    names.say({name: None if "_msdcs" in name else known for name, known in said.items()})
    desk, person = desk_with(ad, by_domain(names), names), ad.newcomer()
    worker = desk.house.registrar.family()[-1]
    seconds, (verdict, _) = timed(desk.find, person.username)
    assert verdict == "UNAVAILABLE" and seconds < DEADLINE - 1
    assert "names no servers of linde.example" in desk.log()
    names.say(said)
    assert desk.find(person.username)[0] == "OK"
    assert desk.house.registrar.family()[-1] == worker


def test_a_forged_answer(ad, desk_with, names, hostile):
    """Whoever forges the DNS may keep us from the domain, but is not sent its password."""
    thief = hostile(port=636)
    said = names.of([ad])
    names.say({**said,
               "_ldap._tcp.pdc._msdcs.linde.example":
                   [["SRV", 0, 100, 389, "dc.thief.example"],
                    ["SRV", 0, 100, 389, "dc.notlinde.example"]],
               "dc.thief.example": [["A", thief.address]],
               "dc.notlinde.example": [["A", thief.address]]})
    desk, person = desk_with(ad, by_domain(names), names), ad.newcomer()
    assert desk.find(person.username)[0] == "OK"
    assert thief.visits == 0
    for name in ("dc.thief.example", "dc.notlinde.example"):
        assert f"names {name} as a server" in desk.log()


def test_many_servers(ad, desk_with, names):
    """More than fit in a datagram, and the one that is to be tried first is the last."""
    said = names.of([ad])
    crowd = [["SRV", 9, 0, 389, f"dc-that-is-not-there-{n}.linde.example"] for n in range(60)]
    names.say({ad.host: said[ad.host], SERVERS: crowd + [["SRV", 0, 0, 389, ad.host]]})
    desk, person = desk_with(ad, by_domain(names), names), ad.newcomer()
    assert desk.find(person.username)[0] == "OK"
    assert "not-there" not in desk.log()


# ---- Servers that cannot write ---------------------------------------------------------------

class ReadOnly(Directory):
    """A copy of another slapd that sends whoever writes elsewhere."""

    def __init__(self, folder, authority, master):
        self.master = master
        super().__init__(folder, authority, [])
        self.service_password = master.service_password

    def _load(self):
        with open(self._config, encoding="utf-8") as config:
            text = config.read()
        with open(self._config, "w", encoding="utf-8") as config:
            config.write(text.replace("lastbind on\n", "updatedn cn=nobody\n"
                                      "updateref ldaps://elsewhere.linde.example\n"))
        done = subprocess.run([tool("slapcat"), "-f", os.path.join(self.master.folder, "slapd.conf")],
                              capture_output=True, check=True, text=True)
        self._slapadd(done.stdout)


@pytest.fixture
def copy(town, directory, tmp_path):
    """Of the shared slapd, with somebody new in it; both, and whom."""
    person = directory.newcomer()
    copy = ReadOnly(str(tmp_path / "copy"), town.authority, directory)
    yield copy.start(), person
    copy.stop()


def test_referred_to_another(copy, directory, build_house, phone):
    """The next server judges and sets; nobody follows what the first one names."""
    read_only, person = copy
    house = build_house(directory, {D + "uris": [read_only.uri, directory.uri]})
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"
    assert directory.binds(person, NEW)
    assert f"{read_only.uri}: it says that it cannot write" in house.registrar.output()
    assert "elsewhere.linde.example" not in house.registrar.output().replace(read_only.uri, "")


def test_referred_and_nowhere_to_go(copy, directory, desk_with):
    """It is no matter of waiting, so that is not what is told."""
    read_only, person = copy
    desk = desk_with(directory, {D + "uris": [read_only.uri]})
    assert desk.set(desk.ticket(person), NEW) == "FORBIDDEN"
    assert directory.binds(person, person.password)


# ---- The first of two ------------------------------------------------------------------------

def test_back_to_the_first(town, desk_with, tmp_path_factory):
    """A mark names the server that was asked: the second while it is away, then the first.

    That takes a minute and a half: half a minute until the first is tried again, and a minute
    that a worker stays with the second.
    """
    twins = Twins(str(tmp_path_factory.mktemp("twins") / "t"), town.authority, people.cast())
    twins.start()
    try:
        desk = desk_with(twins.one, {D + "uris": [twins.one.uri, twins.two.uri]})
        person = twins.one.people[0]

        def asked():
            return desk.mark(desk.ticket(person)).split()[0]

        first = asked()
        twins.one.stop()
        second = asked()
        assert second != first and asked() == second
        twins.one.start()
        until(lambda: asked() == first, 100, "the first to be asked again", step=1)
    finally:
        twins.stop()
