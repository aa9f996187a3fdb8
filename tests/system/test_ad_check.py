"""latchkey check in front of Active Directory: each fault is made, told, and mended as it says."""

import json
import os
import re
import subprocess

import ldap
import ldap.modlist
import pytest

from lab import people, samba_seed as ad
from lab.places import BUILD, program
from lab.samba import Samba
from test_canary import STEPS, canary, step
from test_cli import latchkey

USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
MOBILE = "f0f8ffa3-1191-11d0-a060-00aa006c33ed"
BARE = "OU=Kaal," + ad.SUFFIX               # where the service account has no right at all


class Domain(Samba):
    """A domain of this file's own, in which rights come and go."""

    def typed(self, command):
        """What an admin types on the domain controller."""
        here = {"SMB_CONF_PATH": self._inside("smb.conf")}
        command = command.replace("/var/lib/samba/private/sam.ldb", self._inside("private/sam.ldb"))
        os.environ.update(here)
        try:
            self._run("/bin/sh", "-c", command)
        finally:
            os.environ.pop("SMB_CONF_PATH")

    def sid(self):
        connection = self.admin()
        (_, found), = connection.search_s(self.service_dn, ldap.SCOPE_BASE, attrlist=["objectSid"])
        connection.unbind_s()
        return ad.sid(found["objectSid"][0])

    def grant(self, dn, sddl):
        self.typed(f"samba-tool dsacl set --objectdn='{dn}' --action=allow --sddl='{sddl}'")

    def unit(self, dn, *usernames):
        """An organisational unit, and people in it."""
        connection = self.admin()
        ad.add(connection, dn, {"objectClass": "organizationalUnit"})
        for name in usernames:
            one = people.Person(name, "Kees", name.capitalize(), "+31687654321", "1980-02-03")
            connection.add_s(f"CN={name},{dn}",
                             ldap.modlist.addModlist(ad.entry(one, self.birth_attribute)))
        connection.unbind_s()

    def set(self, dn, **values):
        self.change(dn, [(ldap.MOD_REPLACE, name, value) for name, value in values.items()])


@pytest.fixture(scope="module")
def domain(town, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("check") / "d")
    one = Domain(folder, town.authority, people.cast(), confidential=True, pso_readable=False)
    one.start()
    one.unit(BARE, "kaal1", "kaal2")
    try:
        yield one
    finally:
        one.stop()


@pytest.fixture
def house(domain, build_house):
    return build_house(domain, start=False)


