"""The sandbox of registrar, with a Kerberos key and a real Active Directory."""

import os
import shutil

import pytest

from lab import people
from lab.api import Client
from lab.ca import Authority
from lab.gateway import telephone
from lab.installed import Installed, booted
from lab.places import ROOT
from lab.samba import Samba

NEW = "Wolken-boven-8-dijken"
UNIT = "latchkey-registrar.service"


@pytest.fixture
def other_machine(tmp_path, package):
    with booted(str(tmp_path / "m"), package) as machine:
        yield machine


@pytest.fixture
def domain(other_machine, tmp_path):
    """A domain controller on that machine's loopback."""
    with other_machine.network():
        domain = Samba(str(tmp_path / "ad"), Authority(str(tmp_path / "ca")), people.cast())
        try:
            yield domain.start()
        finally:
            domain.stop()


def hand_over(machine, domain):
    """What the example says at its head."""
    for path, to, mode in ((domain.keytab, "/etc/latchkey/secrets/latchkey.keytab", "0600"),
                           (domain.krb5_conf, "/etc/krb5.conf", "0644")):
        shutil.copy(path, machine.shared)
        machine.run("install", "-m", mode, os.path.join(machine.shared, os.path.basename(path)), to)
    folder = machine.path(f"/etc/systemd/system/{UNIT}.d")
    os.makedirs(folder)
    shutil.copy(os.path.join(ROOT, "systemd", "examples", "registrar-kerberos.conf"),
                os.path.join(folder, "kerberos.conf"))
    machine.systemctl("daemon-reload")


def test_reset_by_key(other_machine, domain, tmp_path):
    with telephone(str(tmp_path)) as (kannel, phone):
        house = Installed(other_machine, domain, kannel)
        house.set_up()
        told = house.settings["registrar"]["directory"]
        told.update(uris=[domain.plain_uri], mechanism="GSSAPI", keytab="latchkey.keytab")
        told.pop("bind_dn")
        house.write_settings()
        os.unlink(other_machine.path("/etc/latchkey/secrets/bind.secret"))
        hand_over(other_machine, domain)
        done = other_machine.run("latchkey", "check", check=False)
        assert done.returncode == 0, done.stdout
        other_machine.systemctl("enable", "--now", "latchkey.target")
        person = domain.newcomer()
        assert Client(house.wait_ready().url, phone).reset(person, NEW)["outcome"] == "reset"
        assert domain.binds(person, NEW)
