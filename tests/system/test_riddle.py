"""A riddle for people instead of work for browsers: to see or to hear, once, ten at most."""

import base64
import io
import math
import os
import pathlib
import re
import shutil
import signal
import struct
import wave
import zlib

import pytest
import requests

from lab import riddle
from lab.api import Client
from lab.background import Background
from lab.child import until
from lab.house import House
from lab.places import BUILD, free_port
from test_cli import latchkey
from test_price import to_price

NEW = "Wolken-boven-8-dijken"
SHARE = pathlib.Path(BUILD) / "share"
RIDDLES = {"keeper.price": "always", "keeper.price_by": "riddle"}


@pytest.fixture(scope="module")
def asking(town, tmp_path_factory):
    with House(str(tmp_path_factory.mktemp("asking")), town.directory, town.kannel,
               RIDDLES) as house:
        yield house


@pytest.fixture
def asked(asking, town, directory):
    """A client at the riddle, of somebody new."""
    client = Client(asking.url, town.phone)
    to_price(client, directory.newcomer().username)
    return client


@pytest.fixture
def share(tmp_path):
    """A copy of what pages are made from, to take things out of."""
    return shutil.copytree(SHARE, tmp_path / "share")


def decoded(step, kind):
    url = step["riddle"][kind]
    head, data = url.split(",")
    assert head == {"image": "data:image/png;base64", "sound": "data:audio/wav;base64"}[kind]
    return base64.b64decode(data)


def test_whole_way(asking, town, directory):
    client, person = Client(asking.url, town.phone), directory.newcomer()
    step = to_price(client, person.username)
    assert step["fields"][0]["kind"] == "riddle" and step["work"] is None
    client.answer(captcha=riddle.read(asking, step["flow"])[0])
    assert client.step["step"] == "proof" and client.step["riddle"] is None
    client.answer(mobile=person.mobile, birthdate=person.birthdate)
    client.answer(code=client.take_code(person))
    assert client.choose(NEW)["outcome"] == "reset"


@pytest.mark.parametrize("typed", [
    lambda letters, digits: letters.lower(), lambda letters, digits: digits,
    lambda letters, digits: " ".join(digits), lambda letters, digits: f" {letters[:2]}-{letters[2:]}"])
def test_however_it_is_typed(asking, asked, typed):
    letters, digits = riddle.read(asking, asked.step["flow"])
    assert asked.answer(captcha=typed(letters, digits))["step"] == "proof"


def test_picture(asked):
    """A PNG that others can read, and the same at each look."""
    png = decoded(asked.step, "image")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(png):
        size, = struct.unpack(">I", png[at:at + 4])
        kind, data = png[at + 4:at + 8], png[at + 8:at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + data)
        chunks[kind], at = data, at + 12 + size
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    wide, high, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    rows = zlib.decompress(chunks[b"IDAT"])
    assert (wide, high, depth, colour) == (280, 90, 8, 0) and len(rows) == high * (1 + wide)
    assert set(rows[::1 + wide]) == {0}
    ink = sum(shade < 128 for shade in rows) / (wide * high)
    assert 0.05 < ink < 0.3
    assert asked.show()["riddle"] == asked.step["riddle"]


def samples(data):
    """Of one channel, 8000 a second; nought is silence."""
    with wave.open(io.BytesIO(data)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 1, 8000)
        read = sound.readframes(10 ** 6)
        assert len(read) == sound.getnframes()
    return [sample - 128 for sample in read]


def said(sound):
    """What lies between the pauses."""
    loud = [at for at, sample in enumerate(sound) if abs(sample) > 8]
    begins = [at for before, at in zip([-9999, *loud], loud) if at - before > 1600]
    return [sound[begin:max(at for at in loud if at < end) + 1]
            for begin, end in zip(begins, [*begins[1:], len(sound)])]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_sound(asking, lang):
    """As many pieces as there are digits, with pauses between them."""
    step = to_price(Client(asking.url, lang=lang), "niemand")
    pieces = said(samples(decoded(step, "sound")))
    assert len(pieces) == len(riddle.read(asking, step["flow"])[1])
    assert all(1000 < len(piece) < 8000 and max(piece) > 60 for piece in pieces)


