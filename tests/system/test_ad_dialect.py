"""Active Directory as registrar sees it: who is helped, which rules hold, what is written.

A desk asks registrar in keeper's place, so each verdict is seen as it is.
"""

import contextlib

import ldap
import pytest

from lab import desk as desks, people, samba_seed as seed
from lab.proxy import Proxy
from lab.samba import Samba

NEW = "Wolken-boven-8-dijken"


@contextlib.contextmanager
def _desk(town, tmp_path, directory, change=None):
    made = desks.make(tmp_path / "desk", directory, town.kannel, change)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def desk(town, ad, tmp_path_factory):
    with _desk(town, tmp_path_factory.mktemp("ad"), ad) as made:
        yield made


@pytest.fixture(scope="module")
def old_desk(town, ad_old, tmp_path_factory):
    """In front of a server that does not know policy hints: history = "emulate"."""
    with _desk(town, tmp_path_factory.mktemp("old"), ad_old) as made:
        yield made


@pytest.fixture
def desk_with(town, tmp_path):
    """desk_with(directory, {"registrar.directory.history": "require"})"""
    with contextlib.ExitStack() as stack:
        def build(directory, change):
            folder = tmp_path / f"d{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return stack.enter_context(_desk(town, folder, directory, change))
        yield build


def activates(desk, person):
    verdict, ticket = desk.find(person.username)
    assert verdict == "OK"
    return desk.match(ticket, person, wish="activate")[0]


def flags(directory, person, control):
    directory.change(person.dn, [(ldap.MOD_REPLACE, "userAccountControl", str(control))])


def join(directory, group, person):
    directory.change(group, [(ldap.MOD_ADD, "member", person.dn)])


# ---- Who is it? ---------------------------------------------------------------------------

def test_every_name_that_one_has(desk, ad):
    person = ad.newcomer()
    for name in (person.username, person.username.upper(), f"LINDE\\{person.username}",
                 f"linde.example\\{person.username}", f"{person.username}@linde.example",
                 person.mail, person.mail.upper(), f"{person.username}@oud.linde.example",
                 f"  {person.username} "):
        verdict, ticket = desk.find(name)
        assert verdict == "OK", name
        assert desk.match(ticket, person)[0] == "OK", name


@pytest.mark.parametrize("surname", [
    'Vries, de "Kees"', "Brug + <Dam>;=", "Tot\\Zo (op) *", "#nul 'T Hof", "Ōe 水 Żak"])
def test_names_that_stand_escaped_in_a_dn(desk, ad, surname):
    person = ad.newcomer("locked", surname=surname)
    ticket = desk.ticket(person)
    assert desk.set(ticket, NEW) == "OK"
    assert ad.binds(person, NEW)
    join(ad, seed.DOMAIN_ADMINS, person)
    assert desk.unlock(ticket) == "PROTECTED"


def test_what_is_nobodys_name(desk, ad):
    person = ad.newcomer()
    for name in ("nobody", "*", person.displayname, f"OTHER\\{person.username}",
                 f"smtp:{person.mail}", f"SMTP:{person.username}", "dc1$", "DC1",
                 "svc-latchkey", person.username + ")(objectClass=*", person.username[:-1]):
        assert desk.find(name)[0] == "NOBODY", name


def test_an_address_that_two_have_is_nobodys(desk, ad):
    one, other = ad.newcomer(), ad.newcomer()
    for who in (one, other):
        ad.change(who.dn, [(ldap.MOD_REPLACE, "mail", "samen@post.linde.example")])
    assert desk.find("samen@post.linde.example")[0] == "NOBODY"
    assert desk.find(one.username)[0] == desk.find(other.username)[0] == "OK"


def test_a_user_name_beats_anothers_address(desk, ad):
    """Whoever may write their own mail address can't stand in the way of somebody else."""
    person, rival = ad.newcomer(), ad.newcomer()
    ad.change(rival.dn, [(ldap.MOD_REPLACE, "mail", person.username),
                         (ldap.MOD_ADD, "proxyAddresses", f"smtp:{person.username}@linde.example")])
    for name in (person.username, f"{person.username}@linde.example"):
        _, ticket = desk.find(name)
        assert desk.match(ticket, person)[0] == "OK"
        assert desk.match(ticket, rival)[0] == "NO_MATCH"


