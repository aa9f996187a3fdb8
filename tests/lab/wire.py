"""Raw packets on keeper's sockets: to be a peer, good or hostile.

The numbers of messages, steps and the like are read from the headers, so that they
never differ from what the programs speak.
"""

import os
import re
import socket
import struct

from lab.places import ROOT

HEAD = 1 + 4 + 5     # type, id, reference
ROLES = {"portal": 1, "keeper": 2, "registrar": 4, "courier": 8, "control": 16}


def _source(header):
    with open(os.path.join(ROOT, "src", "wire", header), encoding="utf-8") as source:
        return re.sub(r"/\*.*?\*/", "", source.read(), flags=re.S)


def _enum(header, name):
    text = _source(header)
    body = re.search(rf"enum {name} \{{(.*?)\}}", text, re.S).group(1)
    return {word.strip(): n for n, word in enumerate(w for w in body.split(",") if w.strip())}


VERSION = int(re.search(r"WIRE_VERSION\s*=\s*(\d+)", _source("msg.h")).group(1))
MSG = {name[4:]: n for name, n in _enum("msg.h", "msg_type").items()}
STEP = {name[5:]: n for name, n in _enum("word.h", "step").items()}
FIELD = {name[6:].lower(): n for name, n in _enum("word.h", "field").items()}
VERDICT = {name[8:]: n for name, n in _enum("word.h", "verdict").items()}
REASON = {name[7:].lower(): n for name, n in _enum("word.h", "reason").items()}
WISH = {name[5:].lower(): n for name, n in _enum("word.h", "wish").items()}
CHANNEL = {name[8:].lower(): n for name, n in _enum("word.h", "channel").items()}
TEXT = {name[5:].lower(): n for name, n in _enum("msg.h", "text_template").items()}
RULE = {name[5:].lower(): n for name, n in _enum("word.h", "rule").items()}


def u8(value):
    return struct.pack(">B", value)


def u16(value):
    return struct.pack(">H", value)


def u32(value):
    return struct.pack(">I", value)


def u64(value):
    return struct.pack(">Q", value)


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return u16(len(data)) + data


def packet(name, number, body=b"", reference=bytes(5)):
    """One message: its type by name or number, its id, on whose way, its body."""
    return u8(MSG[name] if isinstance(name, str) else name) + u32(number) + reference + body


def hello(role, version=VERSION):
    return packet("HELLO", 0, u16(version) + u8(ROLES[role] if isinstance(role, str) else role))


def open_body(wish=0, lang="nl", journey=0):
    return u8(journey) + u8(wish) + text(lang)


def answer_body(flow, seq, step, fields, addr="127.0.0.1"):
    body = text(flow) + u32(seq) + u8(STEP[step]) + text(addr) + u8(len(fields))
    return body + b"".join(u8(FIELD[name]) + text(value) for name, value in fields.items())


def flow_body(flow, addr="127.0.0.1", choice=None):
    return text(flow) + text(addr) + u8(choice is not None) + u8(choice or 0)


class Peer:
    """A connection to one of keeper's sockets."""

    def __init__(self, path, role=None, seconds=5):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Blocking, so that it waits while keeper's queue of callers is full.
        self.sock.connect(path)
        self.sock.settimeout(seconds)
        if role:
            self.send(hello(role))
            self.receive()

    def send(self, data):
        self.sock.send(data)

    def receive(self):
        """One packet as (name, id, body); None when the other side has ended."""
        try:
            data = self.sock.recv(65536)
        except ConnectionResetError:
            return None
        if not data:
            return None
        names = {n: name for name, n in MSG.items()}
        return names.get(data[0], data[0]), struct.unpack(">I", data[1:5])[0], data[HEAD:]

    def ask(self, name, body=b"", number=7):
        self.send(packet(name, number, body))
        return self.receive()

    def is_cut_off(self):
        """True if keeper ends this connection; False if it goes on waiting for more."""
        try:
            while self.receive() is not None:
                pass
        except TimeoutError:
            return False
        return True

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
