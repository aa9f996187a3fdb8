"""It builds without a warning, and its unit tests pass, where it is said to run."""

import os
import subprocess

import pytest

from lab import counts, debian
from lab.effort import rounds
from lab.ground import BuildTree

# A newer release says more; the one of this machine, with gcc, is what ./check builds anyway.
EVERY = [("trixie", "gcc"), ("trixie", "clang"), ("bookworm", "clang"), ("bookworm", "gcc")]

BUILD = """\
cd "$1/source"
autoreconf -fi
mkdir build
cd build
../configure --enable-werror CC="$2"
make -j"$(nproc)"
make -k -j"$(nproc)" check || :
"""


@pytest.mark.parametrize("release, compiler", EVERY[:rounds(len(EVERY))])
def test_builds_and_unit_tests_pass(tmp_path, figure, release, compiler):
    tree = BuildTree(release).prepare()
    source = debian.unpack(str(tmp_path / "source"))
    log = str(tmp_path / "log")
    with open(log, "wb") as out:
        done = subprocess.run(
            tree.argv(str(tmp_path), ["/bin/sh", "-ec", BUILD, "sh", tree.inside(""), compiler]),
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False)
    with open(log, encoding="utf-8", errors="replace") as text:
        assert done.returncode == 0, text.read()[-3000:]
    passed, failed = counts.unit(os.path.join(source, "build"), log)
    figure(f"units_passed_{release}_{compiler}", passed, "tests")
    assert failed == 0 and passed > 0