# ---- Who is never helped -------------------------------------------------------------------

@pytest.mark.parametrize("username", ["b.directeur", "b.heerder"])
def test_domain_admins_inside_the_base(desk, ad, username):
    """Directly, and through a group that is one of them; Samba gives both no mark of its own."""
    person = next(p for p in ad.people if p.username == username)
    assert "adminCount" not in ad.read(person, "adminCount")
    assert desk.find(username)[0] == "PROTECTED"


@pytest.mark.parametrize("group", [
    "CN=Administrators,CN=Builtin", "CN=Account Operators,CN=Builtin",
    "CN=Server Operators,CN=Builtin", "CN=Print Operators,CN=Builtin",
    "CN=Backup Operators,CN=Builtin", "CN=Replicator,CN=Builtin", "CN=Schema Admins,CN=Users",
    "CN=Enterprise Admins,CN=Users", "CN=Protected Users,CN=Users"])
def test_groups_that_are_protected_everywhere(desk, ad, group):
    person = ad.newcomer()
    assert desk.find(person.username)[0] == "OK"
    join(ad, f"{group},{ad.suffix}", person)
    assert desk.find(person.username)[0] == "PROTECTED"


@pytest.mark.parametrize("control", [
    0x20, 0x40000, 0x80000, 0x100000, 0x1000000])
def test_accounts_of_another_kind(desk, ad, control):
    person = ad.newcomer()
    flags(ad, person, seed.NORMAL | control)
    assert desk.find(person.username)[0] == "PROTECTED"
    flags(ad, person, seed.NORMAL)
    assert desk.find(person.username)[0] == "OK"


def test_admin_count(desk, ad):
    person = ad.newcomer()
    ad.change(person.dn, [(ldap.MOD_REPLACE, "adminCount", "1")])
    assert desk.find(person.username)[0] == "PROTECTED"
    ad.change(person.dn, [(ldap.MOD_REPLACE, "adminCount", "0")])
    assert desk.find(person.username)[0] == "OK"


def test_a_group_that_is_somebodys_first(desk, ad):
    """The primary group stands in no member attribute."""
    person = ad.newcomer()
    join(ad, seed.DOMAIN_ADMINS, person)
    ad.change(person.dn, [(ldap.MOD_REPLACE, "primaryGroupID", "512")])
    assert seed.DOMAIN_ADMINS.encode() not in ad.read(person, "memberOf")["memberOf"]
    assert desk.find(person.username)[0] == "PROTECTED"


def test_groups_of_the_settings_through_others(desk, ad):
    person, name = ad.newcomer(), f"CN=Binnenste,{ad.groups}"
    connection = ad.admin()
    seed.add(connection, name, {"objectClass": "group", "sAMAccountName": "Binnenste"})
    connection.unbind_s()
    join(ad, name, person)
    assert desk.find(person.username)[0] == "OK"
    ad.change(ad.protected, [(ldap.MOD_ADD, "member", name)])
    assert desk.find(person.username)[0] == "PROTECTED"


def test_only_allowed_groups(desk_with, ad):
    asked = desk_with(ad, {"registrar.directory.allowed_groups": [f"CN=Iedereen,{ad.groups}"]})
    person, other = ad.newcomer(), ad.newcomer()
    join(ad, f"CN=Iedereen,{ad.groups}", person)
    assert asked.find(person.username)[0] == "OK"
    assert asked.find(other.username)[0] == "PROTECTED"


def test_a_group_that_is_not_there_helps_nobody(desk_with, ad):
    asked = desk_with(ad, {"registrar.directory.protected_groups": [f"CN=Geen,{ad.groups}"]})
    assert asked.find(ad.newcomer().username)[0] == "UNAVAILABLE"
    assert asked.find("nobody")[0] == "UNAVAILABLE"
    assert f"CN=Geen,{ad.groups}" in asked.log()


