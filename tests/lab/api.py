"""A small client of the JSON API, as somebody else would write it from its description."""

import hashlib
import itertools
import re

import requests

from lab.child import until


class Step(dict):
    """What the API answered, with its HTTP status."""

    def __init__(self, response):
        super().__init__(response.json())
        self.status = response.status_code
        self.response = response

    def field_names(self):
        return [field["name"] for field in self["fields"]]


def code_in(text):
    """The code in a text message: after the # of its last line, where browsers look."""
    found = re.search(r"#(\d+)\s*$", text)
    return found and found.group(1)


def code_sent(phone, to, before=0, wait=10):
    """That of the first message to a number after ${before} others; it arrives line by line."""
    phone.next(to, before, wait)
    return until(lambda: code_in(phone.messages(to)[before]["text"]), 5, "the rest of a message")


def solve(work):
    """The solution of a step's work, as the description says it."""
    def fits(puzzle, nonce):
        text = f"{work['challenge']}{puzzle:03}{nonce:05x}"
        first = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
        return first >> 32 - work["bits"] == 0

    return "".join(next(f"{nonce:05x}" for nonce in itertools.count() if fits(puzzle, nonce))
                   for puzzle in range(work["puzzles"]))


def trusting(certificate=None):
    """A session that goes by this authority alone, whatever the machine's variables name."""
    session = requests.Session()
    if certificate:
        session.verify, session.trust_env = certificate, False
    return session


class Client:
    """One conversation.  .step is the newest answer.

    verify: the certificate of whoever vouches for an https url.
    """

    def __init__(self, url, phone=None, lang="nl", verify=None):
        self.url, self.phone, self.lang = url, phone, lang
        self.session = trusting(verify)
        self.step = None

    def post(self, path, body, **more):
        """The bare request; its response is not looked at."""
        return self.session.post(f"{self.url}/api/v1/{path}", json=body, timeout=30, **more)

    def _keep(self, response):
        self.step = Step(response)
        return self.step

    def open(self, wish=None, journey="recover"):
        return self._keep(self.post("open", {"journey": journey, "wish": wish, "lang": self.lang}))

    def answer(self, **fields):
        return self._keep(self.post("answer", {
            "flow": self.step["flow"], "seq": self.step["seq"], "step": self.step["step"],
            "fields": fields}))

    def again(self, choice=None):
        chosen = {"choice": choice} if choice is not None else {}
        return self._keep(self.post("again", {"flow": self.step["flow"], **chosen}))

    def show(self):
        return self._keep(self.post("show", {"flow": self.step["flow"]}))

    def leave(self):
        return self._keep(self.post("leave", {"flow": self.step["flow"]}))

    # ---- Walks ------------------------------------------------------------------

    def pay(self):
        """Where a price is asked."""
        if self.step["step"] == "price":
            self.answer(captcha=solve(self.step["work"]))
        return self.step

    def to_code(self, person, wish="reset", username=None, mobile=None, birthdate=None):
        """From the first page to the one that asks for the code."""
        self.open(wish)
        self.answer(username=username or person.username)
        self.pay()
        if self.step["step"] == "wish":
            self.answer(wish="reset")
        return self.answer(mobile=mobile or person.mobile, birthdate=birthdate or person.birthdate)

    def take_code(self, person, before=0, wait=10):
        """The code that arrives on their phone, after ${before} earlier messages."""
        return code_sent(self.phone, person.mobile, before, wait)

    def to_password(self, person, wish="reset", **typed):
        """... and past the code; for an unlock that is the end."""
        before = len(self.phone.messages(person.mobile))
        self.to_code(person, wish, **typed)
        self.answer(code=self.take_code(person, before))
        return self.settle()

    def settle(self, seconds=30):
        """At "setting" the directory is at work: look again until it is done."""
        if self.step["step"] == "setting":
            until(lambda: self.show()["step"] != "setting", seconds, "the directory", step=0.1)
        return self.step

    def choose(self, password, again=None):
        self.answer(password=password, password_again=password if again is None else again)
        return self.settle()

    def reset(self, person, password, **typed):
        """The whole of journey A."""
        self.to_password(person, "reset", **typed)
        return self.choose(password)

    def unlock(self, person, **typed):
        """Journey B's unlock."""
        return self.to_password(person, "unlock", **typed)
