"""It builds without a warning, its unit tests pass, and it runs, where it is said to."""

import glob
import os
import subprocess

import pytest

from lab import counts, debian, people
from lab.api import Client
from lab.ca import Authority
from lab.directory import Directory
from lab.effort import rounds
from lab.gateway import telephone
from lab.ground import BuildTree
from lab.installed import Installed, booted

NEW = "Wolken-boven-8-dijken"

# A newer release says more; what ./check builds anyway is this machine's, with gcc.
EVERY = [("trixie", "gcc"), ("trixie", "clang"), ("bookworm", "clang"), ("bookworm", "gcc")]

# $1: where the source is.  With gcc as a package, which runs the unit tests as well.
WAYS = {
    "gcc": """\
cd "$1/source"
export DEB_CFLAGS_APPEND=-Werror DEB_BUILD_OPTIONS="parallel=$(nproc)"
dpkg-buildpackage -b -us -uc
""",
    "clang": """\
cd "$1/source"
autoreconf -fi
mkdir -p debian/build
cd debian/build
../../configure --enable-werror CC=clang
make -j"$(nproc)"
LATCHKEY_DEPTH=2 make -k -j"$(nproc)" check || :
""",
}


@pytest.mark.parametrize("release, compiler", EVERY[:rounds(len(EVERY))])
def test_builds_and_unit_tests_pass(tmp_path, figure, release, compiler):
    tree = BuildTree(release).prepare()
    source = debian.unpack(str(tmp_path / "source"))
    log = str(tmp_path / "log")
    with open(log, "wb") as out:
        done = subprocess.run(
            tree.argv(str(tmp_path), ["/bin/sh", "-ec", WAYS[compiler], "sh", tree.inside("")]),
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False)
    with open(log, encoding="utf-8", errors="replace") as text:
        assert done.returncode == 0, counts.why(text.read())
    passed, failed = counts.unit(os.path.join(source, "debian", "build"), log)
    figure(f"units_passed_{release}_{compiler}", passed, "tests")
    assert failed == 0 and passed > 0
    if compiler == "gcc":
        package, = glob.glob(str(tmp_path / "latchkey_*.deb"))
        somebody_is_helped(str(tmp_path), package, tree.path)


def somebody_is_helped(folder, package, tree):
    """By the package that was built there, under the systemd of that release."""
    with booted(os.path.join(folder, "m"), package, tree) as machine, machine.network(), \
            telephone(folder) as (kannel, phone):
        directory = Directory(os.path.join(folder, "slapd"),
                              Authority(os.path.join(folder, "ca")), people.cast())
        try:
            house = Installed(machine, directory.start(), kannel)
            house.set_up()
            machine.systemctl("enable", "--now", "latchkey.target")
            person = directory.newcomer()
            assert Client(house.wait_ready().url, phone).reset(person, NEW)["outcome"] == "reset"
            assert directory.binds(person, NEW)
        finally:
            directory.stop()
