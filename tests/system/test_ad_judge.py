"""Judged by the judge: what registrar says of a password before it is written is what the
server says of it, on every rule that the server holds.

Registrar is asked over the wire; then the server itself, by a write of the service
account, which it holds to the policy.  Where the two differ, the difference is one that
doc/DESIGN names, and never a password that registrar takes and the server does not.
"""

import collections
import random
import re
import unicodedata

import ldap
from ldap.controls import LDAPControl
from ldap.controls.ppolicy import PasswordPolicyControl
import pytest

from lab import desk as desks, samba_seed as seed
from lab.effort import rounds

CASES, POLICIES = 10000, 4      # so many passwords for each of so many policies
LONGEST = 1024      # bytes: a longer one never leaves the portal

HINT = LDAPControl("1.2.840.113556.1.4.2239", True, encodedControlValue=b"\x30\x03\x02\x01\x01")

NAMES = [("Zoë", "Müller-Øster"), ("Jo", "van der Berg"), ("Renée", "d'Été"), ("Łukasz", "Żak"),
         ("Ольга", "Ким"), ("An", "Li"), ("Marijke", "Oud_Nieuw"), ("Bo", "Sint-Nicolaas.Smit")]

# Of each of these, a password takes one or a few.
ALPHABETS = ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789",
             "()`~!@#$%^&*_-+=|\\{}[]:;\"'<>,.?/", "éèüößłżøñçąж", "ÉÈÜÖŁŻØÑÇĄЖ",
             "密码水ぬ한アʰǅ", "€£§÷ ¿½", "\U0001f600\U0001f511\U00020000\U00010400"]
LIKELY = [9, 7, 7, 6, 2, 2, 1, 1, 1]


class Inventor:
    """Passwords for one policy: most of them just not, or just, good enough."""

    def __init__(self, seed_, least):
        self.random, self.least = random.Random(seed_), least

    def _some(self, length):
        chosen = self.random.choices(ALPHABETS, LIKELY, k=self.random.choice((1, 2, 2, 3, 3, 4)))
        text = "".join(self.random.choice(self.random.choice(chosen)) for _ in range(length))
        return text.encode()[:LONGEST].decode(errors="ignore")

    def password(self, person, past):
        kind = self.random.random()
        if kind < 0.08 and past:
            return self.random.choice(past)
        if kind < 0.11:
            return self._some(self.random.randint(240, 262))
        if kind < 0.30:
            return self._with_name(person)
        edge = self.least + self.random.choice((-3, -2, -1, -1, 0, 0, 1, 4))
        return self._some(max(edge, 1))

    def _with_name(self, person):
        part = self.random.choice([person.username] + re.split("[ ,.\t_#-]", person.displayname))
        part = self.random.choice((str.upper, str.lower, str.swapcase, str))(part)
        if self.random.random() < 0.2:
            part = unicodedata.normalize("NFD", part)
        return self._some(self.random.randint(0, self.least)) + part + self._some(3)


# ---- The two kinds of judges -----------------------------------------------------------------

class Domain:
    """A domain, of which each account stands under one policy."""

    compared = ("length", "classes")

    def __init__(self, directory):
        self.directory = directory
        self.service = directory.connect(directory.service_dn, directory.service_password)

    def verdict(self, person, password):
        """The rule that the server names, or "pass"."""
        change = [(ldap.MOD_REPLACE, "unicodePwd", [seed.quoted(password)])]
        try:
            self.service.modify_ext_s(person.dn, change, serverctrls=[HINT])
            return "pass"
        except (ldap.UNWILLING_TO_PERFORM, ldap.CONSTRAINT_VIOLATION) as refusal:
            said = refusal.args[0]["info"]
        assert said.startswith("0000052D"), said
        return "length" if "too short" in said else "classes" if "complexity" in said else \
            "history" if "history" in said or "previous" in said else said


class Slapd:
    """An OpenLDAP with ppolicy."""

    compared = ("length",)
    rules = {6: "length", 8: "history"}

    def __init__(self, directory):
        self.directory = directory
        self.service = directory.connect(directory.service_dn, directory.service_password)

    def verdict(self, person, password):
        change = [(ldap.MOD_REPLACE, "userPassword", [password.encode()])]
        number = self.service.modify_ext(person.dn, change, serverctrls=[PasswordPolicyControl()])
        try:
            self.service.result3(number)
            return "pass"
        except ldap.CONSTRAINT_VIOLATION as refusal:
            controls = refusal.args[0].get("ctrls", [])
            info = refusal.args[0].get("info", "")
        return self._rule(controls, info)

    def _rule(self, controls, info):
        for oid, _, value in controls:
            if oid == PasswordPolicyControl.controlType:
                return self.rules.get(value[-1], f"{value!r} {info}")
        return info


