"""Birth dates that the directory holds as keyed hashes: made from a list, and proved."""

import base64
import hashlib
import hmac
import os
import subprocess

import pytest

from lab import settings
from lab.api import Client
from lab.child import until
from lab.places import program, tool

NEW = "Wolken-boven-8-dijken"


def key_file(house):
    return f"{house.folder}/keys/proof.key"


@pytest.fixture
def house(another_house):
    house = another_house(start=False)
    settings.change(house.settings, "registrar.proof_key", key_file(house))
    settings.write(house.conf, house.settings)
    return house.start()


def hashed(house, text, *more):
    """latchkey proof hash, which reads ${text}: what it did, wrote and said."""
    return subprocess.run([program("ctl"), "-c", house.conf, "proof", "hash", *more],
                          input=text.encode(), capture_output=True, timeout=60, check=False)


def value(house, person, plain, kind="date"):
    """The value as the manual describes it, made without us."""
    identity = house.directory.read(person)["entryUUID"][0]
    with open(key_file(house), encoding="ascii") as key:
        secret = bytes.fromhex(key.read())
    code = hmac.new(secret, b"\0".join([identity, kind.encode(), plain.encode()]),
                    hashlib.sha256).digest()
    return "{HMAC}" + base64.urlsafe_b64encode(code).decode().rstrip("=")


def apply(directory, ldif):
    subprocess.run([tool("ldapmodify"), "-H", directory.uri, "-D", directory.admin_dn,
                    "-w", directory.admin_password], input=ldif, check=True, capture_output=True,
                   env={**os.environ, "LDAPTLS_CACERT": directory.ca})


def proved(house, person, **typed):
    """What the audit says of these proofs."""
    rows = len(house.audit(person.username))
    Client(house.url).to_code(person, **typed)
    return until(lambda: [row["outcome"] for row in house.audit(person.username)[rows:]
                          if row["what"] == "proved"], what="the proofs to be compared")[0]


def test_from_a_list_to_a_new_password(house, directory, town):
    one, two, far = directory.newcomer(), directory.newcomer(), directory.newcomer(given="Zoë")
    done = hashed(house, f"username,date\n{one.username},{one.birthdate}\n"
                         f"{two.username}, 1.10.1984\r\n\n{far.mail};\"19841001\"\n")
    assert (done.returncode, done.stderr.decode().strip().splitlines()[-1]) == (
        0, "latchkey-registrar: 3 hashed, 0 not")
    apply(directory, done.stdout)
    for person, date in ((one, one.birthdate), (two, "1984-10-01"), (far, "1984-10-01")):
        held = directory.read(person, "latchkeyBirthDate")["latchkeyBirthDate"]
        assert held == [value(house, person, date).encode()]
    client = Client(house.url, town.phone)
    assert client.reset(one, NEW)["outcome"] == "reset"
    assert directory.binds(one, NEW)
    assert proved(house, two, birthdate="01-10-1984") == "ok"
    assert proved(house, two, birthdate="02-10-1984") == "no_match"
    # A hash is of one account: carried to another it proves nothing.
    apply(directory, f"dn: {one.dn}\nchangetype: modify\nreplace: latchkeyBirthDate\n"
                     f"latchkeyBirthDate: {value(house, two, one.birthdate)}\n".encode())
    assert proved(house, one) == "no_match"


def test_what_is_wrong_is_told_and_the_rest_is_done(house, directory):
    person = directory.newcomer()
    done = hashed(house, "\ufeff" + "\n".join([
        f"{person.username},31-2-1984", "niemand,1-10-1984", "alleen een naam", "a,b,c",
        f'"{person.username}","1-10-1984"', "niemand,wanneer?", f'{person.username},"1-10-1984']))
    assert done.returncode == 1
    assert done.stdout.count(b"changetype: modify") == 2
    said = done.stderr.decode()
    assert [number for number in range(1, 8) if f"line {number}: " in said] == [1, 2, 3, 4, 6]
    assert "2 hashed, 5 not" in said
    # Nobody's name and nobody's date is in what is said.
    assert person.username not in said and "1984" not in said and "niemand" not in said


def test_a_file_and_a_name_in_another_script(house, directory, tmp_path):
    person = directory.newcomer()
    person.dn = f"cn=Øystein,{directory.base}"
    connection = directory.admin()
    connection.rename_s(f"uid={person.username},{directory.base}", "cn=Øystein", delold=False)
    connection.unbind_s()
    path = tmp_path / "list.csv"
    path.write_text(f"{person.username},{person.birthdate}\n", encoding="utf-8")
    done = hashed(house, "", str(path))
    assert done.returncode == 0 and done.stdout.startswith(b"dn:: ")
    apply(directory, done.stdout)
    assert proved(house, person) == "ok"


@pytest.mark.parametrize("more, says", [
    (["--field=mobile"], "codes are sent"), (["--field=note"], "none has the field note"),
    (["/nowhere/list.csv"], "/nowhere/list.csv")])
def test_what_cannot_be(house, more, says):
    done = hashed(house, "a.jansen,1-10-1984\n", *more)
    assert done.returncode == 1 and done.stdout == b""
    assert says in done.stderr.decode()


def test_without_a_key(town, directory):
    """It is told which setting; and such a value is one that cannot be read."""
    person = directory.newcomer(spelt_birthdate="{HMAC}" + "A" * 43)
    assert proved(town.house, person) == "no_proof"
    assert "registrar.proof_key is not set" in town.house.registrar.output()
    done = hashed(town.house, "a.jansen,1-10-1984\n")
    assert done.returncode == 1 and "registrar.proof_key is not set" in done.stderr.decode()


def test_a_key_that_is_none(house):
    os.chmod(key_file(house), 0o644)
    done = subprocess.run([program("registrar"), "-c", house.conf, "--check"], capture_output=True,
                          text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "registrar.proof_key" in done.stdout and "chmod 0600" in done.stdout
