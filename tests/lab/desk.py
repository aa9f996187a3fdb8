"""A desk in keeper's place: a real registrar, asked over the wire, one question at a time."""

import os
import signal
import socket
import struct
import time

from lab import wire
from lab.house import House

_VERDICT = {n: name for name, n in wire.VERDICT.items()}
_RULE = {n: name for name, n in wire.RULE.items()}


class Reader:
    """A reply, field by field."""

    def __init__(self, body):
        self.body = body

    def number(self, size):
        value, self.body = int.from_bytes(self.body[:size], "big"), self.body[size:]
        return value

    def octets(self):
        size = self.number(2)
        value, self.body = self.body[:size], self.body[size:]
        return value

    def verdict(self):
        return _VERDICT[self.number(1)]


class Desk:
    """Registrar alone, on the settings of a house, in front of ${directory}.

    change, names: as those of a House.
    """

    def __init__(self, folder, directory, kannel, change=None, names=None):
        self.house = House(folder, directory, kannel,
                           {"registrar.workers": 1, "registrar.writes_per_hour": 1000000,
                            **(change or {})}, names=names)
        self.sock, self.peer, self.number = None, None, 0

    def start(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sock.bind(self.house.socket("registrar"))
        self.sock.listen(4)
        self.sock.settimeout(20)
        self.house.registrar.start()
        self.greet()
        return self

    def greet(self):
        """The next worker comes."""
        self.peer, _ = self.sock.accept()
        self.peer.settimeout(30)
        self.peer.recv(65536)
        self.peer.send(wire.hello("keeper"))

    def stop(self):
        self.house.registrar.stop()
        for sock in (self.peer, self.sock):
            if sock is not None:
                sock.close()
        self.house.stop()

    def another_worker(self):
        """The one that there is ends; the next knows nothing but what all are told."""
        os.kill(self.house.registrar.family()[-1], signal.SIGKILL)
        self.peer.close()
        self.greet()

    def log(self):
        return self.house.registrar.output()

    def ask(self, name, body=b""):
        """The reply to one question; ConnectionError if the worker ended over it."""
        self.number += 1
        self.peer.send(wire.packet(name, self.number, body))
        data = self.peer.recv(65536)
        if not data:
            self.greet()
            raise ConnectionError(f"the worker ended over {name}")
        return Reader(data[wire.HEAD:])

    # ---- The questions ----------------------------------------------------------

    def find(self, name):
        """(verdict, ticket) of whoever is called that."""
        reply = self.ask("FIND", wire.text(name))
        verdict = reply.verdict()
        reply.octets()
        return verdict, reply.octets()

    def match(self, ticket, person, wish="reset"):
        values = {"mobile": person.mobile, "birthdate": person.birthdate}
        body = wire.text(ticket) + wire.u8(wire.WISH[wish]) + wire.u8(len(values))
        for field, value in values.items():
            body += wire.u8(wire.FIELD[field]) + wire.text(value)
        reply = self.ask("MATCH", body)
        return reply.verdict(), reply.octets()

    def ticket(self, person, name=None):
        """That of somebody who has proved who they are."""
        verdict, ticket = self.find(name or person.username)
        if verdict == "OK":
            verdict, ticket = self.match(ticket, person)
        if verdict != "OK":
            raise AssertionError(f"{person.username}: {verdict}\n{self.log()[-2000:]}")
        return ticket

    def rules(self, ticket):
        """(verdict, {rule: number}, terms)."""
        reply = self.ask("RULES", wire.text(ticket))
        verdict = reply.verdict()
        rules = {_RULE[reply.number(1)]: reply.number(4) for _ in range(reply.number(1))}
        return verdict, rules, [reply.octets().decode() for _ in range(reply.number(1))]

    @staticmethod
    def _password(ticket, password, must_change=False, mark=b""):
        by = int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000) + 600000
        return wire.text(ticket) + wire.text(password) + wire.u8(must_change) + \
            struct.pack(">q", by) + wire.text(mark)

    def judge(self, ticket, password):
        """(verdict, the rules that are broken, mark)."""
        reply = self.ask("JUDGE", self._password(ticket, password))
        verdict, broken = reply.verdict(), reply.number(4)
        return verdict, {rule for n, rule in _RULE.items() if broken >> n & 1}, reply.octets()

    def mark(self, ticket):
        return self.judge(ticket, "")[2]

    def set(self, ticket, password, must_change=False, mark=None):
        """The verdict, or the rule that the directory named."""
        mark = mark or self.mark(ticket)
        reply = self.ask("SET", self._password(ticket, password, must_change, mark))
        verdict, rule = reply.verdict(), _RULE[reply.number(1)]
        return rule if verdict == "RULE" else verdict

    def unlock(self, ticket):
        return self.ask("UNLOCK", wire.text(ticket)).verdict()

    def state(self, ticket, mark):
        """(verdict, whether a password was set since)."""
        reply = self.ask("STATE", wire.text(ticket) + wire.text(mark))
        return reply.verdict(), bool(reply.number(1))


def make(folder, directory, kannel, change=None, names=None):
    os.makedirs(folder, exist_ok=True)
    return Desk(str(folder), directory, kannel, change, names).start()
