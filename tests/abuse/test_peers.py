"""Hostile peers on each of keeper's sockets.

Every case is one connection that breaks the law in one way, most of them ways in
which a well known daemon was once broken: a body that is read before its type is
found unacceptable, a count or an enum that nobody ranged, a bad message that is fatal
to who hears it.  Keeper has to end that connection and no other: afterwards the same
keeper process still stands, and an honest person still gets to the code.
"""

import os
import random
import struct
import subprocess
import sys

import pytest

from lab import wire
from lab.api import Client
from lab.child import until
from lab.effort import rounds
from lab.places import ROOT
from lab.wire import Peer, answer_body, flow_body, hello, open_body, packet, text, u8, u16, u32

SOCKETS = ("portal", "registrar", "courier", "control")
FLOW = "x" * 32
# What each peer may send besides HELLO.
MAY = {
    "portal": {"OPEN", "ANSWER", "AGAIN", "SHOW", "LEAVE", "STATUS", "METRICS", "HAS_READ"},
    "registrar": {"FOUND", "MATCHED", "WAYS_ARE", "RULES_ARE", "JUDGED", "DONE", "STATE_IS",
                  "PROBED", "HAS_READ"},
    "courier": {"SENT", "HAS_READ"},
    "control": {"STATUS", "AUDIT", "RELOAD", "HALT", "PARDON", "LOOKUP", "VERIFY", "ERASE"},
}
counted = {"cases": 0, "survived": 0}


def honest(town):
    """Somebody walks to the code."""
    client = Client(town.house.url, town.phone)
    person = town.directory.newcomer()
    client.to_code(person)
    client.take_code(person)


@pytest.fixture(autouse=True)
def stands(town):
    """Whatever a test did, keeper is the same process as before, and people are helped."""
    pid = town.house.keeper.pid
    yield
    assert town.house.keeper.lives() and town.house.keeper.pid == pid
    town.house.wait_ready()
    honest(town)