def findings(house):
    done = latchkey(house.conf, "check", "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == any(one["level"] == "error" for one in found), done.stderr
    return found


def told(found, *words, level="error"):
    return [one for one in found if one["level"] == level and
            all(word in one["text"] for word in words)]


def remedy(finding, tool="samba-tool"):
    return next(one["command"] for one in finding["remedies"] if one["tool"] == tool)


def mend(domain, house, *words, level="error"):
    """Told once, with three ways to mend it; the one for Samba does."""
    one, = told(findings(house), *words, level=level)
    assert {entry["tool"] for entry in one["remedies"]} == {"samba-tool", "dsacls", "PowerShell"}
    domain.typed(remedy(one))
    assert told(findings(house), *words, level=level) == []
    return one


# ---- The service account --------------------------------------------------------------

@pytest.fixture
def bare(domain, build_house):
    return build_house(domain, {"registrar.directory.base": BARE, "keeper.must_change": True},
                       start=False)


@pytest.mark.parametrize("what, spelt", [
    ("reset the password of", "CA;Reset Password;user"),
    ("write lockoutTime of", "RPWP;lockoutTime;user"),
    ("write pwdLastSet of", "RPWP;pwdLastSet;user"),
    ("read latchkeyBirthDate, which is confidential, of", "RPCA;latchkeyBirthDate;user")])
def test_a_right_that_is_missing(domain, bare, what, spelt):
    one = mend(domain, bare, what)
    assert one["text"].startswith("svc-latchkey@linde.example may not")
    assert f'dsacls "{BARE}" /I:S /G "svc-latchkey@linde.example:{spelt}"' == remedy(one, "dsacls")
    assert domain.sid() in remedy(one, "PowerShell")


def test_with_all_rights_nothing_is_left(domain, bare):
    """After the tests above: what they granted is all there is to grant."""
    assert told(findings(bare), "may not") == []


def test_the_manual_grants_all_there_is(domain, build_house):
    """Its commands for samba-tool, typed; a confidential attribute is not among them."""
    unit = "OU=Handboek," + ad.SUFFIX
    domain.unit(unit, "handboek1")
    with open(os.path.join(BUILD, "man", "latchkey.conf.5"), encoding="utf-8") as page:
        block = re.search(r"^OU='.*?(?=^\.Ed)", page.read(), re.DOTALL | re.MULTILINE).group()
    block = block.replace("\\e\n", "\\\n").replace("OU=People,DC=example,DC=nl", unit)
    domain.typed(f"set -e; SID={domain.sid()}\n" + block.replace("DC=example,DC=nl", ad.SUFFIX))
    for history in ("require", "emulate"):
        house = build_house(domain, {"registrar.directory.base": unit, "keeper.must_change": True,
                                     "registrar.directory.history": history}, start=False)
        found = findings(house)
        one, = told(found, "may not")
        assert "latchkeyBirthDate, which is confidential" in one["text"]
        assert told(found, "may also", level="advice") == []
    domain.typed(f"samba-tool dsacl delete --objectdn='{ad.POLICIES}' "
                 f"--sddl='{ad.rights_on_policies(domain.sid())}'")


def test_must_change_alone_needs_pwdlastset(domain, build_house):
    unit = "OU=Zonder," + ad.SUFFIX
    domain.unit(unit, "zonder1")
    for change, lacks in (({}, 0), ({"keeper.must_change": True}, 1),
                          ({"registrar.directory.history": "emulate"}, 1)):
        house = build_house(domain, {"registrar.directory.base": unit, **change}, start=False)
        assert len(told(findings(house), "write pwdLastSet of")) == lacks


def test_where_rights_are_not_inherited(domain, house):
    """One folder below the base keeps them out; the command is for that folder."""
    unit = "OU=Dicht," + ad.PEOPLE
    domain.unit(unit, "dicht1")
    domain.typed(f"samba-tool dsacl set --objectdn='CN=dicht1,{unit}' --action=deny "
                 f"--sddl='(OD;;WP;28630ebf-41d5-11d1-a9c1-0000f80367c1;;{domain.sid()})'")
    one, = told(findings(house), "write lockoutTime of", "dicht1")
    assert f"--objectdn='{unit}'" in remedy(one)
    connection = domain.admin()
    connection.delete_s(f"CN=dicht1,{unit}")
    connection.unbind_s()


def test_where_a_name_has_a_comma_in_it(domain, house):
    """Surname first, as many domains have it: the folder begins behind the next comma."""
    unit = "OU=Komma," + ad.PEOPLE
    domain.unit(unit, "komma1")
    connection = domain.admin()
    connection.rename_s(f"CN=komma1,{unit}", "CN=Komma\\, Kees")
    dn = f"CN=Komma\\, Kees,{unit}"
    domain.typed(f"samba-tool dsacl set --objectdn='{dn}' --action=deny "
                 f"--sddl='(OD;;WP;28630ebf-41d5-11d1-a9c1-0000f80367c1;;{domain.sid()})'")
    one, = told(findings(house), "write lockoutTime of", "Komma")
    connection.delete_s(dn)
    connection.unbind_s()
    assert f"--objectdn='{unit}'" in remedy(one)
    assert f'dsacls "{unit}"' in remedy(one, "dsacls")


def test_rights_that_are_too_wide(domain, build_house):
    unit = "OU=Ruim," + ad.SUFFIX
    domain.unit(unit, "ruim1")
    house = build_house(domain, {"registrar.directory.base": unit}, start=False)
    assert told(findings(house), "may also write", level="advice") == []
    domain.grant(unit, f"(OA;CIIO;WP;{MOBILE};{USER};{domain.sid()})")
    assert told(findings(house), "may also write mobile of", level="advice")
    domain.grant(unit, f"(OA;CIIO;WPWD;;{USER};{domain.sid()})")
    found = findings(house)
    assert told(found, "may also write mobile, latchkeyBirthDate", "more of", level="advice")
    assert told(found, "may change who may do what", level="advice")


def test_a_list_of_rights_that_is_closed(domain, build_house):
    """Then only a try can tell."""
    unit = "OU=Blind," + ad.SUFFIX
    domain.unit(unit, "blind1")
    domain.typed(f"samba-tool dsacl set --objectdn='CN=blind1,{unit}' --action=deny "
                 f"--sddl='(D;;RC;;;{domain.sid()})'")
    house = build_house(domain, {"registrar.directory.base": unit}, start=False)
    assert told(findings(house), "--canary", level="advice")


def test_state_that_cannot_be_read(domain, bare):
    """As in a domain that has taken Authenticated Users out of the compatible group."""
    group = "CN=Pre-Windows 2000 Compatible Access,CN=Builtin," + ad.SUFFIX
    member = f"CN=S-1-5-11,CN=ForeignSecurityPrincipals,{ad.SUFFIX}"
    domain.change(group, [(ldap.MOD_DELETE, "member", member)])
    try:
        mend(domain, bare, "read userAccountControl of")
    finally:
        domain.change(group, [(ldap.MOD_ADD, "member", member)])


@pytest.mark.parametrize("values, words", [
    ({"userAccountControl": str(ad.NORMAL | ad.DISABLED)}, "is disabled"),
    ({"userAccountControl": str(ad.NORMAL), "pwdLastSet": "0"}, "has to be changed"),
    ({"accountExpires": str(ad.filetime(ad.DAY))}, "accountExpires")])
def test_a_service_account_that_cannot_sign_in(domain, house, values, words):
    before = domain.read(people.Person("s", "s", "s", dn=domain.service_dn), *values)
    domain.set(domain.service_dn, **values)
    try:
        one, = told(findings(house), words)
        assert one["setting"] == "registrar.directory.uris[0]"
    finally:
        back = {name: value[0].decode() for name, value in before.items()}
        if "pwdLastSet" in back:
            back["pwdLastSet"] = "-1"
        domain.set(domain.service_dn, **back)
    assert told(findings(house), words) == []


# ---- The policy ----------------------------------------------------------------------

def test_a_policy_object_that_cannot_be_read(domain, house):
    one = mend(domain, house, "policies of their own")
    assert "CN=streng" in one["text"] and "CN=jong" in one["text"]
    assert one["remedies"][1]["command"].endswith('/I:T /G "svc-latchkey@linde.example:GR"')


def test_a_domain_policy_that_cannot_be_read(domain, house):
    """As where the head of the domain was closed to all but administrators."""
    policies = "c7407360-20bf-11d0-a768-00aa006e0529"
    to_all = ["(A;;RPLCLORC;;;AU)", "(A;;RPRC;;;RU)", "(A;;RP;;;WD)", f"(OA;;RP;{policies};;RU)"]
    for ace in to_all:
        domain.typed(f"samba-tool dsacl delete --objectdn='{ad.SUFFIX}' --sddl='{ace}'")
    one = mend(domain, house, "may not read the password policy of " + ad.SUFFIX)
    assert "Domain Password & Lockout Policies" in remedy(one, "dsacls")
    domain.grant(ad.SUFFIX, "".join(to_all))


def test_a_domain_that_takes_no_passwords(domain, house):
    domain.set(ad.SUFFIX, pwdProperties="5")
    try:
        one, = told(findings(house), "DOMAIN_PASSWORD_NO_CLEAR_CHANGE")
        assert "@{pwdProperties=1}" in remedy(one, "PowerShell")
        domain.typed(remedy(one, "ldbmodify"))
        assert told(findings(house), "DOMAIN_PASSWORD_NO_CLEAR_CHANGE") == []
    finally:
        domain.set(ad.SUFFIX, pwdProperties="1")


def test_a_minimum_age(domain, house):
    domain.set(ad.SUFFIX, minPwdAge=str(-36 * 3600 * 10_000_000))
    one, = told(findings(house), "minimum password age of 36 hours", level="advice")
    domain.typed(remedy(one))
    assert told(findings(house), "minimum password age", level="advice") == []


@pytest.mark.parametrize("history, level, words", [
    ("require", "error", "nobody is given a new password there"),
    ("emulate", "advice", "each takes two places in the history"),
    ("best-effort", "advice", "a password that they had before")])
def test_a_server_without_policy_hints(ad_old, build_house, history, level, words):
    house = build_house(ad_old, {"registrar.directory.history": history}, start=False)
    one, = told(findings(house), "does not know policy hints", level=level)
    assert words in one["text"] and one["setting"] == "registrar.directory.history"


def test_a_server_with_policy_hints(house):
    assert "policy hints" not in json.dumps(findings(house))


# ---- Servers -------------------------------------------------------------------------

def test_a_read_only_controller(town, tmp_path, build_house):
    """Made one in its own database, which no client may do."""
    domain = Domain(str(tmp_path / "d"), town.authority, people.cast())
    domain.start()
    try:
        house = build_house(domain, start=False)
        assert told(findings(house), "read-only domain controller") == []
        domain.typed(
            "printf 'dn: CN=NTDS Settings,CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,"
            f"CN=Configuration,{ad.SUFFIX}\\nchangetype: modify\\nreplace: objectCategory\\n"
            f"objectCategory: CN=NTDS-DSA-RO,CN=Schema,CN=Configuration,{ad.SUFFIX}\\n' | "
            "ldbmodify --relax -H /var/lib/samba/private/sam.ldb")
        one, = told(findings(house), "read-only domain controller")
        assert one["setting"] == "registrar.directory.uris[0]"
    finally:
        domain.stop()


def test_another_domain(domain, build_house):
    house = build_house(domain, {"registrar.directory.base": "OU=Elders,DC=elders,DC=example"},
                        start=False)
    one = told(findings(house), "DC=elders,DC=example is not in it")[0]
    assert one["setting"] == "registrar.directory.base"


def test_no_active_directory(another_house):
    house = another_house({"registrar.directory.dialect": "ad"}, start=False)
    assert told(findings(house), 'dialect = "openldap"')


CLOCK = """\
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int
clock_gettime(clockid_t which, struct timespec *now)
{
	int r = (int)syscall(SYS_clock_gettime, which, now);

	if (which == CLOCK_REALTIME)
		now->tv_sec += atoi(getenv("LATE"));
	return r;
}
"""


@pytest.fixture(scope="module")
def shifted(tmp_path_factory):
    """What moves a program's clock by LATE seconds."""
    folder = tmp_path_factory.mktemp("clock")
    (folder / "clock.c").write_text(CLOCK, encoding="ascii")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", folder / "clock.so", folder / "clock.c"],
                   check=True)
    return str(folder / "clock.so")


