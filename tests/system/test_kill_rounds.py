"""Whichever program is killed, at whatever moment, under load: what people were told is true."""

import collections
import concurrent.futures
import os
import random
import signal
import subprocess
import threading

import requests

from lab import ledger
from lab.api import Client, Step, code_sent
from lab.child import descendants, until
from lab.effort import rounds
from lab.places import program

KILLS = rounds(500)
HONEST, HOSTILE = 6, 2
ROLES = ("keeper", "portal", "courier", "registrar", "worker")


class Walker:
    """Somebody who goes on, whatever happens to the house, until told how it ended."""

    def __init__(self, house, town):
        self.directory, self.phone = town.directory, town.phone
        self.person = self.directory.newcomer()
        self.client = Client(house.url, self.phone)
        self.step = self.chosen = self.told = None
        self.left, self.tries, self.lies = 5, 0, []

    def say(self, path, **body):
        """Ask until keeper has answered: a broken line, or portal alone, is no answer."""
        def ask():
            try:
                reply = Step(self.client.post(path, body))
            except (requests.RequestException, ValueError):
                return None
            return reply if reply.status != 503 else None

        said = until(ask, 60, f"an answer to {path}", step=0.02)
        if said.status == 200:
            self.step = said
            # Proofs that were not compared yet are asked for again, and no code was valid yet.
            self.left = 5 if said["step"] == "proof" else self.left
        return said

    def answer(self, **fields):
        said = self.say("answer", flow=self.step["flow"], seq=self.step["seq"],
                        step=self.step["step"], fields=fields)
        # What was told to us by this flow is told no more: keeper has lost it.
        self.expect(said.status == 200, f"{fields.keys()} at {self.step['step']}: {said}")

    def expect(self, true, otherwise):
        if not true:
            self.lies.append(f"{self.person.username}: {otherwise}")
            self.told = self.told or "a lie"

    def run(self):
        self.say("open", journey="recover", wish="reset", lang="nl")
        while self.told is None:
            getattr(self, "at_" + self.step["step"])()
        return self

    def at_name(self):
        self.answer(username=self.person.username)

    def at_proof(self):
        self.answer(mobile=self.person.mobile, birthdate=self.person.birthdate)

    def guess(self, code):
        self.answer(code=code)
        if self.step["step"] == "code":
            self.expect(self.step["left"] <= self.left, "a try was given back")
            self.left = self.step["left"]

    def at_code(self):
        if self.left == 5 and random.random() < 0.3:
            self.guess("00000000")
            return
        try:
            code = code_sent(self.phone, self.person.mobile, wait=2)
        except TimeoutError:
            # Courier died with it.
            self.say("again", flow=self.step["flow"])
            return
        self.guess(code)
        self.expect(self.step.get("reason") != "wrong_code", "a right code was refused")

    def at_password(self):
        if self.chosen:
            self.expect(self.binds(self.person.password), "told unchanged, and it is not")
        self.tries += 1
        self.chosen = f"Wolken-boven-{self.tries}-dijken"
        self.answer(password=self.chosen, password_again=self.chosen)

    def at_setting(self):
        self.say("show", flow=self.step["flow"])

    def at_end(self):
        self.told = self.step["outcome"]

    def binds(self, password):
        return self.directory.binds(self.person, password)

    def truth(self):
        """How it stands in the end, beside what was told."""
        old = self.binds(self.person.password)
        new = self.chosen is not None and self.binds(self.chosen)
        if self.told == "reset":
            self.expect(new and not old, f"told reset, but old={old} new={new}")
        elif self.told == "unknown":
            self.expect(old or new, "no password is left")
        else:
            self.expect(old and not new, f"told {self.told}, but old={old} new={new}")
        return old


class Thief(Walker):
    """Knows name and proofs, has no phone, and asks for the password page all the same."""

    def at_code(self):
        said = self.say("answer", flow=self.step["flow"], seq=self.step["seq"], step="password",
                        fields={"password": "Gestolen-op-1-dag", "password_again":
                                "Gestolen-op-1-dag"})
        # Or it is the page before, because what was looked up behind this one is lost.
        self.expect(said.status == 409 or said["step"] in ("name", "proof"),
                    f"a password without a code: {said}")
        if self.step["step"] == "code":
            self.guess(f"{random.randrange(10 ** 8):08}")


def end(house, role):
    """Kill it as a crash would, and start it again as a supervisor would."""
    if role == "worker":
        workers = descendants(house.registrar.pid)
        if workers:
            os.kill(random.choice(workers), signal.SIGKILL)
        return
    house.programs[role].kill()
    house.programs[role].start()


def walk_on(house, town, kind, over, walkers):
    while not over.is_set():
        walkers.append(kind(house, town).run())


def besiege(house, town):
    """Kill after kill, while people walk; all the walks."""
    over, walkers = threading.Event(), []
    with concurrent.futures.ThreadPoolExecutor(HONEST + HOSTILE) as pool:
        crowd = [pool.submit(walk_on, house, town, kind, over, walkers)
                 for kind in [Walker] * HONEST + [Thief] * HOSTILE]
        try:
            for n in range(KILLS):
                over.wait(random.uniform(0, 0.3))
                # All of them equally often, in whatever order.
                end(house, ROLES[n % len(ROLES)] if n < len(ROLES) else random.choice(ROLES))
                house.wait_ready()
        finally:
            over.set()
        for one in crowd:
            one.result()
    return walkers


def is_proved(rows):
    """Proofs, then the code, then the password; each row is there before the next is made."""
    return ("proved", "ok") in rows and ("code", "right") in rows[rows.index(("proved", "ok")):]


def is_doubled(walker, flows):
    """Two codes, a code taken twice, or a password set twice."""
    texts = walker.phone.messages(walker.person.mobile)
    codes = {text["text"].rpartition("#")[2].strip() for text in texts if "#" in text["text"]}
    sets = walker.directory.read(walker.person, "pwdHistory").get("pwdHistory", [])
    return len(codes) > 1 or len(sets) > 1 or \
        any(rows.count(("code", "right")) > 1 for rows in flows.values())


def audit_is_whole(house):
    verify = [program("ctl"), "-c", house.conf, "audit", "verify"]
    return subprocess.run(verify, timeout=60, check=False).returncode == 0


def test_killed_under_load(another_house, town, directory, figure):
    house = another_house({
        "registrar.deadline": 2, "keeper.request_life": 4, "keeper.send_wait": 1,
        "keeper.sends": 10, "registrar.writes_per_hour": 1000000})
    walkers = besiege(house, town)
    house.wait_ready()
    kept = {walker: walker.truth() for walker in walkers}
    rows = ledger.by_name(house)
    lies = [lie for walker in walkers for lie in walker.lies]
    unproven = [walker.person.username for walker in walkers if not kept[walker] and not any(
        is_proved(flow) for flow in rows[walker.person.username].values())]
    unproven += [w.person.username for w in walkers if isinstance(w, Thief) and not kept[w]]
    doubled = [w.person.username for w in walkers if is_doubled(w, rows[w.person.username])]
    told = collections.Counter(walker.told for walker in walkers)
    figure("kill_rounds", KILLS, "kills")
    figure("kill_walks", len(walkers), "walks")
    figure("kill_lost", len(lies), "walks")
    figure("kill_doubled", len(doubled), "walks")
    figure("kill_unproven", len(unproven), "walks")
    assert not lies and not doubled and not unproven, (lies, doubled, unproven)
    assert told["reset"] and told["stopped"], told
    assert audit_is_whole(house)
