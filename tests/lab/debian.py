"""The Debian package, built from this tree as anybody would build it."""

import glob
import os
import subprocess

from lab import counts
from lab.places import ROOT

_KEPT_OUT = ("./build", "./build-*", "./.git", "./autom4te.cache", "./configure", "./config.h.in",
             "./Makefile.in", "./aclocal.m4", "./build-aux", "__pycache__", "*.o", "*.mo")


def unpack(folder):
    """A copy of the source in ${folder}, without what a build here left in it."""
    os.makedirs(folder)
    keep_out = [f"--exclude={pattern}" for pattern in _KEPT_OUT]
    pack = subprocess.Popen(["tar", "-C", ROOT, "-c", "--anchored", *keep_out, "."],
                            stdout=subprocess.PIPE)
    subprocess.run(["tar", "-C", folder, "-x"], stdin=pack.stdout, check=True)
    pack.stdout.close()
    if pack.wait() != 0:
        raise RuntimeError("the source could not be copied")
    return folder


def build(folder, source="source", umask=0o022, **environment):
    """Build in ${folder}; return the path of the package.  Its units have run elsewhere."""
    source = unpack(os.path.join(folder, source))
    log = os.path.join(folder, "build.log")
    with open(log, "wb") as out:
        done = subprocess.run(
            ["dpkg-buildpackage", "-b", "-us", "-uc"], cwd=source, stdin=subprocess.DEVNULL,
            stdout=out, stderr=out, umask=umask, check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder,
                 "DEB_BUILD_OPTIONS": f"nocheck parallel={os.cpu_count()}", **environment})
    if done.returncode != 0:
        with open(log, encoding="utf-8", errors="replace") as text:
            raise RuntimeError("the package was not built:\n" + counts.why(text.read()))
    return next(path for path in glob.glob(os.path.join(folder, "*.deb")) if "dbgsym" not in path)