# ---- Comparing ---------------------------------------------------------------------------------

def foreseen(broken, compared):
    """What the server will say, if registrar is right: it names the first rule."""
    return next((rule for rule in compared if rule in broken), "pass")


def documented(broken, said, password):
    """The kind of a difference, by its name in doc/DESIGN; None if it has none."""
    if foreseen(broken, ("length", "classes")) == "classes" and said in ("pass", "history") and \
            not password.isascii():
        return "kinds"
    return None


class Score:
    def __init__(self):
        self.cases = self.agreed = 0
        self.kinds = collections.Counter()

    def take(self, judge, person, password, broken, past, history):
        said = judge.verdict(person, password)
        self.cases += 1
        expected = foreseen(broken, judge.compared)
        if expected == "pass" and password in past[-history:]:
            expected = "history"
        if said == "pass":
            past.append(password)
            self.kinds.update(broken & {"name", "longest"})
        if expected == said:
            self.agreed += 1
            return
        kind = documented(broken, said, password)
        assert kind, f"{person.displayname}: {password!r}: {sorted(broken)}, but the server: {said}"
        self.kinds[kind] += 1


def compare(score, desk, judge, accounts, policy, cases):
    least, history = policy
    inventor = Inventor(f"{least} {history}", least)
    tickets = {person.username: desk.ticket(person) for person in accounts}
    past = {person.username: [person.password] for person in accounts}
    for n in range(cases):
        person = accounts[n % len(accounts)]
        password = unicodedata.normalize(
            "NFC", inventor.password(person, past[person.username]))
        verdict, broken, _ = desk.judge(tickets[person.username], password)
        assert verdict == ("RULE" if broken else "OK"), (password, verdict, broken)
        score.take(judge, person, password, broken, past[person.username], history)


def settings_object(directory, name, precedence, who, length, history, complexity):
    """A policy of their own for these people; the lab's are about other things."""
    connection = directory.admin()
    seed.add(connection, f"CN={name},{seed.POLICIES}", {
        "objectClass": "msDS-PasswordSettings", "msDS-PasswordSettingsPrecedence": str(precedence),
        "msDS-PasswordReversibleEncryptionEnabled": "FALSE",
        "msDS-PasswordComplexityEnabled": complexity, "msDS-PasswordHistoryLength": str(history),
        "msDS-MinimumPasswordLength": str(length), "msDS-MinimumPasswordAge": "0",
        "msDS-MaximumPasswordAge": "-864000000000", "msDS-LockoutThreshold": "0",
        "msDS-LockoutObservationWindow": "-18000000000", "msDS-LockoutDuration": "-18000000000",
        "msDS-PSOAppliesTo": [person.dn for person in who]})
    connection.unbind_s()


@pytest.fixture(scope="module")
def score():
    return Score()


def people_of(directory):
    return [directory.newcomer(given=given, surname=surname) for given, surname in NAMES]


def ask(town, folder, directory, of_directory):
    desk = desks.make(folder, directory, town.kannel)
    try:
        of_directory(desk)
    finally:
        desk.stop()


def test_active_directory(town, ad, tmp_path, score):
    judge, cases = Domain(ad), rounds(CASES)
    own, lax = people_of(ad), people_of(ad)
    settings_object(ad, "lang", 1, own, 15, 4, "TRUE")
    settings_object(ad, "los", 2, lax, 6, 3, "FALSE")

    def walk(desk):
        compare(score, desk, judge, people_of(ad), (8, 5), cases)
        compare(score, desk, judge, own, (15, 4), cases)
        compare(score, desk, judge, lax, (6, 3), cases)
    ask(town, tmp_path / "desk", ad, walk)


def test_openldap(town, tmp_path, score):
    judge = Slapd(town.directory)

    def walk(desk):
        compare(score, desk, judge, people_of(town.directory), (8, 4), rounds(CASES))
    ask(town, tmp_path / "desk", town.directory, walk)


def test_score(score, figure):
    """Last: what the others have counted."""
    assert score.cases == rounds(CASES) * POLICIES
    assert score.kinds["name"] > 0 and score.kinds["kinds"] > 0
    figure("rule_cases", score.cases, "cases")
    figure("rule_agreement_pct", f"{100 * score.agreed / score.cases:.2f}", "%")
    print(dict(score.kinds))
