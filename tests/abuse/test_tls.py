"""TLS in the portal itself: what is spoken, what is refused, and a new certificate."""

import json
import os
import re
import shutil
import ssl
import subprocess

import pytest

from lab.api import Client, trusting
from lab.ca import Authority
from lab.child import until
from lab.odd_requests import GOOD, NEXT, ODD, post
from lab.places import free_port, program, tool
from lab.stranger import Stranger
from lab.trust import context

LAST = NEXT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
OLD = [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1]
WEAK = ["kRSA", "kDHE", "aNULL", "eNULL", "ECDHE+AES128+SHA1", "ECDHE+SHA384:!AESGCM", "AESCCM"]


@pytest.fixture
def house(secure_house):
    return secure_house()


def shakes(house, trust):
    """These two agree on TLS: what they speak."""
    with Stranger(house.port, tls=trust) as stranger:
        assert stranger.say(LAST).hear_out().statuses == [200]
        return stranger.sock.version(), stranger.sock.selected_alpn_protocol()


def refusal(house, trust):
    """They do not: the alert with which the portal said so."""
    with pytest.raises(ssl.SSLError) as refused:
        shakes(house, trust)
    return refused.value.reason


# ---- Requests, as without TLS --------------------------------------------------------------

def test_matrix(house, town, figure):
    """What is refused in clear is refused here."""
    trust, refused = context(town.authority), 0
    for case, data in ODD.items():
        with Stranger(house.port, tls=trust) as stranger:
            statuses = stranger.say(data + NEXT).hear_out().statuses
        assert len(statuses) <= 1 and all(400 <= status < 600 for status in statuses), case
        refused += 1
    figure("ambiguous_refused_tls", refused, "cases")
    for case, data in GOOD.items():
        with Stranger(house.port, tls=trust) as stranger:
            assert set(stranger.say(data + LAST).hear_out().statuses) <= {100, 200}, case


def test_a_person_walks(house, town):
    """All the way to a new password; and what a browser is told to keep says so."""
    person = town.directory.newcomer()
    with trusting(house.verify) as browser:
        page = browser.get(house.url + "/?lang=en", timeout=10)
        assert page.status_code == 200
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        kept = page.headers["Set-Cookie"]
        assert kept.startswith("__Host-latchkey") and "; Secure" in kept and "; Path=/" in kept
        assert "HttpOnly" in kept and "SameSite=Strict" in kept and "Domain" not in kept
    client = Client(house.url, town.phone, verify=house.verify)
    assert client.reset(person, "Wolken-boven-8-dijken")["outcome"] == "reset"


def test_the_end_is_told(house, town):
    """The client knows that it has all of a reply, also one that came while it still spoke."""
    trust = context(town.authority)
    for data in (LAST, ODD["two hosts"], post(length=b"Content-Length: 200000") + b"a" * 200000):
        with Stranger(house.port, tls=trust) as stranger:
            stranger.say(data)
            while data := stranger.sock.recv(65536):    # an end without a goodbye would raise
                stranger.heard += data
            assert len(stranger.statuses) == 1


def test_clear_text_is_not_heard(house):
    with Stranger(house.port) as stranger:
        assert stranger.say(LAST).hear_out().heard == b""


# ---- What is spoken ----------------------------------------------------------------------------

def test_versions(house, town):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        spoken, protocol = shakes(house, context(town.authority, version, version))
        assert spoken == version.name.replace("_", ".") and protocol == "http/1.1"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions(house, town):
    for version in OLD:
        assert refusal(house, context(town.authority, version, version)).endswith(
            "ALERT_PROTOCOL_VERSION")
        # The same client gets in as soon as it offers more.
        assert shakes(house, context(town.authority, version, ssl.TLSVersion.TLSv1_2))


def test_weak_ciphers(house, town):
    """Those that this machine's own OpenSSL still knows."""
    tried = 0
    for ciphers in WEAK:
        try:
            trust = context(town.authority, newest=ssl.TLSVersion.TLSv1_2,
                            ciphers=ciphers + ":@SECLEVEL=0")
        except ssl.SSLError:
            continue
        assert refusal(house, trust).endswith("ALERT_HANDSHAKE_FAILURE"), ciphers
        tried += 1
    assert tried > 0
    assert shakes(house, context(town.authority, newest=ssl.TLSVersion.TLSv1_2,
                                 ciphers="ECDHE+AESGCM"))


