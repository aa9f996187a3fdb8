"""Latchkey as its package installs it, on a machine that boots; set up as the manual says."""

import contextlib
import os
import shutil

import requests

from lab import settings
from lab.child import until
from lab.machine import Machine

UNITS = {
    "keeper": "latchkeyd.service",
    "registrar": "latchkey-registrar.service",
    "courier": "latchkey-courier.service",
    "portal": "latchkey-portal.service",
}
USERS = {"keeper": "latchkey", "registrar": "latchkey-registrar", "courier": "latchkey-courier",
         "portal": "latchkey-portal"}
# Which secret is whose.
SECRETS = {"keeper": ["code.key", "audit.key"],
           "registrar": ["ticket.key", "account.key", "bind.secret"],
           "courier": ["gateway.secret"], "portal": []}
URL = "http://127.0.0.1:8080"


def install(machine, package):
    """The package, put in with dpkg; what that said."""
    shutil.copy(package, machine.shared)
    done = machine.run("dpkg", "-i", os.path.join(machine.shared, os.path.basename(package)))
    return done.stdout + done.stderr


@contextlib.contextmanager
def booted(folder, package, tree="/"):
    """A machine with the package on it, and nothing set up."""
    machine = Machine(folder, tree)
    try:
        machine.boot()
        install(machine, package)
        yield machine
    finally:
        machine.stop()


class Installed:
    def __init__(self, machine, directory, kannel):
        self.machine, self.directory, self.kannel = machine, directory, kannel
        self.url, self.settings = URL, None

    def set_up(self):
        """What an admin edits: the settings, two secrets, the certificate to trust."""
        said = settings.house("", 8080, "", "", self.directory, self.kannel)
        for where in ("runtime", "portal.listen", "portal.share", "courier.share", "keeper.state",
                      "keeper.code_key", "keeper.audit_key", "registrar.ticket_keys",
                      "registrar.account_key",
                      "registrar.directory.bind_password_file"):
            settings.change(said, where, None)
        settings.change(said, "registrar.directory.ca_file", "/etc/latchkey/ca.pem")
        settings.change(said, "courier.gateways.0.secret_file", "gateway.secret")
        self.settings = said
        self.write_settings()
        shutil.copy(self.directory.ca, self.machine.path("/etc/latchkey/ca.pem"))
        self._write_secret("bind.secret", self.directory.service_password)
        self._write_secret("gateway.secret", self.kannel.password)

    def write_settings(self):
        settings.write(self.machine.path("/etc/latchkey/latchkey.conf"), self.settings)

    def _write_secret(self, name, text):
        path = self.machine.path(f"/etc/latchkey/secrets/{name}")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="ascii") as out:
            out.write(text + "\n")

    def drop_in(self, role, text):
        """What "systemctl edit --runtime" would write; it holds from the next start on."""
        folder = self._drop_in_folder(role)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "lab.conf"), "w", encoding="ascii") as out:
            out.write(text)
        self.machine.systemctl("daemon-reload")

    def as_installed(self):
        """Without what a test dropped in."""
        for role, unit in UNITS.items():
            if os.path.isdir(self._drop_in_folder(role)):
                shutil.rmtree(self._drop_in_folder(role))
                self.machine.systemctl("daemon-reload")
                self.machine.systemctl("restart", unit)
        self.wait_ready()

    def _drop_in_folder(self, role):
        return self.machine.path(f"/run/systemd/system/{UNITS[role]}.d")

    # ---- How it is ------------------------------------------------------------------------

    def main_pid(self, role):
        """The first process of a unit, as the machine numbers it; 0: none."""
        return int(self.machine.show(UNITS[role], "MainPID"))

    def restarts(self, role):
        return int(self.machine.show(UNITS[role], "NRestarts"))

    def is_active(self, role):
        return self.machine.show(UNITS[role], "ActiveState") == "active"

    def is_ready(self):
        try:
            return requests.get(self.url + "/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def wait_ready(self, seconds=30):
        try:
            until(self.is_ready, seconds, "all four to be ready")
        except TimeoutError as late:
            raise TimeoutError(self.machine.journal("-n", "60")) from late
        return self

    def signal(self, role, number):
        os.kill(self.machine.inside(self.main_pid(role)), number)