def test_a_list_of_addresses_protects_nobody_and_is_refused(desk_with, ad):
    name = f"CN=Post aan allen,{ad.groups}"
    connection = ad.admin()
    seed.add(connection, name, {"objectClass": "group", "groupType": "2",
                                "sAMAccountName": "post-aan-allen"})
    connection.unbind_s()
    asked = desk_with(ad, {"registrar.directory.protected_groups": [name]})
    assert asked.find(ad.newcomer().username)[0] == "UNAVAILABLE"
    assert "distribution group" in asked.log()


def test_asked_again_right_before_each_write(desk, ad):
    """Whoever becomes an admin between the code and the password is not helped any more."""
    person = ad.newcomer()
    ticket = desk.ticket(person)
    assert desk.judge(ticket, NEW)[0] == "OK"
    join(ad, seed.DOMAIN_ADMINS, person)
    assert desk.set(ticket, NEW) == "PROTECTED"
    assert desk.unlock(ticket) == "PROTECTED"
    assert ad.binds(person, person.password)


@pytest.mark.parametrize("state", ["disabled", "ended"])
def test_disabled_and_ended(desk, ad, state):
    assert desk.find(ad.newcomer(state).username)[0] == "DISABLED"


def test_ended_later(desk, ad):
    person = ad.newcomer()
    ad.change(person.dn, [(ldap.MOD_REPLACE, "accountExpires", str(seed.filetime(-seed.DAY)))])
    assert desk.find(person.username)[0] == "OK"
    ticket = desk.ticket(person)
    ad.change(person.dn, [(ldap.MOD_REPLACE, "accountExpires", "1")])
    assert desk.set(ticket, NEW) == "DISABLED"


def test_never_expiring_passwords(desk, desk_with, ad):
    person = ad.newcomer()
    flags(ad, person, seed.NORMAL | seed.DONT_EXPIRE)
    assert desk.find(person.username)[0] == "OK"
    asked = desk_with(ad, {"registrar.directory.never_expires": "refuse"})
    assert asked.find(person.username)[0] == "PROTECTED"


# ---- Which rules hold -------------------------------------------------------------------------

def test_rules_of_the_domain(desk, ad):
    verdict, rules, terms = desk.rules(desk.ticket(ad.newcomer(given="Marijke")))
    assert verdict == "OK"
    assert rules == {"length": 8, "longest": 256, "classes": 3, "history": 5, "name": 0}
    assert "marijke" in terms


def test_rules_of_ones_own(desk, ad):
    person = ad.newcomer(policy="strict")
    ticket = desk.ticket(person)
    assert desk.rules(ticket)[1]["length"] == 14 and desk.rules(ticket)[1]["history"] == 10
    assert desk.judge(ticket, "Dertien-is-1!")[:2] == ("RULE", {"length"})
    assert desk.set(ticket, "Veertien-is-1!") == "OK"
    assert ad.binds(person, "Veertien-is-1!")


def test_a_policy_that_cannot_be_read_fails_closed(town, ad_old, tmp_path):
    """Its name can be seen, what it says cannot: nobody under it gets a new password."""
    domain = Samba(str(tmp_path / "dc"), town.authority, people.cast(), hints=False,
                   pso_readable=False)
    try:
        domain.start()
        with _desk(town, tmp_path, domain) as asked:
            strict, other = domain.newcomer(policy="strict"), domain.newcomer()
            ticket = asked.ticket(strict)
            assert asked.rules(ticket)[0] == "FORBIDDEN"
            assert asked.judge(ticket, NEW)[0] == "FORBIDDEN"
            assert asked.set(ticket, NEW) == "FORBIDDEN"
            assert domain.binds(strict, strict.password)
            assert f"CN=streng,{seed.POLICIES}" in asked.log()
            assert f"samba-tool dsacl set --objectdn='{seed.POLICIES}'" in asked.log()
            # A lock is no matter of policy, and others are not touched by it.
            assert asked.unlock(ticket) == "OK"
            assert asked.set(asked.ticket(other), NEW) == "OK"
    finally:
        domain.stop()


def test_a_domain_that_takes_hashes_alone(desk, ad):
    ticket = desk.ticket(ad.newcomer())
    ad.change(ad.suffix, [(ldap.MOD_REPLACE, "pwdProperties", "5")])
    try:
        assert desk.rules(ticket)[0] == "FORBIDDEN"
        assert "DOMAIN_PASSWORD_NO_CLEAR_CHANGE" in desk.log()
    finally:
        ad.change(ad.suffix, [(ldap.MOD_REPLACE, "pwdProperties", "1")])


