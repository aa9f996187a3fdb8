"""A machine that boots: a real systemd as the first process of namespaces of its own.

It stands on an overlay of this machine's files, so that packages are installed and removed
in it and nothing is left of that here; it has a loopback and no other way out.  Whatever
runs in it ends with it, and so do its mounts.
"""

import contextlib
import ctypes
import os
import signal
import subprocess

from lab import ground
from lab.child import Child, descendants, until
from lab.places import tool

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)

# $1: a folder for the mounts; $2: a folder that is seen in there, too, under its own name;
# $3: the tree that it stands on.
# A systemd wants a cgroup that it may fill: the unified tree at its usual place, or beside
# the older ones where this machine still has those.
_BOOT = """\
mount -t tmpfs -o mode=755 machine "$1"
root=$1/root
mkdir "$1/upper" "$1/work" "$root"
mount -t overlay overlay -o "lowerdir=$3,upperdir=$1/upper,workdir=$1/work" "$root"
mount --bind "$root" "$root"
mkdir -p "$root$2"
cd "$root"
mount -t proc proc proc
mount -t sysfs sysfs sys
if [ -f /sys/fs/cgroup/cgroup.procs ]; then
	mount -t cgroup2 cgroup2 sys/fs/cgroup
else
	mount -t tmpfs tmpfs sys/fs/cgroup
	mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
	mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
	mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
fi
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -p ".$2"
mount --bind "$2" ".$2"
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom tty; do
	: >dev/$node
	mount --bind /dev/$node dev/$node
done
mkdir dev/pts dev/shm old
mount -t devpts devpts dev/pts -o newinstance,ptmxmode=0666
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s ../run/systemd/journal/dev-log dev/log
ip link set lo up
rm -f usr/sbin/policy-rc.d
[ -s etc/machine-id ] || od -An -v -tx1 -N16 /dev/urandom | tr -d ' \\n' >etc/machine-id
pivot_root . old
umount -l old
rmdir old
# As a container's manager hands it over; without it no credentials reach a unit.
mount --make-rshared /
exec env -i container=latchkey-lab PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
	/lib/systemd/systemd --system --unit=basic.target --log-target=journal --show-status=false
"""

# $1: a cgroup for it where there is but the one tree; then what _BOOT wants.
_APART = """\
[ -z "$1" ] || { mkdir -p "$1"; echo $$ >"$1/cgroup.procs"; }
shift
exec unshare --pid --fork --kill-child --mount --uts --ipc --cgroup --net --propagation private \\
	/bin/sh -ec "$0" sh "$@"
"""


class Machine:
    """folder: where it lives, and what of that it sees is in .shared; tree: what it stands on."""

    def __init__(self, folder, tree="/"):
        self.folder = folder
        self.mounts = os.path.join(folder, "mounts")
        self.shared = os.path.join(folder, "shared")
        os.makedirs(self.mounts)
        os.makedirs(self.shared)
        self._cgroup = _own_cgroup()
        self._child = Child("machine", [
            "/bin/sh", "-ec", _APART, _BOOT, self._cgroup, self.mounts, self.shared, tree],
            os.path.join(folder, "machine.log"))
        self.pid = None

    def boot(self):
        ground.need_root()
        self._child.start().wait_ready(self._is_up, 60)
        return self

    def _is_up(self):
        inside = descendants(self._child.pid)
        if not inside or _name(inside[0]) != "systemd":
            return False
        self.pid = inside[0]
        said = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return said in ("running", "degraded")

    def stop(self):
        """All that runs in there ends with its first process."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self._child.stop()
        if self._cgroup and os.path.isdir(self._cgroup):
            until(lambda: _removed(self._cgroup), 10, "the machine's cgroup to be empty")

    # ---- What is done in it --------------------------------------------------------------

    def _enter(self):
        return [tool("nsenter"), "-t", str(self.pid), "--all", "env", "-i", "LANG=C.UTF-8",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]

    def run(self, *argv, check=True, **more):
        """A command in there, as root, to its end; what it said, also where it failed."""
        done = subprocess.run([*self._enter(), *argv], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=120, **more)
        if check and done.returncode != 0:
            raise RuntimeError(f"{' '.join(argv)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def systemctl(self, *argv):
        return self.run("systemctl", *argv).stdout

    def show(self, unit, what):
        return self.systemctl("show", "-P", what, unit).strip()

    def journal(self, *argv):
        return self.run("journalctl", "--no-pager", "-o", "cat", *argv).stdout

    def path(self, path):
        """How this side calls a file of the other."""
        return f"/proc/{self.pid}/root{path}"

    def inside(self, pid):
        """The number that a process of the other side has on this one."""
        for own in descendants(self.pid):
            with open(f"/proc/{own}/status", encoding="ascii", errors="replace") as status:
                numbers = next(line for line in status if line.startswith("NSpid:")).split()
            if int(numbers[-1]) == pid:
                return own
        raise ProcessLookupError(pid)

    @contextlib.contextmanager
    def network(self):
        """In here, this thread and what it starts speak on the other side's loopback."""
        with open("/proc/thread-self/ns/net", "rb") as home, \
                open(f"/proc/{self.pid}/ns/net", "rb") as away:
            _set_network(away)
            try:
                yield self
            finally:
                _set_network(home)


def _set_network(namespace):
    if _libc.setns(namespace.fileno(), _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _name(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as comm:
            return comm.read().strip()
    except OSError:
        return ""


def _own_cgroup():
    """A place below our own in the one tree of cgroups; "" where there are several."""
    top = "/sys/fs/cgroup"
    if not os.path.exists(os.path.join(top, "cgroup.procs")):
        return ""
    with open("/proc/self/cgroup", encoding="ascii") as own:
        below = own.read().strip().split("::", 1)[1].strip("/")
    return os.path.join(top, below, f"latchkey-lab-{os.getpid()}")


def _removed(folder):
    """Are that cgroup, and those that the machine made below it, gone?"""
    for path, _, _ in os.walk(folder, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(path)
    return not os.path.isdir(folder)
