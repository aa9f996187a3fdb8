"""counts.py unit BUILD LOG | pytest XML | fuzz LOG FIGURES: print how many passed and
how many did not.

A test that was skipped has not shown what it is there to show: it counts as failed.
"""

import glob
import os
import re
import sys
import xml.etree.ElementTree

COMPLAINT = re.compile(r"error:|\[ *(ERROR|LINE|FAILED) *\]|Sanitizer")


def why(text):
    """What a build or a test complained of, which may stand long before the end; and the end."""
    lines = text.splitlines()
    return "\n".join([line for line in lines if COMPLAINT.search(line)][:60] + lines[-40:])


def unit(build, log):
    """Of make check, by what each program's log says; say on stderr which failed."""
    passed = failed = 0
    for result in sorted(glob.glob(os.path.join(build, "tests", "**", "*.trs"), recursive=True)):
        with open(result, encoding="utf-8") as trs:
            good = ":global-test-result: PASS" in trs.read()
        with open(result[:-4] + ".log", encoding="utf-8", errors="replace") as out:
            text = out.read()
        ok = sum(int(n) for n in re.findall(r"\[  PASSED  \] (\d+) test", text))
        bad = sum(int(n) for n in re.findall(r"\[  FAILED  \] \w*: ?(\d+) test", text))
        bad += sum(int(n) for n in re.findall(r"\[  SKIPPED \] \w*: ?(\d+) test", text))
        if not good:
            bad = max(bad, 1)
            print(why(text), file=sys.stderr)
        elif ok == 0:
            ok = 1      # a program that is one test
        passed, failed = passed + ok, failed + bad
    if passed + failed == 0:
        with open(log, encoding="utf-8", errors="replace") as out:
            print(why(out.read()), file=sys.stderr)
        failed = 1
    return passed, failed


def pytest(path):
    """Of one run of pytest; one that left no result is one failure."""
    try:
        suite = xml.etree.ElementTree.parse(path).getroot().find("testsuite")
    except (OSError, xml.etree.ElementTree.ParseError):
        return 0, 1
    total = int(suite.get("tests"))
    failed = sum(int(suite.get(what)) for what in ("failures", "errors", "skipped"))
    return (0, 1) if total == 0 else (max(total - failed, 0), failed)


def fuzz(log, figures):
    """Of make fuzz, a line for each target; and how often they ran goes to the figures."""
    with open(log, encoding="utf-8", errors="replace") as out:
        ran = re.findall(r"^fuzzed \S+ (\d+) (\d)$", out.read(), re.MULTILINE)
    if not ran:
        return 0, 1
    execs = [int(n) for n, _ in ran]
    crashes = sum(status != "0" for _, status in ran)
    with open(figures, "a", encoding="utf-8") as out:
        print(f"figure fuzz_targets {len(ran)} targets\nfigure fuzz_execs {sum(execs)} executions\n"
              f"figure fuzz_execs_least {min(execs)} executions\n"
              f"figure fuzz_crashes {crashes} targets", file=out)
    return len(ran) - crashes, crashes


if __name__ == "__main__":
    print(*{"unit": unit, "pytest": pytest, "fuzz": fuzz}[sys.argv[1]](*sys.argv[2:]))
