"""How much a stolen program could do, as systemd reckons it from its unit."""

import json
import os
import re
import subprocess

import pytest

from lab.installed import UNITS
from lab.places import BUILD

MOST = {"portal": 0.3, "keeper": 0.3, "registrar": 1.1, "courier": 1.1}


@pytest.mark.parametrize("role", UNITS)
def test_exposure(figure, role):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager",
         f"--threshold={round(MOST[role] * 10)}", os.path.join(BUILD, "systemd", UNITS[role])],
        capture_output=True, text=True, check=False)
    said = float(re.search(r"exposure level for \S+: ([\d.]+)", done.stdout).group(1))
    figure(f"exposure_{role}", said, "of 10")
    assert said <= MOST[role], done.stdout
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("role", UNITS)
def test_no_promise_is_unknown(role):
    """A line that systemd does not know would protect nothing."""
    unit = os.path.join(BUILD, "systemd", UNITS[role])
    done = subprocess.run(["systemd-analyze", "verify", "--recursive-errors=no", unit],
                          capture_output=True, text=True, check=False)
    assert not re.search("Unknown|Failed to parse|ignoring", done.stderr), done.stderr
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--json=short", unit],
                          capture_output=True, text=True, check=False)
    assert len(json.loads(done.stdout)) > 50
