"""It builds without a warning, and its unit tests pass, where it is said to run."""

import glob
import os
import subprocess

import pytest

from lab import counts, debian
from lab.effort import rounds
from lab.ground import BuildTree

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
make -k -j"$(nproc)" check || :
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
        assert done.returncode == 0, text.read()[-3000:]
    passed, failed = counts.unit(os.path.join(source, "debian", "build"), log)
    figure(f"units_passed_{release}_{compiler}", passed, "tests")
    assert failed == 0 and passed > 0
    if compiler == "gcc":
        packages = glob.glob(str(tmp_path / "latchkey_*.deb"))
        assert len(packages) == 1
        held = subprocess.run(["dpkg-deb", "--contents", *packages], capture_output=True, text=True,
                              check=True).stdout
        units = "./lib" if release == "bookworm" else "./usr/lib"
        assert f" {units}/systemd/system/latchkeyd.service\n" in held
