"""Mail, through a real server: what arrives, who is asked next, and what is never sent.

Exim takes the mails, over TLS and after a sign-in.  What a server could do and Exim does
not (being silent, hanging up) does a stand-in on a socket.
"""

import email.utils
import re
import socket
import ssl
import subprocess
import threading

import pytest

from lab.child import until
from lab.courier import CODE, Courier
from lab.mail import gateway
from lab.places import free_port, program

TO = "a-jansen@post.linde.example"


class Stranger:
    """Something that listens where a mail server should, and says these lines."""

    def __init__(self, lines=(), context=None):
        self.lines, self.context, self.heard = lines, context, []
        self.sock = socket.create_server(("127.0.0.1", free_port()))
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                conn, _ = self.sock.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(conn,), daemon=True).start()

    def _talk(self, conn):
        try:
            with conn:
                if self.context:
                    conn = self.context.wrap_socket(conn, server_side=True)
                for line in self.lines:
                    if line is None:
                        conn.close()
                        return
                    conn.sendall(line)
                    self.heard.append(conn.recv(65536))
                while conn.recv(65536):
                    pass            # until courier has lost its patience
        except OSError:
            pass

    def stop(self):
        self.sock.close()


# A conversation up to the letter itself.
UP_TO_DATA = [b"220 here\r\n", b"250-here\r\n250 AUTH PLAIN\r\n", b"334 \r\n", b"235 come in\r\n",
              b"250 from\r\n", b"250 to\r\n", b"354 go ahead\r\n"]


@pytest.fixture
def strangers(town):
    """strangers(lines, tls): one more stand-in."""
    made = []

    def make(lines=(), tls=False):
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*town.authority.issue("stranger"))
        made.append(Stranger(lines, context))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def post(tmp_path):
    """post(gateways): a courier with these."""
    couriers = []

    def build(gateways, **more):
        couriers.append(Courier(tmp_path, gateways, **more).start())
        return couriers[-1]

    yield build
    for courier in couriers:
        courier.stop()


def words(mail, kind):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


# ---- What arrives ------------------------------------------------------------------------------

def test_a_code(post, exim, town):
    before = len(exim.inbox(TO))
    courier = post([gateway(exim, town.authority)], change={"organisation": "Zorggroep Het Zoë-huis"})
    courier.ask(to=TO, channel="mail", lang="nl")
    assert courier.hear() == (7, "OK", "mail")
    mail = exim.next(TO, before)
    assert mail["Subject"] == "Uw herstelcode voor Zorggroep Het Zoë-huis"
    assert CODE not in mail["Subject"]
    assert email.utils.parseaddr(mail["From"]) == ("Zorggroep Het Zoë-huis", "herstel@linde.example")
    assert mail["To"] == TO
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].endswith("+0000")
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text, page = words(mail, "plain"), words(mail, "html")
    assert text.startswith(f"{CODE} is uw herstelcode voor Zorggroep Het Zoë-huis, 10 minuten geldig.")
    assert f"<p>{CODE} is uw herstelcode" in page and '<html lang="nl">' in page
    # Nothing that is fetched, followed, or told of this machine.
    assert not re.search(r"https?:|href|src=|<img", page)
    raw = exim.raw()[-1].partition(b"\nSubject:")[2].decode("ascii")
    assert socket.gethostname() not in raw
    assert re.fullmatch(r"<[0-9a-f]{32}@linde.example>", mail["Message-ID"])
    assert "HELO" not in raw and CODE not in courier.child.output()
    assert TO not in courier.child.output()


def test_greeted_by_the_senders_host(post, strangers, town, exim):
    server = strangers(UP_TO_DATA + [b"250 kept\r\n"], tls=True)
    courier = post([gateway(exim, town.authority, url=f"smtps://localhost:{server.port}")])
    courier.ask(to=TO, channel="mail")
    assert courier.hear() == (7, "OK", "mail")
    assert server.heard[0] == b"EHLO linde.example\r\n"
    assert server.heard[4:6] == [b"RCPT TO:<%s>\r\n" % TO.encode(), b"DATA\r\n"]


