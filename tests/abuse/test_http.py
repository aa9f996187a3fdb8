"""What strangers do to the portal over HTTP: odd requests, slow ones, and many."""

import socket

import pytest
import requests

from lab.odd_requests import GOOD, NEXT, ODD
from lab.places import free_port, is_free
from lab.stranger import Stranger

counted = {"cases": 0, "refused": 0}


# ---- Requests that can be read in two ways ---------------------------------------------

def is_refused(port, data, tls=None):
    """It gets one refusal and the end, or just the end; nothing behind it is heard."""
    counted["cases"] += 1
    with Stranger(port, tls=tls) as stranger:
        statuses = stranger.say(data + NEXT).hear_out().statuses
    refused = len(statuses) <= 1 and all(400 <= status < 600 for status in statuses)
    counted["refused"] += refused
    return refused


@pytest.mark.parametrize("case", ODD)
def test_odd(town, case):
    assert is_refused(town.house.port, ODD[case])


@pytest.mark.parametrize("case", GOOD)
def test_good(town, case):
    """What the odd ones are made of is answered, and so is what stands behind it."""
    last = NEXT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with Stranger(town.house.port) as stranger:
        statuses = stranger.say(GOOD[case] + last).hear_out().statuses
    if case == "expect":
        assert statuses.pop(0) == 100
    # HTTP/1.0 has one request a connection.
    assert statuses == [200] if case == "http 1.0" else [200, 200]


def test_figures(figure):
    """Last of the matrix: how many there were, and how many were refused."""
    figure("ambiguous_cases", counted["cases"], "cases")
    figure("ambiguous_refused", counted["refused"], "cases")
    assert counted["cases"] == counted["refused"] > 0


# ---- Several sockets ----------------------------------------------------------------------

def test_figures_have_a_socket_of_their_own(another_house):
    """Neither socket answers what the other is for."""
    port = free_port()
    house = another_house({"portal.metrics_listen": [f"127.0.0.1:{port}"]})
    assert requests.get(f"http://127.0.0.1:{port}/", timeout=10).status_code == 404
    assert requests.get(house.url + "/metrics", timeout=10).status_code == 404


def test_sockets_that_are_passed(another_house):
    """All of them are answered on, each by its name; the addresses of the settings are not used."""
    house = another_house(start=False)
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
    house.portal.passed = list(zip(["http", "metrics", "other", "http"], sockets))
    first, metrics, _, second = (f"http://127.0.0.1:{one.getsockname()[1]}" for one in sockets)
    house.url = first
    house.start()
    for url in (first, second):
        assert requests.get(url + "/", timeout=10).status_code == 200
        assert requests.get(url + "/metrics", timeout=10).status_code == 404
    assert requests.get(metrics + "/metrics", timeout=10).status_code == 200
    assert requests.get(metrics + "/", timeout=10).status_code == 404
    assert is_free(house.port)
