"""What every reply says to a browser, and what no reply says back to a stranger."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from lab.odd_requests import NEXT, get, post
from lab.places import free_port
from lab.stranger import Stranger

FORM = b"Content-Type: application/x-www-form-urlencoded"
EVIL = "evil.example"
LINES = [b"X-Forwarded-Host: evil.example", b"X-Forwarded-Proto: evil.example",
         b"X-Host: evil.example", b"X-Original-URL: /evil.example", b"X-Rewrite-URL: /evil.example",
         b"Forwarded: host=evil.example", b"Origin: http://evil.example",
         b"Referer: http://evil.example/", b"User-Agent: evil.example"]


def form(path, *lines):
    return post(FORM, *lines, line=b"POST %s HTTP/1.1" % path, host=b"Host: evil.example",
                length=b"Content-Length: 3", body=b"a=b").replace(
                    b"Content-Type: application/json\r\n", b"")


def ask(path, *lines, **more):
    return get(path, *lines, host=b"Host: evil.example", **more)


# A request for each kind of reply, and the status that it gets.
KINDS = {
    "the first page": (200, ask(b"/")),
    "the first page, by name": (200, ask(b"http://evil.example/")),
    "its head alone": (200, ask(b"/", method=b"HEAD")),
    "another language": (200, ask(b"/?lang=en")),
    "a page in another language": (303, ask(b"/step/code?lang=en")),
    "a page without a flow": (303, ask(b"/step/code")),
    "a page of a flow that is not": (404, ask(b"/step/code", b"Cookie: latchkey=x")),
    "left": (200, ask(b"/left")),
    "no such page": (404, ask(b"/evil.example")),
    "no such step": (404, ask(b"/step/evil.example")),
    "style": (200, ask(b"/static/style.css")),
    "no such file": (404, ask(b"/static/evil.example.css")),
    "a script": (200, ask(b"/static/script.js")),
    "health": (200, ask(b"/healthz")),
    "readiness": (200, ask(b"/readyz")),
    "the api's description": (200, ask(b"/api/v1/openapi.json")),
    "the api's description, sent to": (405, form(b"/api/v1/openapi.json")),
    "a wrong form": (403, form(b"/")),
    "a wrong form of a step": (403, form(b"/step/code")),
    "no form": (415, post(line=b"POST / HTTP/1.1", host=b"Host: evil.example")),
    "a form from elsewhere": (403, form(b"/", b"Sec-Fetch-Site: cross-site")),
    "a button that is read": (405, ask(b"/leave")),
    "a file that is sent to": (405, form(b"/healthz")),
    "the api": (200, post(host=b"Host: evil.example")),
    "the api, wrong": (415, form(b"/api/v1/open")),
    "the api, unknown": (404, form(b"/api/v1/evil.example")),
    "the api, read": (405, ask(b"/api/v1/open")),
    "not understood": (400, ask(b"/ evil.example")),
    "another method": (501, ask(b"/", method=b"PUT")),
    "another version": (505, ask(b"/", version=b" HTTP/2.0")),
    "no length": (411, post(length=None, host=b"Host: evil.example")),
    "too much": (413, post(length=b"Content-Length: 99999", host=b"Host: evil.example")),
    "an expectation": (417, post(b"Expect: evil.example", host=b"Host: evil.example")),
    "too long a head": (431, ask(b"/", b"X-A: " + b"a" * 20000)),
}

SAID = {
    "content-security-policy": r"default-src 'none'; .*frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": r"nosniff",
    "x-frame-options": r"DENY",
    "referrer-policy": r"no-referrer",
    "cross-origin-opener-policy": r"same-origin",
    "cross-origin-resource-policy": r"same-origin",
    "permissions-policy": r"(\S+=\((self)?\)(, )?)+",
    "cache-control": r"no-store|no-cache|public, max-age=31536000, immutable",
    "connection": r"close|keep-alive",
    "date": r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT",
}
# Words that would loosen a policy, and lines that tell what need not be known.
LOOSE = re.compile(r"unsafe|\*|data:|blob:|http:|https:|strict-dynamic|report|sandbox|'nonce|'sha")
NEVER = ("server", "x-powered-by", "via", "access-control-allow-origin", "transfer-encoding",
         "access-control-allow-credentials", "location-x", "x-xss-protection")


def reply_to(port, data):
    """The status, the header lines by name in small letters, and all that came."""
    with Stranger(port) as stranger:
        stranger.say(data.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        heard = stranger.hear_out().heard
    head = heard.split(b"\r\n\r\n")[0].decode()
    lines = [line.split(": ", 1) for line in head.split("\r\n")[1:]]
    assert len({name.lower() for name, _ in lines}) == len(lines), f"said twice: {head}"
    return int(head.split()[1]), {name.lower(): value for name, value in lines}, heard


def is_guarded(lines):
    for name, says in SAID.items():
        assert re.fullmatch(says, lines[name]), name
    assert not LOOSE.search(lines["content-security-policy"])
    assert not LOOSE.search(lines["permissions-policy"])
    assert not set(lines) & set(NEVER)


@pytest.mark.parametrize("case", KINDS)
def test_every_kind(town, case):
    """The guards are there; neither Host nor any line or path of theirs comes back."""
    expected, data = KINDS[case]
    data = data.replace(b"\r\n", b"\r\n" + b"\r\n".join(LINES) + b"\r\n", 1)
    status, lines, heard = reply_to(town.house.port, data)
    assert status == expected
    is_guarded(lines)
    assert EVIL.encode() not in heard.lower()
    assert "strict-transport-security" not in lines
    if status == 303:
        assert lines["location"].startswith("/") and not lines["location"].startswith("//")
    if lines.get("content-type", "").startswith("text/"):
        assert lines["content-type"].endswith("; charset=utf-8")
    if status == 405:
        assert lines["allow"] == ("GET, HEAD" if data.startswith(b"POST") else "POST")
    if data.startswith(b"HEAD"):
        assert heard.endswith(b"\r\n\r\n") and int(lines["content-length"]) > 1000


def test_unchanged(town):
    tag = reply_to(town.house.port, ask(b"/static/style.css"))[1]["etag"].encode()
    again = ask(b"/static/style.css", b"If-None-Match: " + tag)
    status, lines, _ = reply_to(town.house.port, again)
    assert status == 304
    is_guarded(lines)


def test_the_socket_for_figures(another_house):
    port = free_port()
    another_house({"portal.metrics_listen": [f"127.0.0.1:{port}"]})
    for path in (b"/", b"/metrics", b"/evil.example"):
        _, lines, heard = reply_to(port, ask(path))
        is_guarded(lines)
        assert EVIL.encode() not in heard


def test_keeper_is_away(another_house):
    house = another_house()
    house.keeper.kill()
    asked = (ask(b"/"), post(host=b"Host: evil.example"))
    with ThreadPoolExecutor(len(asked)) as people:
        replies = list(people.map(reply_to, [house.port] * len(asked), asked))
    for status, lines, heard in replies:
        assert status == 503 and lines["retry-after"] == "5"
        is_guarded(lines)
        assert EVIL.encode() not in heard
    assert reply_to(house.port, ask(b"/healthz"))[0] == 200


# ---- Whose page it was that asks ----------------------------------------------------------------

@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "API"])
@pytest.mark.parametrize("site", [None, "none", "same-origin", "same-site", "cross-site", "", "x"])
def test_sites(town, method, site):
    """Whoever may lead people to a page may not press its buttons."""
    lines = [] if site is None else [b"Sec-Fetch-Site: " + site.encode()]
    if method == "POST":
        browser = requests.Session()
        page = browser.get(town.house.url + "/", timeout=10).text
        fields = dict(re.findall(r'name="(flow|seq|step|csrf)" value="([^"]*)"', page))
        response = browser.post(town.house.url + "/", data={**fields, "username": "a.jansen"},
                                headers={} if site is None else {"Sec-Fetch-Site": site},
                                timeout=10, allow_redirects=False)
        status = response.status_code
        assert ("Set-Cookie" in response.headers) == (status == 303)
    elif method == "API":
        status = reply_to(town.house.port, post(*lines))[0]
    else:
        status = reply_to(town.house.port, ask(b"/", *lines, method=method.encode()))[0]
    good = 303 if method == "POST" else 200
    pressed = method in ("POST", "API")
    assert status == (403 if pressed and site not in (None, "none", "same-origin") else good)


def test_a_token_is_of_its_flow(town):
    """The token of another flow, a cut one, none, or the flow's own name: nothing is done."""
    pages = [requests.get(town.house.url + "/", timeout=10).text for _ in range(2)]
    mine, other = (dict(re.findall(r'name="(flow|seq|step|csrf)" value="([^"]*)"', page))
                   for page in pages)
    for token in (other["csrf"], mine["csrf"][:-1], mine["csrf"].upper(), "", mine["flow"], None):
        fields = {**mine, "csrf": token, "username": "a.jansen"}     # None: it is not sent
        response = requests.post(town.house.url + "/", timeout=10, allow_redirects=False,
                                 data=fields)
        assert response.status_code == 403, token
        assert "Set-Cookie" not in response.headers


# ---- One connection, several requests -----------------------------------------------------------

def test_kept(town):
    """A page, its head, a file, an answer: in their order, by one connection."""
    with Stranger(town.house.port) as stranger:
        stranger.say(get(b"/") + get(b"/", method=b"HEAD") + get(b"/static/style.css") + post() +
                     get(b"http://recover.example/nothing") + NEXT.replace(
                         b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert stranger.hear_out().statuses == [200, 200, 200, 200, 404, 200]


def test_what_follows_is_refused(town):
    """A good request, then what is none: the first is answered, the second refused, and the end."""
    for behind in (b"x", b"\r\n", b"GET / HTTP/1.1\r\n\r\n", b'{"more":1}\r\n\r\n'):
        with Stranger(town.house.port) as stranger:
            stranger.say(post() + behind + NEXT).sock.settimeout(15)
            assert stranger.hear_out().statuses[0] == 200
            assert all(status >= 400 for status in stranger.statuses[1:]), behind
