"""How often a test tries what has to hold every time."""

import os
import sys


def is_full():
    """./check --long was asked for."""
    return bool(os.environ.get("LATCHKEY_LONG"))


def rounds(full):
    """So often as is asked for with ./check --long, a tenth of it otherwise."""
    return full if is_full() else max(full // 10, 1)


if __name__ == "__main__":
    print(rounds(int(sys.argv[1])))
