"""What strangers do to the portal over HTTP: odd requests, slow ones, and many."""

import requests

from lab.places import free_port


def test_figures_have_a_socket_of_their_own(another_house):
    """Neither socket answers what the other is for."""
    port = free_port()
    house = another_house({"portal.metrics_listen": [f"127.0.0.1:{port}"]})
    assert requests.get(f"http://127.0.0.1:{port}/", timeout=10).status_code == 404
    assert requests.get(house.url + "/metrics", timeout=10).status_code == 404
