"""How registrar signs in at Active Directory: by Kerberos and by password, and never in clear."""

import json
import os
import subprocess

import pytest
import requests

from lab.api import Client
from lab.child import listens, until
from lab.places import program

NEW = "Wolken-boven-8-dijken"
HERE = "registrar.directory."


def by_key(directory, **more):
    """The settings of who has a key and no password."""
    told = {"uris": [directory.plain_uri], "mechanism": "GSSAPI", "keytab": directory.keytab,
            "bind_dn": None, "bind_password_file": "/nowhere/bind.secret", **more}
    return {HERE + name: value for name, value in told.items()}


def findings(house):
    done = subprocess.run([program("registrar"), "-c", house.conf, "--check"], check=False,
                          capture_output=True, text=True, timeout=60,
                          env=house.directory.environment)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def faults(house):
    status, told = findings(house)
    assert status == 1
    return "\n".join(f"{one['setting']}: {one['text']}" for one in told if one["level"] == "error")


# ---- What works ----------------------------------------------------------------------------

WAYS = {
    "gssapi": lambda ad: by_key(ad),
    "gss-spnego": lambda ad: by_key(ad, mechanism="GSS-SPNEGO"),
    "gssapi in tls": lambda ad: by_key(ad, uris=[ad.uri], channel_binding="tls-endpoint"),
    "gssapi after starttls": lambda ad: by_key(ad, starttls=True, channel_binding="tls-endpoint"),
    "simple after starttls": lambda ad: {HERE + "uris": [ad.plain_uri], HERE + "starttls": True},
}


@pytest.mark.parametrize("way", WAYS)
def test_reset(ad, ad_house, phone, way):
    """A reset is written encrypted, whichever of the two encrypts: the server insists."""
    person = ad.newcomer()
    house = ad_house(WAYS[way](ad))
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"
    assert ad.binds(person, NEW)


@pytest.mark.parametrize("mechanism", ["GSSAPI", "GSS-SPNEGO"])
def test_reset_at_an_older_samba(ad_old, build_house, phone, mechanism):
    person = ad_old.newcomer()
    house = build_house(ad_old, by_key(ad_old, mechanism=mechanism))
    assert Client(house.url, phone).reset(person, NEW)["outcome"] == "reset"
    assert ad_old.binds(person, NEW)


# ---- What is refused, and what mends it ----------------------------------------------------

NOT_LIKE_THIS = {
    "no keytab": ({"keytab": ""}, ["keytab", "exportkeytab"]),
    "a keytab that is not there": ({"keytab": "/nowhere/k"}, ["keytab", "/nowhere/k"]),
    "a password in clear": ({"mechanism": "simple"}, ["uris[0]", "in clear"]),
    "no name": ({"mechanism": "simple", "starttls": True}, ["bind_dn", "DN"]),
    "scram in clear": ({"mechanism": "SCRAM-SHA-256", "bind_dn": "svc"}, ["uris[0]", "in clear"]),
    "simple, but tied": ({"mechanism": "simple", "bind_dn": "svc", "starttls": True,
                          "channel_binding": "tls-endpoint"}, ["channel_binding"]),
    "two servers in one text": ({"uris": ["ldaps://127.0.0.1:9,ldap://127.0.0.1:9"]},
                                ["uris[0]", "more than one"]),
    "an unlock server that is away": ({"unlock_uris": ["ldap://127.0.0.1:9"]},
                                      ["unlock_uris[0]", "127.0.0.1:9"]),
    "no servers": ({"uris": []}, ["uris", "domain"]),
    "in tls, not tied": ({"uris": None}, ["tls-endpoint"]),
    "no such mechanism": ({"mechanism": "NO-SUCH", "bind_dn": "svc", "starttls": True},
                          ["uris[0]", "mechanism"]),
}


@pytest.mark.parametrize("case", NOT_LIKE_THIS)
def test_refused_with_what_mends_it(ad, ad_house, tmp_path, case):
    change, words = NOT_LIKE_THIS[case]
    secret = tmp_path / "bind.secret"
    secret.write_text("x\n")
    secret.chmod(0o600)
    change = {"bind_password_file": str(secret), **change}
    if change.get("uris", ()) is None:
        change["uris"] = [ad.uri]
    told = faults(ad_house(by_key(ad, **change), start=False))
    for word in words:
        assert word in told


def test_an_older_samba_in_tls(ad_old, build_house):
    house = build_house(ad_old, by_key(ad_old, uris=[ad_old.uri], channel_binding="tls-endpoint"),
                        start=False)
    assert "with Kerberos ldap://, and starttls = false" in faults(house)


def test_a_wrong_password_is_not_tried_on_and_on(ad, build_house):
    """Two servers, four workers, people who come: and an account that would be locked by it."""
    house = build_house(ad, {"registrar.directory.uris": [ad.uri, ad.uri + "/"]}, start=False)
    with open(os.path.join(house.folder, "keys", "bind.secret"), "w", encoding="ascii") as secret:
        secret.write("no longer\n")
    for child in house.programs.values():
        child.start()
    until(lambda: listens(house.port), 10, "portal")
    until(lambda: "so that it does not get locked" in house.registrar.output(), 20, "the log")
    for _ in range(10):
        assert requests.get(house.url + "/readyz", timeout=10).status_code == 503
    tries = house.registrar.output().count("binding as the service account")
    assert 0 < tries <= house.settings["registrar"]["workers"]