def test_least_age_is_told_before_anybody_types_for_nothing(desk, ad):
    person = ad.newcomer(policy="young")
    ticket = desk.ticket(person)
    _, rules, _ = desk.rules(ticket)
    assert 86000 < rules["age"] <= 86400
    assert desk.judge(ticket, NEW)[:2] == ("RULE", {"age"})
    assert desk.set(ticket, NEW) == "age"
    ad.age([person], 2)
    assert "age" not in desk.rules(ticket)[1]
    assert desk.set(ticket, NEW) == "OK"


def test_least_age_does_not_hold_who_must_change(desk, ad):
    person = ad.newcomer(policy="young")
    ad.change(person.dn, [(ldap.MOD_REPLACE, "pwdLastSet", "0")])
    ticket = desk.ticket(person)
    assert "age" not in desk.rules(ticket)[1]
    assert desk.set(ticket, NEW) == "OK"


# ---- The history --------------------------------------------------------------------------------

def test_history_by_a_hint(desk, ad):
    person = ad.newcomer()
    ticket = desk.ticket(person)
    passwords = [person.password] + [f"Wolken-boven-{n}-dijken" for n in range(2)]
    for password in passwords[1:]:
        assert desk.set(ticket, password) == "OK"
    for password in passwords:
        assert desk.judge(ticket, password)[0] == "OK"
        assert desk.set(ticket, password) == "history"
    assert ad.binds(person, passwords[-1])


def test_history_required_where_it_cannot_be(desk_with, ad_old):
    asked = desk_with(ad_old, {"registrar.directory.history": "require"})
    person = ad_old.newcomer("locked")
    ticket = asked.ticket(person)
    assert asked.rules(ticket)[0] == "FORBIDDEN"
    assert asked.set(ticket, NEW) == "FORBIDDEN"
    assert "policy hints" in asked.log() and "best-effort" in asked.log()
    assert asked.unlock(ticket) == "OK"
    assert ad_old.binds(person, person.password)


def test_history_required_where_there_is_none(desk_with, ad_old):
    asked = desk_with(ad_old, {"registrar.directory.history": "require"})
    ticket = asked.ticket(ad_old.newcomer())
    ad_old.change(ad_old.suffix, [(ldap.MOD_REPLACE, "pwdHistoryLength", "0")])
    try:
        assert asked.set(ticket, NEW) == "OK"
    finally:
        ad_old.change(ad_old.suffix, [(ldap.MOD_REPLACE, "pwdHistoryLength", "5")])


def test_doing_without_history(desk_with, ad_old):
    asked = desk_with(ad_old, {"registrar.directory.history": "best-effort"})
    person = ad_old.newcomer()
    ticket = asked.ticket(person)
    assert "history" not in asked.rules(ticket)[1]
    assert asked.set(ticket, person.password) == "OK"
    assert asked.set(ticket, person.password) == "OK"
    assert asked.log().count("best-effort") == 1


def test_history_by_reset_and_change(old_desk, ad_old):
    person = ad_old.newcomer("locked")
    ticket = old_desk.ticket(person)
    assert old_desk.rules(ticket)[1]["history"] == 5
    assert old_desk.set(ticket, NEW) == "OK"
    assert ad_old.binds(person, NEW) and not ad_old.is_locked(person)
    before = old_desk.mark(ticket)
    assert old_desk.state(ticket, before) == ("OK", False)
    assert old_desk.set(ticket, person.password) == "history"
    # Now neither is the password, and nobody is told that one of them was set.
    assert not ad_old.binds(person, NEW) and not ad_old.binds(person, person.password)
    assert old_desk.state(ticket, before) == ("UNKNOWN", False)
    assert old_desk.set(ticket, NEW + "-2") == "OK"
    assert ad_old.binds(person, NEW + "-2")
    assert old_desk.state(ticket, before) == ("OK", True)


def test_reset_and_change_of_a_young_password(old_desk, ad_old):
    person = ad_old.newcomer(policy="young")
    ticket = old_desk.ticket(person)
    assert "age" not in old_desk.rules(ticket)[1]
    assert old_desk.set(ticket, NEW) == "OK"
    assert ad_old.binds(person, NEW)


