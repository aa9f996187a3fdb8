"""The journeys against an Active Directory: a real Samba that knows policy hints."""

import ldap
import pytest

from lab.samba_seed import DOMAIN_ADMINS, quoted

NEW = "Wolken-boven-8-dijken"
AFTER = "Regen-op-9-pannendaken"


@pytest.fixture
def client(ad_client):
    return ad_client


@pytest.fixture
def person(ad, request):
    """Somebody of the cast, with the password that people.json says."""
    found = next(one for one in ad.people if one.username == request.param)
    yield found
    connection = ad.admin()
    connection.modify_s(found.dn, [(ldap.MOD_REPLACE, "unicodePwd", quoted(found.password))])
    connection.unbind_s()


def cast(*usernames):
    return pytest.mark.parametrize("person", usernames, indirect=True)


def pwd_last_set(ad, person):
    return ad.read(person, "pwdLastSet")["pwdLastSet"]


def refused(client, ad, person, password, reason, still=None):
    """The rule is named, and nothing has changed."""
    before = pwd_last_set(ad, person)
    step = client.choose(password)
    assert (step["step"], step["reason"]) == ("password", reason)
    assert step["reason_text"]
    assert pwd_last_set(ad, person) == before
    assert ad.binds(person, still or person.password)


# ---- A: a new password ---------------------------------------------------------------------

def test_reset(client, ad):
    person = ad.newcomer()
    end = client.reset(person, NEW)
    assert (end["step"], end["outcome"], end["done"]) == ("end", "reset", True)
    assert ad.binds(person, NEW)
    assert not ad.binds(person, person.password)


@cast("a.jansen", "z.muller", "j.vanderberg", "o.brown", "s.degroot")
def test_everybody_gets_in(client, ad, person):
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert ad.binds(person, NEW)


@cast("e.visser")
def test_reset_of_an_expired_password(client, ad, person):
    assert not ad.binds(person, person.password)
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert ad.binds(person, NEW)


def test_reset_lets_a_locked_person_in(client, ad):
    person = ad.newcomer("locked")
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert not ad.is_locked(person)
    assert ad.binds(person, NEW)


def test_reset_of_who_must_change(client, ad):
    person = ad.newcomer()
    ad.change(person.dn, [(ldap.MOD_REPLACE, "pwdLastSet", "0")])
    assert not ad.binds(person, person.password)
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert ad.binds(person, NEW)


@pytest.mark.parametrize("spell", [
    "LINDE\\{}", "{}@linde.example", "{}@LINDE.EXAMPLE", "{mail}", "{}@oud.linde.example"])
def test_names_that_people_type(client, ad, spell):
    person = ad.newcomer()
    typed = spell.format(person.username.upper(), mail=person.mail)
    assert client.to_password(person, username=typed)["step"] == "password"
    client.leave()


# Blanks at the ends, quotes, what is special in LDAP, letters outside any one alphabet.
@pytest.mark.parametrize("password", [
    "ééé-ßßß-ŁŁŁ-1", "密码-пароль-كلمة-Aa1", "  Randen  en 1 midden  ", 'Quote"\\(*)&=+%41#;é1'])
def test_any_character_arrives_as_typed(client, ad, password):
    person = ad.newcomer()
    assert client.reset(person, password)["outcome"] == "reset"
    assert ad.binds(person, password)


# ---- The domain's rules --------------------------------------------------------------------

def test_history(client, ad):
    person = ad.newcomer()
    client.reset(person, NEW)
    client.to_password(person)
    refused(client, ad, person, person.password, "rule_history", still=NEW)
    refused(client, ad, person, NEW, "rule_history", still=NEW)
    # The same flow goes on with another.
    assert client.choose(AFTER)["outcome"] == "reset"
    assert ad.binds(person, AFTER)


def test_length_and_classes(client, ad):
    person = ad.newcomer()
    client.to_password(person)
    refused(client, ad, person, "Kort-8!", "rule_length")
    refused(client, ad, person, "alleenkleineletters", "rule_classes")
    refused(client, ad, person, "kleineletters8", "rule_classes")
    assert client.choose("Lang-8!!")["outcome"] == "reset"


