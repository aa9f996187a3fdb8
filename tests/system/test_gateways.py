"""Courier and its gateways: who is asked next, and who is not, when one fails.

The real program; keeper and the gateways are stand-ins on sockets.  What is at stake:
a person waits for a code that could have come by another gateway, or an owner pays twice.
"""

import socket
import ssl
import subprocess
import threading

import pytest

from lab.child import until
from lab.courier import CODE, NUMBER, Courier
from lab.places import free_port


def read_request(conn):
    """All of one request; what is read is what a gateway would have acted on."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += conn.recv(65536) or b"\r\n\r\n"
    head, _, body = data.partition(b"\r\n\r\n")
    length = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
              if line.startswith(b"content-length:")]
    while length and len(body) < length[0]:
        body += conn.recv(65536)
    return head + b"\r\n\r\n" + body


def says(status, head=b"", body=b"x", length=None):
    """A gateway that answers every request with this."""
    def answer(conn):
        conn.sendall(b"HTTP/1.1 " + status + b"\r\n" + head + b"Content-Length: %d\r\n\r\n"
                     % (len(body) if length is None else length) + body)
    return answer


def says_raw(data):
    return lambda conn: conn.sendall(data)


def never_ends(conn):
    conn.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        conn.sendall(b"y" * 65536)


def is_silent(conn):
    conn.recv(1)		# until courier has lost its patience


BEHAVIOURS = {
    "good": says(b"200 OK"),
    "busy": says(b"503 Later"),
    "slow_down": says(b"429 Too many"),
    "refuses": says(b"400 No"),
    "endless": never_ends,
    "silent": is_silent,
    "hangs_up": lambda conn: None,
    "breaks_off_yes": says(b"200 OK", length=100),
    "breaks_off_no": says(b"503 Later", length=100),
    "babbles": says_raw(b"\x16\x03\x01babble\r\n\r\n"),
}


class Gateway:
    """A listening socket with one behaviour, and all requests that it was sent."""

    def __init__(self, behaviour, context=None, redirect_to=None, handshake=True):
        self.requests, self.context, self.handshake = [], context, handshake
        self.answer = BEHAVIOURS.get(behaviour)
        if redirect_to:
            self.answer = says(b"302 Over there", b"Location: " + redirect_to.encode() + b"\r\n")
        self.port = free_port()
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind(("127.0.0.1", self.port))
        self.sock.listen(128)
        scheme = "https" if context or not handshake else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}/send"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                conn, _ = self.sock.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(conn,), daemon=True).start()

    def talk(self, conn):
        try:
            with conn:
                if not self.handshake:
                    while conn.recv(65536):
                        pass
                    return
                if self.context:
                    conn = self.context.wrap_socket(conn, server_side=True)
                self.requests.append(read_request(conn))
                self.answer(conn)
                conn.close()
        except OSError:
            pass		# courier has had enough, as it may

    def stop(self):
        self.sock.close()


@pytest.fixture
def authority(tmp_path):
    """A certificate for 127.0.0.1 that only who names this authority believes."""
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem", "-days", "2",
         "-subj", "/CN=gateway", "-addext", "subjectAltName=IP:127.0.0.1"],
        capture_output=True, check=False)
    assert made.returncode == 0, made.stderr
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context, str(tmp_path / "cert.pem")


@pytest.fixture
def street(tmp_path, authority):
    """street(names): a courier with gateways of these names in this order."""
    gateways, couriers = [], []
    context, certificate = authority

    def build(names, environment=None):
        rows = []
        for name in names:
            ca_file, gateway = "", None
            if name == "unreachable":
                url = f"http://127.0.0.1:{free_port()}/"
            elif name == "nameless":
                url = "http://no-such-host.invalid/"
            elif name == "redirects":
                gateway = Gateway(None, redirect_to=gateways[0].url if gateways else "http://127.0.0.1/")
            elif name in ("vouched_for", "stranger"):
                gateway = Gateway("good", context)
                ca_file = certificate if name == "vouched_for" else ""
            elif name == "stalls":
                gateway = Gateway(None, handshake=False)
            else:
                gateway = Gateway(name)
            if gateway:
                gateways.append(gateway)
                url = gateway.url
            rows.append({"name": name, "url": url, "body": "text={text}&to={digits}", "timeout": 2,
                         "ca_file": ca_file})
        courier = Courier(tmp_path, rows, environment).start()
        courier.gateways = {row["name"]: gateway for row in rows for gateway in gateways
                            if gateway.url == row["url"]}
        couriers.append(courier)
        return courier

    yield build
    for courier in couriers:
        courier.stop()
    for gateway in gateways:
        gateway.stop()


@pytest.mark.parametrize("names, verdict, by", [
    (["good"], "OK", "good"),
    # Surely not sent: the next one is asked.
    (["busy", "good"], "OK", "good"),
    (["slow_down", "good"], "OK", "good"),
    (["refuses", "good"], "OK", "good"),
    (["unreachable", "good"], "OK", "good"),
    (["nameless", "good"], "OK", "good"),
    (["stranger", "good"], "OK", "good"),
    (["stalls", "good"], "OK", "good"),
    (["good", "redirects"], "OK", "good"),
    # None is left: may it be tried later?
    (["refuses"], "REJECTED", "refuses"),
    (["redirects"], "REJECTED", "redirects"),
    (["busy"], "UNAVAILABLE", "busy"),
    (["busy", "refuses"], "UNAVAILABLE", "refuses"),
    (["refuses", "unreachable"], "UNAVAILABLE", "unreachable"),
    # Asked, and no answer: nobody else is.
    (["silent", "good"], "UNKNOWN", "silent"),
    (["hangs_up", "good"], "UNKNOWN", "hangs_up"),
    (["breaks_off_no", "good"], "UNKNOWN", "breaks_off_no"),
    (["babbles", "good"], "UNKNOWN", "babbles"),
    # Enough of an answer is an answer.
    (["endless", "good"], "OK", "endless"),
    (["breaks_off_yes", "good"], "OK", "breaks_off_yes"),
    (["vouched_for", "good"], "OK", "vouched_for"),
])
def test_who_is_asked(street, names, verdict, by):
    courier = street(names)
    courier.ask()
    assert courier.hear() == (7, verdict, by)
    asked = [name for name in names if name in courier.gateways and courier.gateways[name].requests]
    assert by not in courier.gateways or by in asked or by == "stalls"
    if by != "good" and "good" in names[1:]:
        assert "good" not in asked
    # One request at most for each: libcurl does not try again by itself.
    assert all(len(gateway.requests) <= 1 for gateway in courier.gateways.values())
    assert courier.stop() == 0
    log = courier.child.output()
    assert CODE not in log and NUMBER[3:] not in log


def test_what_a_gateway_is_sent(street):
    courier = street(["good"], {"http_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"})
    courier.ask()
    assert courier.hear() == (7, "OK", "good")
    head, _, body = courier.gateways["good"].requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /send HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/x-www-form-urlencoded\r\n" in head + b"\r\n"
    assert body == (b"text=12345678%20is%20your%20recovery%20code%20for%20Anna%20%26%20Co%2C%20valid"
                    b"%20for%2010%20minutes.%20Never%20give%20it%20to%20anyone.%0A%0A"
                    b"%40help.example.nl%20%2312345678&to=31612345678")


def test_many_at_a_time(street):
    courier = street(["good"])
    for number in range(300):
        courier.ask(number, f"+316000{number:05}")
    heard = [courier.hear() for _ in range(300)]
    assert sorted(number for number, _, _ in heard) == list(range(300))
    assert {verdict for _, verdict, _ in heard} == {"OK"}


def test_a_new_keeper_hears_no_old_answers(street):
    """An id of the keeper before would be taken for one of its own."""
    courier = street(["silent"])
    courier.ask(1)
    until(lambda: courier.gateways["silent"].requests, what="the gateway to be asked")
    courier.link.close()
    courier.welcome()
    courier.ask(2)
    assert courier.hear()[:2] == (2, "UNKNOWN")