# ---- What is written -------------------------------------------------------------------------------

@pytest.fixture(params=["hints", "emulate"])
def served(request):
    """(desk, directory), by each of the ways in which a password can be set."""
    names = {"hints": ("desk", "ad"), "emulate": ("old_desk", "ad_old")}[request.param]
    return [request.getfixturevalue(name) for name in names]


def test_a_reset_lifts_the_lock(served):
    asked, directory = served
    person = directory.newcomer("locked")
    assert asked.set(asked.ticket(person), NEW) == "OK"
    assert directory.binds(person, NEW)


def test_unlocking(served):
    asked, directory = served
    person = directory.newcomer("locked")
    ticket = asked.ticket(person)
    assert asked.unlock(ticket) == "OK"
    assert directory.binds(person, person.password)
    assert asked.unlock(ticket) == "OK"


def test_another_at_sign_in(served):
    asked, directory = served
    person = directory.newcomer()
    ticket = asked.ticket(person)
    assert asked.set(ticket, NEW, must_change=True) == "OK"
    assert directory.computed(person) & seed.EXPIRED
    assert directory.read(person, "pwdLastSet")["pwdLastSet"] == [b"0"]
    # Once more, from there: the account's mark has to tell these two apart, or nothing.
    before = asked.mark(ticket)
    assert asked.set(ticket, NEW + "-2", must_change=True) == "OK"
    assert asked.state(ticket, before) in (("OK", True), ("UNKNOWN", False))
    assert asked.set(ticket, NEW + "-3") == "OK"
    assert not directory.computed(person) & seed.EXPIRED
    assert directory.binds(person, NEW + "-3")


@pytest.mark.parametrize("password", [
    'aan-"halings"-1', "Zoë-Müller-Øst-1", "Wolken \U0001f600 boven 1", "A1!" + "ż" * 253,
    "密码-пароль-Aa-1", "  Randen en  midden 1 "],
    ids=["quotes", "accents", "picture", "longest", "scripts", "blanks"])
def test_any_character_arrives_as_typed(served, password):
    asked, directory = served
    person = directory.newcomer()
    ticket = asked.ticket(person)
    assert asked.judge(ticket, password)[0] == "OK"
    assert asked.set(ticket, password) == "OK"
    assert directory.binds(person, password)


def test_one_too_many(desk, ad):
    ticket = desk.ticket(ad.newcomer())
    assert desk.judge(ticket, "A1!" + "ż" * 254)[:2] == ("RULE", {"longest"})
    assert desk.judge(ticket, "A1!b" + "\U0001f600" * 127)[:2] == ("RULE", {"longest"})


# ---- Rights that are missing -----------------------------------------------------------------------

def helper(directory, name, rights):
    """A second service account, with these rights on a unit of its own: (dn, unit)."""
    unit, dn = f"OU={name},{directory.base}", f"CN={name},{seed.SERVICES}"
    connection = directory.admin()
    seed.add(connection, unit, {"objectClass": "organizationalUnit"})
    seed.add(connection, dn, {
        "objectClass": "user", "sAMAccountName": name, "userAccountControl": "66048"},
        unicodePwd=seed.quoted(directory.service_password))
    (_, found), = connection.search_s(dn, ldap.SCOPE_BASE, attrlist=["objectSid"])
    connection.unbind_s()
    directory.grant(unit, rights.format(who=seed.sid(found["objectSid"][0])))
    return dn, unit


def test_without_the_right_to_lift_locks(desk_with, ad):
    """The password is set all the same, and the log says what was not done."""
    reset_alone = "(OA;CIIO;CR;00299570-246d-11d0-a768-00aa006e0529;" \
                  "bf967aba-0de6-11d0-a285-00aa003049e2;{who})"
    dn, unit = helper(ad, "zonder-slot", reset_alone)
    asked = desk_with(ad, {"registrar.directory.bind_dn": dn})
    person = people.another(dn=None)
    person.dn = f"CN={person.username},{unit}"
    ad.add(person)
    ticket = asked.ticket(person)
    assert asked.set(ticket, NEW) == "OK"
    assert ad.binds(person, NEW)
    assert "lockoutTime, so a lock was not lifted" in asked.log()
    assert "samba-tool dsacl set" in asked.log()
    assert asked.unlock(ticket) == "FORBIDDEN"
    # And outside of the unit it may do nothing.
    other = ad.newcomer()
    assert asked.set(asked.ticket(other), NEW) == "FORBIDDEN"
    assert ad.binds(other, other.password)


