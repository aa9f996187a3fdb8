"""A mistake in the settings: the line, what is wrong, what was meant; nothing starts."""

import json
import os
import re
import subprocess

import pytest

from lab.places import BUILD, ROOT, program

# Which program notices; the change; what it has to say.
MISTAKES = {
    "misspelt": ("keeper", {"keeper.code_lief": 600}, r"did you mean .*code_life"),
    "misspelt section": ("portal", {"portl": {"listen": ["127.0.0.1:1"]}}, r"did you mean .*portal"),
    "misspelt in a group": ("registrar", {"registrar.directory.bas": "x"}, r"did you mean .*base"),
    "misspelt at the top": ("courier", {"organization": "x"}, r"did you mean .*organisation"),
    "misspelt word": ("registrar", {"registrar.directory.dialect": "opnldap"},
                      r"did you mean .*openldap"),
    "text for a number": ("keeper", {"keeper.code_life": "600"}, r"whole number"),
    "number for text": ("portal", {"organisation": 5}, r"quotation marks"),
    "text for true": ("registrar", {"registrar.directory.starttls": "yes"}, r"true or false"),
    "out of range": ("keeper", {"keeper.code_tries": 5000}, r"from \d+ to \d+"),
    "absent": ("registrar", {"registrar.directory.base": None}, r"has to be set"),
    "no proofs": ("keeper", {"proofs": []}, r"proofs"),
    "key absent": ("keeper", {"keeper.code_key": "/nowhere/code.key"}, r"/nowhere/code\.key"),
    "no such ca": ("registrar", {"registrar.directory.ca_file": "/nowhere/ca.crt"}, r"ca_file"),
    "not ldap": ("registrar", {"registrar.directory.uris": ["http://127.0.0.1"]}, r"uris"),
    "plain ldap": ("registrar", {"registrar.directory.uris": ["ldap://127.0.0.1:1"]}, r"uris|starttls"),
    "a gateway's method": ("courier", {"courier.gateways.0.method": "GIT"}, r"GET"),
    "a gateway's channel": ("courier", {"courier.gateways.0.channel": "voice"}, r"channel: .*sms"),
    "a placeholder": ("courier", {"courier.gateways.0.url": "http://127.0.0.1:1/?to={too}"},
                      r"too"),
    "a listener": ("portal", {"portal.listen": ["127.0.0.1:http:80"]}, r"listen"),
    "no pages": ("portal", {"portal.share": "/nowhere"}, r"/nowhere"),
}


def start(role, conf, *more):
    """Run a program that should refuse to start; everything that it said."""
    try:
        done = subprocess.run([program(role), "-c", conf, *more], capture_output=True, text=True,
                              timeout=20, check=False)
    except subprocess.TimeoutExpired as still:
        pytest.fail(f"it started all the same: {still.stderr}")
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("case", MISTAKES)
def test_mistake(another_house, case):
    role, change, says = MISTAKES[case]
    house = another_house(change, start=False)
    status, out, err = start(role, house.conf, "--check")
    assert status == 1
    lines = [json.loads(line) for line in out.splitlines()]
    errors = [line for line in lines if line["level"] == "error"]
    assert errors
    assert any(re.search(says, f"{line['setting']}: {line['text']}") for line in errors), errors
    if "did you mean" in says:
        # The line of the file is the one where it stands.
        name = re.split(r"[.\[]", errors[0]["setting"])[-1]
        with open(house.conf, encoding="utf-8") as conf:
            assert name in conf.read().splitlines()[errors[0]["line"] - 1]


@pytest.mark.parametrize("case", ["misspelt", "absent", "key absent", "out of range"])
def test_nothing_starts(another_house, case):
    role, change, says = MISTAKES[case]
    house = another_house(change, start=False)
    status, _, err = start(role, house.conf)
    assert status != 0
    assert re.search(says, err)
    assert re.search(r"latchkey\.conf(:[1-9]\d*)?: \w", err)
    assert not os.path.exists(house.socket("portal"))


def test_syntax(another_house):
    house = another_house(start=False)
    with open(house.conf, "a", encoding="utf-8") as conf:
        conf.write("keeper = {\n")
    lines = open(house.conf, encoding="utf-8").read().count("\n")
    status, out, _ = start("keeper", house.conf, "--check")
    assert status == 1
    assert abs(json.loads(out.splitlines()[0])["line"] - lines) <= 1


