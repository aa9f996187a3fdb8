"""How often a test tries what has to hold every time."""

import os


def rounds(full):
    """So often as is asked for with ./check --long, a tenth of it otherwise."""
    return full if os.environ.get("LATCHKEY_LONG") else max(full // 10, 1)