def test_protocols(house, town):
    for protocols in (("h2",), ("h2", "http/1.0"), ("spdy/3",)):
        # Some releases of python have no word for this alert.
        assert str(refusal(house, context(town.authority, protocols=protocols))).endswith(
            ("ALERT_NO_APPLICATION_PROTOCOL", "None"))
        more = context(town.authority, protocols=(*protocols, "http/1.1"))
        assert shakes(house, more)[1] == "http/1.1"
    assert shakes(house, context(town.authority, protocols=()))[1] is None


def test_no_session_is_resumed(house, town):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        with Stranger(house.port, tls=context(town.authority, version, version)) as stranger:
            assert stranger.say(LAST).hear_out().statuses == [200]
            session = stranger.sock.session
            assert session is None or not session.has_ticket


def test_no_renegotiation(house):
    """The client asks for it (R), and is cut off or told no; it never happens."""
    said = subprocess.run(
        [tool("openssl"), "s_client", "-tls1_2", "-connect", f"127.0.0.1:{house.port}"],
        input=b"R\n", capture_output=True, timeout=20, check=False)
    assert b"RENEGOTIATING" in said.stdout + said.stderr
    assert b"no renegotiation" in said.stderr or b"handshake failure" in said.stderr


# ---- A new certificate ---------------------------------------------------------------------------

def serial(house, authority):
    with Stranger(house.port, tls=context(authority)) as stranger:
        return stranger.sock.getpeercert()["serialNumber"]


def put(house, certificate, key):
    shutil.copy(certificate, house.settings["portal"]["tls_certificate"])
    shutil.copy(key, house.settings["portal"]["tls_key"])
    before = house.logs().count("the settings ")
    house.portal.process.send_signal(1)
    until(lambda: house.logs().count("the settings ") > before)


def test_a_new_certificate(house, town):
    """Who comes from now on gets it; who is in goes on."""
    before = serial(house, town.authority)
    with Stranger(house.port, tls=context(town.authority)) as early:
        early.say(NEXT)
        until(lambda: b"ok\n" in (early.heard + early.sock.recv(65536)))
        put(house, *town.authority.issue("portal-next"))
        assert serial(house, town.authority) != before
        early.heard = b""
        assert early.say(LAST).hear_out().statuses == [200]
        assert early.sock.getpeercert()["serialNumber"] == before


def test_until_when_is_a_figure(secure_house, town):
    """... of the certificate that is in use, not of the one that was."""
    port = free_port()
    house = secure_house({"portal.metrics_listen": [f"127.0.0.1:{port}"]})

    def until_when():
        text = trusting().get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
        return int(re.search(r"^latchkey_tls_certificate_expires_seconds (\d+)$", text, re.M)[1])

    before = until_when()
    put(house, *town.authority.issue("portal-longer", days=90))
    assert until_when() - before > 50 * 24 * 3600


def test_a_bad_certificate(house, town, tmp_path):
    """The earlier one stays in use, and the log says why."""
    before = serial(house, town.authority)
    good, _ = town.authority.issue("portal-good")
    _, other_key = town.authority.issue("portal-other")
    nothing = tmp_path / "nothing"
    nothing.write_text("x\n", encoding="ascii")
    nothing.chmod(0o600)
    for pair, why in (((good, other_key), "is not the key of the certificate"),
                      ((str(nothing), other_key), "holds no certificate in PEM"),
                      ((good, str(nothing)), "holds no private key in PEM")):
        put(house, *pair)
        assert why in house.portal.output()
        assert serial(house, town.authority) == before


# ---- What a check says of it -----------------------------------------------------------------------

