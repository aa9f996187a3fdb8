"""A machine that boots, with the package on it, and beside it a directory and a telephone."""

import pytest

from lab import debian, people
from lab.api import Client
from lab.ca import Authority
from lab.directory import Directory
from lab.gateway import Kannel
from lab.installed import Installed, install
from lab.machine import Machine
from lab.phone import Phone


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    return debian.build(str(tmp_path_factory.mktemp("package")))


@pytest.fixture(scope="session")
def machine(tmp_path_factory, package):
    """With the package on it, and nothing set up."""
    machine = Machine(str(tmp_path_factory.mktemp("machine")))
    try:
        machine.boot()
        install(machine, package)
        yield machine
    finally:
        machine.stop()


@pytest.fixture(scope="session")
def neighbours(machine, tmp_path_factory):
    """(directory, gateway, telephone) on that machine's loopback; a test that asks for them,
    too, is there."""
    folder = tmp_path_factory.mktemp("neighbours")
    with machine.network():
        directory = Directory(str(folder / "slapd"), Authority(str(folder / "ca")), people.cast())
        kannel = Kannel(str(folder / "kannel"))
        phone = Phone(str(folder), kannel.smsc_port)
        running = []
        try:
            for one in (directory, kannel, phone):
                running.append(one.start())
            yield directory, kannel, phone
        finally:
            for one in reversed(running):
                one.stop()


@pytest.fixture(scope="session")
def directory(neighbours):
    return neighbours[0]


@pytest.fixture(scope="session")
def phone(neighbours):
    return neighbours[2]


@pytest.fixture(scope="session")
def set_up(machine, neighbours):
    """Set up, and not started."""
    house = Installed(machine, *neighbours[:2])
    house.set_up()
    return house


@pytest.fixture(scope="session")
def house(set_up, machine):
    """Started, and at the next boot, too."""
    machine.systemctl("enable", "--now", "latchkey.target")
    return set_up.wait_ready()


@pytest.fixture
def client(house, phone):
    return Client(house.wait_ready().url, phone)