@pytest.mark.parametrize("template, lang, subject, says", [
    ("reset", "en", "Your password for Anna & Co was changed",
     "was changed on Saturday 1 August 14:30."),
    ("reset", "nl", "Uw wachtwoord voor Anna & Co is gewijzigd",
     "is gewijzigd op zaterdag 1 augustus 14:30 uur."),
    ("unlocked", "nl", "Uw account bij Anna & Co is gedeblokkeerd", "op zaterdag 1 augustus"),
    ("activated", "en", "Your account at Anna & Co was activated", "on Saturday 1 August 14:30."),
])
def test_a_notice(post, exim, town, template, lang, subject, says):
    before = len(exim.inbox(TO))
    courier = post([gateway(exim, town.authority)], change={"time_zone": "Europe/Amsterdam"})
    courier.ask(to=TO, channel="mail", template=template, lang=lang, at=1785587459)
    assert courier.hear() == (7, "OK", "mail")
    mail = exim.next(TO, before)
    assert mail["Subject"] == subject
    text = words(mail, "plain")
    assert says in text and "010 123 45 67" in text and "{" not in text
    assert "Anna &amp; Co" in words(mail, "html")


def test_tls_from_the_first_byte(post, exim, town):
    before = len(exim.inbox(TO))
    courier = post([gateway(exim, town.authority, url=f"smtps://localhost:{exim.tls_port}")])
    courier.ask(to=TO, channel="mail")
    assert courier.hear() == (7, "OK", "mail")
    exim.next(TO, before)


# ---- Who is asked next ----------------------------------------------------------------------------

def test_who_is_asked(post, exim, strangers, town, tmp_path):
    """Of each kind of failure: is it surely not sent, and may it be tried later?"""
    wrong = tmp_path / "wrong"
    wrong.write_text("not the password\n")
    wrong.chmod(0o600)
    silent, closes = strangers(), strangers([None])
    lost = strangers(UP_TO_DATA, tls=True)
    cut = strangers(UP_TO_DATA + [None], tls=True)
    plain = strangers(UP_TO_DATA + [b"250 kept\r\n"])
    good = gateway(exim, town.authority, "good")
    cases = [
        # What fails, to whom, the verdict alone, and whether the next one is asked.
        (gateway(exim, town.authority, "unreachable", url=f"smtp://localhost:{free_port()}"), TO,
         "UNAVAILABLE"),
        (gateway(exim, town.authority, "silent", url=f"smtp://localhost:{silent.port}"), TO,
         "UNAVAILABLE"),
        (gateway(exim, town.authority, "closes", url=f"smtp://localhost:{closes.port}"), TO,
         "UNAVAILABLE"),
        (gateway(exim, town.authority, "plain", url=f"smtp://localhost:{plain.port}"), TO,
         "UNAVAILABLE"),
        (gateway(exim, town.authority, "stranger", ca_file=""), TO, "UNAVAILABLE"),
        (gateway(exim, town.authority, "misnamed", url=f"smtp://127.0.0.1:{exim.port}"), TO,
         "UNAVAILABLE"),
        (gateway(exim, town.authority, "wrong", secret_file=str(wrong)), TO, "REJECTED"),
        (gateway(exim, town.authority, "refuses"), "nobody@post.linde.example", "REJECTED"),
        (gateway(exim, town.authority, "greylists"), "greylisted@post.linde.example", "UNAVAILABLE"),
        (gateway(exim, town.authority, "full"), "full@post.linde.example", "REJECTED"),
        # The letter was given away: whether it was kept, who knows.
        (gateway(exim, town.authority, "lost", url=f"smtps://localhost:{lost.port}"), TO, "UNKNOWN"),
        (gateway(exim, town.authority, "cut", url=f"smtps://localhost:{cut.port}"), TO, "UNKNOWN"),
    ]
    for number, (row, to, verdict) in enumerate(cases):
        folder = tmp_path / f"courier-{number}"
        folder.mkdir()
        courier = Courier(folder, [row]).start()
        courier.ask(number, to=to, channel="mail")
        assert courier.hear() == (number, verdict, row["name"])
        log = courier.child.output()
        assert courier.stop() == 0
        assert CODE not in log and to not in log and exim.password not in log
    before = len(exim.inbox(TO))
    # Nothing was said to the one without TLS.
    assert all(b"AUTH" not in heard and b"MAIL" not in heard for heard in plain.heard)
    courier = post([cases[0][0], cases[3][0], cases[6][0], good])
    courier.ask(to=TO, channel="mail")
    assert courier.hear() == (7, "OK", "good")
    exim.next(TO, before)


