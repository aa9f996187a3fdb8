"""Known or not: the same steps, the same bytes, until the first right code."""

import contextlib
import os
import re
import subprocess

import ldap
import pytest
import requests

from lab import people
from lab.api import Client
from lab.child import until
from lab.directory import LOCKED_FOR_EVER
from lab.places import program

# Own to each answer: names and references of flows, and the clock.
OWN_HEADERS = {"date", "set-cookie"}
STRANGERS = ("disabled", "protected", "nomobile", "nobirthdate")
_last = {"digits": 0}


def _ending_alike():
    """Numbers differ, but for the last two digits, which the page shows."""
    _last["digits"] += 1
    return f"+3163{_last['digits']:05}77"


def _bytes(client, response):
    """What a stranger on the line could compare."""
    body = response.content.replace(client.step["flow"].encode(), b"FLOW")
    body = body.replace(client.step["reference"].encode(), b"REFERENCE")
    # Seconds tick on while we compare: what counts is that they count the same thing.
    body = re.sub(rb'"(wait|life)": ?(\d+)', lambda m: b'"%s":%d' % (m[1], (int(m[2]) + 5) // 10),
                  body)
    headers = {name.lower(): value for name, value in response.headers.items()
               if name.lower() not in OWN_HEADERS}
    return response.status_code, headers, body


def where(saw, should):
    """The first place where two answers differ, with what stands around it."""
    saw, should = repr(saw), repr(should)
    at = len(os.path.commonprefix([saw, should]))
    return f"...{saw[max(at - 60, 0):at + 40]}... should be ...{should[at:at + 40]}..."


def walk(town, username, mobile, birthdate, wish="reset"):
    """Everything that can be seen before a right code, as a list."""
    client = Client(town.house.url, town.phone)
    seen = []

    def see(step):
        seen.append(_bytes(client, step.response))

    client.open(wish)
    see(client.step)
    see(client.answer(username=username))
    if client.step["step"] == "wish":
        see(client.answer(wish="reset"))
    see(client.answer(mobile="onleesbaar", birthdate=birthdate))
    see(client.answer(mobile=mobile, birthdate=birthdate))
    see(client.show())
    see(client.again())
    for n in range(6):
        see(client.answer(code=f"{n:08}"))
        seen.append(client.step["step"])
    return seen


# An entry with a longer name than can be dealt with stands below these.
FAR_AWAY = [f"ou={letter * 190}" for letter in "abcdef"]


def far_away(directory):
    """Somebody who stands there."""
    connection = directory.admin()
    for n in reversed(range(len(FAR_AWAY))):
        with contextlib.suppress(ldap.ALREADY_EXISTS):
            connection.add_s(",".join([*FAR_AWAY[n:], directory.base]),
                             [("objectClass", [b"organizationalUnit"])])
    connection.unbind_s()
    person = people.another(mobile=_ending_alike())
    person.dn = ",".join([f"uid={person.username}", *FAR_AWAY, directory.base])
    return directory.add(person)


def kinds(directory):
    """Name of each kind of person -> what they type."""
    def typed(state, **more):
        person = directory.newcomer(state, mobile=_ending_alike(), **more)
        return person.username, person.mobile, person.birthdate

    known = directory.newcomer(mobile=_ending_alike())
    found = {state: typed(state) for state in STRANGERS}
    found["filtered"] = typed("disabled", extra={"employeeType": ["left"]})
    found["locked for ever"] = typed("ok", extra={"pwdAccountLockedTime": [LOCKED_FOR_EVER]})
    found["wrong date"] = (known.username, known.mobile, "1901-01-01")
    found["wrong mobile"] = (known.username, _ending_alike(), known.birthdate)
    far = far_away(directory)
    found["far away"] = (far.username, far.mobile, far.birthdate)
    found["unknown"] = ("niemand", _ending_alike(), "1984-10-01")
    return found


@pytest.mark.parametrize("wish", ["reset", "unlock", None])
def test_same_steps_and_bytes(town, directory, wish):
    known = directory.newcomer(mobile=_ending_alike())
    expected = walk(town, known.username, known.mobile, known.birthdate, wish)
    strangers = kinds(directory)
    before = {typed[1]: len(town.phone.messages(typed[1])) for typed in strangers.values()}
    for kind, typed in strangers.items():
        for n, (saw, should) in enumerate(zip(walk(town, *typed, wish), expected, strict=True)):
            assert saw == should, f"{kind}: answer {n}: {where(saw, should)}"
    # The known one received one message; whoever was asked after, none.
    witness = directory.newcomer()
    client = Client(town.house.url, town.phone)
    client.to_code(witness)
    client.take_code(witness)
    assert len(town.phone.messages(known.mobile)) == 1
    assert {m: len(town.phone.messages(m)) for m in before} == before


class Browser:
    """A person with a browser without script."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()

    def get(self, path):
        return self.session.get(self.url + path, timeout=30)

    def send(self, page, **typed):
        """Fill in the first form of a page that has a field to be typed in."""
        action = re.search(r'<form[^>]*method="?post"?[^>]*>', page.text, re.I).group(0)
        where = re.search(r'action="([^"]*)"', action)
        hidden = dict(re.findall(
            r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', page.text))
        target = requests.compat.urljoin(page.url, where.group(1) if where else "")
        return self.session.post(target, data={**hidden, **typed}, timeout=30)


def page_walk(town, username, mobile, birthdate):
    browser = Browser(town.house.url)
    seen = []

    def see(page):
        """Secrets of the flow are as long as ever; all else must be the same."""
        text = re.sub(r'value="[A-Za-z0-9_\-.]{16,}"', 'value="OWN"', page.text)
        text = re.sub(r"(Kenmerk: )[0-9A-Z]{4}-[0-9A-Z]{4}", r"\1REFERENCE", text)
        text = re.sub(r"\b(5[0-9]|60)\b", "SECONDS", text)
        headers = {name.lower(): value for name, value in page.headers.items()
                   if name.lower() not in OWN_HEADERS}
        seen.append((page.status_code, page.url, headers, text))
        return page

    page = see(browser.get("/?wish=reset&lang=nl"))
    page = see(browser.send(page, username=username))
    page = see(browser.send(page, mobile=mobile, birthdate=birthdate))
    page = see(browser.send(page, code="00000000"))
    see(browser.get("/step/code"))
    return seen


def test_same_pages(town, directory):
    known = directory.newcomer(mobile=_ending_alike())
    expected = page_walk(town, known.username, known.mobile, known.birthdate)
    assert expected[-1][0] == 200
    for kind, typed in kinds(directory).items():
        for n, (saw, should) in enumerate(zip(page_walk(town, *typed), expected, strict=True)):
            assert saw == should, f"{kind}: page {n}: {where(saw, should)}"


def rename(directory, group, to):
    connection = directory.admin()
    connection.rename_s(group, to)
    connection.unbind_s()


def test_a_group_that_went_away(another_house, directory, town):
    """Its members would be helped like everybody, so nobody is; and everybody sees the same."""
    name, other = "cn=keyholders", "cn=keyholders of old"
    group = f"{name},{directory.groups}"
    member, someone = directory.newcomer(), directory.newcomer()
    connection = directory.admin()
    connection.add_s(group, [("objectClass", [b"groupOfNames"]), ("member", [member.dn.encode()])])
    connection.unbind_s()
    house = another_house({"registrar.directory.protected_groups": [group]})
    client = Client(house.url, town.phone)
    assert client.to_password(someone)["step"] == "password"
    rename(directory, group, other)
    seen = []
    for username in (member.username, someone.username, "niemand"):
        stranger = Client(house.url)
        stranger.open("reset")
        stranger.answer(username=username)
        until(lambda: stranger.show()["step"] == "name")
        seen.append(_bytes(stranger, stranger.step.response))
        assert stranger.step["reason"] == "try_later"
    assert seen[0] == seen[1] == seen[2]
    # Likewise right before the write.
    assert client.choose("Regen op 13 tulpen")["step"] == "password"
    assert client.step["reason"] == "try_later"
    rename(directory, f"{other},{directory.groups}", name)
    assert client.choose("Regen op 13 tulpen")["outcome"] == "reset"
    assert len(town.phone.messages(member.mobile)) == 0


def looked_up(house, username):
    """Keeper has heard from the directory whether somebody is called that."""
    rows = subprocess.run(
        [program("ctl"), "-c", house.conf, "audit", "show", "--json", username],
        capture_output=True, text=True, timeout=30, check=False).stdout
    return '"opened"' in rows


def test_an_outage_in_between(another_house, directory):
    """The directory goes away after the name: the proofs of nobody are no different."""
    house = another_house()
    known = directory.newcomer()
    strangers = {name: Client(house.url) for name in (known.username, "niemand")}
    for name, stranger in strangers.items():
        stranger.open("reset")
        stranger.answer(username=name)
        until(lambda: looked_up(house, name))
    directory.stop()
    try:
        seen = []
        for stranger in strangers.values():
            stranger.answer(mobile=known.mobile, birthdate=known.birthdate)
            until(lambda: stranger.show()["step"] == "proof")
            seen.append(_bytes(stranger, stranger.step.response))
        assert strangers["niemand"].step["reason"] == "try_later"
        assert seen[0] == seen[1]
    finally:
        directory.start()
