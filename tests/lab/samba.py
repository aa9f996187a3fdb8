"""A private Active Directory: a real Samba domain controller, on a loopback address of its own."""

import contextlib
import json
import os
import secrets
import subprocess
import time

import ldap

from lab import ground, samba_seed as ad, snapshot
from lab.child import Child
from lab.places import free_address
from lab.server import Server

CONFIG = """\
[global]
	workgroup = {domain}
	realm = {realm}
	netbios name = {name}
	server role = active directory domain controller
	server services = {services}
	interfaces = {address}/8
	bind interfaces only = yes
	disable netbios = yes
	private dir = {inside}/private
	state directory = {inside}/state
	cache directory = {inside}/cache
	lock directory = {inside}
	pid directory = {inside}/run
	ncalrpc dir = {inside}/ncalrpc
	binddns dir = {inside}/bind-dns
	log file = {inside}/log/samba
	log level = 1
	tls enabled = yes
	tls keyfile = {inside}/tls/key
	tls certfile = {inside}/tls/certificate
	tls cafile = {inside}/tls/ca
	dsdb:schema update allowed = yes
	old password allowed period = 0
{more}
"""

KERBEROS = """\
[libdefaults]
	default_realm = {realm}
	dns_lookup_realm = false
	dns_lookup_kdc = false
	rdns = false
	dns_canonicalize_hostname = false
[realms]
	{realm} = {{
{servers}
	}}
[domain_realm]
	.linde.example = {realm}
	linde.example = {realm}
"""

# Only the database itself can be told that something is old: past all rules, by a control.
AGE = """\
import sys, ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
conf, url, name, control, pairs = *sys.argv[1:5], sys.argv[5:]
db = SamDB(url=url, session_info=system_session(), lp=LoadParm(filename_for_non_global_lp=conf))
for dn, moment in zip(pairs[::2], pairs[1::2]):
    message = ldb.Message(ldb.Dn(db, dn))
    message[name] = ldb.MessageElement(moment, ldb.FLAG_MOD_REPLACE, name)
    db.modify(message, controls=[control])
"""

TIMES_SET = "msDS-KeyVersionNumber"
FOLDERS = ("run", "ncalrpc", "cache", "log", "tls")