def test_not_to_two_servers(post, exim, strangers, town):
    """Where one may have kept it the next is not asked: nobody gets two codes of one."""
    lost = strangers(UP_TO_DATA + [None], tls=True)
    before = len(exim.inbox(TO))
    courier = post([gateway(exim, town.authority, "lost", url=f"smtps://localhost:{lost.port}"),
                    gateway(exim, town.authority, "good")])
    courier.ask(to=TO, channel="mail")
    assert courier.hear() == (7, "UNKNOWN", "lost")
    courier.ask(8, to="another@post.linde.example", channel="mail")
    courier.hear()
    assert len(exim.inbox(TO)) == before


def test_a_server_that_is_silent_keeps_nobody_waiting(post, exim, strangers, town):
    """Also where it is silent about the letter itself."""
    lost = strangers(UP_TO_DATA, tls=True)
    courier = post([gateway(exim, town.authority, "lost", url=f"smtps://localhost:{lost.port}"),
                    {"name": "sms", "url": f"http://127.0.0.1:{free_port()}/", "body": "{to}{text}"}])
    courier.ask(1, to=TO, channel="mail")
    until(lambda: len(lost.heard) == len(UP_TO_DATA), what="the letter to be given away")
    courier.ask(2)
    assert [courier.hear()[0], courier.hear()[:2]] == [2, (1, "UNKNOWN")]


# ---- What is never sent -----------------------------------------------------------------------------

NO_ADDRESSES = [
    "", "a", "@", "a@", "@b.nl", "a b@c.nl", "a@b.nl,c@d.nl", "a@b.nl>", "<a@b.nl>",
    '"a"@b.nl', "a@b@c.nl", "a@-b.nl", "a..b@c.nl", "a@b..nl", "\u00e9@b.nl", "a@[127.0.0.1]",
    "+31612345678", "a" * 65 + "@b.nl", "a@" + "b" * 64 + ".nl",
]


def test_what_is_no_address(post, exim, town):
    before = len(exim.inbox())
    courier = post([gateway(exim, town.authority)])
    for number, to in enumerate(NO_ADDRESSES):
        courier.ask(number, to=to, channel="mail")
        assert courier.hear() == (number, "REJECTED", "mail"), to
    courier.ask(99, to=TO, channel="mail")
    assert courier.hear() == (99, "OK", "mail")
    exim.next(None, before)
    assert len(exim.inbox()) == before + 1


@pytest.mark.parametrize("to", ["a@b.nl\r\nBcc: c@d.nl", "a@b.nl\n", "a\x00@b.nl", "a\t@b.nl"])
def test_a_header_in_an_address(post, exim, town, to):
    """Keeper would never ask for that: whoever does is no keeper."""
    courier = post([gateway(exim, town.authority)])
    courier.ask(to=to, channel="mail")
    assert courier.link.recv(8192) == b""
    assert not [mail for mail in exim.raw() if b"Bcc" in mail]


# ---- What the check says ------------------------------------------------------------------------------

@pytest.mark.parametrize("change, says", [
    ({"url": "https://mail.linde.example"}, "smtps:// or smtp://"),
    ({"url": "smtp://mail.linde.example/x"}, "has to end after the host and port"),
    ({"url": "smtp://me:secret@mail.linde.example"}, "user and secret_file"),
    ({"url": "smtp://"}, None),
    ({"sender": "Linde"}, "is no mail address"),
    ({"sender": ""}, "is no mail address"),
    ({"body": "{text}"}, "body has no meaning"),
    ({"headers": ["X: y"]}, "headers has no meaning"),
    ({"proxy": "http://127.0.0.1:3128"}, "proxy has no meaning"),
    ({"secret_file": ""}, "secret_file is not"),
    ({"user": ""}, "user is not"),
    ({"secret_file": "/nowhere"}, "/nowhere"),
    ({"ca_file": "/nowhere"}, "cannot be read"),
    ({"channel": "voice"}, "nothing is sent by"),
])
def test_mistakes(tmp_path, exim, town, change, says):
    courier = Courier(tmp_path, [gateway(exim, town.authority, **change)])
    ran = subprocess.run([program("courier"), "-c", courier.conf, "--check"], capture_output=True,
                         text=True, timeout=20, check=False)
    courier.stop()
    assert ran.returncode == 1
    assert "courier.gateways" in ran.stdout and (says is None or says in ran.stdout)


def test_no_such_time_zone(tmp_path, exim, town):
    courier = Courier(tmp_path, [gateway(exim, town.authority)], change={"time_zone": "Europe/Linde"})
    ran = subprocess.run([program("courier"), "-c", courier.conf, "--check"], capture_output=True,
                         text=True, timeout=20, check=False)
    courier.stop()
    assert ran.returncode == 1 and "Europe/Amsterdam" in ran.stdout
