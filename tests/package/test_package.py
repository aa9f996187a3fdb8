"""The Debian package: what lintian says of it, and whether it is the same each time."""

import glob
import hashlib
import os
import subprocess

from lab import debian
from lab.installed import install
from lab.machine import Machine

# It takes runs of letters in machine code for words.
NOT_ASKED = "spelling-error-in-binary"


def sha256(path):
    with open(path, "rb") as data:
        return hashlib.sha256(data.read()).hexdigest()


def test_lintian(package, figure):
    changes, = glob.glob(os.path.join(os.path.dirname(package), "*.changes"))
    done = subprocess.run(
        ["lintian", "--allow-root", "--pedantic", "--display-info", f"--suppress-tags={NOT_ASKED}",
         changes], capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if line[:3] in ("E: ", "W: ", "I: ", "P: ")]
    figure("lintian_errors", len(said), "remarks")
    assert said == []
    assert done.returncode == 0, done.stderr


def test_every_guard_of_the_compiler_is_on(package):
    log = os.path.join(os.path.dirname(package), "build.log")
    done = subprocess.run(["blhc", "--all", log], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_two_builds_are_the_same(package, tmp_path, figure):
    """Another folder, umask, language, time zone, moment, and one process after the other."""
    again = debian.build(str(tmp_path), "another-name-for-it", umask=0o077, LC_ALL="C",
                         TZ="Pacific/Auckland", DEB_BUILD_OPTIONS="nocheck parallel=1")
    first, second = sha256(package), sha256(again)
    figure("deb_sha256", first, "hex")
    figure("deb_sha256_again", second, "hex")
    assert first == second


def test_purged_leaves_nothing(package, tmp_path):
    """Nothing but the users, whose numbers are not to become somebody else's."""
    machine = Machine(str(tmp_path / "m"))
    try:
        machine.boot()
        before = files(machine)
        install(machine, package)
        assert files(machine) - before
        machine.systemctl("enable", "--now", "latchkey.target")
        machine.run("dpkg", "--remove", "latchkey")
        assert os.path.exists(machine.path("/etc/latchkey/secrets/code.key"))
        assert "latchkey" not in machine.systemctl("list-units", "--plain")
        machine.run("dpkg", "--purge", "latchkey")
        assert files(machine) - before == set()
        assert "latchkey" not in machine.systemctl("list-unit-files")
    finally:
        machine.stop()


def files(machine):
    """What bears our name, anywhere."""
    said = machine.run("find", "/etc", "/usr", "/lib/systemd", "/var", "/run", "-xdev", "-iname",
                       "*latchkey*", "-not", "-path", f"{machine.shared}/*").stdout
    return set(said.split())
