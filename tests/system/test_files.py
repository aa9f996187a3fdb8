"""Style, script and logo: packed for who can unpack, the same for everybody else."""

import re

import pytest
import requests


def fetch(url, encoding=None, **headers):
    """The reply as it came over the wire."""
    with requests.get(url, stream=True, timeout=10, headers={
            "Accept-Encoding": encoding, **headers}) as reply:
        return reply, reply.raw.read(decode_content=False)


@pytest.fixture
def style(town):
    page = requests.get(town.house.url, timeout=10).text
    return town.house.url + re.search('rel="stylesheet" href="([^"]*)"', page).group(1)


@pytest.mark.parametrize("encoding, packed", [
    (None, False), ("identity", False), ("br", False), ("gzip", True), ("GZIP", True),
    ("gzip, deflate, br", True), ("br;q=1.0, gzip;q=0.5", True), ("deflate,gzip;q=0.001", True),
    ("gzip;q=0", False), ("gzip;q=0.0, br", False), ("gzip; q=0 ,deflate;q=1", False),
    ("x-gzip", False), ("gzipped", False), (",,;;,", False)])
def test_packed(style, encoding, packed):
    plain, whole = fetch(style)
    reply, body = fetch(style, encoding)
    assert reply.status_code == 200
    assert (reply.headers.get("Content-Encoding") == "gzip") == packed
    assert (len(body) < len(whole) / 2) == packed
    assert int(reply.headers["Content-Length"]) == len(body)
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert reply.headers["ETag"] == plain.headers["ETag"]
    assert requests.get(style, timeout=10, headers={"Accept-Encoding": encoding}).content == whole


def test_not_again(style):
    """Whoever has it in one form does not get it in another."""
    tag = fetch(style, "gzip")[0].headers["ETag"]
    for encoding in ("gzip", None):
        reply, body = fetch(style, encoding, **{"If-None-Match": tag})
        assert (reply.status_code, body) == (304, b"")


def test_pages_are_not(town):
    """Their length must not tell what is in them."""
    for path in ("/", "/left", "/nothing"):
        reply, _ = fetch(town.house.url + path, "gzip")
        assert "Content-Encoding" not in reply.headers
