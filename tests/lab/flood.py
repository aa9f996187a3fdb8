"""Thousands who mean harm, and people who want in meanwhile.

A try is one whole way to the page that asks for the code, with what its kind does there.
"""

import asyncio
import collections
import dataclasses
import urllib.parse

from lab import rush
from lab.api import code_in

NEW = "Wolken-boven-8-dijken"


@dataclasses.dataclass
class Try:
    """What is typed, and how often a code is guessed or asked for again after that."""
    username: str
    mobile: str
    birthdate: str
    guesses: int = 0
    repeats: int = 0


def as_owner(person, **more):
    """By somebody who knows all of a person's proofs."""
    return Try(person.username, person.mobile, person.birthdate, **more)


async def strike(caller, one):
    """One try; the status and the reason of each answer behind the name."""
    seen = []

    async def stands_at_code(saying):
        said = await saying
        seen.append((caller.reply.status, said["reason"]))
        return said["step"] == "code"

    await caller.to_proof(one.username)
    if await stands_at_code(caller.answer(mobile=one.mobile, birthdate=one.birthdate)):
        for _ in range(one.repeats):
            await stands_at_code(caller.again())
        for n in range(one.guesses):
            if not await stands_at_code(caller.answer(code=f"{n:08}")):
                break
    return seen


class Gang:
    """Tries without end to them, over ${at_once} lines from these addresses in turn."""

    def __init__(self, port, sources, at_once):
        self._port, self._sources, self._at_once = port, sources, at_once
        self.done, self.seen = 0, collections.Counter()

    async def _work(self, source, tries):
        line = await rush.dial(self._port, source)
        for one in tries:
            self.seen.update(await strike(rush.Caller(line), one))
            self.done += 1
        line.close()

    async def make(self, tries):
        """All of them; they are taken from one heap."""
        heap = iter(tries)
        await asyncio.gather(*[self._work(self._sources[n % len(self._sources)], heap)
                               for n in range(self._at_once)])


class Recovery:
    """A person's own, by somebody patient: what does not do is done again."""

    LOOKS, PAUSE = 600, 0.2     # at the telephone, or at a page that says to wait

    def __init__(self, person, line, telephone):
        self._person, self._telephone = person, telephone
        self._caller = rush.Caller(line)
        self._message = rush.get("/texts?" + urllib.parse.urlencode({"to": person.mobile}))

    async def _code(self):
        texts = rush.step_of(await self._telephone.say(self._message))
        return code_in(texts[0]) if texts else None

    async def _at_code(self):
        code = await self._code()
        if code:
            await self._caller.answer(code=code)
        else:
            await asyncio.sleep(self.PAUSE)
            await self._caller.show()

    async def walk(self):
        """How it ended; None: it did not."""
        caller, person = self._caller, self._person
        await caller.open()
        for _ in range(self.LOOKS):
            step = caller.step["step"]
            if step == "end":
                return caller.step["outcome"]
            if step == "code":
                await self._at_code()
            elif step == "name":
                await caller.answer(username=person.username)
            elif step == "proof":
                await caller.answer(mobile=person.mobile, birthdate=person.birthdate)
            elif step == "password":
                await caller.answer(password=NEW, password_again=NEW)
            else:
                await caller.show()
            if caller.reply.status != 200 or caller.step["reason"]:
                await asyncio.sleep(self.PAUSE)
        return None


async def served(port, source, bank, people, at_once):
    """How many of these people were let in, so many of them at a time.

    Their telephones have not heard from us yet.
    """
    room = asyncio.Semaphore(at_once)

    async def one(person):
        async with room:
            line, telephone = await rush.dial(port, source), await rush.dial(bank.port)
            try:
                return await Recovery(person, line, telephone).walk()
            finally:
                line.close()
                telephone.close()
    return sum(end == "reset" for end in await asyncio.gather(*map(one, people)))


def overrun(counts, number=None, prefix=None, total=None, country=3):
    """How many messages are more than a number, a country, or all together may have.

    counts:  of the bank: number -> messages
    country: how many characters of a number name its country, such as +31
    """
    over, countries = 0, collections.Counter()
    for to, messages in counts.items():
        countries[to[:country]] += messages
        over += max(0, messages - number) if number is not None else 0
    over += sum(max(0, n - prefix) for n in countries.values()) if prefix is not None else 0
    return over + (max(0, sum(counts.values()) - total) if total is not None else 0)
