"""Processes that we start, watch, and end: our own, by their pid, and no others."""

import ctypes
import functools
import os
import signal
import socket
import subprocess
import time

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


# The number of a process is known only once it is there.
_WITH_SOCKETS = ["/bin/sh", "-c", 'LISTEN_PID=$$ exec "$0" "$@"']


def _settle(sockets):
    """End when we do; hear no Ctrl-C that is meant for us."""
    os.setpgid(0, 0)
    # Whoever is started behind a shell's "&" inherits that these are ignored.
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    for n, sock in enumerate(sockets):
        os.dup2(sock.fileno(), 3 + n)


def until(condition, seconds=15.0, what="a condition", step=0.01):
    """Wait for an event, not for time: return as soon as condition() is true."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(step)


def listens(port, host="127.0.0.1"):
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex((host, port)) == 0


def started_at(pid):
    """The kernel's start time of a process: tells a pid from its later namesake."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def descendants(pid):
    """The pids of all that a process has started and that still live."""
    found = []
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
            for child in children.read().split():
                found += [int(child)] + descendants(int(child))
    except OSError:
        pass
    return found


class Child:
    """One process, with its output in a log file.

    passed: pairs of a name and a listening socket that it is handed, as systemd does
    """

    def __init__(self, name, argv, log, env=None, cwd=None):
        self.name, self.argv, self.log, self.env, self.cwd = name, argv, log, env, cwd
        self.process, self.passed = None, []

    def start(self):
        names, sockets = zip(*self.passed) if self.passed else ((), ())
        env = {**os.environ, **(self.env or {})}
        if names:
            env.update(LISTEN_FDS=str(len(names)), LISTEN_FDNAMES=":".join(names))
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                (_WITH_SOCKETS if names else []) + self.argv, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd=self.cwd, env=env, close_fds=not names,
                preexec_fn=functools.partial(_settle, sockets))
        return self

    @property
    def pid(self):
        return self.process.pid if self.process else None

    def lives(self):
        return self.process is not None and self.process.poll() is None

    def family(self):
        return [self.pid] + descendants(self.pid) if self.lives() else []

    def kill(self):
        """End it as a crash would: at once, without a goodbye."""
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=5.0):
        """Ask it to end; insist after a while.  Return its exit status."""
        if self.process is None:
            return None
        if self.lives():
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def output(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def wait_ready(self, ready, seconds=15.0):
        """Wait until ready(); a process that ends meanwhile says why."""
        def see():
            if not self.lives():
                raise RuntimeError(f"{self.name} ended:\n{self.output()[-3000:]}")
            return ready()
        until(see, seconds, f"{self.name} to be ready")
        return self
