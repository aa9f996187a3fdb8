"""The telephone: everybody's, on one web page.

Towards Kannel it is a fake SMSC, the line protocol of Kannel's own test program: it
connects to bearerbox and reads one message a line, "FROM TO TYPE REST".  Towards
people it is a web page that shows each message as on a phone, and the same as JSON.  Mail
comes by SMTP, over TLS, and is shown beside it:

    GET /messages[?to=+316...]          an array, oldest first: to, channel, text, at
    GET /messages?to=...&after=N&wait=S     waits until there are more than N, or S seconds

Run it as:  python3 -m lab.phone --http=PORT --smsc=PORT [--people=people.json]
                [--smtps=PORT --certificate=FILE --key=FILE]
"""

import argparse
import datetime
import email
import email.policy
import html
import http.server
import json
import os
import re
import signal
import socket
import socketserver
import ssl
import sys
import threading
import time
import urllib.parse

import requests

from lab.child import Child, listens
from lab.places import ROOT, free_port

_MESSAGE = re.compile(rb"^(\S+) (\S+) (text|data|ucs-2|udh) (.*)$", re.S)


# ---- What comes over the line ----------------------------------------------------

def _unquote(field):
    return urllib.parse.unquote_to_bytes(field.replace(b"+", b" "))


def _words(data):
    """Bytes of an unsaid alphabet: UCS-2 shows itself by its zero bytes."""
    if len(data) % 2 == 0 and b"\0" in data:
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def decode(line):
    """(to, text, part) of one line, or None; part is (reference, number) or None."""
    match = _MESSAGE.match(line)
    if match is None:
        return None
    _, to, kind, rest = match.groups()
    part = None
    if kind == b"udh":
        header, kind, rest = (rest.split(b" ", 2) + [b"", b""])[:3]
        header = _unquote(header)
        # Concatenation: 05 00 03 reference total number
        if len(header) == 6 and header[1] == 0:
            part = (header[3], header[5])
    if kind == b"ucs-2":
        text = _unquote(rest).decode("utf-16-be", "replace")
    elif kind == b"data":
        text = _words(_unquote(rest))
    else:
        text = _words(rest)
    return to.decode("ascii", "replace"), text, part


class Telephone:
    """All messages, and who waits for one."""

    def __init__(self):
        self._messages = []
        self._parts = {}
        self._news = threading.Condition()

    def line(self, line):
        """One line from the gateway; one that is no message continues the last text."""
        heard = decode(line)
        with self._news:
            if heard is None:
                if self._messages:
                    self._messages[-1]["text"] += "\n" + _words(line)
            else:
                self._hear(*heard)
            self._news.notify_all()

    def _hear(self, to, text, part):
        if part and (to, part[0]) in self._parts and part[1] > 1:
            self._parts[to, part[0]]["text"] += text
            return
        message = self._note(to, "sms", text)
        if part:
            self._parts[to, part[0]] = message

    def _note(self, to, channel, text):
        now = datetime.datetime.now(datetime.timezone.utc)
        message = {"to": to, "channel": channel, "text": text,
                   "at": now.isoformat(timespec="milliseconds")}
        self._messages.append(message)
        return message

    def mail(self, to, letter):
        """One mail, as it came over the line."""
        letter = email.message_from_bytes(letter, policy=email.policy.default)
        body = letter.get_body(("plain",))
        text = body.get_content().replace("\r\n", "\n").strip() if body else ""
        with self._news:
            self._note(to, "mail", f"{letter['Subject']}\n\n{text}")
            self._news.notify_all()

    def messages(self, to=None, after=-1, wait=0.0):
        end = time.monotonic() + wait
        with self._news:
            while True:
                found = [dict(m) for m in self._messages if to in (None, m["to"])]
                left = end - time.monotonic()
                if len(found) > after or left <= 0:
                    return found
                self._news.wait(left)

    def listen(self, port):
        """Hear bearerbox for ever; it may come later, and go, and come back."""
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port)) as sock:
                    for line in sock.makefile("rb"):
                        self.line(line.rstrip(b"\r\n"))
            except OSError:
                pass
            time.sleep(0.1)


