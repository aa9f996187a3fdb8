"""Where a Samba runs, or a build: on this machine's own packages, or in a small tree of Debian.

Debian's own Samba (4.17, 4.22) ignores policy hints; the one in trixie-backports knows
them.  A tree is made once, by debootstrap, and kept in a cache; a domain controller
enters it with a mount namespace of its own, so nothing stays mounted when it ends.
Run as a program, this module makes Samba's tree if it is not there:  python3 -m lab.ground
"""

import contextlib
import fcntl
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time

from lab.places import ROOT, tool

# $1: what is to be read as /etc/resolv.conf.
_RESOLVE = """\
mount --bind "$1" /etc/resolv.conf
shift
exec "$@"
"""

# $1: where the controller's folder is seen; $2: that folder; $3: /etc/hosts, or empty.
_OWN = """\
[ -z "$3" ] || mount --bind "$3" /etc/hosts
shift 3
exec "$@"
"""
# ... and $4: the tree.
_TREE = """\
[ -z "$3" ] || mount --bind "$3" "$4/etc/hosts"
mount --bind "$2" "$4$1"
mount -t proc proc "$4/proc"
mount --rbind /dev "$4/dev"
tree=$4
shift 4
exec chroot "$tree" "$@"
"""

# $1: the tree to be, $2: its release, $3: the mirror, or empty for that of debootstrap,
# $4: settings of apt; then what apt is to install, and how.
_MAKE = """\
set -e
debootstrap --variant=minbase --include=ca-certificates "$2" "$1" ${3:+"$3"}
sed -n "s/^deb \\([^ ]*\\) $2 main.*/deb \\1 $2-backports main/p" "$1/etc/apt/sources.list" \\
	>"$1/etc/apt/sources.list.d/backports.list"
cp "$4"/* "$1/etc/apt/apt.conf.d/"
cp -L /etc/resolv.conf "$1/etc/resolv.conf"
cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
printf '#!/bin/sh\\nexit 101\\n' >"$1/usr/sbin/policy-rc.d"
chmod 755 "$1/usr/sbin/policy-rc.d"
export DEBIAN_FRONTEND=noninteractive
tree=$1
shift 4
chroot "$tree" apt-get update
chroot "$tree" apt-get install -y --no-install-recommends "$@"
chroot "$tree" apt-get clean
"""

_WEEK = 7 * 86400

# Where apt says which mirror; other files there are about other people's packages.
_SOURCES = ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list")


def cache():
    """The folder that outlives a run: the tree, and snapshots of domains."""
    folder = os.environ.get("LATCHKEY_CACHE")
    if not folder:
        folder = "/var/cache/latchkey-lab" if os.geteuid() == 0 else \
            os.path.expanduser("~/.cache/latchkey-lab")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return folder


