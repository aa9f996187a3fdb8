"""Where a Samba runs: on this machine's own packages, or in a small Debian 13 tree.

Debian's own Samba (4.17, 4.22) ignores policy hints; the one in trixie-backports knows
them.  The tree is made once, by debootstrap, and kept in a cache; a domain controller
enters it with a mount namespace of its own, so nothing stays mounted when it ends.
Run as a program, this module makes the tree if it is not there:  python3 -m lab.ground
"""

import contextlib
import fcntl
import glob
import os
import shutil
import subprocess
import sys

from lab.places import tool

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

# $1: the tree to be, $2: the mirror, or empty for that of debootstrap, $3: settings of apt.
_MAKE = """\
set -e
debootstrap --variant=minbase --include=ca-certificates trixie "$1" ${2:+"$2"}
sed -n 's/^deb \\([^ ]*\\) trixie main.*/deb \\1 trixie-backports main/p' "$1/etc/apt/sources.list" \\
	>"$1/etc/apt/sources.list.d/backports.list"
cp "$3"/* "$1/etc/apt/apt.conf.d/"
cp -L /etc/resolv.conf "$1/etc/resolv.conf"
cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
printf '#!/bin/sh\\nexit 101\\n' >"$1/usr/sbin/policy-rc.d"
chmod 755 "$1/usr/sbin/policy-rc.d"
export DEBIAN_FRONTEND=noninteractive
chroot "$1" apt-get update
chroot "$1" apt-get install -y --no-install-recommends -t trixie-backports \\
	samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules ldb-tools
chroot "$1" apt-get clean
"""

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
    """A Debian 13 tree with the Samba of trixie-backports."""

    def __init__(self):
        self.path = os.path.join(cache(), "trixie")

    def prepare(self, say=lambda text: print(text, file=sys.stderr)):
        """Make the tree, unless it is there: beside its place first, so that it is whole."""
        if os.path.isdir(self.path):
            return
        need_root()
        with alone("trixie"):
            if not os.path.isdir(self.path):
                say("Fetching a Debian 13 with a newer Samba: about a minute, 600 MB, once")
                self._make()

    def _make(self):
        new, log = self.path + ".new", self.path + ".log"
        shutil.rmtree(new, ignore_errors=True)
        settings = _apt_settings(self.path + ".apt")
        with open(log, "wb") as out:
            status = subprocess.run(_apart(_MAKE, new, mirror(), settings), stdin=subprocess.DEVNULL,
                                    stdout=out, stderr=out, check=False).returncode
        shutil.rmtree(settings)
        if status != 0:
            raise RuntimeError(f"The Debian 13 tree could not be made; all of it is in {log}:\n" +
                               _tail(log))
        os.rename(new, self.path)
        os.unlink(log)

    def version(self):
        return _said([tool("chroot"), self.path, "/usr/sbin/samba", "--version"])

    def inside(self, _folder):
        return "/srv"

    def argv(self, folder, argv, hosts=""):
        return _apart(_TREE, self.inside(folder), folder, hosts, self.path, *argv)


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
        Tree().prepare(lambda text: print(text, flush=True))
    except (OSError, RuntimeError) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
