"""Behind HAProxy, in each way that doc/ADMIN speaks of: the audit knows who asks."""

import pytest

from lab.api import Client
from lab.child import until
from lab.haproxy import Haproxy

NEW = "Wolken-boven-8-dijken"


@pytest.fixture
def haproxy(tmp_path):
    haproxy = Haproxy(str(tmp_path))
    yield haproxy
    haproxy.stop()


def walk(haproxy, house, town, scheme="http"):
    """Somebody gets a new password by way of it; and it finds that the portal lives."""
    client = Client(f"{scheme}://127.0.0.1:{haproxy.port}", town.phone,
                    verify=house.verify if scheme == "https" else None)
    client.session.headers["X-Forwarded-For"] = "6.6.6.6"       # a claim of their own
    person = town.directory.newcomer()
    assert client.reset(person, NEW)["outcome"] == "reset"
    assert {row["addr"] for row in house.audit()} == {"127.0.0.1"}
    until(haproxy.found_it_well)


def test_by_header_line(haproxy, another_house, town):
    """It adds a line of its own below the one that it was sent."""
    house = another_house({"portal.trusted_proxies": [haproxy.address]})
    haproxy.start(house, "http", "option forwardfor\n    option httpchk GET /readyz\n"
                  "    http-check send hdr Host recover.example")
    walk(haproxy, house, town)


def test_by_proxy_protocol(haproxy, another_house, town):
    """It passes connections on as they are, and says of its own looks that they are its own."""
    house = another_house({"portal.trusted_proxies": [haproxy.address],
                           "portal.proxy_protocol": True})
    haproxy.start(house, server="send-proxy-v2 check-send-proxy")
    walk(haproxy, house, town)


def test_tls_is_passed_on(haproxy, secure_house, town):
    """TLS ends in the portal; the header stands before it, with what HAProxy adds to that."""
    house = secure_house({"portal.trusted_proxies": [haproxy.address],
                          "portal.proxy_protocol": True})
    haproxy.start(house, server="send-proxy-v2-ssl-cn check-ssl verify none check-send-proxy")
    walk(haproxy, house, town, "https")
