"""Many requests at once: bare HTTP/1.1 over as many connections as a test likes.

For one conversation lab.api is the clearer client; this one is for thousands.
"""

import asyncio
import json
import re
import time
import typing

_LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)", re.I)
PATIENCE = 30       # seconds, for one reply
PAUSE = 0.2         # likewise, before one looks again


class Reply(typing.NamedTuple):
    status: int
    head: bytes
    body: bytes
    sent: float         # by time.monotonic()
    came: float


class Line(asyncio.Protocol):
    """A connection that is kept; one request at a time."""

    def __init__(self):
        self._got, self._waiter, self._transport, self._sent = b"", None, None, 0.0

    def connection_made(self, transport):
        self._transport = transport

    def connection_lost(self, exc):
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(ConnectionResetError("the portal hung up"))
        self._transport = None

    def data_received(self, data):
        came = time.monotonic()
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(_LENGTH.search(head)[1])
        if len(body) >= length and not self._waiter.done():
            self._got = body[length:]
            self._waiter.set_result(
                Reply(int(head[9:12]), head, body[:length], self._sent, came))

    async def say(self, request):
        """Send the bytes of a request; the reply to it."""
        if self._transport is None:
            raise ConnectionResetError("the portal has hung up")
        self._waiter = asyncio.get_running_loop().create_future()
        self._sent = time.monotonic()
        self._transport.write(request)
        return await asyncio.wait_for(self._waiter, PATIENCE)

    def close(self):
        if self._transport:
            self._transport.close()


async def dial(port, source=None):
    """A line to the portal, from an address of ours."""
    _, line = await asyncio.get_running_loop().create_connection(
        Line, "127.0.0.1", port, local_addr=(source, 0) if source else None)
    return line


def get(target):
    return f"GET {target} HTTP/1.1\r\nHost: recover.example\r\n\r\n".encode()


def post(path, body):
    """The bytes of a question to the API."""
    text = json.dumps(body).encode()
    return (f"POST /api/v1/{path} HTTP/1.1\r\nHost: recover.example\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n").encode() + text


def answering(step, **fields):
    """The bytes of an answer to a step."""
    return post("answer", {"flow": step["flow"], "seq": step["seq"], "step": step["step"],
                           "fields": fields})


def step_of(reply):
    """What the API says in a reply."""
    return json.loads(reply.body)


class Caller:
    """One conversation over a line, as lab.api's Client.

    .reply is the newest, whatever it is; .step is the newest that was no refusal.
    """

    def __init__(self, line, lang="nl"):
        self.line, self.lang = line, lang
        self.reply = self.step = None

    async def _say(self, request):
        self.reply = await self.line.say(request)
        said = step_of(self.reply)
        if self.reply.status == 200:
            self.step = said
        return said

    async def open(self, wish="reset"):
        return await self._say(post("open", {"journey": "recover", "wish": wish,
                                             "lang": self.lang}))

    async def answer(self, **fields):
        return await self._say(answering(self.step, **fields))

    async def show(self):
        return await self._say(post("show", {"flow": self.step["flow"]}))

    async def again(self):
        return await self._say(post("again", {"flow": self.step["flow"]}))

    async def wait(self):
        """Where a price is asked: pay it by waiting."""
        while self.step["step"] == "price":
            await asyncio.sleep(PAUSE)
            await self.show()
        return self.step

    async def to_proof(self, username):
        await self.open()
        await self.answer(username=username)
        return await self.wait()

    async def to_code(self, username, mobile, birthdate):
        await self.to_proof(username)
        return await self.answer(mobile=mobile, birthdate=birthdate)
