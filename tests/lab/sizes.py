"""sizes.py: a function fits a screen, a file fits a sitting (see HACKING)."""

import json
import os
import subprocess
import sys

from places import ROOT, tool

FUNCTION_MOST, NINE_IN_TEN, FILE_MOST = 100, 45, 600


def main():
    faults, lengths = [], []
    paths = [os.path.join(folder, name)
             for folder, _, names in os.walk(os.path.join(ROOT, "src"))
             for name in sorted(names) if name.endswith((".c", ".h"))]
    for path in paths:
        with open(path, encoding="utf-8") as source:
            lines = sum(1 for _ in source)
        if lines > FILE_MOST:
            faults.append(f"{path}: {lines} lines, more than {FILE_MOST}")
    tags = subprocess.run(
        [tool("ctags"), "--output-format=json", "--fields=+ne", "--kinds-c=f", "-f", "-", *paths],
        check=True, capture_output=True, text=True).stdout
    for line in tags.splitlines():
        tag = json.loads(line)
        if tag.get("kind") != "function":
            continue
        length = tag["end"] - tag["line"] + 1
        lengths.append(length)
        if length > FUNCTION_MOST:
            faults.append(f"{tag['path']}:{tag['line']}: {tag['name']} has {length} lines, "
                          f"more than {FUNCTION_MOST}")
    lengths.sort()
    ninetieth = lengths[len(lengths) * 9 // 10] if lengths else 0
    if ninetieth > NINE_IN_TEN:
        faults.append(f"one function in ten is longer than {NINE_IN_TEN} lines: {ninetieth}")
    for fault in faults:
        print(fault)
    print(f"figure function_lines_p90 {ninetieth} lines")
    print(f"figure function_lines_max {max(lengths, default=0)} lines")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
