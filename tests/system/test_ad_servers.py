"""Servers that are silent, away, or cut the line; Kerberos; and those that the DNS names."""

import concurrent.futures
import os
import subprocess
import time

import ldap
import pytest
import requests

from lab import desk as desks, ground, people
from lab.api import Client
from lab.child import listens, until
from lab.forest import Twins
from lab.hostile import STARTTLS_DONE, Hostile
from lab.names import Names
from lab.places import program
from lab.proxy import Proxy

NEW = "Wolken-boven-8-dijken"
DEADLINE, LIFE = 4, 6
BOUNDED = {"registrar.deadline": DEADLINE, "keeper.request_life": LIFE}
D = "registrar.directory."


def kerberos(directory, uri=None):
    return {D + "uris": [uri or directory.plain_uri], D + "mechanism": "GSSAPI",
            D + "keytab": directory.keytab, D + "bind_dn": ""}


@pytest.fixture
def hostile():
    """hostile(first=..., port=...): a server that does wrong."""
    servers = []

    def build(**more):
        servers.append(Hostile(**more))
        return servers[-1]

    yield build
    for server in servers:
        server.close()


# ---- Signing in ---------------------------------------------------------------------------

def test_gssapi_seals(ad, ad_house, phone):
    """No TLS, no password, no kinit: a keytab."""
    house, person = ad_house(kerberos(ad)), ad.newcomer("locked")
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"
    assert ad.binds(person, NEW)


def test_gssapi_by_negotiation(ad, ad_house, phone):
    house, person = ad_house({**kerberos(ad), D + "mechanism": "GSS-SPNEGO"}), ad.newcomer()
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"


def test_gssapi_inside_tls_tied_to_the_certificate(ad, ad_house, phone):
    house = ad_house({**kerberos(ad, ad.uri), D + "channel_binding": "tls-endpoint"})
    person = ad.newcomer()
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"


def test_starttls(ad, ad_house, phone):
    house, person = ad_house({D + "uris": [ad.plain_uri], D + "starttls": True}), ad.newcomer()
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"


def test_scram(another_house, directory, phone):
    """A mechanism with a password of its own: slapd knows the service account's."""
    house, person = another_house({D + "mechanism": "SCRAM-SHA-256", D + "bind_dn": "latchkey"}), \
        directory.newcomer()
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"


def short_tickets(ad, folder):
    """The client's own krb5.conf, by which a ticket is over soon.  Two minutes and more, or the
    KDC would call it over before it is used."""
    path = os.path.join(folder, "krb5.conf")
    with open(ad.krb5_conf, encoding="ascii") as old, open(path, "w", encoding="ascii") as new:
        new.write(old.read().replace("[libdefaults]\n",
                                     "[libdefaults]\n\tticket_lifetime = 130s\n"))
    return path


def test_across_the_end_of_a_ticket(ad, ad_house, phone, figure, tmp_path, monkeypatch):
    """Servers end a connection with the ticket that it began with; nobody notices."""
    monkeypatch.setitem(ad.environment, "KRB5_CONFIG", short_tickets(ad, tmp_path))
    house = ad_house({**kerberos(ad), "registrar.writes_per_hour": 1000000}, start=False)
    house.registrar.argv.append("--debug")
    house.start()
    over = time.monotonic() + (420 if os.environ.get("LATCHKEY_LONG") else 145)
    crowd = [ad.newcomer() for _ in range(4)]
    done, failed = [], []

    def walk(person):
        turn = 0
        while time.monotonic() < over:
            turn += 1
            step = Client(house.url, phone).reset(person, f"{NEW}-{turn}")
            (done if step.get("outcome") == "reset" else failed).append(step)
            # People come again and again; no more of them are needed than that.
            time.sleep(1)

    with concurrent.futures.ThreadPoolExecutor(len(crowd)) as pool:
        for future in [pool.submit(walk, person) for person in crowd]:
            future.result()
    figure("expiry_flows", len(done) + len(failed), "flows")
    figure("expiry_failed_flows", len(failed), "flows")
    assert not failed, [step["reason"] for step in failed]
    assert len(done) > 50
    # Nobody stayed signed in for as long as the first tickets lived.
    assert house.registrar.output().count("signing in anew") >= 4


# ---- Silence ------------------------------------------------------------------------------

def start_unready(house):
    """A house whose directory can't be reached starts all the same."""
    for program in house.programs.values():
        program.start()
    until(lambda: listens(house.port), 10, "portal")


