"""One byte a second: a deadline is of the whole, however it comes."""

import os
import select
import ssl
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lab.crowd import addresses
from lab.introduction import introduce
from lab.odd_requests import get, post
from lab.stranger import Stranger
from lab.trust import context

HALF_A_HEAD = get()[:-2] + b"X-A: "
NO_BODY_YET = post(body=b"", length=b"Content-Length: 1000")
A_RECORD = bytes.fromhex("1703034000")
DRIP = b"a" * 120


def hello(trust):
    """The first thing that a client says, as bytes."""
    out = ssl.MemoryBIO()
    try:
        trust.wrap_bio(ssl.MemoryBIO(), out, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


def cut_after(port, begin, drip, tls=None, bare=False, source="127.0.0.1"):
    """Seconds until the portal answers or ends it; None if it hears all of it out.

    bare: the drip goes past TLS, into its records
    """
    with Stranger(port, source, tls=tls) as stranger:
        start = time.monotonic()
        stranger.say(begin)
        for n in range(len(drip)):
            if select.select([stranger.sock], [], [], 1)[0]:
                return time.monotonic() - start
            if bare:
                os.write(stranger.sock.fileno(), drip[n:n + 1])
            else:
                stranger.say(drip[n:n + 1])
    return None


@pytest.fixture
def trickles(town, another_house, secure_house):
    """The slow ones, and the idle ones, each as the arguments of how it is done."""
    port, safe, listed = town.house.port, secure_house().port, addresses(1)[0]
    behind = another_house({"portal.trusted_proxies": [listed], "portal.proxy_protocol": True})
    trust = context(town.authority)
    return {
        "head": (port, HALF_A_HEAD, DRIP),
        "body": (port, NO_BODY_YET, DRIP),
        "head in TLS": (safe, HALF_A_HEAD, DRIP, trust),
        "body in TLS": (safe, NO_BODY_YET, DRIP, trust),
        "handshake": (safe, b"", hello(trust)),
        "introduction": (behind.port, b"", introduce("203.0.113.9"), None, False, listed),
    }, {
        "nothing": (port, b"", b""),
        "nothing in TLS": (safe, b"", b"", trust),
        "after an answer": (port, get(), b""),
        "a record in TLS": (safe, b"", A_RECORD + DRIP, trust, True),
    }


def idle_for(port, begin, _, tls=None):
    """Seconds until the portal ends a connection that says no more."""
    with Stranger(port, tls=tls, seconds=90) as stranger:
        stranger.say(begin)
        start = time.monotonic()
        stranger.hear_out()
        return time.monotonic() - start


def test_trickles(trickles, figure):
    """All of them side by side; each is cut before it has said what it had to say."""
    slow, idle = trickles
    with ThreadPoolExecutor(len(slow) + len(idle)) as people:
        cuts = {name: people.submit(cut_after, *how) for name, how in slow.items()}
        ends = {name: people.submit(cut_after if len(how) > 4 else idle_for, *how)
                for name, how in idle.items()}
        cuts = {name: one.result() for name, one in cuts.items()}
        ends = {name: one.result() for name, one in ends.items()}
    assert None not in cuts.values() and None not in ends.values(), (cuts, ends)
    figure("trickle_cut_s", round(max(cuts.values()), 1), "s")
    figure("idle_cut_s", round(max(ends.values()), 1), "s")