@cast("a.jansen")
@pytest.mark.parametrize("password", [
    "Jansen-is-thuis-7", "jANSEN-is-thuis-7", "xxAnnaxx-99-Yy", "A.jansen-2026-zomer"])
def test_name(client, ad, person, password):
    client.to_password(person)
    refused(client, ad, person, password, "rule_name")
    client.leave()


def test_settings_object(client, ad):
    """Fourteen characters for the group that has a policy of its own."""
    person = ad.newcomer(policy="strict")
    step = client.to_password(person)
    assert any(rule["name"] == "rule_length" and "14" in rule["text"] for rule in step["rules"])
    refused(client, ad, person, "Twaalf-tekens", "rule_length")
    assert client.choose("Veertien-tekens-1")["outcome"] == "reset"


def test_too_young(client, ad):
    """Where a password must be a day old, a reset waits as well; when it is, it goes on."""
    person = ad.newcomer(policy="young")
    client.to_password(person)
    step = client.choose(NEW)
    assert step["outcome"] != "reset" and step["reason"] == "rule_age"
    assert ad.binds(person, person.password)
    ad.age([person], 2)
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert ad.binds(person, NEW)


def test_rules_are_shown(client, ad):
    rules = {rule["name"]: rule for rule in client.to_password(ad.newcomer())["rules"]}
    assert {"rule_length", "rule_name", "rule_history", "rule_classes"} <= set(rules)
    assert "8" in rules["rule_length"]["text"] and "5" in rules["rule_history"]["text"]


# ---- B: unlocked, with the password that one has -------------------------------------------

def test_unlock(client, ad):
    person = ad.newcomer("locked")
    end = client.unlock(person)
    assert (end["step"], end["outcome"], end["done"]) == ("end", "unlocked", True)
    assert not ad.is_locked(person)
    assert ad.binds(person, person.password)


@cast("l.smit", "t.green")
def test_unlock_of_the_cast(client, ad, person):
    if not ad.is_locked(person):
        ad.lock(person)
    before = pwd_last_set(ad, person)
    assert client.unlock(person)["outcome"] == "unlocked"
    assert ad.binds(person, person.password)
    assert pwd_last_set(ad, person) == before


def test_unlock_of_who_is_not_locked(client, ad):
    person = ad.newcomer()
    assert client.unlock(person)["outcome"] == "unlocked"
    assert ad.binds(person, person.password)


# ---- Who is never helped -------------------------------------------------------------------

def no_code_comes(client, ad, person):
    """They walk as all do, but no code is sent; a witness after them gets theirs."""
    step = client.to_code(person)
    assert step["step"] == "code" and step["left"] == 5
    witness = ad.newcomer()
    other = type(client)(client.url, client.phone)
    other.to_code(witness)
    other.take_code(witness)
    assert client.phone.messages(person.mobile) == []


@cast("d.bakker", "p.vertrokken", "t.tijdelijk", "b.directeur", "b.heerder", "n.nummerloos",
      "g.datumloos")
def test_no_code_for_the_cast(client, ad, person):
    no_code_comes(client, ad, person)


@pytest.mark.parametrize("state", ["disabled", "ended", "protected", "nomobile", "nobirthdate"])
def test_no_code_for_newcomers(client, ad, state):
    no_code_comes(client, ad, ad.newcomer(state))


def test_promoted_between_code_and_password(client, ad):
    """Whoever becomes an administrator on the way is not helped any more."""
    person = ad.newcomer()
    client.to_password(person)
    ad.change(DOMAIN_ADMINS, [(ldap.MOD_ADD, "member", person.dn)])
    assert client.choose(NEW).get("outcome") != "reset"
    assert ad.binds(person, person.password)
    assert not ad.binds(person, NEW)


# ---- An older Samba, which can't hold a reset to the history -------------------------------

def test_emulated_history(ad_old, build_house, client, phone):
    house = build_house(ad_old, {"registrar.directory.history": "emulate"})
    client = type(client)(house.url, phone)
    person = ad_old.newcomer()
    assert client.reset(person, NEW)["outcome"] == "reset"
    client.to_password(person)
    assert client.choose(person.password)["reason"] == "rule_history"
    assert client.choose(AFTER)["outcome"] == "reset"
    assert ad_old.binds(person, AFTER)