def findings_with(house, **env):
    done = subprocess.run(
        [program("registrar"), "-c", house.conf, "--check"], capture_output=True, text=True,
        timeout=60, check=False, env={"PATH": "/usr/bin:/bin", **env})
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("late, level, words", [
    (30, None, ""), (-120, "advice", "seconds ahead of ours"),
    (120, "advice", "seconds behind ours"), (900, "error", "Kerberos refuses")])
def test_clocks_apart(house, shifted, late, level, words):
    said = told(findings_with(house, LD_PRELOAD=shifted, LATE=str(late)), "its clock is", level=level)
    assert len(said) == (1 if level else 0)
    assert all(words in one["text"] for one in said)


@pytest.fixture
def by_kerberos(domain, build_house):
    return build_house(domain, {
        "registrar.directory.mechanism": "GSSAPI", "registrar.directory.keytab": domain.keytab,
        "registrar.directory.bind_dn": "", "registrar.directory.uris": [domain.plain_uri]},
                       start=False)


@pytest.mark.parametrize("which, words", [
    ("domain", 'write channel_binding = "tls-endpoint"'),
    ("ad_old", "with Kerberos ldap://, and starttls = false")])
def test_kerberos_inside_tls(request, build_house, which, words):
    """One server wants the two tied together; the other does not know how."""
    controller = request.getfixturevalue(which)
    house = build_house(controller, {
        "registrar.directory.mechanism": "GSSAPI", "registrar.directory.keytab": controller.keytab,
        "registrar.directory.bind_dn": ""}, start=False)
    assert told(findings_with(house, KRB5_CONFIG=controller.krb5_conf), words)


