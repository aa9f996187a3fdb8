"""What each program may not do, tried from inside while it serves."""

import os
import socket
import subprocess
import sys

import pytest

from lab import inside
from lab.child import descendants

WRITE = os.O_WRONLY | os.O_CREAT
VERSION = int(subprocess.run(
    [sys.executable, "-c", "import ctypes; print(ctypes.CDLL(None).syscall(444, 0, 0, 1))"],
    capture_output=True, text=True, check=True).stdout)

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may attach to a process"),
    pytest.mark.skipif(VERSION < 1, reason="this kernel knows no Landlock"),
]
tcp = pytest.mark.skipif(VERSION < 4, reason="this kernel's Landlock knows no TCP")


ROLES = ("portal", "keeper", "registrar", "courier")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return inside.build(str(tmp_path_factory.mktemp("inside")))


@pytest.fixture
def house(another_house, library, tmp_path):
    """Each program has .inside, to try something there."""
    house = another_house(start=False)
    for role, child in house.programs.items():
        child.inside = inside.Inside(library, str(tmp_path / role))
        child.env = {**(child.env or {}), **child.inside.env}
    return house.start()


def process(house, role):
    """The one that speaks with others: of registrar a worker."""
    pid = house.programs[role].pid
    return descendants(pid)[0] if role == "registrar" else pid


@pytest.fixture
def stranger():
    """A port of this machine where somebody listens who is nobody's business."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def reads(house):
    """For each program: a file that it may read."""
    share = house.settings["portal"]["share"]
    return {"portal": os.path.join(share, "pages", "name.html"), "keeper": house.conf,
            "registrar": "/etc/hosts", "courier": os.path.join(share, "locale", "nl.mo")}


@pytest.mark.parametrize("role", ROLES)
def test_files(house, role, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("x", encoding="ascii")
    ours = os.path.join(house.state, "sandbox")
    attempts = house.programs[role].inside
    attempts.open(reads(house)[role]).open(str(elsewhere)).open("/root").open("/proc/self/mem") \
        .open(str(tmp_path / "new"), WRITE).open(house.conf, os.O_WRONLY) \
        .unlink(str(elsewhere)).open(ours, WRITE)
    own, *others, state = attempts.outcomes(process(house, role))
    assert own == "ok"
    assert others == ["EACCES"] * 6
    assert state == ("ok" if role == "keeper" else "EACCES")
    assert elsewhere.exists()


@tcp
@pytest.mark.parametrize("role", ROLES)
def test_connections(house, role, stranger, directory, town):
    allowed = {"registrar": directory.tls_port, "courier": town.kannel.http_port}
    attempts = house.programs[role].inside.connect(stranger).bind(0)
    if role in allowed:
        attempts.connect(allowed[role])
    assert attempts.outcomes(process(house, role)) == ["EACCES", "EACCES"] + (["ok"] if role in allowed else [])


@pytest.mark.skipif(VERSION < 6, reason="this kernel's Landlock knows no scopes")
@pytest.mark.parametrize("role", ["portal", "keeper", "courier"])
def test_signals(house, role):
    attempts = house.programs[role].inside
    attempts.signal(house.registrar.pid).signal(process(house, role))
    assert attempts.outcomes(process(house, role)) == ["EPERM", "ok"]


def test_no_new_privileges(house):
    for child in house.programs.values():
        for pid in child.family():
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                assert "NoNewPrivs:\t1" in status.read()
