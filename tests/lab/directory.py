"""A private OpenLDAP: real slapd with ppolicy, in a folder and on ports of its own."""

import base64
import os
import secrets
import shutil
import subprocess
import time

from ldap.controls.simple import RelaxRulesControl

from lab.child import Child
from lab.places import free_port, tool
from lab.server import Server

SUFFIX = "dc=linde,dc=example"
PEOPLE = "ou=people," + SUFFIX
GROUPS = "ou=groups," + SUFFIX
POLICIES = "ou=policies," + SUFFIX
PROTECTED = f"cn=protected,{GROUPS}"
ADMIN_DN = "cn=admin," + SUFFIX
SERVICE_DN = "cn=latchkey,ou=services," + SUFFIX
DEFAULT_POLICY = f"cn=default,{POLICIES}"
LOCKED_FOR_EVER = "000001010000Z"

# Who is in which group; a group may be in a group.
MEMBERS = {
    "protected": [f"uid=b.directeur,{PEOPLE}", f"cn=administrators,{GROUPS}"],
    "administrators": [f"uid=b.heerder,{PEOPLE}"],
    "everybody": [f"uid=a.jansen,{PEOPLE}"],
}

# The service account has write, never manage: whoever may manage bypasses the policy.
CONFIG = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
# Numbers under 1.3.6.1.4.1.32473 are for examples (RFC 5612).
attributetype ( 1.3.6.1.4.1.32473.1.1 NAME 'latchkeyBirthDate'
  DESC 'date of birth, as the personnel system spells it'
  EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.32473.2.1 NAME 'latchkeyPerson' SUP top AUXILIARY
  MAY ( latchkeyBirthDate ) )
modulepath {modules}
moduleload back_mdb
moduleload ppolicy
pidfile "{folder}/slapd.pid"
argsfile "{folder}/slapd.args"
TLSCACertificateFile "{ca}"
TLSCertificateFile "{certificate}"
TLSCertificateKeyFile "{key}"
security simple_bind=128
password-hash {{SSHA}}
sizelimit 500
authz-regexp "^uid=latchkey,cn=[^,]*,cn=auth$" "{service}"
loglevel stats

database mdb
suffix "{suffix}"
directory "{folder}/db"
maxsize 1073741824
{sync}
lastbind on
rootdn "{admin}"
rootpw {admin_hash}
index objectClass,uid,mail,cn,member,entryUUID eq
overlay ppolicy
ppolicy_default "{policy}"
ppolicy_hash_cleartext
ppolicy_use_lockout

access to attrs=userPassword
  by dn.exact="{service}" =w
  by self =xw
  by anonymous auth
  by * none
access to attrs=pwdReset,pwdAccountLockedTime
  by dn.exact="{service}" write
  by * none
access to attrs=pwdHistory,pwdFailureTime,pwdGraceUseTime
  by * none
access to attrs=pwdChangedTime,pwdPolicySubentry,pwdStartTime,pwdEndTime
  by dn.exact="{service}" read
  by * none
access to attrs=mobile,latchkeyBirthDate
  by dn.exact="{service}" read
  by self read
  by * none
access to dn.subtree="{policies}"
  by dn.exact="{service}" read
  by * none
access to *
  by dn.exact="{service}" read
  by users read
  by anonymous auth
  by * none
"""

FRAME = """\
dn: {suffix}
objectClass: dcObject
objectClass: organization
o: Zorggroep Linde
dc: linde

dn: {people}
objectClass: organizationalUnit
ou: people

dn: {groups}
objectClass: organizationalUnit
ou: groups

dn: {policies}
objectClass: organizationalUnit
ou: policies

dn: ou=services,{suffix}
objectClass: organizationalUnit
ou: services

dn: {policy}
objectClass: device
objectClass: pwdPolicy
cn: default
pwdAttribute: userPassword
pwdInHistory: 3
pwdMinLength: 8
pwdCheckQuality: 2
pwdLockout: TRUE
pwdLockoutDuration: 86400
pwdMaxFailure: 5
pwdFailureCountInterval: 900
pwdMaxAge: 7776000

