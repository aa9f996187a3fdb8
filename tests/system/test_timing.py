"""Known or not: no difference in time, step by step, with nothing going on behind."""

import asyncio
import gc
import random
import re
import sqlite3
import statistics
import time

import pytest

from lab import rush
from lab.background import Background
from lab.child import until
from lab.city import City, citizen
from lab.effort import rounds

SAMPLES = rounds(10000)     # of each kind, at each step
T_MOST = 4.5
SLOT = 0.03                 # keeper.slot_ms, as it is by default
# Answers of one slot are asked for together: else most of the time goes by waiting for slots.
AT_ONCE = 8
BATCH = 25 * AT_ONCE        # flows that walk from page to page together, half of each kind
# Slots are counted by a clock of keeper's own; from ours to that:
KEEPERS_CLOCK = time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
STEPS = ("name", "wish", "proof", "code")


@pytest.fixture
def city(tmp_path):
    city = City(str(tmp_path / "c"), [citizen(n) for n in range(SAMPLES)],
                {"registrar.workers": AT_ONCE})
    try:
        yield city.start()
    finally:
        city.stop()


class Codes:
    """The work behind the answers; a code that is sent is the last of it."""

    def __init__(self, house):
        self._background = Background(house)
        self._rows = sqlite3.connect(f"file:{house.state}/latchkey.db?mode=ro", uri=True)
        self._last, self._sent = 0, 0
        self.due = 0            # that are to have been sent by now

    def _are_sent(self):
        fresh = self._rows.execute("SELECT number FROM audit WHERE number > ? AND what = 'sent'",
                                   (self._last,)).fetchall()
        self._sent += len(fresh)
        self._last = fresh[-1][0] if fresh else self._last
        return self._background.is_idle() and self._sent == self.due

    def drain(self):
        until(self._are_sent, 20, "the work behind the answers", step=0.001)


class Sample:
    """One flow, of somebody known or of nobody."""

    def __init__(self, n, known):
        self.known, self.caller, self.took = known, None, {}
        self.person = citizen(n if known else SAMPLES + n)

    def request(self, step):
        """What is typed there: right but for the code, and alike for both kinds."""
        return rush.answering(self.caller.step, **{
            "name": {"username": self.person.username},
            "wish": {"wish": "reset"},
            "proof": {"mobile": self.person.mobile, "birthdate": self.person.birthdate},
            "code": {"code": "00000000"}}[step])


def masked(caller, reply):
    """All that may differ, made the same; seconds go by for both kinds."""
    text = reply.body
    for name in ("flow", "reference"):
        text = text.replace(caller.step[name].encode(), name.encode())
    return (re.sub(rb'"(seq|wait|life)":\d+', rb'"\1":N', text),
            re.sub(rb"\r\nDate: [^\r]*", b"", reply.head))


async def measure(lines, samples, step, codes, seen):
    """The same step by all of these, some at a time, in whatever order."""
    random.shuffle(samples)
    for at in range(0, len(samples), AT_ONCE):
        group = samples[at:at + AT_ONCE]
        requests = [sample.request(step) for sample in group]
        codes.drain()
        # At any moment of a slot, whatever was drained before.
        await asyncio.sleep(random.uniform(0, SLOT))
        replies = await asyncio.gather(*[
            line.say(request) for line, request in zip(lines, requests)])
        for sample, reply in zip(group, replies):
            sample.caller.step = rush.step_of(reply)
            sample.took[step] = reply.came - reply.sent
            sample.took[step + ", after its slot"] = (reply.came + KEEPERS_CLOCK) % SLOT
            seen.setdefault(step, set()).add(masked(sample.caller, reply))
        if step == "proof":
            codes.due += sum(sample.known for sample in group)


async def walk(house, samples):
    """All samples through all steps; what was seen at each."""
    lines = [await rush.dial(house.port) for _ in range(AT_ONCE)]
    codes, seen = Codes(house), {}
    for at in range(0, len(samples), BATCH):
        batch = samples[at:at + BATCH]
        for sample in batch:
            sample.caller = rush.Caller(lines[0])
            await sample.caller.open(None)
        for step in STEPS:
            await measure(lines, batch, step, codes, seen)
    return seen


def welch(one, other):
    return (statistics.fmean(one) - statistics.fmean(other)) / (
        statistics.variance(one) / len(one) + statistics.variance(other) / len(other)) ** 0.5


def test_known_and_unknown(city, figure):
    samples = [Sample(n, known) for n in range(SAMPLES) for known in (True, False)]
    gc.disable()
    seen = asyncio.run(walk(city.house, samples))
    gc.enable()
    t = {what: welch([s.took[what] for s in samples if s.known],
                     [s.took[what] for s in samples if not s.known]) for what in samples[0].took}
    figure("timing_samples", SAMPLES, "of each kind, at each step")
    figure("timing_t_max", round(max(map(abs, t.values())), 2), "t")
    for step in STEPS:
        assert len(seen[step]) == 1, (step, list(seen[step])[:2])
    assert all(abs(value) < T_MOST for value in t.values()), t