def pitch(digit):
    """Of a house where each digit is a tone; between two of them lies more than a hurry makes."""
    return 60 * 1.5 ** digit


def test_which_digits_are_said(another_house, share):
    for digit in range(10):
        with wave.open(str(share / "sound" / "nl" / f"{digit}.wav"), "wb") as tone:
            tone.setparams((1, 1, 8000, 0, "NONE", ""))
            tone.writeframes(bytes(round(128 + 100 * math.sin(math.tau * pitch(digit) * n / 8000))
                                   for n in range(4000)))
    house = another_house({**RIDDLES, "portal.share": str(share)})
    client = Client(house.url)
    for _ in range(8):
        step = to_price(client, "niemand")
        heard = ""
        for piece in said(samples(decoded(step, "sound"))):
            swings = [sample > 0 for sample in piece if abs(sample) > 20]
            hertz = sum(a < b for a, b in zip(swings, swings[1:])) * 8000 / len(piece)
            heard += str(min(range(10), key=lambda n, hertz=hertz: abs(math.log(hertz / pitch(n)))))
        assert heard == riddle.read(house, step["flow"])[1]


def test_wrong(asking, asked):
    """Another one each time; the one before is of no use any more."""
    seen = []
    for n in range(9):
        before = riddle.read(asking, asked.step["flow"])
        seen.append(before)
        wrong = asked.answer(captcha=seen[n - 1][0] if n else "00000000")
        assert (wrong["step"], wrong["reason"]) == ("price", "bad_value")
        assert riddle.read(asking, wrong["flow"]) != before
    assert len(set(seen)) == 9
    assert asked.answer(captcha=riddle.read(asking, asked.step["flow"])[1])["step"] == "proof"


@pytest.mark.parametrize("typed, reason", [("", "empty"), ("x" * 17, "too_long")])
def test_nothing_and_too_much(asking, asked, typed, reason):
    before = riddle.read(asking, asked.step["flow"])
    assert asked.answer(captcha=typed)["reason"] == reason
    assert riddle.read(asking, asked.step["flow"]) == before


def test_another_one(asking, asked):
    before, shown = riddle.read(asking, asked.step["flow"]), asked.step["riddle"]
    seq = asked.step["seq"]
    asked.again()
    assert (asked.step["step"], asked.step["reason"]) == ("price", None)
    assert asked.step["riddle"] != shown and asked.step["seq"] > seq
    after = riddle.read(asking, asked.step["flow"])
    assert after != before
    assert asked.answer(captcha=before[0])["reason"] == "bad_value"
    assert asked.answer(captcha=riddle.read(asking, asked.step["flow"])[0])["step"] == "proof"


def test_ten_at_most(asking, asked):
    """Whoever solved none is left the wait; and guessing goes on to no end."""
    for _ in range(9):
        asked.again()
    last = asked.answer(captcha="00000000")
    assert last.field_names() == [] and last["riddle"] is None
    assert last["reason_text"] == "Ook dat is het niet, en er zijn er niet meer. Wacht een ogenblik."
    assert 0 < asked.step["wait"] <= 120
    for _ in range(3):
        assert asked.answer(captcha="K7XPM").status == 400
        asked.show()
    asked.again()
    assert asked.step["riddle"] is None


def test_nobody_is_asked_more(asking, directory):
    """Known, unknown, disabled, protected: the same but for what each riddle says."""
    def seen(username):
        client, told = Client(asking.url), []
        for step in (to_price(client, username), client.again(), client.answer(captcha="0"),
                     client.answer(captcha=riddle.read(asking, client.step["flow"])[0])):
            told.append({name: value for name, value in step.items()
                         if name not in ("flow", "reference", "riddle", "life", "wait")})
        return told

    expected = seen(directory.newcomer().username)
    assert [step["step"] for step in expected] == ["price"] * 3 + ["proof"]
    for username in ("niemand", *(directory.newcomer(state).username
                                  for state in ("disabled", "protected", "nomobile"))):
        assert seen(username) == expected


