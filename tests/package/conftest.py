"""A machine that boots, with the package on it, and beside it a directory and a telephone."""

import os

import pytest

from lab import debian, people
from lab.api import Client
from lab.ca import Authority
from lab.directory import Directory
from lab.gateway import telephone
from lab.installed import Installed, booted


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    return debian.build(str(tmp_path_factory.mktemp("package")))


@pytest.fixture(scope="module")
def machine(tmp_path_factory, package):
    with booted(str(tmp_path_factory.mktemp("machine")), package) as machine:
        yield machine


@pytest.fixture(scope="module")
def neighbours(machine, tmp_path_factory):
    """(directory, gateway, telephone) on that machine's loopback, where the test is, too."""
    folder = str(tmp_path_factory.mktemp("neighbours"))
    with machine.network(), telephone(folder) as (kannel, phone):
        directory = Directory(os.path.join(folder, "slapd"),
                              Authority(os.path.join(folder, "ca")), people.cast())
        try:
            yield directory.start(), kannel, phone
        finally:
            directory.stop()


@pytest.fixture(scope="module")
def directory(neighbours):
    return neighbours[0]


@pytest.fixture(scope="module")
def phone(neighbours):
    return neighbours[2]


@pytest.fixture(scope="module")
def set_up(machine, neighbours):
    """Set up, and not started."""
    house = Installed(machine, *neighbours[:2])
    house.set_up()
    return house


@pytest.fixture(scope="module")
def house(set_up, machine):
    """Started, and at the next boot, too."""
    machine.systemctl("enable", "--now", "latchkey.target")
    return set_up.wait_ready()


@pytest.fixture
def client(house, phone):
    return Client(house.wait_ready().url, phone)
