"""Walks of people whom a policy asks a second code, and what an admin is told of it."""

import json
import subprocess

from lab.api import Client
from lab.places import program


def to_second(house, town, person, wish="reset"):
    """... and past the first code, which came by text message."""
    client = Client(house.url, town.phone)
    client.to_password(person, wish)
    return client


def code_of(mail):
    """The code in a mail."""
    return mail.get_body(("plain",)).get_content()[:8]


def explain(house, person, *options):
    """What policy explain says, and its status."""
    ran = subprocess.run([program("ctl"), "-c", house.conf, "policy", "explain", *options,
                          person.username], capture_output=True, text=True, timeout=30, check=False)
    return ran.stdout + ran.stderr, ran.returncode


def explained(house, person):
    return json.loads(explain(house, person, "--json")[0])
