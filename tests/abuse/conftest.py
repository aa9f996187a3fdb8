"""What the tests of strangers have in common."""

import shutil

import pytest


@pytest.fixture
def secure_house(another_house, town, tmp_path):
    """secure_house(change): one that does TLS, with a certificate in a place of its own."""
    def make(change=None):
        pair = {"portal.tls_certificate": str(tmp_path / "portal.crt"),
                "portal.tls_key": str(tmp_path / "portal.key")}
        for issued, place in zip(town.authority.issue("portal"), pair.values()):
            shutil.copy(issued, place)
        house = another_house({"public_url": "https://localhost", **pair, **(change or {})},
                              start=False)
        house.url = house.url.replace("http:", "https:")
        house.verify = town.authority.certificate
        return house.start()
    return make