def test_no_file():
    status, out, _ = start("portal", "/nowhere/latchkey.conf", "--check")
    assert status == 1 and "cannot be read" in out


def test_key_that_others_may_read(another_house):
    house = another_house(start=False)
    os.chmod(os.path.join(house.folder, "keys", "code.key"), 0o644)
    status, out, _ = start("keeper", house.conf, "--check")
    assert status == 1 and "chmod 0600" in out


@pytest.mark.parametrize("role", ["keeper", "portal", "registrar", "courier"])
def test_good_settings_have_no_faults(town, role):
    status, out, err = start(role, town.house.conf, "--check")
    assert status == 0, out + err


def test_wrong_service_password(another_house):
    house = another_house(start=False)
    with open(os.path.join(house.folder, "keys", "bind.secret"), "w", encoding="ascii") as secret:
        secret.write("anders\n")
    status, out, _ = start("registrar", house.conf, "--check")
    assert status == 1 and "anders" not in out
    assert re.search("bind", out)


def test_certificate_of_another_name(another_house, directory):
    """localhost is in the certificate, 127.0.0.2 is not."""
    house = another_house({"registrar.directory.uris": [
        f"ldaps://127.0.0.2:{directory.tls_port}"]}, start=False)
    status, out, _ = start("registrar", house.conf, "--check")
    assert status == 1 and "uris" in out


def test_starttls(another_house, town, directory):
    from lab.api import Client
    house = another_house({"registrar.directory.uris": [directory.plain_uri],
                           "registrar.directory.starttls": True})
    person = directory.newcomer()
    assert Client(house.url, town.phone).reset(person, "Wolken-boven-8-dijken")["outcome"] == "reset"
    assert directory.binds(person, "Wolken-boven-8-dijken")


# ---- The list of settings is the same wherever it stands -------------------------------

def listed():
    """Every setting that a program of ours knows, as its table says."""
    names = {}
    for role in ("keeper", "portal", "registrar", "courier"):
        out = subprocess.run([program(role), "--settings"], check=True, capture_output=True,
                             text=True).stdout
        for line in out.splitlines():
            name, kind, *rest = line.split("\t")
            names[name] = (kind, *rest)
    return names


def in_sample():
    """Every name that the sample file speaks of, set or commented out, with its groups."""
    names, path = set(), []
    with open(os.path.join(ROOT, "etc", "latchkey.conf"), encoding="utf-8") as sample:
        for line in sample:
            text = re.sub(r"^(\s*)#+\s?(?=\s*\w+ *=)", r"\1", line)
            text = re.sub(r'"[^"]*"', '""', text)
            for token in re.findall(r"(\w+) *= *|([{}])", text.split("#")[0]):
                name, brace = token
                if name:
                    last = name
                    names.add(".".join([part for part in path if part] + [name]))
                elif brace == "{":
                    path.append(last)
                elif path:
                    last = path.pop()
    return names


def plain(name):
    return name.replace("[]", "")


def test_sample_speaks_of_every_setting():
    sample = in_sample()
    groups = {plain(name) for name, about in listed().items() if "group" in about[0]}
    missing = {plain(name) for name in listed()} - sample - groups
    assert missing == set()


def test_sample_speaks_of_no_other_setting():
    known = {plain(name) for name in listed()} | {"portal", "keeper", "registrar", "courier"}
    assert in_sample() - known == set()


def test_manual_lists_every_setting():
    """Each once, with what its table says of it."""
    with open(os.path.join(BUILD, "man", "latchkey.conf.5"), encoding="utf-8") as page:
        items = re.findall(r"^\.It Va (\S+)\n(.*?)(?=^\.(?:It|El))", page.read(), re.M | re.S)
    known = listed()
    assert sorted(name for name, _ in items) == sorted(known)
    for name, text in items:
        text = " ".join(text.replace("\\(dq", '"').replace("\\e", "\\").split())
        kind, values, default, about = known[name]
        assert text.startswith(about[0].upper() + about[1:])
        assert kind.split(" ")[0].rstrip("s") in text.lower()
        assert values in text and default.strip("()") in text