@contextlib.contextmanager
def alone(name):
    """One process at a time in here, on this machine."""
    with open(os.path.join(cache(), name + ".lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def need_root():
    if os.geteuid() != 0:
        raise PermissionError("Samba's LDAP ports are fixed (389 and 636), so that only root can "
                              "start a private one; go on with sudo")


class Own:
    """The Samba that this machine's packages hold."""

    def prepare(self):
        tool("samba")

    def version(self):
        return _said([tool("samba"), "--version"])

    def inside(self, folder):
        """How the controller itself calls its ${folder}."""
        return folder

    def argv(self, folder, argv, hosts=""):
        """The command that runs ${argv} there, as one process that dies with its parent."""
        return _apart(_OWN, "", folder, hosts, *argv)


class Tree:
    """A tree of a Debian release, made once and kept.

    wanted: what apt is told to install; what: what is said while that takes its time.
    """

    def __init__(self, name, release, wanted, what):
        self.name, self.release, self.wanted, self.what = name, release, wanted, what
        self.path = os.path.join(cache(), name)

    def prepare(self, say=lambda text: print(text, file=sys.stderr)):
        """Make the tree, unless it is there: beside its place first, so that it is whole."""
        if os.path.isdir(self.path):
            return self
        need_root()
        with alone(self.name):
            if not os.path.isdir(self.path):
                say(self.what)
                self._make()
        return self

    def _make(self):
        new, log = self.path + ".new", self.path + ".log"
        shutil.rmtree(new, ignore_errors=True)
        settings = _apt_settings(self.path + ".apt")
        with open(log, "wb") as out:
            status = subprocess.run(
                _apart(_MAKE, new, self.release, mirror(), settings, *self.wanted),
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False).returncode
        shutil.rmtree(settings)
        if status != 0:
            raise RuntimeError(f"The tree of {self.release} could not be made; all of it is in "
                               f"{log}:\n" + _tail(log))
        os.rename(new, self.path)
        os.unlink(log)

    def inside(self, _folder):
        """How what runs there calls the folder that it is given."""
        return "/srv"

    def argv(self, folder, argv, hosts=""):
        """The command that runs ${argv} there, as one process that dies with its parent."""
        return _apart(_TREE, self.inside(folder), folder, hosts, self.path, *argv)


class NewerSamba(Tree):
    """A Debian 13 tree with the Samba of trixie-backports."""

    def __init__(self):
        super().__init__("trixie", "trixie", [
            "-t", "trixie-backports", "samba", "samba-ad-dc", "samba-ad-provision",
            "samba-dsdb-modules", "samba-vfs-modules", "ldb-tools"],
            "Fetching a Debian 13 with a newer Samba: about a minute, 600 MB, once")

    def version(self):
        return _said([tool("chroot"), self.path, "/usr/sbin/samba", "--version"])


class BuildTree(Tree):
    """A tree in which Latchkey is built, as a package too, and run, as on a machine that boots.

    Other packages than before make another tree; those of last week are removed.
    """

    # What says where units lie is a package of its own in the newer one.
    _MORE = {"bookworm": [], "trixie": ["systemd-dev"]}

    def __init__(self, release):
        packages = _said(["sh", "-c", '. "$1"; echo $BUILD_PACKAGES', "sh",
                          os.path.join(ROOT, "tests", "lab", "prepare.sh")]).split()
        packages += ["build-essential", "clang", "debhelper", "procps", "systemd",
                     *self._MORE[release]]
        self.prefix = f"build-{release}-"
        digest = hashlib.sha256(" ".join(packages).encode()).hexdigest()
        super().__init__(self.prefix + digest[:8], release, packages,
                         f"Fetching a Debian {release} to build in: a few minutes, 1 GB, once")

    def _make(self):
        for older in glob.glob(os.path.join(cache(), self.prefix + "*")):
            if not older.startswith(self.path) and os.stat(older).st_mtime < time.time() - _WEEK:
                subprocess.run(["rm", "-rf", older], check=True)
        super()._make()


def resolving(resolv_conf, argv):
    """The command that runs ${argv} with another /etc/resolv.conf."""
    return _apart(_RESOLVE, resolv_conf, *argv)


def _apart(script, *arguments):
    return [tool("unshare"), "--mount", "/bin/sh", "-ec", script, "sh", *arguments]


def _said(argv):
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


def _tail(path):
    with open(path, encoding="utf-8", errors="replace") as log:
        return "".join(log.readlines()[-20:])


# ---- What apt on this machine knows of the way out ---------------------------------------

def mirror():
    """The mirror of Debian that this machine uses, or "" if it is no Debian."""
    for path in filter(os.path.isfile, _SOURCES):
        with open(path, encoding="utf-8", errors="replace") as source:
            words = [word for line in source if not line.startswith("#") for word in line.split()]
        for word in words:
            if word.startswith("http") and word.rstrip("/").endswith("/debian"):
                return word
    return ""


def _apt_settings(folder):
    """Copies of those settings of apt that say how to fetch: proxies, certificates."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for path in ["/etc/apt/apt.conf", *glob.glob("/etc/apt/apt.conf.d/*")]:
        if not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8", errors="replace") as source:
            text = source.read()
        if "Acquire" in text:
            shutil.copy(path, os.path.join(folder, "99" + os.path.basename(path)))
    # So that there is something to copy on a machine without any.
    with open(os.path.join(folder, "00latchkey"), "w", encoding="ascii") as out:
        out.write('APT::Install-Recommends "false";\n')
    return folder


def main():
    try:
        NewerSamba().prepare(lambda text: print(text, flush=True))
    except (OSError, RuntimeError) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