def told_in_time(house, seconds):
    """What somebody who comes now is told, and that it does not take for ever."""
    begun = time.monotonic()
    client = Client(house.url)
    client.open("reset")
    client.answer(username="a.jansen")
    assert time.monotonic() - begun < seconds
    return client.step


@pytest.mark.parametrize("what", ["silent", "handshake", "starttls"])
def test_a_server_that_stalls(ad, build_house, hostile, phone, what):
    """Alone it is told truly; with another behind it, nobody notices."""
    bad = hostile(first=STARTTLS_DONE if what == "starttls" else b"")
    scheme = "ldaps" if what == "handshake" else "ldap"
    change = {**BOUNDED, D + "uris": [f"{scheme}://{bad.address}:{bad.port}"],
              D + "starttls": scheme == "ldap"}
    alone = build_house(ad, change, start=False)
    start_unready(alone)
    step = told_in_time(alone, LIFE + 2)
    assert step["reason"] == "try_later"
    assert requests.get(alone.url + "/readyz", timeout=10).status_code == 503

    second = ad.plain_uri if scheme == "ldap" else ad.uri
    house = build_house(ad, {**change, D + "uris": change[D + "uris"] + [second]})
    person = ad.newcomer()
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"


def test_a_kdc_that_is_silent(ad, build_house, hostile, tmp_path, monkeypatch):
    """It blocks inside the library: that costs a worker, and the person a few seconds."""
    kdc = hostile(port=88)
    path = os.path.join(tmp_path, "krb5.conf")
    with open(ad.krb5_conf, encoding="ascii") as old, open(path, "w", encoding="ascii") as new:
        new.write(old.read().replace(f"{ad.address}:88", f"{kdc.address}:88"))
    monkeypatch.setitem(ad.environment, "KRB5_CONFIG", path)
    house = build_house(ad, {**kerberos(ad), **BOUNDED}, start=False)
    start_unready(house)
    assert told_in_time(house, LIFE + 2)["reason"] == "try_later"
    until(lambda: "took more than" in house.registrar.output(), 30, "a worker to be ended")
    assert house.registrar.lives()


def test_cut_after_the_write(ad, build_house, phone):
    """At every reply once: what is told is what a bind says."""
    proxy = Proxy(ad.tls_port, ad.address)
    house = build_house(ad, {**BOUNDED, D + "uris": [proxy.uri]})
    told = []
    try:
        for replies in range(60):
            person, client = ad.newcomer(), Client(house.url, phone)
            client.to_password(person)
            proxy.fail_after(replies)
            step = client.choose(NEW)
            failed = proxy.failed
            proxy.heal()
            old, fresh = ad.binds(person, person.password), ad.binds(person, NEW)
            said = step.get("outcome") if step["done"] else step["step"]
            assert {"reset": (False, True), "password": (True, False)}.get(
                said, (old, fresh)) == (old, fresh), f"{said} after {replies} replies"
            told.append(said)
            house.wait_ready()
            if not failed:
                break
    finally:
        proxy.close()
    assert not failed, "the last round is meant to be long enough for all replies"
    assert "reset" in told


# ---- Fail-over and the DNS -------------------------------------------------------------------

@pytest.fixture(scope="module")
def twins(town, tmp_path_factory):
    twins = Twins(str(tmp_path_factory.mktemp("twins") / "t"), town.authority, people.cast())
    try:
        yield twins.start()
    finally:
        twins.stop()


@pytest.fixture
def names(twins, tmp_path):
    names = Names(str(tmp_path / "names"), [twins.one, twins.two])
    yield names.start()
    names.stop()


def test_back_to_the_first_when_it_lives_again(twins, build_house, phone):
    """Its workers find the second at once, and do not ask the dead one for each person."""
    house = build_house(twins.one, {**BOUNDED, D + "uris": [twins.one.uri, twins.two.uri]})
    person = twins.one.people[0]
    twins.one.stop()
    try:
        assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"
        assert twins.two.binds(person, NEW)
        complaints = house.registrar.output().count("connecting")
        for _ in range(3):
            client = Client(house.url, phone)
            client.to_code(person)
            client.leave()
        assert house.registrar.output().count("connecting") - complaints <= 4
    finally:
        twins.one.start()