dn: cn=strict,{policies}
objectClass: device
objectClass: pwdPolicy
cn: strict
pwdAttribute: userPassword
pwdInHistory: 5
pwdMinLength: 14
pwdMinAge: 86400
pwdCheckQuality: 2
pwdLockout: TRUE
pwdLockoutDuration: 0
pwdMaxFailure: 3
"""


def _folded(attribute, value):
    """One LDIF line; base64 where plain text would not do."""
    if value.isascii() and value.isprintable() and value[:1] not in (" ", ":", "<"):
        return f"{attribute}: {value}\n"
    return f"{attribute}:: {base64.b64encode(value.encode()).decode()}\n"


def ldif(dn, entry):
    lines = [_folded("dn", dn)]
    for attribute, values in entry.items():
        lines += [_folded(attribute, value) for value in values]
    return "".join(lines) + "\n"


def moment(ago=0):
    """A generalizedTime, so many seconds ago."""
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() - ago))


class Directory(Server):
    """A slapd of our own.  people: those that it holds from the start."""

    def __init__(self, folder, authority, people, sync=True):
        self.folder, self.people = folder, self.take(people)
        self.ca = authority.certificate
        self.address, self.port, self.tls_port = "127.0.0.1", free_port(), free_port()
        self.uri = f"ldaps://127.0.0.1:{self.tls_port}"
        self.plain_uri = f"ldap://127.0.0.1:{self.port}"
        self.suffix, self.base, self.groups = SUFFIX, PEOPLE, GROUPS
        self.policy, self.protected = DEFAULT_POLICY, PROTECTED
        self.admin_dn, self.service_dn = ADMIN_DN, SERVICE_DN
        self.environment = {}
        self.admin_password = secrets.token_hex(12)
        self.service_password = secrets.token_hex(16)
        os.makedirs(os.path.join(folder, "db"), mode=0o700)
        certificate, key = authority.issue("slapd")
        self._config = os.path.join(folder, "slapd.conf")
        with open(self._config, "w", encoding="utf-8") as config:
            os.chmod(self._config, 0o600)
            config.write(CONFIG.format(
                modules=self._modules(), folder=folder, ca=self.ca, certificate=certificate,
                key=key, suffix=SUFFIX, admin=ADMIN_DN, admin_hash=self.admin_password,
                policy=DEFAULT_POLICY, service=SERVICE_DN, policies=POLICIES,
                sync="" if sync else "dbnosync"))
        self._load()
        self.child = Child("slapd", [
            self._binary(), "-f", self._config, "-d", "stats",
            "-h", f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.tls_port}"],
            os.path.join(folder, "slapd.log"))

    @staticmethod
    def _modules():
        for folder in ("/usr/lib/ldap", "/usr/lib64/openldap", "/usr/lib/openldap"):
            if os.path.isdir(folder):
                return folder
        raise FileNotFoundError("slapd's modules are not where they are expected")

    def _binary(self):
        """Where AppArmor confines /usr/sbin/slapd to the system's database, run a copy."""
        if not os.path.exists("/etc/apparmor.d/usr.sbin.slapd"):
            return tool("slapd")
        return shutil.copy(tool("slapd"), os.path.join(self.folder, "slapd"))

    def _load(self):
        text = FRAME.format(suffix=SUFFIX, people=PEOPLE, groups=GROUPS,
                            policies=POLICIES, policy=DEFAULT_POLICY)
        text += "\n" + ldif(SERVICE_DN, {
            "objectClass": ["organizationalRole", "simpleSecurityObject"], "cn": ["latchkey"],
            "userPassword": [self.service_password]})
        for person in self.people:
            text += ldif(person.dn, self._spell(person))
        for group, members in MEMBERS.items():
            text += ldif(f"cn={group},{GROUPS}", {
                "objectClass": ["groupOfNames"], "cn": [group], "member": members})
        self._slapadd(text)

    def _slapadd(self, text):
        done = subprocess.run(
            [self._binary(), "-Tadd", "-q", "-f", self._config], input=text.encode(),
            capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"slapadd: {done.stderr.decode(errors='replace')}")

    def start(self):
        self.child.start().wait_ready(self.answers)
        return self

    # ---- How it is spoken to ---------------------------------------------------

    def dn(self, person):
        return f"uid={person.username},{PEOPLE}"

    def entry(self, person):
        """The entry of a person, as attribute -> list of bytes."""
        return {name: [value.encode() for value in values]
                for name, values in self._spell(person).items()}

    @staticmethod
    def _spell(person):
        entry = {
            "objectClass": ["inetOrgPerson", "latchkeyPerson"],
            "uid": [person.username],
            "cn": [person.displayname],
            "displayName": [person.displayname],
            "givenName": [person.given],
            "sn": [person.surname],
            "mail": [person.mail],
            "preferredLanguage": [person.language],
            "userPassword": [person.password],
        }
        if person.state != "nomobile":
            entry["mobile"] = [person.spelt_mobile or person.mobile]
        if person.state != "nobirthdate":
            entry["latchkeyBirthDate"] = [person.spelt_birthdate or person.birthdate]
        if person.policy:
            entry["pwdPolicySubentry"] = [f"cn={person.policy},{POLICIES}"]
        if person.state == "locked":
            entry["pwdAccountLockedTime"] = [moment(60)]
        if person.state == "disabled" and not person.extra:
            entry["pwdAccountLockedTime"] = [LOCKED_FOR_EVER]
        if person.state == "expired":
            entry["pwdChangedTime"] = [moment(200 * 86400)]
        if person.state == "new":
            entry["pwdReset"] = ["TRUE"]
        if person.state == "ended":
            entry["pwdEndTime"] = [moment(86400)]
        return {**entry, **person.extra}

    def add_controls(self, entry):
        """Only whoever relaxes the rules may say that an entry is an old one."""
        return [RelaxRulesControl(True)] if "createTimestamp" in entry else None

    def settings(self):
        """What a house in front of it is told."""
        return {
            "proofs": [
                {"field": "mobile", "attribute": "mobile", "kind": "phone"},
                {"field": "birthdate", "attribute": "latchkeyBirthDate", "kind": "date"},
            ],
            "directory": {
                "dialect": "openldap",
                "uris": [self.uri],
                "starttls": False,
                "ca_file": self.ca,
                "bind_dn": self.service_dn,
                "base": self.base,
                "person_filter": "(objectClass=inetOrgPerson)",
                "login_attributes": ["uid", "mail"],
                "domains": ["linde.example", "LINDE"],
                "policy": self.policy,
                "disabled_filter": "(employeeType=left)",
                "protected_groups": [self.protected],
            },
        }

    def lock(self, person):
        """Lock them out as life does: by wrong passwords."""
        for _ in range(8):
            self.binds(person, "zo niet")
        if self.binds(person, person.password):
            raise RuntimeError("ppolicy did not lock the account")
