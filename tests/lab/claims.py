"""claims.py: every test that doc/SECURITY names is there, by its file and its function."""

import os
import re
import sys

from places import ROOT

CLAIM = re.compile(r"^\t(tests/\S+)\s+(\S.*)$", re.MULTILINE)


def missing(path, names):
    try:
        with open(os.path.join(ROOT, path), encoding="utf-8") as source:
            text = source.read()
    except FileNotFoundError:
        return [path]
    return [f"{path}: {name}" for name in names
            if not re.search(rf"^(def )?{name}\(", text, re.MULTILINE)]


def main():
    with open(os.path.join(ROOT, "doc", "SECURITY"), encoding="utf-8") as doc:
        claims = CLAIM.findall(doc.read())
    lost = [one for path, names in claims for one in missing(path, names.split(", "))]
    for one in lost:
        print(f"doc/SECURITY names a test that is not there: {one}")
    return 1 if lost or not claims else 0


if __name__ == "__main__":
    sys.exit(main())