def test_a_mark_is_of_the_server_that_it_names(twins, town, tmp_path):
    """Wherever the line breaks while a password is judged: a mark of one with the count of the
    other would call a password set that is not, or the reverse."""
    person = next(one for one in twins.one.people if one.username == "z.muller")
    twins.two.change(twins.two.dn(person), [
        (ldap.MOD_REPLACE, "unicodePwd", f'"{NEW}-3"'.encode("utf-16-le").decode())])
    assert twins.one.times_set(person) != twins.two.times_set(person)
    proxy, marks = Proxy(twins.one.tls_port, twins.one.address), set()
    try:
        for replies in range(8):
            desk = desks.make(str(tmp_path / str(replies)), twins.one, town.kannel,
                              {**BOUNDED, D + "uris": [proxy.uri, twins.two.uri]})
            try:
                ticket = desk.ticket(person)
                proxy.fail_after(replies, stall=True)
                verdict, _, mark = desk.judge(ticket, NEW)
            finally:
                failed = proxy.failed
                proxy.heal()
                desk.stop()
            if verdict == "OK":
                marks.add(tuple(mark.decode().split(" ")))
            if not failed:
                break
    finally:
        proxy.close()
    assert not failed, "the last round is meant to be long enough for all replies"
    assert len(marks) == 2, f"one of each server: {marks}"


def test_another_server_knows_of_another_password(twins, town, tmp_path):
    """The service desk set one there, before ours was to be set here: that says nothing of ours."""
    person = next(one for one in twins.one.people if one.username == "j.vanderberg")
    proxy = Proxy(twins.one.tls_port, twins.one.address)
    desk = desks.make(str(tmp_path / "d"), twins.one, town.kannel,
                      {**BOUNDED, D + "uris": [proxy.uri, twins.two.uri]})
    try:
        ticket = desk.ticket(person)
        mark = desk.mark(ticket)
        assert desk.state(ticket, mark) == ("OK", False)
        for _ in range(2):
            twins.two.change(twins.two.dn(person), [
                (ldap.MOD_REPLACE, "unicodePwd", f'"{NEW}-4"'.encode("utf-16-le").decode())])
        proxy.fail_after(0, stall=True)
        assert desk.state(ticket, mark)[0] == "UNAVAILABLE"
        proxy.heal()
        until(lambda: desk.state(ticket, mark) == ("OK", False), 60, "the first to be back", step=1)
    finally:
        proxy.close()
        desk.stop()


def test_domain_by_dns(twins, names, town, tmp_path, phone):
    """The PDC emulator first, then the site's, then any; by name, and the names are checked."""
    from lab.house import House
    folder = tmp_path / "h"
    folder.mkdir()
    # Twins have one name; the certificate of each knows another.
    names.say({
        "_ldap._tcp.pdc._msdcs.linde.example": [["SRV", 0, 100, 389, "linde.example"]],
        f"_ldap._tcp.{names.site.lower()}._sites.dc._msdcs.linde.example":
            [["SRV", 0, 100, 389, "dc1.linde.example"]],
        "_ldap._tcp.dc._msdcs.linde.example":
            [["SRV", 0, 100, 389, "dc1.linde.example"], ["SRV", 9, 0, 389, "linde.example"]],
        "linde.example": [["A", twins.two.address]],
        "dc1.linde.example": [["A", twins.one.address]],
    })
    house = House(str(folder), twins.one, town.kannel,
                  {**BOUNDED, D + "uris": [], D + "domain": "linde.example", D + "site": names.site},
                  names=names)
    person = twins.two.people[1]
    try:
        before = twins.two.times_set(person)
        assert Client(house.start().url, phone).reset(person, NEW)["outcome"] == "reset"
        assert twins.two.times_set(person) == before + 1
        twins.two.stop()
        try:
            until(lambda: Client(house.url, phone).open("reset").status == 200, 20, "an answer")
            before = twins.one.times_set(person)
            assert Client(house.url, phone).reset(person, NEW + "-2")["outcome"] == "reset"
            assert twins.one.times_set(person) == before + 1
        finally:
            twins.two.start()
    finally:
        house.stop()


def test_a_name_for_several(ad, ad_house, tmp_path):
    """Which machine answers is left to chance: the check says so, and what to do."""
    names = Names(str(tmp_path / "several"), [ad])
    names.say({"linde.example": [["A", ad.address], ["A", "127.0.0.1"]]})
    names.start()
    try:
        house = ad_house({D + "uris": ["ldaps://linde.example"]}, start=False)
        said = subprocess.run(ground.resolving(
            names.resolv_conf, [program("ctl"), "-c", house.conf, "check"]),
            capture_output=True, check=False, text=True).stdout
    finally:
        names.stop()
    assert "ldaps://linde.example stands for 2 machines" in said
