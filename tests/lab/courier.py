"""latchkey-courier alone: whoever holds this is its keeper."""

import os
import socket
import struct

from lab import settings
from lab.child import Child
from lab.places import BUILD, program
from lab.wire import CHANNEL, HEAD, TEXT, VERDICT, hello, packet, text, u8, u32, u64

CODE, NUMBER = "12345678", "+31612345678"
WORDS = {number: word for word, number in VERDICT.items()}


class Courier:
    """The real program with these gateways, each a dict as in the settings.

    change: {"time_zone": "Asia/Tokyo", ...}, for settings that it has otherwise
    """

    def __init__(self, folder, gateways, environment=None, change=None):
        self.folder = str(folder)
        runtime = os.path.join(self.folder, "run")
        os.mkdir(runtime)
        self.conf = os.path.join(self.folder, "latchkey.conf")
        told = {
            "organisation": "Anna & Co", "public_url": "https://help.example.nl",
            "runtime": runtime,
            "proofs": [{"field": "mobile", "attribute": "mobile", "kind": "phone"}],
            "portal": {"service_desk": {"phone": "010 123 45 67"}},
            "courier": {"share": f"{BUILD}/share", "languages": ["en", "nl"], "gateways": gateways},
        }
        for where, value in (change or {}).items():
            settings.change(told, where, value)
        settings.write(self.conf, told)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(os.path.join(runtime, "courier.sock"))
        self.listener.listen(1)
        self.listener.settimeout(10)
        self.child = Child("courier", [program("courier"), "-c", self.conf],
                           os.path.join(self.folder, "log"), env=environment)
        self.link = None

    def start(self):
        self.child.start()
        self.welcome()
        return self

    def welcome(self):
        try:
            self.link, _ = self.listener.accept()
        except TimeoutError:
            raise RuntimeError(f"courier did not come:\n{self.child.output()}") from None
        self.link.settimeout(15)
        self.link.send(hello("keeper"))
        assert self.link.recv(8192)[0] == hello("courier")[0]

    def ask(self, number=7, to=NUMBER, channel="sms", template="code", lang="en", at=0):
        self.link.send(packet("SEND", number, u8(CHANNEL[channel]) + text(to) + u8(TEXT[template]) +
                              text(lang) + text(CODE if template == "code" else "") + u32(10) +
                              u64(at)))

    def hear(self):
        """(id, verdict, gateway) of the next SENT."""
        data = self.link.recv(8192)
        body = data[HEAD:]
        size = struct.unpack(">H", body[1:3])[0]
        return struct.unpack(">I", data[1:5])[0], WORDS[body[0]], body[3:3 + size].decode()

    def stop(self):
        if self.link:
            self.link.close()
        self.listener.close()
        return self.child.stop()
