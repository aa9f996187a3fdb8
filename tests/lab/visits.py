"""A page as it was made, in a browser that has script or not, by light or in the dark."""

import itertools

from lab.effort import is_full

THEMES = ("light", "dark")


def every(preview):
    """Each page with --long, else each state once; in a way of its own each: script and theme."""
    ways = list(itertools.product(preview, (True, False), THEMES))
    for n, state in enumerate(preview["nl"]):
        for lang, script, theme in ways if is_full() else [ways[n % len(ways)]]:
            yield f"{lang}/{state}", preview[lang][state], script, theme


def emulate(driver, **features):
    """emulate(driver, prefers_color_scheme="dark"), and nothing else that was before."""
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": name.replace("_", "-"), "value": value} for name, value in features.items()]})


def load(driver, address, script=True):
    """Without script the page stays as it came, though we may look at it by script."""
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
    driver.get(address)
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
