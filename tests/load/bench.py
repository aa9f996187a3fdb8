"""The benchmarks: each figure is measured here, in one run, and printed as it is.

Times on a shared machine drift; the ratios compare two things in the same run, and
CPU is what the kernel charged to the four programs.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from lab import people
from lab.places import BUILD, free_port
from lab.town import Town

LONG = bool(os.environ.get("LATCHKEY_LONG"))
FLOWS = 10000 if LONG else 1000
POSTS = 20000 if LONG else 2000
PAGES = 100000 if LONG else 10000
BARE_THREADS = 16
# People wait for slots and codes, so it takes many of them to keep the house busy.
PEOPLE = 128
TICK = os.sysconf("SC_CLK_TCK")


def figure(name, value, unit):
    print(f"figure {name} {value} {unit}", flush=True)


def family(pid):
    """A process and all that it forked."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return [pid] + [one for child in children.read().split() for one in family(int(child))]


def processes(house):
    return [pid for child in house.programs.values() for pid in family(child.process.pid)]


def cpu_seconds(house):
    """User and system time of the four programs, as far as they still live."""
    ticks = 0
    for pid in processes(house):
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def drive(program, *args):
    """Run a driver; return its count and its seconds.  A failed walk fails the benchmark."""
    run = subprocess.run([os.path.join(BUILD, "tests", "load", program), *map(str, args)],
                         stdout=subprocess.PIPE, check=False, text=True)
    done, failed, seconds = run.stdout.split() if run.stdout else (0, "all", 0)
    if run.returncode != 0:
        sys.exit(f"{program} {args[0]}: {failed} failed")
    return int(done), float(seconds)


def bench(town, gateway):
    house, directory = town.house, town.directory
    house.start()
    secret = os.path.join(house.folder, "keys", "bind.secret")
    bare, bare_s = drive("bare", directory.uri, directory.ca, directory.service_dn, secret,
                         directory.base, FLOWS, BARE_THREADS)
    before = cpu_seconds(house)
    flows, flows_s = drive("walk", "flows", house.port, FLOWS, PEOPLE, gateway)
    figure("flow_rate_slapd", round(flows / flows_s, 1), "flows/s")
    figure("bare_rate_slapd", round(bare / bare_s, 1), "resets/s")
    figure("flow_ratio_slapd", round((flows / flows_s) / (bare / bare_s), 3), "of 1")
    figure("flow_cpu_ms", round((cpu_seconds(house) - before) * 1000 / flows, 3), "ms")

    before = cpu_seconds(house)
    posts, _ = drive("walk", "posts", house.port, POSTS, PEOPLE)
    figure("anon_post_cpu_ms", round((cpu_seconds(house) - before) * 1000 / posts, 3), "ms")
    before = cpu_seconds(house)
    pages, _ = drive("walk", "pages", house.port, PAGES, BARE_THREADS)
    figure("page_cpu_us", round((cpu_seconds(house) - before) * 1e6 / pages, 1), "us")


def main():
    folder = tempfile.mkdtemp(prefix="latchkey-bench-")
    gateway = free_port()
    change = {
        "courier.gateways": [{
            "name": "phones", "channel": "sms", "method": "GET", "accept_status": "202",
            "url": f"http://127.0.0.1:{gateway}/send?to={{to}}&text={{text}}",
        }],
        "registrar.workers": 8,
        "registrar.writes_per_hour": 1000000,
    }
    town = Town(os.path.join(folder, "town"), change,
                cast=people.cast() + [people.another() for _ in range(FLOWS)])
    town.directory.start()
    try:
        bench(town, gateway)
    finally:
        town.house.stop()
        town.directory.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
