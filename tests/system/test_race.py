"""A hundred at once, through two portals: one of them succeeds, and five are judged."""

import asyncio
import copy
import os

import pytest

from lab import ledger, rush, settings
from lab.api import code_sent
from lab.child import Child, listens
from lab.effort import rounds
from lab.places import free_port, program

ROUNDS = rounds(200)
AT_ONCE = 100
# A browser can say any page's number: so many pages ahead are tried too.
AHEAD = 10


@pytest.fixture
def two_portals(another_house, tmp_path):
    """A house with two portals: the house, and where both listen."""
    house = another_house({"registrar.writes_per_hour": 1000000})
    port, conf = free_port(), str(tmp_path / "second.conf")
    theirs = copy.deepcopy(house.settings)
    settings.change(theirs, "portal.listen", [f"127.0.0.1:{port}"])
    settings.write(conf, theirs)
    second = Child("second portal", [program("portal"), "-c", conf], os.path.join(tmp_path, "log"))
    second.start().wait_ready(lambda: listens(port))
    yield house, [house.port, port]
    second.stop()


async def at_once(lines, requests):
    """All of them on their way before the first answer; the answers."""
    return await asyncio.gather(*[line.say(request) for line, request in zip(lines, requests)])


def succeeded(replies):
    """The names that flows go on with, of those who were let in."""
    steps = [rush.step_of(reply) for reply in replies]
    return {step["flow"] for step in steps if step["step"] == "password"}, steps


async def race_for_the_password_page(lines, caller, code):
    """One right code from all; the step that follows it."""
    replies = await at_once(lines, [rush.answering(caller.step, code=code)] * AT_ONCE)
    names, steps = succeeded(replies)
    assert len(names) == 1, names
    return next(step for step in steps if step["step"] == "password")


async def race_to_set(lines, step):
    """As many passwords for one page, until it is told what became of them."""
    passwords = [f"Wolken-boven-{n}-dijken" for n in range(AT_ONCE)]
    await at_once(lines, [rush.answering(step, password=new, password_again=new)
                          for new in passwords])
    caller = rush.Caller(lines[0])
    caller.step = step
    while (await caller.show())["step"] == "setting":
        pass
    assert caller.step["outcome"] == "reset", caller.step


async def race_with_what_is_spent(lines, spent):
    """Steps that were answered long ago, once more by all: nobody gets anything."""
    for request in spent:
        names, steps = succeeded(await at_once(lines, [request] * AT_ONCE))
        assert not names and {step["step"] for step in steps} <= {"end", None}, steps[0]


async def race_to_guess(lines, caller, code):
    """Wrong codes for this page and for those to come, until the flow has ended; then the right."""
    while caller.step["step"] == "code":
        seq = caller.step["seq"]
        await at_once(lines, [rush.answering({**caller.step, "seq": seq + n % AHEAD},
                                             code=f"{(int(code) + 1 + n) % 10 ** 8:08}")
                              for n in range(AT_ONCE)])
        await caller.show()
    assert caller.step["outcome"] == "stopped", caller.step
    names, _ = succeeded(await at_once(lines, [
        rush.answering({**caller.step, "step": "code", "seq": seq + n % AHEAD}, code=code)
        for n in range(AT_ONCE)]))
    assert not names


async def to_code(line, town, person):
    caller = rush.Caller(line)
    await caller.to_code(person.username, person.mobile, person.birthdate)
    return caller, await asyncio.to_thread(code_sent, town.phone, person.mobile)


async def race(lines, town, owner, victim):
    caller, code = await to_code(lines[0], town, owner)
    at_code = caller.step
    at_password = await race_for_the_password_page(lines, caller, code)
    await race_to_set(lines, at_password)
    await race_with_what_is_spent(lines, [
        rush.answering(at_code, code=code),
        rush.answering(at_password, password="Later-in-1-bad", password_again="Later-in-1-bad")])
    await race_to_guess(lines, *await to_code(lines[1], town, victim))


async def race_all(ports, town, pairs):
    lines = [await rush.dial(ports[n % len(ports)]) for n in range(AT_ONCE)]
    for owner, victim in pairs:
        await race(lines, town, owner, victim)
    for line in lines:
        line.close()


def test_a_hundred_at_once(two_portals, town, directory, figure):
    house, ports = two_portals
    pairs = [(directory.newcomer(), directory.newcomer()) for _ in range(ROUNDS)]
    asyncio.run(race_all(ports, town, pairs))
    rows = ledger.by_name(house)
    owners = [rows[owner.username] for owner, _ in pairs]
    victims = [rows[victim.username] for _, victim in pairs]
    winners = max(max(ledger.count(flows, "code", "right"), ledger.count(flows, "reset", "ok"))
                   for flows in owners + victims)
    judged = max(ledger.count(flows, "code", "right", "wrong", "too_many")
                  for flows in owners + victims)
    figure("race_rounds", ROUNDS, "rounds")
    figure("race_winners_max", winners, "of 100")
    figure("code_judgements_max", judged, "codes")
    assert winners == 1 and judged == 5
    assert all(ledger.count(flows, "code", "right") == 1 for flows in owners)
    assert not any(ledger.count(flows, "code", "right") for flows in victims)
    for owner, victim in pairs:
        assert len(directory.read(owner, "pwdHistory")["pwdHistory"]) == 1
        assert directory.binds(victim, victim.password)
        assert len(town.phone.messages(owner.mobile)) == 1