def test_policy_of_its_page_alone(asking):
    """It lets a browser show and play what stands in the page, as no other page's does."""
    session = requests.Session()
    page = session.get(f"{asking.url}/?wish=reset", timeout=10)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    riddled = session.post(f"{asking.url}/", data={**hidden, "username": "niemand"}, timeout=10)
    strict, loose = (one.headers["Content-Security-Policy"] for one in (page, riddled))
    assert "<audio" in riddled.text and "data:" not in strict
    assert loose == strict.replace("img-src 'self'", "img-src 'self' data:; media-src data:")


def test_of_another_flow(asking, asked, town):
    solution = riddle.read(asking, asked.step["flow"])[0]
    other = Client(asking.url, town.phone)
    to_price(other, "niemand")
    assert other.answer(captcha=solution)["reason"] == "bad_value"


def test_by_waiting(another_house, town, directory):
    """... as well; and a restart does not forget how many there were."""
    port = free_port()
    house = another_house({**RIDDLES, "keeper.riddle_wait": 3,
                           "portal.metrics_listen": [f"127.0.0.1:{port}"]})
    client = Client(house.url, town.phone)
    to_price(client, directory.newcomer().username)
    until(lambda: client.show()["step"] == "proof", 10, "the wait to be over", step=0.2)
    to_price(client, directory.newcomer().username)
    client.again()
    solution = riddle.read(house, client.step["flow"])[0]
    until(Background(house).is_idle, 10, "the name to be looked up")
    house.keeper.kill()
    house.restart("keeper")
    assert client.answer(captcha=solution)["step"] == "proof"
    counted = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    assert 'latchkey_prices_paid_total{by="riddle"} 1\n' in counted


def test_settings_that_change(another_house, town, directory):
    """Whoever stands at a riddle is asked that one; the next person is asked what now is asked."""
    house = another_house(RIDDLES)
    client, next_one = Client(house.url, town.phone), Client(house.url, town.phone)
    step = to_price(client, directory.newcomer().username)
    house.change({"keeper.price_by": "work"})
    os.kill(house.keeper.pid, signal.SIGHUP)
    until(lambda: to_price(next_one, directory.newcomer().username)["work"] is not None, 10,
          "the settings to be read again")
    assert client.show()["riddle"] == step["riddle"] and 100 < client.step["wait"] <= 120
    assert client.again()["riddle"] != step["riddle"]
    assert client.answer(captcha=riddle.read(house, client.step["flow"])[0])["step"] == "proof"


def test_dearer_is_longer(another_house, town):
    house = another_house({**RIDDLES, "keeper.limits.name_day": 1})
    client, lengths = Client(house.url, town.phone), []
    for _ in range(2):
        step = to_price(client, "niemand")
        letters, digits = riddle.read(house, step["flow"])
        lengths.append((len(letters), len(digits)))
        assert client.answer(captcha=letters)["step"] == "proof"
    assert lengths == [(5, 5), (7, 7)]


def test_language_without_a_voice(another_house, share):
    shutil.rmtree(share / "sound" / "nl")
    house = another_house({**RIDDLES, "portal.share": str(share)})
    assert to_price(Client(house.url, lang="nl"), "niemand")["riddle"]["sound"] is None
    assert to_price(Client(house.url, lang="en"), "niemand")["riddle"]["sound"] is not None


@pytest.mark.parametrize("spoil", [
    lambda file: file.unlink(), lambda file: file.write_bytes(b""),
    lambda file: file.write_bytes(file.read_bytes()[:44]),
    lambda file: file.write_bytes(file.read_bytes().replace(b"WAVE", b"AVI ")),
    lambda file: file.write_bytes(file.read_bytes() + bytes(16000))])
def test_recording_that_is_none(another_house, share, spoil):
    """Found by the check, by its name, and by a reload, which changes nothing."""
    house = another_house({**RIDDLES, "portal.share": str(share)})
    spoil(share / "sound" / "nl" / "3.wav")
    checked = latchkey(house.conf, "check")
    assert checked.returncode == 1 and "sound/nl/3.wav" in checked.stdout + checked.stderr
    assert latchkey(house.conf, "reload").returncode == 1
    assert to_price(Client(house.url), "niemand")["riddle"]["sound"] is not None
