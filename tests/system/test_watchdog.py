"""The supervisor's watchdog is fed by the loop that serves, and by nothing else."""

import os
import signal

import pytest

from lab.house import ROLES
from lab.supervisor import Supervisor

PATIENCE = 3
ROUNDS = 3


@pytest.fixture
def supervisor():
    with Supervisor(PATIENCE) as supervisor:
        yield supervisor


@pytest.fixture
def house(another_house, supervisor):
    return supervisor.start(another_house(start=False))


@pytest.mark.parametrize("role", ROLES)
def test_feeds_while_it_serves(house, supervisor, role):
    child = house.programs[role]
    for _ in range(ROUNDS):
        assert not supervisor.starves(child.pid)
    os.kill(child.pid, signal.SIGSTOP)
    try:
        assert supervisor.starves(child.pid)
    finally:
        os.kill(child.pid, signal.SIGCONT)
    assert not supervisor.starves(child.pid)


@pytest.mark.parametrize("pid, fed", [("1", False), (None, True)])
def test_only_who_is_meant(another_house, supervisor, pid, fed):
    """WATCHDOG_PID names another process: then we are not watched."""
    house = another_house(start=False)
    house.portal.env = {**supervisor.env, **({"WATCHDOG_PID": pid} if pid else {})}
    house.start()
    assert supervisor.starves(house.portal.pid) is not fed
