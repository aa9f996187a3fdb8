"""How long until the house answers, and how much memory it takes when nobody comes."""

import time

from lab.child import until


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
        return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))


def test_ready_and_idle(another_house, figure):
    house = another_house(start=False)
    begin = time.monotonic()
    house.start()
    figure("ready_s", round(time.monotonic() - begin, 3), "s")
    pids = [pid for child in house.programs.values() for pid in child.family()]
    until(lambda: all(house.programs[role].lives() for role in house.programs))
    figure("pss_idle_mb", round(sum(pss(pid) for pid in pids) / 1024, 1), "MB")