class _Mailbox(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to be given a mail."""

    telephone = None
    context = None

    def setup(self):
        self.request = self.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def _say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def _letter(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def handle(self):
        to = ""
        self._say("220 telephone")
        for line in self.rfile:
            word = line.strip().upper()
            if word == b"DATA":
                self._say("354 go ahead")
                self.telephone.mail(to, self._letter())
            elif word.startswith(b"RCPT TO:"):
                to = line.decode().partition("<")[2].partition(">")[0]
            elif word == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 telephone")


def take_mail(telephone, port, certificate, key):
    """Hear mail servers' protocol, in the background, for ever."""
    _Mailbox.telephone = telephone
    _Mailbox.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _Mailbox.context.load_cert_chain(certificate, key)
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    server = socketserver.ThreadingTCPServer(("127.0.0.1", port), _Mailbox)
    server.daemon_threads = True
    server.handle_error = lambda *_: None       # who hangs up half way is no news
    threading.Thread(target=server.serve_forever, daemon=True).start()


# ---- What people see ---------------------------------------------------------------

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Telephone</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<noscript><meta http-equiv="refresh" content="3"></noscript>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; --back: #eef1f4; --ink: #1c2530; --quiet: #5c6873;
  --case: #11161c; --glass: #fff; --bubble: #e4e8ee; --now: #0b6e5f; }
@media (prefers-color-scheme: dark) { :root { --back: #12171d; --ink: #e8edf2; --quiet: #9aa7b4;
  --case: #000; --glass: #1c242d; --bubble: #2c3742; --now: #4cc4b0; } }
* { box-sizing: border-box } body { margin: 0; padding: 2rem 1rem; background: var(--back);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
header, main { max-width: 76rem; margin: 0 auto } h1 { margin: 0; font-size: 1.6rem }
header p { margin: .25rem 0 2rem; color: var(--quiet) }
main { display: grid; gap: 2rem; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)) }
section { background: var(--case); padding: .7rem; border-radius: 2.2rem;
  box-shadow: 0 .6rem 1.6rem #0003 }
section > div { background: var(--glass); border-radius: 1.6rem; padding: 1rem; height: 26rem;
  overflow-y: auto; display: flex; flex-direction: column }
h2 { font-size: 1.05rem; margin: 0 } .number { color: var(--quiet); font-size: .9rem;
  border-bottom: 1px solid var(--bubble); padding-bottom: .6rem; margin-bottom: .8rem }
article { background: var(--bubble); padding: .6rem .9rem; margin: 0 1.5rem .2rem 0;
  border-radius: 1.1rem 1.1rem 1.1rem .3rem; white-space: pre-wrap; overflow-wrap: anywhere }
time { color: var(--quiet); font-size: .8rem; margin: 0 0 .8rem .4rem }
time.last { color: var(--now); font-weight: 600 } .none { color: var(--quiet) }
</style>
<header><h1>Telephone</h1>
<p>Every text message and mail that is delivered, newest phone first.
The same <a href="/messages">as JSON</a>.</p></header>
<main aria-live="polite">%s</main>
<script>
setInterval(async () => {
  try {
    const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
    const fresh = page.querySelector("main"), main = document.querySelector("main");
    if (fresh.innerHTML !== main.innerHTML) main.innerHTML = fresh.innerHTML;
  } catch (gone) { /* the telephone is off: keep what it showed */ }
}, 1000);
</script></html>
"""


def draw(messages, names):
    """The page: a phone for each number, the one that was heard from last in front."""
    phones = {}
    for message in messages:
        phones[message["to"]] = phones.pop(message["to"], []) + [message]
    drawn = []
    for number, texts in reversed(phones.items()):
        bubbles = []
        for message in texts:
            at = datetime.datetime.fromisoformat(message["at"]).astimezone()
            last = ' class="last"' if message is texts[-1] else ""
            bubbles.append(f'<article>{html.escape(message["text"])}</article>'
                           f'<time{last}>{at:%H:%M:%S}</time>')
        drawn.append(f'<section><div><h2>{html.escape(names.get(number, "Somebody"))}</h2>'
                     f'<div class="number">{html.escape(number)}</div>{"".join(bubbles)}'
                     '</div></section>')
    return _PAGE % ("".join(drawn) or '<p class="none">No messages yet.</p>')


class _Handler(http.server.BaseHTTPRequestHandler):
    telephone = None
    people = None
    protocol_version = "HTTP/1.1"

    def _names(self):
        try:
            with open(self.people, encoding="utf-8") as people:
                return {person[way]: person["displayname"] for person in json.load(people)
                        for way in ("mobile", "mail")}
        except (OSError, TypeError):
            return {}

    def do_GET(self):
        target = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(target.query))
        if target.path == "/":
            self._answer(200, "text/html; charset=utf-8",
                         draw(self.telephone.messages(), self._names()))
        elif target.path == "/messages":
            to = query.get("to")
            # A plus sign that was not escaped arrives as a blank.
            to = "+" + to.strip().lstrip("+") if to and "@" not in to else to
            found = self.telephone.messages(to, int(query.get("after", -1)),
                                            min(float(query.get("wait", 0)), 60))
            self._answer(200, "application/json", json.dumps(found, ensure_ascii=False))
        else:
            self._answer(404, "text/plain", "no such page\n")

    def _answer(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing: texts hold codes."""


def main():
    parser = argparse.ArgumentParser(description="the telephone of the laboratory")
    parser.add_argument("--http", type=int, required=True)
    parser.add_argument("--smsc", type=int, required=True)
    parser.add_argument("--people")
    parser.add_argument("--smtps", type=int)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    _Handler.telephone = Telephone()
    _Handler.people = options.people
    if options.smtps:
        take_mail(_Handler.telephone, options.smtps, options.certificate, options.key)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.http), _Handler)
    threading.Thread(target=_Handler.telephone.listen, args=(options.smsc,), daemon=True).start()
    server.serve_forever()


# ---- How tests hold it -----------------------------------------------------------------

class Phone:
    """The telephone as a process, and its JSON."""

    def __init__(self, folder, smsc_port, people=None, port=None, pair=None):
        """pair: certificate and key, to take mail by at .smtps_port."""
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        argv = [sys.executable, "-m", "lab.phone", f"--http={self.port}", f"--smsc={smsc_port}"]
        if people:
            argv.append(f"--people={people}")
        if pair:
            self.smtps_port = free_port()
            argv += [f"--smtps={self.smtps_port}", f"--certificate={pair[0]}", f"--key={pair[1]}"]
        self.child = Child("telephone", argv,
                           os.path.join(folder, "telephone.log"),
                           env={"PYTHONPATH": os.path.join(ROOT, "tests")})

    def start(self):
        self.child.start().wait_ready(lambda: listens(self.port))
        return self

    def stop(self):
        self.child.stop()

    def messages(self, to=None, after=-1, wait=0):
        query = {"after": after, "wait": wait, **({"to": to} if to else {})}
        return requests.get(self.url + "/messages", params=query, timeout=wait + 10).json()

    def next(self, to, before, wait=10):
        """The first message to a number after the ${before} that were there already."""
        found = self.messages(to, before, wait)
        if len(found) <= before:
            raise TimeoutError(f"no message arrived at {to} in {wait} s")
        return found[before]


if __name__ == "__main__":
    main()
