"""A bank of telephones, where a real one can't be had: what an HTTP gateway was given.

    GET /send?to=+316...&text=...     202; one more message
    GET /counts                       JSON: number -> how many messages
    GET /texts?to=+316...             JSON: the messages of one number, oldest first

Run it as:  python3 -m lab.bank --port=N
"""

import argparse
import asyncio
import collections
import json
import os
import sys
import urllib.parse

import requests

from lab.child import Child, listens
from lab.places import ROOT, free_port


class _Counter(asyncio.Protocol):
    """A connection of courier's, or of a test's."""

    texts = collections.defaultdict(list)

    def __init__(self):
        self._got, self._transport = b"", None

    def connection_made(self, transport):
        self._transport = transport

    def data_received(self, data):
        self._got += data
        while b"\r\n\r\n" in self._got:
            head, _, self._got = self._got.partition(b"\r\n\r\n")
            self._answer(urllib.parse.urlsplit(head.split(b" ")[1].decode()))

    def _answer(self, target):
        query = dict(urllib.parse.parse_qsl(target.query))
        status, said = "200 OK", {number: len(texts) for number, texts in self.texts.items()}
        if target.path == "/send":
            self.texts[query["to"]].append(query["text"])
            status, said = "202 Accepted", "accepted"
        elif target.path == "/texts":
            said = self.texts.get(query["to"], [])
        body = json.dumps(said).encode()
        self._transport.write(f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
                              f"Content-Length: {len(body)}\r\n\r\n".encode() + body)


class Bank:
    """The bank as a process of its own, so that its work is not the test's."""

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.child = Child("bank", [sys.executable, "-m", "lab.bank", f"--port={self.port}"],
                           os.path.join(folder, "bank.log"),
                           env={"PYTHONPATH": os.path.join(ROOT, "tests")})

    def gateway(self):
        """What a house is told that it should send by it."""
        return {"name": "bank", "channel": "sms", "method": "GET", "accept_status": "202",
                "url": self.url + "/send?to={to}&text={text}"}

    def start(self):
        self.child.start().wait_ready(lambda: listens(self.port))
        return self

    def stop(self):
        self.child.stop()

    def counts(self):
        return requests.get(self.url + "/counts", timeout=30).json()


async def serve(port):
    server = await asyncio.get_running_loop().create_server(_Counter, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="a bank of telephones")
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(serve(parser.parse_args().port))
