"""What tests of Active Directory stand on: the laboratory's domains are what they say."""

import os
import subprocess

import ldap
import ldap.sasl
import pytest

from lab import ground, people
from lab.forest import Twins
from lab.names import Names
from lab.places import tool
from lab.samba import Samba
from lab.samba_seed import ADMIN_DN, EXPIRED, LOCKED, POLICIES, quoted

HINTS = b"1.2.840.113556.1.4.2239"
NEW = quoted("Wolken-boven-8-dijken")


@pytest.fixture
def service(ad):
    return ad.connect(ad.service_dn, ad.service_password)


@pytest.fixture
def private(town, tmp_path):
    """private(...): a domain of the test's own."""
    domains = []

    def build(**more):
        domains.append(Samba(str(tmp_path / f"d{len(domains)}"), town.authority, people.cast(),
                             **more))
        return domains[-1].start()

    yield build
    for domain in domains:
        domain.stop()


def attributes(connection, dn, *names):
    (_, found), = connection.search_s(dn, ldap.SCOPE_BASE, attrlist=list(names))
    return found


def test_one_knows_hints_and_one_does_not(ad, ad_old):
    for domain in (ad, ad_old):
        known = attributes(domain.admin(), "", "supportedControl")["supportedControl"]
        assert (HINTS in known) == domain.hints


@pytest.mark.parametrize("hints", [True, False])
def test_states_of_the_cast(private, hints):
    domain = private(hints=hints)
    for person in domain.people:
        computed = {"locked": LOCKED, "expired": EXPIRED, "new": EXPIRED}.get(person.state, 0)
        assert domain.computed(person) == computed, person.username
        let_in = domain.binds(person, person.password)
        if person.state in ("locked", "expired", "ended", "new"):
            assert not let_in, person.username
        if person.state in ("ok", "protected", "nomobile", "nobirthdate"):
            assert let_in, person.username


def test_what_the_service_may(ad, service):
    """Reset, unlock and read people; nothing else, and nobody outside their unit."""
    person = ad.newcomer("locked")
    service.modify_s(person.dn, [(ldap.MOD_REPLACE, "unicodePwd", NEW)])
    service.modify_s(person.dn, [(ldap.MOD_REPLACE, "lockoutTime", b"0")])
    service.modify_s(person.dn, [(ldap.MOD_REPLACE, "pwdLastSet", b"0")])
    assert "tokenGroups" in attributes(service, person.dn, "tokenGroups")
    for dn, name, value in ((person.dn, "mobile", b"+31600000000"),
                            (person.dn, "userAccountControl", b"514"),
                            (ADMIN_DN, "unicodePwd", NEW), (ad.service_dn, "unicodePwd", NEW)):
        with pytest.raises(ldap.INSUFFICIENT_ACCESS):
            service.modify_s(dn, [(ldap.MOD_REPLACE, name, value)])


def test_who_may_read_a_settings_object(ad, service, private):
    policy = f"CN=streng,{POLICIES}"
    assert attributes(service, policy, "msDS-MinimumPasswordLength")
    other = private(pso_readable=False)
    closed = other.connect(other.service_dn, other.service_password)
    with pytest.raises((ldap.NO_SUCH_OBJECT, KeyError)):
        attributes(closed, policy, "msDS-MinimumPasswordLength")["msDS-MinimumPasswordLength"]


def test_a_confidential_birth_date(private):
    domain = private(confidential=True)
    person, reader = domain.newcomer(), domain.newcomer()
    name = domain.birth_attribute
    service = domain.connect(domain.service_dn, domain.service_password)
    assert attributes(service, person.dn, name) == {name: [person.birthdate.encode()]}
    assert attributes(domain.connect(reader.dn, reader.password), person.dn, name) == {}


@pytest.fixture
def kerberos(ad, monkeypatch):
    """kerberos(uri): a connection, and a service account that has only its keytab."""
    monkeypatch.setenv("KRB5_CONFIG", ad.krb5_conf)
    monkeypatch.setenv("KRB5_CLIENT_KTNAME", "FILE:" + ad.keytab)
    monkeypatch.setenv("KRB5CCNAME", "MEMORY:test")

    def bind(uri, properties):
        connection = ldap.initialize(uri)
        connection.set_option(ldap.OPT_X_SASL_NOCANON, 1)
        connection.set_option(ldap.OPT_X_SASL_SECPROPS, properties)
        connection.set_option(ldap.OPT_X_TLS_CACERTFILE, ad.ca)
        connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        connection.sasl_interactive_bind_s("", ldap.sasl.gssapi())
        return connection

    return bind


def test_the_keytab_lets_in(ad, kerberos):
    """By address, with no name resolved, sealed by Kerberos itself."""
    assert kerberos(ad.plain_uri, "minssf=128").whoami_s() == "u:LINDE\\svc-latchkey"


def test_inside_tls_it_asks_which(ad, kerberos):
    """So that channel_binding is put to the test here, as a strict domain would."""
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        kerberos(ad.uri, "maxssf=0")


def test_passwords_grow_old(ad):
    person = ad.newcomer()
    ad.age([person], 80)
    assert ad.binds(person, person.password)
    ad.age([person], 100)
    assert not ad.binds(person, person.password)


def test_twins_know_nothing_of_each_other(town, tmp_path):
    twins = Twins(str(tmp_path / "twins"), town.authority, people.cast())
    try:
        twins.start()
        person = twins.one.people[0]
        twins.one.lock(person)
        assert twins.one.is_locked(person)
        assert not twins.two.is_locked(person)
    finally:
        twins.stop()


def test_names_lead_to_a_controller(ad, tmp_path):
    """libldap itself asks for the servers of a domain, and reaches one."""
    names = Names(str(tmp_path / "names"), [ad])

    def found():
        done = subprocess.run(
            ground.resolving(names.resolv_conf, [
                tool("ldapsearch"), "-x", "-LLL", "-H", "ldap:///dc%3Dlinde%2Cdc%3Dexample",
                "-s", "base", "-b", "", "dnsHostName"]),
            env={**os.environ, "LDAPCONF": "/dev/null"}, capture_output=True, text=True,
            check=False)
        return "dnsHostName: dc1.linde.example" in done.stdout

    try:
        names.start()
        assert found()
        names.say({})
        assert not found()
    finally:
        names.stop()
