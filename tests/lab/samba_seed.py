"""What stands in a private Samba domain from the start, spelled as Active Directory does."""

import struct
import time
import uuid

import ldap
import ldap.dn
import ldap.modlist

SUFFIX = "DC=linde,DC=example"
REALM, DOMAIN, NAME = "LINDE.EXAMPLE", "LINDE", "dc1"
PEOPLE = "OU=Medewerkers," + SUFFIX
GROUPS = "OU=Groepen," + SUFFIX
SERVICES = "OU=Diensten," + SUFFIX
PROTECTED = f"CN=Beschermd,{GROUPS}"
DOMAIN_ADMINS = f"CN=Domain Admins,CN=Users,{SUFFIX}"
ADMIN_DN = "CN=Administrator,CN=Users," + SUFFIX
SERVICE_DN = "CN=svc-latchkey," + SERVICES
POLICIES = "CN=Password Settings Container,CN=System," + SUFFIX
SCHEMA = "CN=Schema,CN=Configuration," + SUFFIX

# A person's policy -> the group whose members have it.
POLICY_GROUPS = {
    "strict": f"CN=Streng wachtwoord,{GROUPS}",
    "young": f"CN=Jong wachtwoord,{GROUPS}",
}

NORMAL, DISABLED, DONT_EXPIRE = 0x200, 0x2, 0x10000
LOCKED, EXPIRED = 0x10, 0x800000        # in msDS-User-Account-Control-Computed

DAY = 86400
_NEVER = -(1 << 63)


def controller(name):
    """The account of a domain controller."""
    return f"CN={name.upper()},OU=Domain Controllers,{SUFFIX}"


def filetime(ago=0.0):
    """A moment so many seconds ago, as AD counts: tenths of microseconds since 1601."""
    return int((time.time() - ago + 11644473600) * 10_000_000)


def _span(seconds):
    """A length of time, as AD writes it."""
    return str(-seconds * 10_000_000)


def quoted(password):
    """unicodePwd: in quotes, in UTF-16."""
    return f'"{password}"'.encode("utf-16-le")


def principals(name):
    """What a controller is called in Kerberos, for LDAP, wherever it runs."""
    host = f"{name}.linde.example"
    return [f"ldap/{name}", f"ldap/{host}", f"ldap/{host}/linde.example"]


# ---- A person -----------------------------------------------------------------------------

def dn(person):
    """As on many a domain, the full name; with the user name, as there may be namesakes."""
    name = f"{person.displayname[:40]} ({person.username})"
    return f"CN={ldap.dn.escape_dn_chars(name)},{PEOPLE}"


def entry(person, birth_attribute):
    """The entry of a person, as attribute -> list of bytes."""
    control = NORMAL
    if person.state == "disabled" and "employeeType" not in person.extra:
        control |= DISABLED
    values = {
        "objectClass": ["user"],
        "sAMAccountName": [person.username],
        "userPrincipalName": [f"{person.username}@linde.example"],
        "userAccountControl": [str(control)],
        "displayName": [person.displayname],
        "givenName": [person.given],
        "sn": [person.surname],
        "mail": [person.mail],
        "proxyAddresses": [f"SMTP:{person.mail}", f"smtp:{person.username}@oud.linde.example"],
        "preferredLanguage": [person.language],
    }
    if person.state != "nomobile":
        values["mobile"] = [person.spelt_mobile or person.mobile]
    if person.state != "nobirthdate":
        values[birth_attribute] = [person.spelt_birthdate or person.birthdate]
    if person.state == "new":
        values["pwdLastSet"] = ["0"]
    if person.state == "ended":
        values["accountExpires"] = [str(filetime(DAY))]
    values.update(person.extra)
    plain = {name: [value.encode() for value in some] for name, some in values.items()}
    return {**plain, "unicodePwd": [quoted(person.password)]}


# ---- The domain ---------------------------------------------------------------------------

_DOMAIN_POLICY = {
    "minPwdLength": "8", "pwdHistoryLength": "5", "minPwdAge": "0", "pwdProperties": "1",
    "maxPwdAge": _span(90 * DAY),
    # A lock outlasts a day's tests.
    "lockoutThreshold": "3", "lockOutObservationWindow": _span(1800), "lockoutDuration": _span(DAY),
}


def _settings_object(precedence, applies_to, length=8, history=5, min_age=0, max_age=90 * DAY,
                     threshold=3):
    return {
        "objectClass": "msDS-PasswordSettings",
        "msDS-PasswordSettingsPrecedence": str(precedence),
        "msDS-PasswordReversibleEncryptionEnabled": "FALSE",
        "msDS-PasswordComplexityEnabled": "TRUE",
        "msDS-PasswordHistoryLength": str(history),
        "msDS-MinimumPasswordLength": str(length),
        "msDS-MinimumPasswordAge": _span(min_age),
        "msDS-MaximumPasswordAge": _span(max_age) if max_age else str(_NEVER),
        "msDS-LockoutThreshold": str(threshold),
        "msDS-LockoutObservationWindow": _span(1800),
        "msDS-LockoutDuration": _span(DAY),
        "msDS-PSOAppliesTo": applies_to,
    }


def _group(name):
    return {"objectClass": "group", "sAMAccountName": name}


