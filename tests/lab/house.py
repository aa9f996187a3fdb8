"""Latchkey itself: the four programs on settings of their own, each to be ended alone."""

import json
import os
import secrets
import shutil
import subprocess
import tempfile

import requests

from lab import ground, settings
from lab.api import trusting
from lab.child import Child, until
from lab.places import BUILD, free_port, program

ROLES = ("keeper", "registrar", "courier", "portal")


class House:
    """The four programs in front of a directory and a gateway.

    change: {"keeper.code_life": 5, ...}, for settings that this house has otherwise.
    names:  a name server of lab.names; registrar asks it instead of the machine's
    """

    def __init__(self, folder, directory, kannel, change=None, port=None, names=None):
        self.folder, self.directory, self.kannel, self.names = folder, directory, kannel, names
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.verify = None          # the certificate of who vouches for the portal's own
        self.conf = os.path.join(folder, "latchkey.conf")
        self.runtime = self._runtime()
        self.state = os.path.join(folder, "state")
        for name, mode in (("state", 0o700), ("keys", 0o700), ("log", 0o755)):
            os.makedirs(os.path.join(folder, name), mode=mode)
        self._write_keys()
        self.settings = settings.house(folder, self.port, os.path.join(BUILD, "share"),
                                       self.runtime, directory, kannel)
        for where, value in (change or {}).items():
            settings.change(self.settings, where, value)
        settings.write(self.conf, self.settings)
        self.programs = {role: self._child(role) for role in ROLES}

    def _runtime(self):
        """The folder of the sockets: a path of theirs has to fit 107 bytes."""
        path = os.path.join(self.folder, "run")
        if len(path) > 80:
            return tempfile.mkdtemp(prefix="latchkey-")
        os.makedirs(path, mode=0o755)
        return path

    def _child(self, role):
        argv, env = [program(role), "-c", self.conf], {}
        if role == "registrar":
            env = self.directory.environment
            if self.names:
                argv = ground.resolving(self.names.resolv_conf, argv)
        return Child(role, argv, os.path.join(self.folder, "log", f"{role}.log"), env)

    def _write_keys(self):
        for name in ("code.key", "audit.key", "ticket.key", "account.key",
                     "proof.key"):
            self._write_key(name, secrets.token_hex(32))
        self._write_key("bind.secret", self.directory.service_password)
        self._write_key("kannel.secret", self.kannel.password)

    def _write_key(self, name, text):
        path = os.path.join(self.folder, "keys", name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="ascii") as key:
            key.write(text + "\n")

    def __getattr__(self, role):
        """house.keeper is the process that runs latchkeyd."""
        try:
            return self.__dict__["programs"][role]
        except KeyError:
            raise AttributeError(role) from None

    def start(self):
        for role in ROLES:
            self.programs[role].start()
        return self.wait_ready()

    def stop(self):
        """End all; return each program's exit status."""
        ended = {role: self.programs[role].stop() for role in reversed(ROLES)}
        if not self.runtime.startswith(self.folder):
            shutil.rmtree(self.runtime, ignore_errors=True)
        return ended

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def is_ready(self):
        for child in self.programs.values():
            if child.process is not None and not child.lives():
                raise RuntimeError(f"{child.name} ended:\n{child.output()[-3000:]}")
        try:
            with trusting(self.verify) as session:
                return session.get(self.url + "/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def wait_ready(self, seconds=20):
        until(self.is_ready, seconds, "the house to be ready")
        return self

    def restart(self, role):
        """Start a program again that has ended, and wait until all is well."""
        self.programs[role].start()
        return self.wait_ready()

    def change(self, change):
        """Write other settings into the file; whoever reads it again sees all of them."""
        for where, value in change.items():
            settings.change(self.settings, where, value)
        settings.write(self.conf + ".new", self.settings)
        os.replace(self.conf + ".new", self.conf)

    def logs(self):
        return "".join(child.output() for child in self.programs.values()
                       if os.path.exists(child.log))

    def audit(self, *arguments):
        """The audit's rows as the command lists them, oldest first."""
        out = subprocess.run([program("ctl"), "-c", self.conf, "audit", "show", "--json", *arguments],
                             capture_output=True, text=True, timeout=30, check=True).stdout
        return [json.loads(line) for line in out.splitlines()]

    def socket(self, name):
        """The path where keeper listens: portal, registrar, courier or control."""
        return os.path.join(self.runtime, f"{name}.sock")