def test_reset_and_change_of_who_may_not_change(old_desk, ad_old):
    """Everybody's right to change it is taken away: they are not helped, and the log says why."""
    person = ad_old.newcomer()
    ticket = old_desk.ticket(person)
    change = "ab721a53-1e2f-11d0-9819-00aa0040529b"
    ad_old.grant(person.dn, f"(OD;;CR;{change};;WD)(OD;;CR;{change};;PS)", "deny")
    assert old_desk.set(ticket, NEW) == "FORBIDDEN"
    assert "user cannot change password" in old_desk.log()


@pytest.mark.parametrize("attribute", [
    "bf967a68-0de6-11d0-a285-00aa003049e2", "bf9679e8-0de6-11d0-a285-00aa003049e2",
    "bf967a00-0de6-11d0-a285-00aa003049e2", "b7c69e6d-2cc7-11d2-854e-00a0c983f608"],
    ids=["userAccountControl", "objectSid", "primaryGroupID", "tokenGroups"])
def test_what_cannot_be_read_protects(desk, ad, attribute):
    """Without it nobody knows whether they are an admin."""
    person = ad.newcomer()
    (_, found), = ad.admin().search_s(ad.service_dn, ldap.SCOPE_BASE, attrlist=["objectSid"])
    sid = seed.sid(found["objectSid"][0])
    assert desk.find(person.username)[0] == "OK"
    ad.grant(person.dn, f"(OD;;RP;{attribute};;{sid})", "deny")
    assert desk.find(person.username)[0] == "PROTECTED"
    assert "cannot" in desk.log()


def test_who_may_have_signed_in_is_not_new(desk, ad):
    """In a domain that lets not everybody read it: what cannot be read makes nobody new."""
    person, new = ad.newcomer(), ad.newcomer("new")
    assert ad.binds(person, person.password)
    ad.change(person.dn, [(ldap.MOD_REPLACE, "pwdLastSet", "0")])
    assert activates(desk, new) == "OK"
    assert activates(desk, person) == "IN_USE"
    (_, found), = ad.admin().search_s(ad.service_dn, ldap.SCOPE_BASE, attrlist=["objectSid"])
    sid = seed.sid(found["objectSid"][0])
    ad.grant(person.dn, "".join(f"(OD;;RP;{attribute};;{sid})" for attribute in (
        "bf9679aa-0de6-11d0-a285-00aa003049e2",         # logonCount
        "c0e20a04-0e5a-4ff3-9482-5efeaecd7060")), "deny")   # lastLogonTimestamp
    assert activates(desk, person) == "IN_USE"


# ---- A connection that is lost --------------------------------------------------------------------------

def test_told_truly_whenever_the_connection_is_lost(town, served, tmp_path):
    """Cut after the first reply, the second, ...: what is said of the password is so."""
    directory = served[1]
    proxy = Proxy(directory.tls_port, directory.address)
    said = set()
    try:
        with _desk(town, tmp_path, directory,
                   {"registrar.directory.uris": [proxy.uri]}) as asked:
            for replies in range(60):
                person = directory.newcomer()
                ticket = asked.ticket(person)
                mark = asked.mark(ticket)
                proxy.fail_after(replies)
                verdict = asked.set(ticket, NEW, mark=mark)
                reached = proxy.failed
                proxy.heal()
                after, seen = asked.state(ticket, mark)
                said.add(verdict)
                is_set = directory.binds(person, NEW)
                if verdict in ("OK", "UNAVAILABLE"):
                    assert is_set == (verdict == "OK"), replies
                elif after == "OK":
                    assert verdict == "UNKNOWN"
                    assert is_set == seen, replies
                if not reached:
                    break
    finally:
        proxy.close()
    assert verdict == "OK" and "UNKNOWN" in said