def _frame():
    """All entries but people, in the order in which they can be added."""
    units = [(unit, {"objectClass": "organizationalUnit"}) for unit in (PEOPLE, GROUPS, SERVICES)]
    groups = [(f"CN={name},{GROUPS}", _group(name)) for name in
              ("Beschermd", "Beheerders", "Iedereen", "Streng wachtwoord", "Jong wachtwoord")]
    policies = [
        ("streng", _settings_object(10, POLICY_GROUPS["strict"], length=14, history=10)),
        ("jong", _settings_object(20, POLICY_GROUPS["young"], min_age=DAY)),
        # Neither a service nor the administrator is ever locked out by a test.
        ("diensten", _settings_object(5, [SERVICE_DN, ADMIN_DN], max_age=0, threshold=0)),
    ]
    service = (SERVICE_DN, {
        "objectClass": "user", "sAMAccountName": "svc-latchkey",
        "userPrincipalName": "svc-latchkey@linde.example",
        "userAccountControl": str(NORMAL | DONT_EXPIRE)})
    return units + groups + [service] + [(f"CN={name},{POLICIES}", one) for name, one in policies]


def _members(people):
    """Pairs of a group and who is in it; a group may be in a group."""
    who = {person.username: person.dn for person in people}
    pairs = [(DOMAIN_ADMINS, f"CN=Beheerders,{GROUPS}")]
    pairs += [(group, who[name]) for group, name in (
        (DOMAIN_ADMINS, "b.directeur"), (f"CN=Beheerders,{GROUPS}", "b.heerder"),
        (f"CN=Iedereen,{GROUPS}", "a.jansen")) if name in who]
    return pairs + [(POLICY_GROUPS[person.policy], person.dn) for person in people if person.policy]


def add(connection, name, entry_of, **more):
    """Add an entry whose values are text or lists of text."""
    lists = {attribute: value if isinstance(value, list) else [value]
             for attribute, value in {**entry_of, **more}.items()}
    connection.add_s(name, ldap.modlist.addModlist(
        {attribute: [one if isinstance(one, bytes) else one.encode() for one in values]
         for attribute, values in lists.items()}))


def seed(connection, service_password, people, birth_attribute):
    """Fill a fresh domain, as its administrator."""
    connection.modify_s(SUFFIX, [(ldap.MOD_REPLACE, name, value.encode())
                                 for name, value in _DOMAIN_POLICY.items()])
    for name, one in _frame():
        secret = {"unicodePwd": quoted(service_password)} if name == SERVICE_DN else {}
        add(connection, name, one, **secret)
    connection.modify_s(controller(NAME), [(ldap.MOD_ADD, "servicePrincipalName", [
        name.encode() for name in principals(NAME)])])
    for person in people:
        connection.add_s(person.dn, ldap.modlist.addModlist(entry(person, birth_attribute)))
    for group, member in _members(people):
        connection.modify_s(group, [(ldap.MOD_ADD, "member", member.encode())])


# ---- Rights and schema --------------------------------------------------------------------

_USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
_RIGHTS = [                                             # inherited by people
    ("CR", "00299570-246d-11d0-a768-00aa006e0529"),     # Reset Password
    ("RPWP", "28630ebf-41d5-11d1-a9c1-0000f80367c1"),   # lockoutTime
    ("RPWP", "bf967a0a-0de6-11d0-a285-00aa003049e2"),   # pwdLastSet
    ("RP", ""),                                         # reading all else
]


def rights(who, confidential=""):
    """The service account's rights on PEOPLE; confidential: an attribute's schemaIDGUID."""
    granted = _RIGHTS + ([("RPCR", confidential)] if confidential else [])
    return "".join(f"(OA;CIIO;{right};{what};{_USER};{who})" for right, what in granted)


def sid(octets):
    """S-1-5-...: a security identifier as SDDL writes it."""
    parts = struct.unpack(f"<{octets[1]}I", octets[8:])
    return "-".join(["S", str(octets[0]), str(int.from_bytes(octets[2:8], "big")),
                     *map(str, parts)])


def rights_on_policies(who):
    return f"(A;CI;RPLCLORC;;;{who})"


def extend_schema(connection):
    """latchkeyBirthDate, which only they may read who were given it.  Its schemaIDGUID."""
    name = f"CN=latchkeyBirthDate,{SCHEMA}"
    add(connection, name, {
        "objectClass": "attributeSchema",
        "lDAPDisplayName": "latchkeyBirthDate",
        # Numbers under 1.3.6.1.4.1.32473 are for examples (RFC 5612).
        "attributeID": "1.3.6.1.4.1.32473.1.1",
        "attributeSyntax": "2.5.5.12", "oMSyntax": "64",        # text
        "isSingleValued": "TRUE", "searchFlags": "128"})
    _read_schema_again(connection)
    add(connection, f"CN=latchkeyPerson,{SCHEMA}", {
        "objectClass": "classSchema", "lDAPDisplayName": "latchkeyPerson",
        "governsID": "1.3.6.1.4.1.32473.2.1", "objectClassCategory": "3", "subClassOf": "top",
        "mayContain": "latchkeyBirthDate"})
    _read_schema_again(connection)
    connection.modify_s(f"CN=User,{SCHEMA}", [(ldap.MOD_ADD, "auxiliaryClass", b"latchkeyPerson")])
    _read_schema_again(connection)
    (_, found), = connection.search_s(name, ldap.SCOPE_BASE, attrlist=["schemaIDGUID"])
    return str(uuid.UUID(bytes_le=found["schemaIDGUID"][0]))


def _read_schema_again(connection):
    connection.modify_s("", [(ldap.MOD_REPLACE, "schemaUpdateNow", b"1")])
