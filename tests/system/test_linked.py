"""Each program links what it needs, and nothing that could reach further."""

import re
import subprocess

import pytest

from lab.places import program, tool

FORBIDDEN = {
    "portal": ("libldap", "libcurl", "libsqlite3"),
    "keeper": ("libldap", "libcurl", "libssl", "libgnutls"),
    "registrar": ("libcurl", "libsqlite3"),
    "courier": ("libldap", "libsqlite3"),
    "ctl": ("libldap", "libcurl", "libsqlite3"),
}


def needed(role):
    out = subprocess.run([tool("readelf"), "-d", program(role)], check=True,
                         capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", out)


@pytest.mark.parametrize("role", FORBIDDEN)
def test_needed(role):
    libraries = needed(role)
    assert libraries
    assert [lib for lib in libraries if lib.startswith(FORBIDDEN[role])] == []


@pytest.mark.parametrize("role", FORBIDDEN)
def test_hardened(role):
    """Relocations are read-only, the stack does not execute, the program moves about."""
    out = subprocess.run([tool("readelf"), "-dlW", program(role)], check=True,
                         capture_output=True, text=True).stdout
    assert "GNU_RELRO" in out and "BIND_NOW" in out or "NOW" in out
    assert re.search(r"GNU_STACK.* RW ", out)
    assert "PIE" in out
