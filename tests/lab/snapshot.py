"""What takes long to make is kept: a folder, as it was once, under a name for what made it."""

import hashlib
import os
import subprocess
import tempfile
import time

from lab import ground
from lab.places import tool

LIFE = 14 * 86400       # in a domain that was made months ago, passwords begin to expire


def source(path):
    with open(path, encoding="utf-8") as text:
        return text.read()


def restore(made_of, folder, names, make):
    """Bring ${names} into ${folder} from the cache; make() makes them there if it must."""
    name = hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]
    kept = os.path.join(ground.cache(), f"domain-{name}.tar.gz")
    with ground.alone(f"domain-{name}"):
        if _is_fresh(kept):
            _tar("-xSzf", kept, "-C", folder)
        else:
            make()
            _keep(kept, folder, names)


def _keep(kept, folder, names):
    for other in os.listdir(ground.cache()):
        path = os.path.join(ground.cache(), other)
        if other.endswith((".tar.gz", ".new")) and not _is_fresh(path):
            os.unlink(path)
    fd, new = tempfile.mkstemp(dir=ground.cache(), suffix=".new")
    os.close(fd)
    _tar("-cSzf", new, "-C", folder, *names)
    os.rename(new, kept)


def _is_fresh(path):
    try:
        return time.time() - os.stat(path).st_mtime < LIFE
    except FileNotFoundError:
        return False


def _tar(*arguments):
    subprocess.run([tool("tar"), *arguments], check=True, capture_output=True)
