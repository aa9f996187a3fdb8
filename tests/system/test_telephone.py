"""The telephone hears what a real gateway sends, in any alphabet, and Debian's fake SMSC too."""

import smtplib
import ssl
import subprocess

import pytest
import requests

from lab.api import Client
from lab.child import Child, listens, until
from lab.gateway import Kannel
from lab.phone import Phone, decode
from lab.places import tool


def send(kannel, to, text, coding=None):
    headers = {"X-Kannel-Username": "latchkey", "X-Kannel-Password": kannel.password,
               "X-Kannel-To": to, "Content-Type": "text/plain; charset=UTF-8"}
    if coding:
        headers["X-Kannel-Coding"] = str(coding)
    response = requests.post(kannel.url, data=text.encode(), headers=headers, timeout=10)
    assert response.status_code == 202


@pytest.mark.parametrize("number, text, coding", [
    ("+31600000001", "Uw code is 12345678", None),
    ("+31600000002", "één\n\n@127.0.0.1 #12345678", 2),
    ("+31600000003", "Zoë: 密码 ✓ 100% + meer", 2),
    ("+31600000004", "lang " * 60, None),
    ("+31600000005", "ż€ë " * 40, 2)])
def test_hears(town, number, text, coding):
    send(town.kannel, number, text, coding)
    want = text.rstrip()
    until(lambda: any(m["text"].rstrip() == want for m in town.phone.messages(number)), 10,
          f"the text to arrive at {number}")
    message, = town.phone.messages(number)
    assert message["to"] == number and message["channel"] == "sms" and "T" in message["at"]


def test_all_messages_oldest_first(town):
    send(town.kannel, "+31600000006", "een")
    send(town.kannel, "+31600000006", "twee")
    town.phone.next("+31600000006", 1)
    texts = [m["text"] for m in town.phone.messages() if m["to"] == "+31600000006"]
    assert texts == ["een", "twee"]
    # Without escaping, + arrives as a blank: still the same number.
    bare = requests.get(town.phone.url + "/messages?to=+31600000006", timeout=10).json()
    assert [m["text"] for m in bare] == texts


def test_page_escapes(town):
    send(town.kannel, "+31600000007", "<b>vet</b> & co")
    town.phone.next("+31600000007", 0)
    page = requests.get(town.phone.url, timeout=10).text
    assert "&lt;b&gt;vet&lt;/b&gt; &amp; co" in page and "<b>vet" not in page


def test_lines_that_are_no_message():
    assert decode(b"") is None
    assert decode(b"@127.0.0.1 #12345678") is None
    assert decode(b"a +31 udh %05 data x") == ("+31", "x", None)


def test_fake_smsc_of_debian(tmp_path, another_house, directory, phone):
    """The same walk, with Kannel's own test program at the other end of the line."""
    kannel = Kannel(str(tmp_path / "kannel")).start()
    log = tmp_path / "fakesmsc.log"
    fake = Child("fakesmsc", [
        "/usr/lib/kannel/test/fakesmsc", "-H", "127.0.0.1", "-r", str(kannel.smsc_port), "-m", "0",
        "1 2 text nop"], str(log)).start()
    house = None
    try:
        from lab.house import House
        (tmp_path / "h").mkdir()
        house = House(str(tmp_path / "h"), directory, kannel).start()
        person = directory.newcomer()
        client = Client(house.url, phone)
        client.to_code(person)
        until(lambda: person.mobile.encode() in log.read_bytes(), 15, "fakesmsc to hear")
        assert phone.messages(person.mobile) == []
    finally:
        if house:
            house.stop()
        fake.stop()
        kannel.stop()


def test_gateway_that_is_away(another_house, town, directory):
    """The person sees the same step; the code comes with the next try, through another gateway."""
    dead = {"name": "dead", "channel": "sms", "method": "GET",
            "url": "http://127.0.0.1:1/?to={to}&text={text}", "timeout": 2}
    house = another_house(start=False)
    from lab import settings
    alive = house.settings["courier"]["gateways"][0]
    settings.change(house.settings, "courier.gateways", [dead, alive])
    settings.write(house.conf, house.settings)
    house.start()
    person = directory.newcomer()
    client = Client(house.url, town.phone)
    client.to_code(person)
    assert client.step["step"] == "code"
    assert client.answer(code=client.take_code(person))["step"] == "password"


def test_kannel_runs_from_debian():
    out = subprocess.run([tool("bearerbox"), "--version"], capture_output=True, text=True,
                         check=False)
    assert "1.4" in out.stdout + out.stderr
    assert listens


def test_takes_mail(town, tmp_path):
    phone = Phone(str(tmp_path), town.kannel.smsc_port, pair=town.authority.issue("telephone"))
    letter = ("Subject: =?UTF-8?B?Q2Fmw6k=?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
              "charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9=C3=A9n\r\n"
              "..\r\ntwee\r\n")
    context = ssl.create_default_context(cafile=town.authority.certificate)
    try:
        phone.start()
        with smtplib.SMTP_SSL("localhost", phone.smtps_port, context=context) as server:
            server.sendmail("herstel@linde.example", ["a@linde.example"], letter)
        message, = phone.messages("a@linde.example")
        assert message["channel"] == "mail" and message["text"] == "Café\n\néén\n..\ntwee"
        assert "Café" in requests.get(phone.url, timeout=10).text
    finally:
        phone.stop()
