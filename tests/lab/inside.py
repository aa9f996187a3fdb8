"""What a running process may do: attempts that are made by itself, where it stands."""

import errno
import os
import signal
import subprocess

from lab.child import until
from lab.places import ROOT, tool


def build(folder):
    """The library that has to be loaded into programs; its path."""
    library = os.path.join(folder, "inside.so")
    subprocess.run([tool("gcc"), "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", library,
                    os.path.join(ROOT, "tests", "lab", "inside.c")], check=True)
    return library


class Inside:
    """One program that starts with .env; attempts are listed, and made by outcomes(pid)."""

    def __init__(self, library, name):
        self.name = name
        self.env = {"LD_PRELOAD": library, "LATCHKEY_INSIDE": name}
        self.attempts = []
        for ending in ("try", "said"):
            with open(f"{name}.{ending}", "w", encoding="ascii"):
                pass

    def _attempt(self, what, on, number=0):
        self.attempts.append(f"{what} {on} {number}\n")
        return self

    def open(self, path, flags=os.O_RDONLY):
        return self._attempt("open", path, flags)

    def unlink(self, path):
        return self._attempt("unlink", path)

    def connect(self, port):
        return self._attempt("connect", "-", port)

    def bind(self, port):
        return self._attempt("bind", "-", port)

    def signal(self, pid):
        return self._attempt("signal", "-", pid)

    def _said(self):
        with open(self.name + ".said", encoding="ascii") as said:
            return said.read().split()

    def outcomes(self, pid):
        """For each attempt "ok", or the name of the error."""
        before = len(self._said())
        with open(self.name + ".try", "w", encoding="ascii") as listed:
            listed.writelines(self.attempts)
        os.kill(pid, signal.SIGRTMIN)
        until(lambda: self._said()[before:][-1:] == ["end"], 10, "the process to try")
        said = self._said()[before:-1]
        assert len(said) == len(self.attempts)
        self.attempts = []
        return [errno.errorcode[int(one)] if one != "0" else "ok" for one in said]