def hostile(town, where, *packets, greet=True):
    """One connection that sends these; True if it was cut off, and keeper stands."""
    counted["cases"] += 1
    with Peer(town.house.socket(where), where if greet else None, seconds=3) as peer:
        try:
            for data in packets:
                peer.send(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        cut = peer.is_cut_off()
    if cut and town.house.keeper.lives():
        counted["survived"] += 1
    return cut


# ---- Before and around HELLO ------------------------------------------------------------

NO_HELLO = {
    "something else first": lambda role: packet("STATUS", 1),
    "another's role": lambda role: hello("courier" if role != "courier" else "portal"),
    "keeper's role": lambda role: hello("keeper"),
    "two roles": lambda role: hello(wire.ROLES["portal"] | wire.ROLES["registrar"]),
    "no role": lambda role: hello(0),
    "role 255": lambda role: hello(255),
    "an earlier version": lambda role: hello(role, wire.VERSION - 1),
    "a later version": lambda role: hello(role, wire.VERSION + 1),
    "cut": lambda role: hello(role)[:-1],
    "long": lambda role: hello(role) + b"\0",
    "one byte": lambda role: b"\1",
    "four bytes": lambda role: b"\1\0\0\0",
    "a head but for one byte": lambda role: hello(role)[:wire.HEAD - 1],
    "the largest": lambda role: hello(role) + b"\0" * (8192 - len(hello(role))),
    "more than the largest": lambda role: b"\1" * 8193,
    "64 KiB": lambda role: b"\1" * 65000,
    "text": lambda role: b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("where", SOCKETS)
def test_hello(town, where):
    for case, make in NO_HELLO.items():
        assert hostile(town, where, make(where), greet=False), case


@pytest.mark.parametrize("where", SOCKETS)
def test_hello_twice(town, where):
    assert hostile(town, where, hello(where))


# ---- Type and sender come before the body ---------------------------------------------------

@pytest.mark.parametrize("where", SOCKETS)
def test_who_may_send(town, where):
    """Each type that is not theirs, with an empty, a plausible and a poisonous body."""
    bodies = (b"", text(FLOW) + u32(1) + u8(0), b"\xff" * 300)
    for name, number in wire.MSG.items():
        if name in MAY[where] or name in ("HELLO", "_COUNT"):
            continue
        for body in bodies:
            assert hostile(town, where, packet(number, 1, body)), name
    for number in (0, len(wire.MSG) - 1, len(wire.MSG), 127, 128, 255):
        for body in bodies:
            assert hostile(town, where, packet(number, 1, body)), number


# ---- Sizes -------------------------------------------------------------------------------------

GOOD = {
    "OPEN": ("portal", open_body()),
    "ANSWER": ("portal", answer_body(FLOW, 1, "NAME", {"username": "a.jansen"})),
    "SHOW": ("portal", flow_body(FLOW)),
    "AGAIN": ("portal", flow_body(FLOW)),
    "LEAVE": ("portal", flow_body(FLOW)),
    "METRICS": ("portal", b""),
    "AUDIT": ("control", struct.pack(">qqqI", 0, 0, 0, 10) + bytes(5) + text("")
              + text("")),
    "VERIFY": ("control", b""),
    "ERASE": ("control", text(bytes(16))),
}


@pytest.mark.parametrize("name", GOOD)
def test_every_length(town, name):
    """Cut after each byte, with one byte more, and as long as a packet can be."""
    where, body = GOOD[name]
    for size in range(len(body)):
        assert hostile(town, where, packet(name, 1, body[:size])), size
    for more in (b"\0", b"\xff", b"\0" * 4, b"\0" * 8000):
        assert hostile(town, where, packet(name, 1, body + more))


def test_good_ones_are_answered(town):
    """... so that the cases above are refused for what they say."""
    for name, (where, body) in GOOD.items():
        with Peer(town.house.socket(where), where) as peer:
            reply = peer.ask(name, body)
            assert reply is not None and reply[1] == 7, name


# ---- Every enum, count and length is ranged ------------------------------------------------------

def _answer(count, fields=b"", step=0, flow=FLOW, addr="127.0.0.1"):
    return packet("ANSWER", 1, text(flow) + u32(1) + u8(step) + text(addr) + u8(count) + fields)


ONE = u8(0) + text("a.jansen")
RANGES = {
    "journey": packet("OPEN", 1, open_body(journey=1)),
    "journey 255": packet("OPEN", 1, open_body(journey=255)),
    "wish": packet("OPEN", 1, open_body(wish=4)),
    "wish 255": packet("OPEN", 1, open_body(wish=255)),
    "a language of 12 letters": packet("OPEN", 1, open_body(lang="a" * 12)),
    "a language with NUL": packet("OPEN", 1, open_body(lang=b"n\0l")),
    "a language of 65535": packet("OPEN", 1, u8(0) + u8(0) + u16(65535) + b"nl"),
    "step": _answer(1, ONE, step=len(wire.STEP) - 1),
    "step 255": _answer(1, ONE, step=255),
    "five fields": _answer(5, ONE * 5),
    "255 fields": _answer(255, ONE * 5),
    "fewer fields than said": _answer(2, ONE),
    "more fields than said": _answer(1, ONE * 2),
    "field": _answer(1, u8(len(wire.FIELD) - 1) + text("x")),
    "field 255": _answer(1, u8(255) + text("x")),
    "a value of 1025 bytes": _answer(1, u8(0) + text("x" * 1025)),
    "a value of 4000 bytes": _answer(1, u8(0) + text("x" * 4000)),
    "a value longer than the packet": _answer(1, u8(0) + u16(1000) + b"x"),
    "a value with NUL": _answer(1, u8(0) + text(b"a\0b")),
    "a flow of 64": _answer(1, ONE, flow="x" * 64),
    "a flow with NUL": _answer(1, ONE, flow=b"x\0y"),
    "an address of 46": _answer(1, ONE, addr="1" * 46),
    "an address that speaks to a terminal": _answer(1, ONE, addr="\x1b]0;owned\x07"),
    "an address that is not UTF-8": _answer(1, ONE, addr=b"\xff"),
    "a language that turns text round": packet("OPEN", 1, open_body(lang="\u202e")),
    "SHOW, an address with a line break": packet("SHOW", 1, flow_body(FLOW, "1\n2")),
    "AGAIN, a channel": packet("AGAIN", 1, flow_body(FLOW, choice=4)),
    "SHOW, a flow of 64": packet("SHOW", 1, flow_body("x" * 64)),
    "SHOW, an address of 46": packet("SHOW", 1, flow_body(FLOW, "1" * 46)),
}


@pytest.mark.parametrize("case", RANGES)
def test_ranges(town, case):
    assert hostile(town, "portal", RANGES[case])


REGISTRAR = {
    "FOUND, verdict": packet("FOUND", 1, u8(255) + u16(16) + b"a" * 16 + u16(0)),
    "FOUND, account of 15": packet("FOUND", 1, u8(0) + u16(15) + b"a" * 15 + u16(0)),
    "FOUND, account of 17": packet("FOUND", 1, u8(0) + u16(17) + b"a" * 17 + u16(0)),
    "FOUND, ticket of 513": packet("FOUND", 1, u8(0) + u16(16) + b"a" * 16 + text("t" * 513)),
    "MATCHED, number of 15": packet("MATCHED", 1, u8(0) + text("t") + text("n" * 15) + u8(1)),
    "MATCHED, neither true nor false":
        packet("MATCHED", 1, u8(0) + text("t") + text("n" * 16) + u8(2)),
    "WAYS_ARE, five": packet("WAYS_ARE", 1, u8(0) + u8(5) + (u8(0) + text("+31") + u8(1)) * 5),
    "WAYS_ARE, channel": packet("WAYS_ARE", 1, u8(0) + u8(1) + u8(4) + text("+31") + u8(1)),
    "WAYS_ARE, address": packet("WAYS_ARE", 1, u8(0) + u8(1) + u8(0) + text("1" * 255) + u8(1)),
    "WAYS_ARE, an address with a header": packet("WAYS_ARE", 1, u8(0) + u8(1) + u8(3) +
                                                 text("a@b.nl\r\nBcc: c@d.nl") + u8(0)),
    "WAYS_ARE, matched": packet("WAYS_ARE", 1, u8(0) + u8(1) + u8(0) + text("+31") + u8(2)),
    "RULES_ARE, eight": packet("RULES_ARE", 1, u8(0) + u8(8) + (u8(0) + u32(1)) * 8 + u8(0)),
    "RULES_ARE, rule": packet("RULES_ARE", 1, u8(0) + u8(1) + u8(7) + u32(1) + u8(0)),
    "RULES_ARE, 17 terms": packet("RULES_ARE", 1, u8(0) + u8(0) + u8(17) + text("a") * 17),
    "RULES_ARE, term": packet("RULES_ARE", 1, u8(0) + u8(0) + u8(1) + text("a" * 64)),
    "JUDGED, a bit too many": packet("JUDGED", 1, u8(0) + u32(1 << 7)),
    "DONE, rule": packet("DONE", 1, u8(0) + u8(7)),
    "STATE_IS, neither true nor false": packet("STATE_IS", 1, u8(0) + u8(2) + text("m")),
    "STATE_IS, mark": packet("STATE_IS", 1, u8(0) + u8(1) + text("m" * 64)),
    "PROBED, verdict": packet("PROBED", 1, u8(len(wire.VERDICT) - 1)),
}


@pytest.mark.parametrize("case", REGISTRAR)
def test_ranges_of_registrar(town, case):
    assert hostile(town, "registrar", REGISTRAR[case])


COURIER = {
    "verdict": packet("SENT", 1, u8(255) + text("kannel")),
    "gateway": packet("SENT", 1, u8(0) + text("g" * 32)),
    "gateway with NUL": packet("SENT", 1, u8(0) + text(b"g\0")),
    "gateway that speaks to a terminal": packet("SENT", 1, u8(0) + text("\x1b[2J")),
}


@pytest.mark.parametrize("case", COURIER)
def test_ranges_of_courier(town, case):
    assert hostile(town, "courier", COURIER[case])


# ---- Replies that nobody asked for --------------------------------------------------------------------

def test_replies_out_of_the_blue(town):
    """Well formed answers to no question: nothing comes of them, whether cut off or ignored."""
    blue = {
        "registrar": [
            packet("FOUND", 9, u8(0) + u16(16) + b"a" * 16 + text("t" * 64)),
            packet("MATCHED", 9, u8(0) + text("t" * 64) + text("n" * 16) + u8(1)),
            packet("DONE", 9, u8(0) + u8(0)),
            packet("STATE_IS", 9, u8(0) + u8(0) + text("m")),
            packet("PROBED", 9, u8(0))],
        "courier": [packet("SENT", 9, u8(0) + text("kannel"))],
    }
    for where, packets in blue.items():
        for data in packets:
            counted["cases"] += 1
            with Peer(town.house.socket(where), where, seconds=1) as peer:
                peer.send(data)
                peer.sock.settimeout(0.2)
                peer.is_cut_off()
            counted["survived"] += town.house.keeper.lives()


def test_a_portal_cannot_reach_another_flow(town):
    """With a connection of its own, but without the name of a flow, it learns nothing."""
    client = Client(town.house.url, town.phone)
    flow = client.to_code(town.directory.newcomer())["flow"]
    with Peer(town.house.socket("portal"), "portal") as peer:
        for other in (flow[:-1], flow + "x", flow.swapcase(), flow[::-1], ""):
            name, _, body = peer.ask("SHOW", flow_body(other))
            assert name == "STEP"
            assert body[:2] == u16(0) or flow.encode() not in body
            counted["cases"] += 1
            counted["survived"] += town.house.keeper.lives()
    assert client.show()["step"] == "code"


# ---- Who connects -----------------------------------------------------------------------------------

KNOCK = """
import os, socket, sys
sys.path.insert(0, sys.argv[1])
os.setgroups([]); os.setgid(65534); os.setuid(65534)
from lab.wire import Peer
try:
    with Peer(sys.argv[2], seconds=3) as peer:
        reply = peer.receive()
        if reply is None:
            raise ConnectionResetError
        peer.send(__import__("lab.wire").wire.hello(sys.argv[3]))
        print("heard" if not peer.is_cut_off() else "cut off")
except (PermissionError, ConnectionResetError, BrokenPipeError):
    print("cut off")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize("where", SOCKETS)
def test_another_user(town, where):
    """The kernel says who is at the other end; a user who is nobody here is not heard."""
    folder = os.path.dirname(town.house.socket(where))
    opened = []
    while folder != "/":
        mode = os.stat(folder).st_mode
        if not mode & 0o001:
            opened.append((folder, mode))
            os.chmod(folder, mode | 0o011)
        folder = os.path.dirname(folder)
    try:
        counted["cases"] += 1
        out = subprocess.run(
            [sys.executable, "-c", KNOCK, os.path.join(ROOT, "tests"), town.house.socket(where),
             where], capture_output=True, text=True, timeout=30, check=True).stdout
        assert out.strip() == "cut off"
        counted["survived"] += town.house.keeper.lives()
    finally:
        for folder, mode in opened:
            os.chmod(folder, mode)


# ---- Many, and much ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("where", SOCKETS)
def test_garbage(town, where):
    """Random bytes, and honest packets with random bytes in them."""
    random.seed(f"{where} 2026")
    good = [packet(name, 1, body) for name, (at, body) in GOOD.items() if at == where]
    for n in range(rounds(1000)):
        if good and n % 2:
            data = bytearray(random.choice(good))
            for _ in range(random.randint(1, 4)):
                data[random.randrange(len(data))] = random.randrange(256)
            data = bytes(data)
        else:
            data = random.randbytes(random.randint(1, 600))
        counted["cases"] += 1
        try:
            with Peer(town.house.socket(where), where) as peer:
                peer.send(data)
        except BrokenPipeError:
            pass    # so many came at once that one was turned away at the door
        counted["survived"] += town.house.keeper.lives()


@pytest.mark.parametrize("where", SOCKETS)
def test_connections_that_come_and_go(town, where):
    for _ in range(rounds(2000)):
        Peer(town.house.socket(where)).close()
    counted["cases"] += 1
    counted["survived"] += town.house.keeper.lives()


@pytest.mark.parametrize("where", SOCKETS)
def test_connections_that_say_nothing(town, where):
    """More silent ones than keeper has descriptors: they harm their own door alone."""
    peers = []
    counted["cases"] += 1
    try:
        for _ in range(1200):
            peers.append(Peer(town.house.socket(where), seconds=1))
        honest(town)
        for other in {"portal", "control"} - {where}:
            with Peer(town.house.socket(other), other) as peer:
                assert peer.ask("STATUS")[0] == "STATUS_IS", f"{other} is kept out"
        counted["survived"] += town.house.keeper.lives()
    finally:
        for peer in peers:
            peer.close()


def test_a_peer_that_does_not_read(town):
    """It asks and asks, and never reads: keeper does not wait for it."""
    with Peer(town.house.socket("portal"), "portal", seconds=1) as peer:
        peer.sock.setblocking(False)
        try:
            for n in range(20000):
                peer.send(packet("OPEN", n, open_body()))
        except (BlockingIOError, BrokenPipeError, ConnectionResetError):
            pass
        counted["cases"] += 1
        honest(town)
        counted["survived"] += town.house.keeper.lives()


def test_a_worker_that_takes_and_never_answers(another_house, town):
    """A false worker swallows what it is asked; who waits for it gets an answer in the end."""
    house = another_house({"keeper.request_life": 4, "registrar.deadline": 2})
    client = Client(house.url, town.phone)
    with Peer(house.socket("registrar"), "registrar", seconds=1):
        counted["cases"] += 1
        until(lambda: client.open("reset").status == 200)
        for _ in range(8):
            person = town.directory.newcomer()
            client.to_code(person)
            assert client.step.status in (200, 503)
        counted["survived"] += house.keeper.lives()
    house.wait_ready()
    person = town.directory.newcomer()
    assert client.to_password(person)["step"] == "password"


def test_figures(figure):
    """Last of the file: how many cases there were, and how many keeper survived."""
    figure("boundary_cases", counted["cases"], "cases")
    figure("boundary_survived", counted["survived"], "cases")
    assert counted["cases"] == counted["survived"] > 0