def findings(house):
    out = subprocess.run([program("portal"), "-c", house.conf, "--check"], capture_output=True,
                         text=True, timeout=20, check=False)
    found = [json.loads(line) for line in out.stdout.splitlines()]
    return [(one["level"], one["setting"], one["text"]) for one in found
            if one["setting"].startswith(("portal.tls", "public_url"))], out.returncode


def _damaged(town, tmp_path, days=30, host="localhost", change=None):
    """The settings' change for a pair that is not as it should be."""
    authority = Authority(str(tmp_path / "ca"))
    certificate, key = authority.issue("portal", hosts=(host,), days=days)
    pair = {"portal.tls_certificate": certificate, "portal.tls_key": key,
            "public_url": "https://localhost"}
    return {**pair, **(change(pair, town) if change else {})}


def _locked_up(pair, _):
    os.chmod(pair["portal.tls_key"], 0o644)
    return {}


def _with_password(pair, _):
    subprocess.run([tool("openssl"), "pkey", "-in", pair["portal.tls_key"], "-aes256", "-passout",
                    "pass:x", "-out", pair["portal.tls_key"] + ".locked"], check=True)
    os.chmod(pair["portal.tls_key"] + ".locked", 0o600)
    return {"portal.tls_key": pair["portal.tls_key"] + ".locked"}


def _a_link(pair, _):
    os.symlink(pair["portal.tls_certificate"], pair["portal.tls_certificate"] + ".link")
    return {"portal.tls_certificate": pair["portal.tls_certificate"] + ".link"}


def _of_another_kind(pair, _):
    subprocess.run([tool("openssl"), "genpkey", "-algorithm", "RSA", "-out",
                    pair["portal.tls_key"]], check=True, capture_output=True)
    return {}


WORDS = {
    "missing": ({"change": lambda pair, town: {"portal.tls_certificate": "/nowhere/a.crt"}},
                "error", "portal.tls_certificate", "/nowhere/a.crt cannot be read"),
    "a link": ({"change": _a_link}, "error", "portal.tls_certificate", "it is a link"),
    "no key": ({"change": lambda pair, town: {"portal.tls_key": "/nowhere/a.key"}},
               "error", "portal.tls_key", "/nowhere/a.key cannot be opened"),
    "only one of them": ({"change": lambda pair, town: {"portal.tls_key": ""}},
                         "error", "portal.tls_key", "has to be set"),
    "only the other": ({"change": lambda pair, town: {"portal.tls_certificate": ""}},
                       "error", "portal.tls_certificate", "has to be set"),
    "a key that others read": ({"change": _locked_up}, "error", "portal.tls_key", "chmod 0600"),
    "a key with a password": ({"change": _with_password}, "error", "portal.tls_key",
                              "openssl pkey"),
    "a certificate for a key": ({"change": lambda pair, town: {
        "portal.tls_certificate": pair["portal.tls_key"]}}, "error", "portal.tls_certificate",
        "holds no certificate"),
    "another's key": ({"change": lambda pair, town: {
        "portal.tls_key": town.authority.issue("other")[1]}}, "error", "portal.tls_key",
        "is not the key of the certificate"),
    "a key of another kind": ({"change": _of_another_kind}, "error", "portal.tls_key",
                              "is not the key of the certificate"),
    "http": ({"change": lambda pair, town: {"public_url": "http://localhost"}}, "error",
             "public_url", "must begin with https://"),
    "expired": ({"days": -1}, "error", "portal.tls_certificate", "has expired"),
    "soon": ({"days": 9}, "advice", "portal.tls_certificate", "expires in"),
    "another name": ({"host": "elders.example", "days": 90}, "advice", "portal.tls_certificate",
                     "is for elders.example, not for localhost"),
}


@pytest.mark.parametrize("case", WORDS)
def test_words(another_house, town, tmp_path, case):
    how, level, setting, says = WORDS[case]
    house = another_house(_damaged(town, tmp_path, **how), start=False)
    found, status = findings(house)
    assert any(one[:2] == (level, setting) and says in one[2] for one in found), found
    assert status == (1 if level == "error" else 0)


def test_nothing_to_say(another_house, town, tmp_path):
    assert findings(another_house(_damaged(town, tmp_path, days=90), start=False)) == ([], 0)
