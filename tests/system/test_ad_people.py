"""What people meet in front of an Active Directory: a first password, one that is too young."""

import base64
import datetime
import hashlib
import hmac
import re
import subprocess

import ldap
import pytest

from lab import settings
from lab.api import Client
from lab.child import until
from lab.places import program

NEW = "Wolken-boven-8-dijken"
WEEKDAYS = "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split()


@pytest.fixture
def house(ad_house):
    return ad_house({"keeper.wishes": ["reset", "unlock", "activate"]})


@pytest.fixture
def client(house, phone):
    return Client(house.url, phone)


def proved(house, person):
    return [row["outcome"] for row in house.audit(person.username) if row["what"] == "proved"]


# ---- A first password -----------------------------------------------------------------------

def test_activate(client, house, ad):
    person = ad.newcomer()
    ad.change(person.dn, [(ldap.MOD_REPLACE, "pwdLastSet", "0")])
    client.to_password(person, "activate")
    assert client.choose(NEW)["outcome"] == "activated"
    assert ad.binds(person, NEW)
    assert house.audit(person.username)[-1]["what"] == "activated"


def test_who_is_not_new(client, house, ad, phone):
    person = ad.newcomer()
    client.to_code(person, "activate")
    until(lambda: proved(house, person) == ["in_use"])
    assert phone.messages(person.mobile) == []


def test_taken_into_use_meanwhile(client, ad):
    person = ad.newcomer()
    ad.change(person.dn, [(ldap.MOD_REPLACE, "pwdLastSet", "0")])
    client.to_password(person, "activate")
    ad.change(person.dn, [(ldap.MOD_REPLACE, "pwdLastSet", "-1")])
    end = client.choose(NEW)
    assert (end["outcome"], end["reason"]) == ("stopped", "refused")
    assert ad.binds(person, person.password)


# ---- A password that is too young -------------------------------------------------------------

def when_it_may(ad, person):
    """A day after it was set, to the minute that comes next."""
    ticks = int(ad.read(person, "pwdLastSet")["pwdLastSet"][0])
    moment = datetime.datetime.fromtimestamp(ticks / 10 ** 7 - 11644473600) + datetime.timedelta(1)
    return moment.replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)


def test_too_young(client, ad):
    person = ad.newcomer(policy="young")
    step = client.to_password(person)
    assert (step["step"], step["reason"], step["fields"]) == ("password", "rule_age", [])
    rules = {rule["name"]: rule for rule in step["rules"]}
    assert rules["rule_age"]["met"] is False and rules["rule_length"]["met"] is None
    assert 86000 < step["wait"] <= 86400
    may = when_it_may(ad, person)
    for text in (step["reason_text"], rules["rule_age"]["text"]):
        assert f"{WEEKDAYS[may.weekday()]} {may.day} " in text
        # Two clocks, each of which may have passed a minute since.
        said = re.search(r"(\d\d):(\d\d) uur", text)
        apart = int(said[1]) * 60 + int(said[2]) - may.hour * 60 - may.minute
        assert abs(apart) <= 1
    # When it is old enough the page is there as ever.
    ad.age([person], 2)
    step = client.show()
    assert client.step.field_names() == ["password", "password_again"]
    assert step["reason"] is None and step["wait"] == 0
    assert client.choose(NEW)["outcome"] == "reset"


def see(client):
    """The page that a browser would show of this conversation."""
    return client.session.get(f"{client.url}/step/password",
                              headers={"Cookie": f"latchkey={client.step['flow']}"}).text


def test_page_of_who_is_too_young(client, ad):
    """Nothing to fill in for nothing: when it may be, whom to call, and the way out."""
    person = ad.newcomer(policy="young")
    client.to_password(person)
    page = see(client)
    assert "<h1>Uw wachtwoord kan nog niet worden gewijzigd</h1>" in page
    assert re.search(r'role="alert"><p>[^<]*(' + "|".join(WEEKDAYS) + r") \d", page)
    assert 'type="password"' not in page
    assert 'href="tel:' in page and 'action="/leave"' in page
    ad.age([person], 2)
    page = see(client)
    assert page.count('type="password"') == 2 and 'role="alert"' not in page


# ---- A number that was changed ------------------------------------------------------------------

def test_young_number(ad_house, ad, phone):
    """The domain itself says since when; what came with a new account is no news."""
    house = ad_house({"young_number_days": 7})
    person = ad.newcomer()
    for days, said in ((0, "ok"), (30, "young")):
        ad.age_account(person, days)
        before = len(proved(house, person))
        Client(house.url, phone).to_code(person)
        until(lambda: len(proved(house, person)) > before)
        assert proved(house, person)[-1] == said
    assert len(phone.messages(person.mobile)) == 1


def test_hashed_birth_date(build_house, ad, phone):
    """A hash is of the account's objectGUID, in small hexadecimal digits."""
    house = build_house(ad, start=False)
    settings.change(house.settings, "registrar.proof_key", f"{house.folder}/keys/proof.key")
    settings.write(house.conf, house.settings)
    house.start()
    person = ad.newcomer()
    listed = f"{person.username};{person.birthdate}\n"
    done = subprocess.run([program("ctl"), "-c", house.conf, "proof", "hash"], input=listed.encode(),
                          capture_output=True, timeout=60, check=True)
    value = re.search(r"\{HMAC\}[\w-]{43}\n", done.stdout.decode())[0].strip()
    with open(f"{house.folder}/keys/proof.key", encoding="ascii") as key:
        code = hmac.new(bytes.fromhex(key.read()), b"\0".join([
            ad.read(person, "objectGUID")["objectGUID"][0].hex().encode(), b"date",
            person.birthdate.encode()]), hashlib.sha256).digest()
    assert value == "{HMAC}" + base64.urlsafe_b64encode(code).decode().rstrip("=")
    ad.change(person.dn, [(ldap.MOD_REPLACE, ad.birth_attribute, value)])
    client = Client(house.url, phone)
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert ad.binds(person, NEW)