def test_kerberos_with_clocks_apart(domain, by_kerberos, shifted):
    found = findings_with(by_kerberos, KRB5_CONFIG=domain.krb5_conf, LD_PRELOAD=shifted, LATE="900")
    assert told(found, "follow the same clock"), found


def test_kerberos_without_a_kdc(domain, by_kerberos, tmp_path):
    with open(domain.krb5_conf, encoding="ascii") as conf:
        text = conf.read().replace(":88", ":9")
    (tmp_path / "krb5.conf").write_text(text, encoding="ascii")
    assert told(findings_with(by_kerberos, KRB5_CONFIG=str(tmp_path / "krb5.conf")), "on port 88")


def test_kerberos_under_another_name(domain, by_kerberos):
    name = f"ldap/{domain.address}"
    domain.change(ad.controller(ad.NAME), [(ldap.MOD_DELETE, "servicePrincipalName", name)])
    try:
        assert told(findings_with(by_kerberos, KRB5_CONFIG=domain.krb5_conf),
                    "write the server's own full name")
    finally:
        domain.change(ad.controller(ad.NAME), [(ldap.MOD_ADD, "servicePrincipalName", name)])


# ---- People --------------------------------------------------------------------------

def test_people_are_counted(domain, build_house):
    unit = "OU=Telling," + ad.SUFFIX
    domain.unit(unit, *[f"geteld{i}" for i in range(7)])
    dns = [f"CN=geteld{i},{unit}" for i in range(7)]
    domain.set(dns[0], mobile="thuis")
    domain.change(dns[1], [(ldap.MOD_DELETE, "mobile", None)])
    domain.set(dns[2], userAccountControl=str(ad.NORMAL | ad.DISABLED))
    domain.set(dns[3], userAccountControl=str(ad.NORMAL | ad.DONT_EXPIRE))
    domain.set(dns[4], userAccountControl=str(ad.NORMAL | 0x40000))
    house = build_house(domain, {"registrar.directory.base": unit}, start=False)
    found = findings(house)
    facts = [one["text"] for one in found if one["level"] == "fact"]
    for words in (f"7 people below {unit}", "1 of them is disabled: they are not helped",
                  "1 of them is of a kind that is never helped",
                  "1 of them has no mobile: they cannot be helped",
                  "1 of them has a password that never expires: they are helped, as never_expires "
                  "says"):
        assert words in facts
    one, = told(found, "cannot be read as a telephone number", level="advice")
    assert dns[0] in one["text"] and "thuis" not in one["text"]


