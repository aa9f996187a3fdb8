"""Several domain controllers of one domain: two that replicate, or two that only look alike."""

import contextlib
import os
import signal
import uuid

import ldap

from lab import samba_seed as ad, snapshot
from lab.child import started_at, until
from lab.samba import Samba


def _wait_gone(family):
    """Parts of a controller end a little after the whole."""
    until(lambda: not any(start and started_at(pid) == start for pid, start in family.items()),
          10, "a domain controller to end")


class Controller(Samba):
    """One of a pair.  What is in it is the pair's to say."""

    # One process for all would wait for itself: replication asks the KDC.
    SERVICES, MODEL = "rpc, ldap, cldap, kdc, drepl, kcc", "standard"
    # Who replicates with whom is found out at once, not after minutes.
    MORE = "\tkccsrv:periodic_startup_interval = 1\n\tdreplsrv:periodic_startup_interval = 1\n" \
        "\tdreplsrv:periodic_interval = 2"

    def _restore(self):
        self.ground.prepare()

    def wait_answers(self):
        self.child.start().wait_ready(self.answers, 30)

    def stop(self):
        family = {pid: started_at(pid) for pid in self.child.family()}
        super().stop()
        _wait_gone(family)

    def crash(self):
        """End at once, as a machine whose power fails."""
        family = {pid: started_at(pid) for pid in self.child.family()}
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.child.stop()
        _wait_gone(family)

    def invocation(self, of):
        """The name by which the controller called ${of} is known to others, for ever."""
        connection = self.admin()
        (_, found), = connection.search_s(
            f"CN=NTDS Settings,CN={of.upper()},CN=Servers,CN=Default-First-Site-Name,"
            f"CN=Sites,CN=Configuration,{ad.SUFFIX}", ldap.SCOPE_BASE, attrlist=["objectGUID"])
        connection.unbind_s()
        return str(uuid.UUID(bytes_le=found["objectGUID"][0]))


class Pair:
    """Two controllers that replicate: dc1, which holds all roles, and dc2."""

    KEPT = tuple(f"{name}/{part}" for name in ("dc1", "dc2") for part in ("private", "state")) + \
        ("dc1/secrets.json", "dc1/svc-latchkey.keytab", "guids")

    def __init__(self, folder, authority, people, **more):
        os.makedirs(folder, mode=0o700)
        self.folder, self._hosts = folder, os.path.join(folder, "hosts")
        # Each sees this file as /etc/hosts: it has to be there first, and stay the same one.
        self._write_hosts()
        self.one, self.two = (
            Controller(os.path.join(folder, name), authority, people, name=name,
                       hosts=self._hosts, **more) for name in ("dc1", "dc2"))
        self._write_hosts()
        for dc in self._controllers():
            dc.know_kdcs(self.one.address, self.two.address)
        made_of = [self.one.made_of(), snapshot.source(__file__)]
        snapshot.restore(made_of, folder, self.KEPT, self._make)
        self.one.read_secrets()
        self.two.admin_password = self.one.admin_password
        self.two.service_password = self.one.service_password
        self._write_hosts()

    def _write_hosts(self):
        """Names of controllers, also those by which they find each other."""
        lines = ["127.0.0.1 localhost"]
        lines += [f"{dc.address} {dc.host} {dc.name}" for dc in self._controllers()]
        if os.path.exists(os.path.join(self.folder, "guids")):
            with open(os.path.join(self.folder, "guids"), encoding="ascii") as guids:
                lines += [f"{dc.address} {guid.strip()}._msdcs.linde.example"
                          for dc, guid in zip(self._controllers(), guids)]
        with open(self._hosts, "w", encoding="ascii") as out:
            out.write("\n".join(lines) + "\n")

    def _controllers(self):
        return (self.one, self.two) if hasattr(self, "two") else ()

    def _make(self):
        """dc1 is the domain that others know; dc2 joins it."""
        Samba._restore(self.one)
        self.one.wait_answers()
        try:
            first = self.one.invocation("dc1")
            self.one.serves("dc1", "GC/dc1.linde.example/linde.example",
                            f"E3514235-4B06-11D1-AB04-00C04FC2DCD2/{first}/linde.example",
                            f"ldap/{first}._msdcs.linde.example")
            self.two.join(self.one)
            second = self.one.invocation("dc2")
            self.one.serves("dc2", *ad.principals("dc2"))
        finally:
            self.one.stop()
        with open(os.path.join(self.folder, "guids"), "w", encoding="ascii") as out:
            out.write(f"{first}\n{second}\n")

    def start(self):
        for dc in self._controllers():
            dc.wait_answers()
        for dc in self._controllers():
            self.one.serves(dc.name, f"ldap/{dc.address}")
        return self

    def stop(self):
        for dc in self._controllers():
            dc.stop()

    def wait_same(self, person, attribute, seconds=60):
        """Wait until both say the same of somebody; return what."""
        def same():
            there = [dc.read(person, attribute).get(attribute) for dc in self._controllers()]
            return there[:1] if there[0] == there[1] else None
        return until(same, seconds, f"{attribute} to be replicated", step=0.1)[0]


class Twins:
    """Two that hold the same people and know nothing of each other: cheap, for fail-over."""

    def __init__(self, folder, authority, people, **more):
        os.makedirs(folder, mode=0o700)
        self.one, self.two = (Samba(os.path.join(folder, name), authority, people, **more)
                              for name in ("one", "two"))

    def start(self):
        self.one.start()
        self.two.start()
        return self

    def stop(self):
        self.one.stop()
        self.two.stop()
