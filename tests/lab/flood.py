"""Thousands who mean harm, and people who want in meanwhile.

A try is one whole way to the page that asks for the code, with what its kind does there.
"""

import asyncio
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
    await caller.to_proof(one.username)
    step = await caller.answer(mobile=one.mobile, birthdate=one.birthdate)
    if step["step"] != "code":
        return
    for _ in range(one.repeats):
        await caller.again()
    for n in range(one.guesses):
        if (await caller.answer(code=f"{n:08}"))["step"] != "code":
            return


async def strike_all(port, sources, tries, at_once):
    """All tries, over so many lines from these addresses in turn."""
    heap = iter(tries)

    async def work(source):
        line = await rush.dial(port, source)
        for one in heap:
            await strike(rush.Caller(line), one)
        line.close()
    await asyncio.gather(*[work(sources[n % len(sources)]) for n in range(at_once)])


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
            elif step == "price":
                await caller.wait()
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
