"""What doc/ADMIN tells an admin to type is what these directories and proxies run on."""

import os
import re

import pytest
import requests

from lab import directory as lab
from lab.api import Client
from lab.child import Child, listens
from lab.directory import Directory
from lab.people import cast
from lab.places import ROOT, free_port, tool

NEW = "Wolken-boven-8-dijken"


def typed(first, names):
    """The block of the guide that begins with that line, with our names for its examples."""
    with open(os.path.join(ROOT, "doc", "ADMIN"), encoding="utf-8") as guide:
        text = guide.read()
    block = re.search(rf"^    {re.escape(first)}.*?(?=\n\n)", text, re.MULTILINE | re.DOTALL)[0]
    for name, ours in names.items():
        assert name in block
        block = block.replace(name, ours)
    return re.sub("^    ", "", block, flags=re.MULTILINE)


@pytest.fixture
def as_told(town, tmp_path, monkeypatch):
    """A slapd with the access rules of the guide, in front of one that lets everybody read."""
    ldif = typed("dn: olcDatabase", {
        "cn=latchkey,ou=services,dc=example,dc=nl": lab.SERVICE_DN})
    rules = re.sub(r"^olcAccess: \{\d+\}", "access ", ldif.partition("add: olcAccess\n")[2],
                   flags=re.MULTILINE)
    own = lab.CONFIG.partition("access to attrs=userPassword")[0]
    rest = "access to *\n  by users read\n  by anonymous auth\n  by * none\n"
    monkeypatch.setattr(lab, "CONFIG", own + rules + "\n" + rest)
    slapd = Directory(str(tmp_path / "slapd"), town.authority, cast())
    try:
        yield slapd.start()
    finally:
        slapd.stop()


def test_openldap(as_told, build_house, town):
    house = build_house(as_told)
    person = as_told.newcomer()
    client = Client(house.url, town.phone)
    assert client.reset(person, person.password)["reason"] == "rule_history"
    end = Client(house.url, town.phone).reset(as_told.newcomer(), NEW)
    assert end["outcome"] == "reset"
    locked = as_told.newcomer()
    as_told.lock(locked)
    assert Client(house.url, town.phone).unlock(locked)["outcome"] == "unlocked"


@pytest.fixture
def nginx(town, tmp_path):
    """nginx(portal's port): what the guide says, on a port of our own; return its address."""
    running = []

    def start(port):
        own = free_port()
        certificate, key = town.authority.issue("proxy")
        server = typed("server {", {
            "443 ssl": f"127.0.0.1:{own} ssl",
            "recover.example.nl;": "localhost;",
            "/etc/ssl/recover.example.nl.pem": certificate,
            "/etc/ssl/private/recover.example.nl.key": key,
            "10.1.2.3:8080": f"127.0.0.1:{port}"})
        conf = tmp_path / "nginx.conf"
        temporary = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        conf.write_text(f"daemon off;\npid {tmp_path}/nginx.pid;\nerror_log stderr;\n"
                        "events {}\nhttp {\naccess_log off;\n" + temporary + server + "\n}\n")
        child = Child("nginx", [tool("nginx"), "-e", "stderr", "-c", str(conf)],
                      str(tmp_path / "nginx.log"))
        running.append(child.start())
        child.wait_ready(lambda: listens(own))
        return f"https://127.0.0.1:{own}"

    yield start
    for child in running:
        child.stop()


class From(requests.adapters.HTTPAdapter):
    """Connections that begin at an address of one's own."""

    def __init__(self, address):
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, source_address=(self._address, 0), **kwargs)


def test_nginx(nginx, another_house, town, directory):
    """Who asks is who asked the proxy; a lie about it goes no further."""
    house = another_house({"portal.trusted_proxies": ["127.0.0.1"]})
    url = nginx(house.port)
    client = Client(url, town.phone)
    client.session.trust_env = False    # an authority of the environment would win
    client.session.verify = town.authority.certificate
    client.session.mount(url, From("127.0.0.77"))
    client.session.headers["X-Forwarded-For"] = "203.0.113.9"
    person = directory.newcomer()
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert {row["addr"] for row in house.audit(person.username)} == {"127.0.0.77"}
    page = requests.get(url, verify=town.authority.certificate, timeout=10)
    assert page.status_code == 200 and "<form" in page.text
