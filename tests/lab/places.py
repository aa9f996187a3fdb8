"""Where things are: the source tree, the build tree, free ports."""

import glob
import ipaddress
import os
import random
import socket

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("LATCHKEY_BUILD", os.path.join(ROOT, "build")))
PORTS = os.environ.get("LATCHKEY_PORTS", "27000-30999")
# "2/3": the second of three runs that share both, and of each take every third.
LANE, LANES = (int(part) for part in os.environ.get("LATCHKEY_LANE", "1/1").split("/"))

ADDRESSES = os.environ.get("LATCHKEY_ADDRESSES", "127.27.0.0/16")

PROGRAMS = {
    "keeper": "latchkeyd",
    "portal": "latchkey-portal",
    "registrar": "latchkey-registrar",
    "courier": "latchkey-courier",
    "ctl": "latchkey",
}

_given = set()


def program(role):
    """The path of a program of ours in the build tree."""
    name = PROGRAMS[role]
    found = [path for path in [os.path.join(BUILD, name)] +
             glob.glob(os.path.join(BUILD, "src", "*", name)) if os.access(path, os.X_OK)]
    if not found:
        raise FileNotFoundError(f"{name} is not built in {BUILD}; run make there")
    return found[0]


def tool(name):
    """The path of a Debian program, also when sbin is not in PATH."""
    for folder in os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/usr/bin", "/sbin"]:
        path = os.path.join(folder, name)
        if folder and os.access(path, os.X_OK):
            return path
    raise FileNotFoundError(f"{name} is not installed")


def is_free(port, address="127.0.0.1"):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((address, port))
        except OSError:
            return False
    return True


def free_port():
    """A port of loopback that nobody listens on, and that was not given out before."""
    low, high = (int(part) for part in PORTS.split("-"))
    ports = [port for port in range(low, high + 1)[LANE - 1::LANES] if port not in _given]
    random.shuffle(ports)
    for port in ports:
        if is_free(port):
            _given.add(port)
            return port
    raise RuntimeError(f"no free port in {PORTS}")


def free_address():
    """An address of loopback where nobody listens for LDAP, and that was not given out before."""
    hosts = [str(host) for host in [*ipaddress.ip_network(ADDRESSES).hosts()][LANE - 1::LANES]
             if str(host) not in _given]
    random.shuffle(hosts)
    for host in hosts:
        if is_free(389, host):
            _given.add(host)
            return host
    raise RuntimeError(f"no free address in {ADDRESSES}")