def test_more_people_than_fit_a_page(domain, build_house):
    unit = "OU=Veel," + ad.SUFFIX
    domain.unit(unit)
    connection = domain.admin()
    for i in range(1101):
        ad.add(connection, f"CN=veel{i},{unit}", {"objectClass": "user", "sAMAccountName": f"veel{i}"})
    connection.unbind_s()
    house = build_house(domain, {"registrar.directory.base": unit}, start=False)
    assert f"1101 people below {unit}" in [one["text"] for one in findings(house)]


def test_an_attribute_that_does_not_exist(domain, build_house):
    house = build_house(domain, {"proofs.1.attribute": "geboren"}, start=False)
    one, = told(findings(house), "has no attribute geboren")
    assert one["setting"] == "proofs[1].attribute"


def test_people_who_write_their_own_number(domain, bare):
    one = mend(domain, bare, "people may write their own mobile", level="advice")
    assert "young_number_days" in one["text"]
    assert "SELF:WP;mobile" in remedy(one, "dsacls") + remedy(one, "PowerShell")


# ---- In words, and really ------------------------------------------------------------

def test_commands_can_be_copied(domain, build_house):
    unit = "OU=Kees's hof," + ad.SUFFIX
    domain.unit(unit, "hof1")
    house = build_house(domain, {"registrar.directory.base": unit}, start=False)
    shown = latchkey(house.conf, "check").stdout
    line, = [line for line in shown.splitlines()
             if line.startswith("        samba-tool dsacl set") and "00299570" in line]
    domain.typed(line.strip())
    assert "reset the password of" not in latchkey(house.conf, "check").stdout


