"""The demo: a town that stays, in build/demo, until somebody ends it.

One process, the watcher, has started all others.  It starts a program again that
has ended, as systemd would, and on SIGTERM ends them all.
"""

import argparse
import json
import os
import shlex
import shutil
import signal
import sys
import threading
import unicodedata

from lab.child import listens, started_at, until
from lab.places import BUILD, is_free
from lab.town import Town

FOLDER = os.path.join(BUILD, "demo")
PIDS = os.path.join(FOLDER, "pids.json")
ENV = os.path.join(FOLDER, "demo.env")

STATES = {
    "ok": "",
    "locked": "is locked out: try an unlock",
    "expired": "the password has expired",
    "disabled": "is disabled: never helped",
    "ended": "was hired until yesterday: never helped",
    "protected": "is in a protected group: never helped",
    "new": "has no password of her own yet: try ?wish=activate",
    "nomobile": "the directory knows no number",
    "nobirthdate": "the directory knows no birth date",
}

POLICIES = {"": "", "strict": "a policy of his own: 14 characters, none of the last ones"}


class Demo:
    """A town, and the one who watches over it."""

    def __init__(self, port, directory):
        beside = port + 1
        self.town = Town(FOLDER, {"keeper.wishes": ["reset", "unlock", "activate"],
                                  "keeper.codes": ["sms", "mail"]}, port=port, mail=True,
                         phone_port=beside if is_free(beside) else None, directory=directory)
        self._over = threading.Event()

    def children(self):
        town = self.town
        return [town.directory.child, town.kannel.bearerbox, town.kannel.smsbox,
                town.phone.child, *town.house.programs.values()]

    def start(self, say):
        town = self.town
        self.note()
        for what, start in (
                ("a directory with people in it", town.directory.start),
                ("an SMS gateway", town.kannel.start),
                ("a telephone", town.phone.start),
                ("Latchkey", town.house.start)):
            say(f"Starting {what}")
            start()
            self.note()

    def note(self):
        """Write down what runs, for people's tests and for --stop."""
        town = self.town
        pids = [os.getpid()] + [child.pid for child in self.children() if child.lives()]
        _write(PIDS, json.dumps({pid: started_at(pid) for pid in pids}))
        values = {
            "PORTAL": town.house.url,
            "PHONE": town.phone.url,
            "LDAP_URI": town.directory.uri,
            "LDAP_BASE": town.directory.suffix,
            "LDAP_CACERT": town.directory.ca,
            "ADMIN_DN": town.directory.admin_dn,
            "ADMIN_PASSWORD": town.directory.admin_password,
            "CONF": town.house.conf,
            "PIDS": " ".join(str(pid) for pid in pids),
        }
        _write(ENV, "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items()))

    def watch(self):
        """Until told to end: start again what has ended."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self._over.set())
        while not self._over.wait(0.25):
            for child in self.children():
                if not child.lives():
                    child.start()
                    self.note()

    def stop(self):
        self.town.stop()
        shutil.rmtree(FOLDER, ignore_errors=True)


def _write(path, text):
    with open(path + ".new", "w", encoding="utf-8") as out:
        os.chmod(path + ".new", 0o600)
        out.write(text)
    os.replace(path + ".new", path)


# ---- What people read ------------------------------------------------------------------

def _padded(text, width):
    shown = sum(0 if unicodedata.combining(c) else 1 for c in text)
    return text + " " * (width - shown)


def remark(person):
    return STATES[person.state] or POLICIES[person.policy]


def table(people):
    rows = [("NAME", "USER NAME", "MOBILE", "BIRTH DATE", "")]
    rows += [(p.displayname, p.username, p.mobile, p.birthdate, remark(p)) for p in people]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join("  " + "  ".join(map(_padded, row, widths)).rstrip() for row in rows)


def invitation(town):
    people = town.directory.people
    return f"""
Latchkey runs.  Open

  {town.house.url}/     to get back in
  {town.phone.url}/     the telephone: every text message and mail

and play one of these.  Everybody's password is now {people[0].password}

{table(people)}

Numbers and dates may be written in any usual way: 06-12345678, 1-10-1984.
What a test needs to know is in build/demo/demo.env and build/demo/people.json.
"""


# ---- Starting and ending ------------------------------------------------------------------

def stop(say=print):
    """End the demo that runs, if one does; only what it started itself."""
    try:
        with open(PIDS, encoding="utf-8") as noted:
            pids = {int(pid): start for pid, start in json.load(noted).items()}
    except FileNotFoundError:
        pids = {}

    def living():
        return [pid for pid, start in pids.items() if start and started_at(pid) == start]

    if not living():
        shutil.rmtree(FOLDER, ignore_errors=True)
        return False
    say("Ending the demo")
    # The watcher is the first; it ends the others.
    for number, pick in ((signal.SIGTERM, slice(0, 1)), (signal.SIGKILL, slice(None))):
        for pid in living()[pick]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
        try:
            until(lambda: not living(), 20, "the demo to end", step=0.05)
            break
        except TimeoutError:
            continue
    # What has ended is gone for everybody only when pid 1 has noticed.
    try:
        until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids), 3, "pid 1")
    except TimeoutError:
        pass
    shutil.rmtree(FOLDER, ignore_errors=True)
    return True


def choose_port(asked):
    if asked:
        if not 1 <= asked <= 65534:
            sys.exit(f"{asked} is no port; choose one from 1 to 65534 with --port=N")
        if not is_free(asked) or listens(asked):
            sys.exit(f"Port {asked} is taken; choose another with --port=N")
        return asked
    return next(port for port in range(8080, 8200) if is_free(port) and not listens(port))


def run(port, directory, say, ready):
    """Be the watcher."""
    demo = None
    try:
        demo = Demo(port, directory)
        demo.start(say)
        say(invitation(demo.town))
        ready()
        demo.watch()
    except (RuntimeError, TimeoutError, OSError) as fault:
        if demo is not None:
            demo.town.stop()
        say(f"The demo could not be started: {fault}\nLogs are in {FOLDER}")
        return 1
    except KeyboardInterrupt:
        pass
    demo.stop()
    return 0


def run_behind(port, directory):
    """Let a watcher of its own session run on; return when it is ready, or has failed."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        out = os.fdopen(writing, "w", encoding="utf-8", buffering=1)
        status = run(port, directory, lambda text: print(text, file=out),
                     lambda: (print("\0", file=out), out.close()))
        os._exit(status)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as progress:
        for line in progress:
            if line.startswith("\0"):
                tell("End it with: ./demo --stop")
                return 0
            tell(line.rstrip("\n"))
    return 1


def tell(text):
    """Say it; that nobody reads on is no reason for the demo to end."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def main():
    parser = argparse.ArgumentParser(prog="./demo")
    parser.add_argument("--directory", choices=["samba", "openldap"], default="samba")
    parser.add_argument("--port", type=int)
    parser.add_argument("--background", action="store_true")
    parser.add_argument("--stop", action="store_true")
    options = parser.parse_args()
    stopped = stop()
    if options.stop:
        print("The demo has ended." if stopped else "No demo runs.")
        return 0
    port = choose_port(options.port)
    if options.background:
        return run_behind(port, options.directory)
    return run(port, options.directory, tell, lambda: tell("End it with Ctrl-C, or: ./demo --stop"))


if __name__ == "__main__":
    sys.exit(main())
