"""axe-core, which looks at a page as it stands in a browser for what shuts people out.

Run as a program, this module fetches it by npm if it is not there:  python3 -m lab.axe
"""

import hashlib
import os
import subprocess
import sys
import tempfile

from lab.ground import alone, cache
from lab.places import tool

VERSION = "4.14.1"
# Of axe.min.js: what is run in our browser is what was looked at.
SHA512 = ("e63e659f9806d7ae5bd40899043b0871a5062c5442b01b3f1a3edf5eaf50bf5c"
          "3a7104a72463293b4ad1b77c661a0d4e40e850dec89de9d6ece70a8c13a9af17")

# All rules, best practices and experiments too, but for level AAA; what axe can't decide
# comes back beside what it refuses.
_RUN = """
const done = arguments[arguments.length - 1];
const rules = {};
for (const rule of axe.getRules())
	rules[rule.ruleId] = {enabled: !rule.tags.some(tag => /deprecated|aaa$/.test(tag))};
axe.run(document, {rules, resultTypes: ['violations', 'incomplete']}).then(function (found) {
	function tell(list) {
		return list.map(function (rule) {
			return {rule: rule.id, help: rule.help, where: rule.nodes.map(function (node) {
				return node.target.join(' ') + ': ' + node.failureSummary;
			})};
		});
	}
	done({violations: tell(found.violations), incomplete: tell(found.incomplete)});
}, function (error) {
	done({violations: [{rule: 'axe', help: String(error), where: []}], incomplete: []});
});
"""


def _path():
    return os.path.join(cache(), f"axe-core-{VERSION}", "axe.min.js")


def fetch():
    """Put it into the cache, unless it is there."""
    if os.path.exists(_path()):
        return
    with alone("axe-core"), tempfile.TemporaryDirectory(dir=cache()) as folder:
        subprocess.run([tool("npm"), "install", f"axe-core@{VERSION}", "--no-save",
                        "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder],
                       check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        found = os.path.join(folder, "node_modules", "axe-core")
        os.rename(found, os.path.dirname(_path()))


def source():
    """The script, if it is the one that was looked at."""
    with open(_path(), "rb") as script:
        text = script.read()
    if hashlib.sha512(text).hexdigest() != SHA512:
        raise ValueError(f"{_path()} is not the axe-core {VERSION} that was expected; remove "
                         f"{os.path.dirname(_path())}, and it is fetched again")
    return text.decode()


def look(driver, script):
    """What axe says of the page that ${driver} shows: its violations, and what it can't decide."""
    driver.execute_script(script)
    found = driver.execute_async_script(_RUN)
    return found["violations"], found["incomplete"]


if __name__ == "__main__":
    try:
        fetch()
        source()
    except (OSError, ValueError, subprocess.CalledProcessError) as fault:
        sys.exit(f"axe-core cannot be fetched: {fault}")