def test_canary(domain, build_house):
    house = build_house(domain, {"keeper.must_change": True}, start=False)
    person = domain.newcomer()
    done, said = canary(house, person)
    assert [words for words in STEPS if ": done" not in step(said, words)["text"]] == [], said
    assert "12 done, 0 skipped, 0 failed" in said[-1]["text"], done.stderr
    assert not domain.is_locked(person) and not domain.binds(person, person.password)


@pytest.mark.parametrize("must_change, how, history", [
    (True, "emulate", "done: refused"), (False, "emulate", "done: refused"),
    (False, "best-effort", "skipped: the policy has none")])
def test_canary_without_policy_hints(ad_old, build_house, must_change, how, history):
    house = build_house(ad_old, {"registrar.directory.history": how,
                                 "keeper.must_change": must_change}, start=False)
    done, said = canary(house, ad_old.newcomer())
    assert done.returncode == 0, done.stdout + done.stderr
    assert history in step(said, "its history")["text"]
    assert "0 failed" in said[-1]["text"]


def test_canary_without_the_right_to_reset(domain, build_house):
    unit = "OU=Kanarie," + ad.SUFFIX
    domain.unit(unit, "kanarie1")
    house = build_house(domain, {"registrar.directory.base": unit}, start=False)
    kees = people.Person("kanarie1", "Kees", "Kanarie1")
    done, said = canary(house, kees)
    assert done.returncode == 1
    failed = step(said, "reset to a random")
    assert failed["level"] == "error"
    domain.typed(remedy(failed))
    _, said = canary(house, kees)
    assert ": done" in step(said, "reset to a random")["text"]
    unlock = step(said, "unlock it")
    assert unlock["level"] == "error"
    domain.typed(remedy(unlock))
    _, said = canary(house, kees)
    assert "0 failed" in said[-1]["text"]


@pytest.mark.parametrize("where", ["uri", "plain_uri"])
def test_canary_by_kerberos(domain, build_house, where):
    """Also where only Kerberos seals the connection: people sign in by StartTLS then."""
    house = build_house(domain, {
        "registrar.directory.mechanism": "GSSAPI", "registrar.directory.keytab": domain.keytab,
        "registrar.directory.bind_dn": "",
        "registrar.directory.channel_binding": "tls-endpoint" if where == "uri" else "none",
        "registrar.directory.uris": [getattr(domain, where)]}, start=False)
    done = subprocess.run(
        [program("registrar"), "-c", house.conf, f"--canary={domain.newcomer().username}"],
        capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/usr/bin:/bin", "KRB5_CONFIG": domain.krb5_conf})
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert "11 done, 1 skipped, 0 failed" in found[-1]["text"], done.stdout + done.stderr
    assert ": done" in step(found, "sign in with it")["text"]


@pytest.mark.parametrize("state", ["protected", "disabled"])
def test_canary_leaves_whom_nobody_helps(domain, house, state):
    person = domain.newcomer(state)
    before = domain.read(person)
    done, said = canary(house, person)
    assert done.returncode == 1 and "take another" in said[1]["text"] and len(said) == 3
    assert domain.read(person) == before


# ---- With another password from here on ------------------------------------------------

@pytest.fixture(scope="module")
def other_password(domain, ad_old):
    """The service account's is the same in both domains."""
    domain.change(domain.service_dn, [(ldap.MOD_REPLACE, "unicodePwd",
                                       ad.quoted(ad_old.service_password).decode())])
    domain.service_password = ad_old.service_password


def test_a_keytab_older_than_the_password(domain, by_kerberos, other_password):
    assert told(findings_with(by_kerberos, KRB5_CONFIG=domain.krb5_conf), "make a new one")


def test_each_server_is_asked(domain, ad_old, other_password, build_house):
    """One of two lacks what the other has."""
    house = build_house(domain, {"registrar.directory.uris": [domain.uri, ad_old.uri]}, start=False)
    one, = told(findings(house), "policy hints")
    assert one["text"].startswith(ad_old.uri)
