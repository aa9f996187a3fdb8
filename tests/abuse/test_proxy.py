"""Who asks, where a proxy stands between: who is believed, and what is refused."""

import json

import pytest

from lab.child import until
from lab.crowd import addresses
from lab.introduction import LOCAL, MARK, PROXY, header, introduce
from lab.odd_requests import NEXT, post
from lab.stranger import Stranger
from lab.trust import context

LAST = NEXT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
FOUR = bytes([1, 2, 3, 4, 10, 0, 0, 1, 192, 0, 1, 187])
LISTED, ELSEWHERE = addresses(2)
PARTS = b"\x04\0\5hello" + b"\x20\0\5\1\0\0\0\0"


@pytest.fixture
def house(another_house):
    return another_house({"portal.trusted_proxies": [LISTED], "portal.proxy_protocol": True})


def statuses(house, *pieces, source=LISTED, tls=None):
    with Stranger(house.port, source) as stranger:
        for piece in pieces:
            stranger.say(piece)
        if tls is not None:
            stranger.sock = tls.wrap_socket(stranger.sock, server_hostname="localhost")
            stranger.say(LAST)
        return stranger.hear_out().statuses


def who_asked(house, *before, source=LISTED, lines=()):
    """Somebody opens a flow and says a name; the address that the audit has of them."""
    with Stranger(house.port, source) as stranger:
        for piece in before:
            stranger.say(piece)
        stranger.say(post(*lines, b"Connection: close")).hear_out()
        step = json.loads(stranger.heard.split(b"\r\n\r\n", 1)[1])
    answer = json.dumps({"flow": step["flow"], "seq": step["seq"], "step": "name",
                         "fields": {"username": "a.jansen"}}).encode()
    with Stranger(house.port, source) as stranger:
        for piece in before:
            stranger.say(piece)
        stranger.say(post(*lines, b"Connection: close", line=b"POST /api/v1/answer HTTP/1.1",
                          length=b"Content-Length: %d" % len(answer), body=answer))
        assert stranger.hear_out().statuses == [200], stranger.heard
    return until(house.audit)[-1]["addr"]


# ---- The PROXY protocol ---------------------------------------------------------------------

@pytest.mark.parametrize("client", ["203.0.113.9", "2001:db8::9"])
@pytest.mark.parametrize("parts", [b"", PARTS], ids=["bare", "with parts"])
def test_introduced(house, client, parts):
    assert who_asked(house, introduce(client, parts)) == client


def test_a_mapped_address_is_spelt_as_it_is(house):
    assert who_asked(house, introduce("::ffff:203.0.113.9")) == "203.0.113.9"


def test_in_pieces(house):
    data = introduce("203.0.113.9", PARTS) + LAST
    for cut in (1, 12, 15, 16, 17, 30, len(data) - len(LAST)):
        assert statuses(house, data[:cut], data[cut:]) == [200]
    assert statuses(house, *[data[n:n + 1] for n in range(len(data))]) == [200]


def test_a_proxy_that_looks_whether_we_live(house):
    assert statuses(house, header(LOCAL, 0, b"") + LAST) == [200]
    assert statuses(house, header(LOCAL, 0xff, b"whatever it is") + LAST) == [200]


def test_in_front_of_tls(secure_house, town):
    house = secure_house({"portal.trusted_proxies": [LISTED], "portal.proxy_protocol": True})
    assert statuses(house, introduce("203.0.113.9", PARTS), tls=context(town.authority)) == [200]


REFUSED = {
    "none": b"",
    "version 1": b"PROXY TCP4 203.0.113.9 10.0.0.1 49152 443\r\n",
    "version 3": header(0x31, 0x11, FOUR),
    "no version": header(0x01, 0x11, FOUR),
    "an unknown command": header(0x22, 0x11, FOUR),
    "no family": header(PROXY, 0x00, FOUR),
    "datagrams": header(PROXY, 0x12, FOUR),
    "a path": header(PROXY, 0x31, b"\0" * 216),
    "an unknown family": header(PROXY, 0x41, FOUR),
    "too short for its family": header(PROXY, 0x21, FOUR),
    "too short an address": header(PROXY, 0x11, FOUR[:-1]),
    "nothing in it": header(PROXY, 0x11, b""),
    "longer than we take": header(PROXY, 0x11, FOUR + b"\x04\4\0" + b"a" * 1024),
    "as long as can be": header(PROXY, 0x11, FOUR, 0xffff),
    "a part that is cut": header(PROXY, 0x11, FOUR + b"\x04\0\6hello"),
    "half a part": header(PROXY, 0x11, FOUR + b"\x04"),
    "a byte behind it": introduce("203.0.113.9") + b"x",
    "two of them": introduce("203.0.113.9") + introduce("203.0.113.8"),
    "a mark with one letter changed": introduce("203.0.113.9").replace(b"QUIT", b"quit"),
    "only the mark, then a request": MARK,
}


def test_refused(house):
    for case, data in REFUSED.items():
        assert all(status >= 400 for status in statuses(house, data + LAST)), case


def test_from_elsewhere(house):
    """Who is not listed is taken for what they are, and may not introduce anybody."""
    assert statuses(house, introduce("203.0.113.9") + LAST, source=ELSEWHERE) == [400]
    assert who_asked(house, source=ELSEWHERE) == ELSEWHERE


def test_not_switched_on(another_house):
    house = another_house({"portal.trusted_proxies": [LISTED]})
    assert statuses(house, introduce("203.0.113.9") + LAST) == [400]


def test_nobody_is_listed(another_house):
    house = another_house({"portal.proxy_protocol": True}, start=False)
    child = house.portal.start()
    assert child.process.wait(20) == 1 and "portal.trusted_proxies" in child.output()


# ---- X-Forwarded-For ---------------------------------------------------------------------------

@pytest.fixture
def behind(another_house):
    return another_house({"portal.trusted_proxies": [LISTED, "10.0.0.0/8"]})


@pytest.mark.parametrize("lines, who", [
    ([b"X-Forwarded-For: 203.0.113.9"], "203.0.113.9"),
    ([b"X-Forwarded-For: 203.0.113.9:4711"], "203.0.113.9"),
    ([b"X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.1.1.1"], "203.0.113.9"),
    ([b"X-Forwarded-For: 6.6.6.6", b"X-Forwarded-For: 203.0.113.9"], "203.0.113.9"),
    ([b"X-Forwarded-For: 6.6.6.6, 203.0.113.9", b"X-Forwarded-For: 10.1.1.1"], "203.0.113.9"),
    ([b"X-Forwarded-For: 203.0.113.9, unknown"], LISTED),
    ([b"X-Forwarded-For: 203.0.113.9,"], LISTED),
    ([b"Forwarded: for=203.0.113.9"], LISTED),
    ([b"X-Real-IP: 203.0.113.9"], LISTED),
    ([b"X_Forwarded_For: 203.0.113.9"], LISTED),
    ([], LISTED),
])
def test_forwarded(behind, lines, who):
    assert who_asked(behind, lines=lines) == who


def test_forwarded_from_elsewhere(behind):
    assert who_asked(behind, source=ELSEWHERE,
                     lines=[b"X-Forwarded-For: 203.0.113.9"]) == ELSEWHERE
