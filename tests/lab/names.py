"""A name server that knows one domain, as the domain's own would: who its controllers are.

It reads its table for every question, so that a test may change what it says:
name -> [[type, data...], ...], or null for a question that gets no answer, as in

    {"_ldap._tcp.linde.example": [["SRV", 0, 100, 389, "dc1.linde.example"]],
     "dc1.linde.example": [["A", "127.0.0.2"]]}

Run it as:  python3 -m lab.names ADDRESS TABLE
"""

import json
import os
import signal
import socket
import struct
import sys

from lab.child import Child
from lab.places import ROOT, free_address

TYPES = {"A": 1, "SRV": 33}
NO_ERROR, NO_SUCH_NAME = 0, 3


# ---- One question --------------------------------------------------------------------------

def _labels(name):
    """A name as it goes over the line."""
    parts = [part.encode() for part in name.split(".")]
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _question(packet):
    """(name, type, the bytes of both) of a query."""
    parts, at = [], 12
    while packet[at]:
        parts.append(packet[at + 1:at + 1 + packet[at]].decode("ascii").lower())
        at += 1 + packet[at]
    kind, _ = struct.unpack_from(">HH", packet, at + 1)
    return ".".join(parts), kind, packet[12:at + 5]


def _data(kind, *values):
    if kind == "A":
        return socket.inet_aton(values[0])
    return struct.pack(">HHH", *values[:3]) + _labels(values[3])


def answer(packet, table):
    name, wanted, asked = _question(packet)
    if table.get(name, []) is None:
        return None
    records = [_data(*record) for record in table.get(name, []) if TYPES[record[0]] == wanted]
    # A reply, from who has the say; recursion was and is fine.
    flags = 0x8580 | (NO_ERROR if name in table else NO_SUCH_NAME)
    head = packet[:2] + struct.pack(">5H", flags, 1, len(records), 0, 0)
    # Each record is about the name that stands in the question, and good for no time.
    return head + asked + b"".join(
        struct.pack(">HHHIH", 0xc00c, wanted, 1, 0, len(data)) + data for data in records)


def main():
    address, path = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address, 53))
        while True:
            packet, asker = sock.recvfrom(4096)
            with open(path, encoding="utf-8") as text:
                table = json.load(text)
            try:
                reply = answer(packet, table)
                if reply is not None:
                    sock.sendto(reply, asker)
            except (IndexError, UnicodeDecodeError, struct.error):
                print(f"not understood: {packet.hex()}", flush=True)


# ---- How tests hold it ---------------------------------------------------------------------

class Names:
    """The name server as a process; the controllers given, the first being the PDC emulator."""

    def __init__(self, folder, controllers, site="Linde-Noord"):
        os.makedirs(folder)
        self.address, self.site = free_address(), site
        self._table = os.path.join(folder, "names.json")
        # What a program reads as /etc/resolv.conf to ask here; see House.
        self.resolv_conf = os.path.join(folder, "resolv.conf")
        with open(self.resolv_conf, "w", encoding="ascii") as out:
            out.write(f"nameserver {self.address}\noptions timeout:1 attempts:2\n")
        self.say(self.of(controllers))
        self.child = Child("names", [sys.executable, "-m", "lab.names", self.address, self._table],
                           os.path.join(folder, "names.log"),
                           env={"PYTHONPATH": os.path.join(ROOT, "tests")})

    def of(self, controllers, pdc=None, near=None):
        """What the domain's own name server would say."""
        def found(some):
            return [["SRV", 0, 100, dc.port, dc.host] for dc in some]

        return {
            "_ldap._tcp.pdc._msdcs.linde.example": found([pdc or controllers[0]]),
            f"_ldap._tcp.{self.site.lower()}._sites.dc._msdcs.linde.example":
                found(near or controllers[-1:]),
            "_ldap._tcp.dc._msdcs.linde.example": found(controllers),
            "_ldap._tcp.linde.example": found(controllers),
            **{dc.host: [["A", dc.address]] for dc in controllers},
        }

    def say(self, table):
        with open(self._table + ".new", "w", encoding="utf-8") as out:
            json.dump(table, out)
        os.replace(self._table + ".new", self._table)

    def start(self):
        self.child.start().wait_ready(self._answers)
        return self

    def stop(self):
        self.child.stop()

    def _answers(self):
        query = struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + _labels("linde.example") + \
            struct.pack(">HH", TYPES["A"], 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.2)
            sock.connect((self.address, 53))
            try:
                sock.send(query)
                return sock.recv(512)[:2] == query[:2]
            except OSError:
                return False


if __name__ == "__main__":
    main()