class Samba(Server):
    """A domain controller of our own.

    people:       those that it holds from the start
    hints:        whether it is to know policy hints: the Samba of the Debian 13 tree does,
                  that of the machine itself does not
    confidential: birth dates stand in an attribute of their own that few may read
    pso_readable: the service account may read password settings objects
    """

    SERVICES, MODEL, MORE = "ldap, cldap, kdc", "single", ""

    def __init__(self, folder, authority, people, hints=True, confidential=False,
                 pso_readable=True, name=ad.NAME, hosts=""):
        ground.need_root()
        self.folder, self.hints, self.name, self.hosts = folder, hints, name, hosts
        self.confidential, self.pso_readable = confidential, pso_readable
        self.ground = ground.NewerSamba() if hints else ground.Own()
        self.address = free_address()
        self.host = f"{name}.linde.example"
        self.port, self.tls_port = 389, 636
        self.uri, self.plain_uri = f"ldaps://{self.address}", f"ldap://{self.address}"
        self.ca = authority.certificate
        self.suffix, self.base, self.groups = ad.SUFFIX, ad.PEOPLE, ad.GROUPS
        self.admin_dn, self.service_dn, self.protected = ad.ADMIN_DN, ad.SERVICE_DN, ad.PROTECTED
        self.birth_attribute = "latchkeyBirthDate" if confidential \
            else "msDS-cloudExtensionAttribute1"
        self.people = self.take(people)
        self.keytab = os.path.join(folder, "svc-latchkey.keytab")
        self.krb5_conf = os.path.join(folder, "krb5.conf")
        self.environment = {"KRB5_CONFIG": self.krb5_conf}
        os.makedirs(folder, mode=0o700)
        self.child = Child("samba", self._argv(), os.path.join(folder, "samba.log"),
                           env=self._environment())
        self._dress(authority)
        self._restore()

    # ---- How it is spoken to ---------------------------------------------------

    def dn(self, person):
        return ad.dn(person)

    def entry(self, person):
        return ad.entry(person, self.birth_attribute)

    def settings(self):
        """What a house in front of it is told."""
        return {
            "proofs": [
                {"field": "mobile", "attribute": "mobile", "kind": "phone"},
                {"field": "birthdate", "attribute": self.birth_attribute, "kind": "date"},
            ],
            "directory": {
                "dialect": "ad",
                "uris": [self.uri],
                "starttls": False,
                "ca_file": self.ca,
                "bind_dn": self.service_dn,
                "base": self.base,
                "domains": ["linde.example", "LINDE"],
                "disabled_filter": "(employeeType=left)",
                "history": "require" if self.hints else "emulate",
                "protected_groups": [self.protected],
            },
        }

    # ---- Its folder ------------------------------------------------------------

    def _inside(self, name=""):
        return os.path.join(self.ground.inside(self.folder), name)

    def _argv(self):
        return self.ground.argv(self.folder, [
            "/usr/sbin/samba", "-F", "--no-process-group", "-M", self.MODEL,
            "-s", self._inside("smb.conf")], self.hosts)

    def _environment(self):
        return {"KRB5_CONFIG": self._inside("krb5.conf"), "LC_ALL": "C.UTF-8"}

    def _dress(self, authority):
        """All in the folder that depends on where it runs."""
        for name in FOLDERS:
            os.makedirs(self._path(name), mode=0o700)
        certificate, key = authority.issue(
            f"samba-{self.address}", (self.host, "linde.example", "localhost"),
            (self.address, "127.0.0.1"))
        for name, source in (("certificate", certificate), ("key", key), ("ca", self.ca)):
            with open(source, "rb") as text:
                self._write(os.path.join("tls", name), text.read().decode())
        self._write("smb.conf", CONFIG.format(
            domain=ad.DOMAIN, realm=ad.REALM, name=self.name.upper(), address=self.address,
            services=self.SERVICES, more=self.MORE, inside=self.ground.inside(self.folder)))
        self.know_kdcs(self.address)

    def know_kdcs(self, *addresses):
        self._write("krb5.conf", KERBEROS.format(realm=ad.REALM, servers="\n".join(
            f"\t\tkdc = {address}:88\n\t\tkpasswd_server = {address}:464"
            for address in addresses)))

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, name, text):
        with open(os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="utf-8") as out:
            out.write(text)

    def _run(self, *argv):
        """A command where the controller runs, beside it."""
        done = subprocess.run(
            self.ground.argv(self.folder, argv, self.hosts),
            env={**os.environ, **self._environment()}, stdin=subprocess.DEVNULL,
            capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{argv[:4]}: {done.stdout.decode(errors='replace')[-2000:]}"
                               f"{done.stderr.decode(errors='replace')[-2000:]}")

    def _samba_tool(self, *argv, database=True):
        where = ["-H", self._inside("private/sam.ldb")] if database else []
        self._run("/usr/bin/samba-tool", *argv, *where, "-s", self._inside("smb.conf"))

    # ---- The domain, made once and kept ----------------------------------------

    KEPT = ("private", "state", "secrets.json", "svc-latchkey.keytab")

    def _restore(self):
        self.ground.prepare()
        snapshot.restore(self.made_of(), self.folder, self.KEPT, self._make_domain)
        self.read_secrets()

    def read_secrets(self):
        with open(self._path("secrets.json"), encoding="ascii") as kept:
            self.admin_password, self.service_password = json.load(kept)

    def made_of(self):
        """All that would make another domain, were it otherwise."""
        return [self.ground.version(), self.confidential, self.pso_readable,
                [vars(person) for person in self.people],
                snapshot.source(__file__), snapshot.source(ad.__file__)]

    def _make_domain(self):
        self.admin_password = "Aa1-" + secrets.token_hex(12)
        self.service_password = "Aa1-" + secrets.token_hex(16)
        self._run("/usr/bin/samba-tool", "domain", "provision", "--configfile=/dev/null",
                  f"--targetdir={self._inside()}", f"--realm={ad.REALM}", f"--domain={ad.DOMAIN}",
                  "--server-role=dc", "--dns-backend=NONE", f"--adminpass={self.admin_password}",
                  f"--host-name={ad.NAME}", f"--host-ip={self.address}",
                  f"--option=interfaces={self.address}/8", "--option=bind interfaces only=yes")
        self._write("secrets.json", json.dumps([self.admin_password, self.service_password]))
        self.child.start().wait_ready(self.answers, 30)
        try:
            self._fill()
        finally:
            self.stop()

    def _fill(self):
        connection = self.admin()
        guid = ad.extend_schema(connection) if self.confidential else ""
        ad.seed(connection, self.service_password, self.people, self.birth_attribute)
        (_, found), = connection.search_s(ad.SERVICE_DN, ldap.SCOPE_BASE, attrlist=["objectSid"])
        connection.unbind_s()
        sid = ad.sid(found["objectSid"][0])
        self.grant(ad.PEOPLE, ad.rights(sid, guid))
        if self.pso_readable:
            self.grant(ad.POLICIES, ad.rights_on_policies(sid))
        self._samba_tool("domain", "exportkeytab", self._inside("svc-latchkey.keytab"),
                         f"--principal=svc-latchkey@{ad.REALM}", database=False)
        self.age([person for person in self.people if person.state == "expired"], 200)

    def join(self, other):
        """Become a controller of the domain of ${other}, which runs."""
        self._run("/usr/bin/samba-tool", "domain", "join", "linde.example", "DC",
                  f"--server={other.host}", "-U", "Administrator",
                  f"--password={other.admin_password}", f"--realm={ad.REALM}",
                  "--dns-backend=NONE", f"--targetdir={self._inside()}",
                  "--configfile=/dev/null", f"--option=netbios name={self.name.upper()}",
                  f"--option=interfaces={self.address}/8", "--option=bind interfaces only=yes")

    def grant(self, dn, sddl, action="allow"):
        """Add these entries to its access control list; "deny" for those that take a right."""
        self._samba_tool("dsacl", "set", f"--objectdn={dn}", f"--sddl={sddl}",
                         f"--action={action}")

    def start(self):
        self.child.start().wait_ready(self.answers)
        self._settle()
        return self

    def _settle(self):
        """What can't be in a snapshot: its address as a service, and locks that last a day."""
        self.serves(self.name, f"ldap/{self.address}")
        for person in self.people:
            if person.state == "locked" and not self.is_locked(person):
                self.lock(person)

    # ---- What only this kind can do --------------------------------------------

    def serves(self, name, *principals):
        """Let a controller be found in Kerberos by these names too."""
        for principal in principals:
            with contextlib.suppress(ldap.TYPE_OR_VALUE_EXISTS):
                self.change(ad.controller(name), [
                    (ldap.MOD_ADD, "servicePrincipalName", principal)])

    def newcomer(self, state="ok", **more):
        person = super().newcomer(state, **more)
        if person.policy:
            self.change(ad.POLICY_GROUPS[person.policy], [(ldap.MOD_ADD, "member", person.dn)])
        if state == "locked":
            self.lock(person)
        if state == "expired":
            self.age([person], 200)
        return person

    def times_set(self, person):
        """How often a password of that person was set, as this server knows."""
        return int(self.read(person, TIMES_SET)[TIMES_SET][0])

    def computed(self, person):
        """msDS-User-Account-Control-Computed: see LOCKED and EXPIRED in samba_seed."""
        name = "msDS-User-Account-Control-Computed"
        return int(self.read(person, name)[name][0])

    def is_locked(self, person):
        return bool(self.computed(person) & ad.LOCKED)

    def lock(self, person):
        """Lock them out as life does: by wrong passwords."""
        for _ in range(4):
            self.binds(person, "zo niet")
        if not self.is_locked(person):
            raise RuntimeError("the domain did not lock the account")

    def age(self, people, days):
        """Their passwords were set so many days ago."""
        self._age("pwdLastSet", "local_oid:1.3.6.1.4.1.7165.4.3.12:0", people,
                  str(ad.filetime(days * ad.DAY)))

    def age_account(self, person, days):
        """They have been here for so many days."""
        self._age("whenCreated", "relax:0", [person], time.strftime(
            "%Y%m%d%H%M%S.0Z", time.gmtime(time.time() - days * ad.DAY)))

    def _age(self, name, control, people, moment):
        if people:
            pairs = [text for person in people for text in (person.dn, moment)]
            self._run("/usr/bin/python3", "-c", AGE, self._inside("smb.conf"),
                      self._inside("private/sam.ldb"), name, control, *pairs)

