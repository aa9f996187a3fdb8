"""The benchmarks: each figure is measured here, in one run, and printed as it is.

Times on a shared machine drift; the ratios compare two things in the same run, and
CPU is what the kernel charged to the four programs.
"""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile

import full_store
from lab import people
from lab.house import House
from lab.places import BUILD, free_port
from lab.town import Town

LONG = bool(os.environ.get("LATCHKEY_LONG"))
FLOWS = 10000 if LONG else 1000
# Samba derives keys for each password: some thirty a second, whoever asks.
SAMBA_FLOWS = 1000 if LONG else 200
POSTS = 20000 if LONG else 2000
STORED = 1000000 if LONG else 100000
TURNS, TURN_FLOWS, TURN_POSTS, FEW = 10, 100, 1000, 4
# By new people each time: a turn at both houses, one to warm up, two to have what to copy.
STORED_PEOPLE = (2 * TURNS + 4) * TURN_FLOWS
PAGES = 100000 if LONG else 10000
BARE_THREADS = 16
BARE_KIND = {"slapd": "openldap", "samba": "ad"}
TOWN_KIND = {"slapd": "openldap", "samba": "samba"}
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
    """Run a driver; return its count, its seconds, and what else it measured.

    A failed walk fails the benchmark.
    """
    run = subprocess.run([os.path.join(BUILD, "tests", "load", program), *map(str, args)],
                         stdout=subprocess.PIPE, check=False, text=True)
    done, failed, seconds, *more = run.stdout.split() if run.stdout else (0, "all", 0)
    if run.returncode != 0:
        sys.exit(f"{program} {args[0]}: {failed} failed")
    return int(done), float(seconds), *map(int, more)


def bench_flows(town, gateway, kind, flows):
    """Whole resets, beside a loop that does no more than the directory needs."""
    house, directory = town.house, town.directory
    secret = os.path.join(house.folder, "keys", "bind.secret")
    bare, bare_s = drive("bare", BARE_KIND[kind], directory.uri, directory.ca,
                         directory.service_dn, secret, directory.base, flows, BARE_THREADS)
    before = cpu_seconds(house)
    done, seconds, _ = drive("walk", "flows", house.port, flows, PEOPLE, gateway)
    figure(f"flow_rate_{kind}", round(done / seconds, 1), "flows/s")
    figure(f"bare_rate_{kind}", round(bare / bare_s, 1), "resets/s")
    figure(f"flow_ratio_{kind}", round((done / seconds) / (bare / bare_s), 3), "of 1")
    return (cpu_seconds(house) - before) * 1000 / done


def bench_visits(house):
    before = cpu_seconds(house)
    posts, *_ = drive("walk", "posts", house.port, POSTS, PEOPLE)
    figure("anon_post_cpu_ms", round((cpu_seconds(house) - before) * 1000 / posts, 3), "ms")
    before = cpu_seconds(house)
    pages, *_ = drive("walk", "pages", house.port, PAGES, BARE_THREADS)
    figure("page_cpu_us", round((cpu_seconds(house) - before) * 1e6 / pages, 1), "us")


def bench_full_store(town, gateway):
    """What an answer takes, and a flow costs, beside so many others as beside none."""
    full = House(os.path.join(town.folder, "full"), town.directory, town.kannel, town.change)
    person = itertools.count(1)

    def walk(house, mode, count):
        first = next(itertools.islice(person, count - 1, None)) - count + 1
        done, _, median = drive("walk", mode, house.port, count, FEW, gateway, first)
        return done, median

    try:
        full.start()
        # What is copied: flows at the proof page, and flows that came to their end.
        walk(full, "posts", TURN_FLOWS)
        walk(full, "flows", TURN_FLOWS)
        full.keeper.stop()
        full_store.fill(full.state, STORED)
        full.restart("keeper")
        beside = full_store.Beside(town.house, full, walk)
        answers, cpu = zip(beside.compare("flows", TURN_FLOWS, TURNS),
                           beside.compare("posts", TURN_POSTS, TURNS))
    finally:
        full.stop()
    for name, ratio in (("answer_p50_ratio_1m", answers[0]), ("flow_cpu_ratio_1m", cpu[0]),
                        ("post_p50_ratio_1m", answers[1]), ("post_cpu_ratio_1m", cpu[1])):
        figure(name, round(ratio, 3), "of an empty store")


def in_town(kind, flows, measure, more=None):
    """A town with so many people, of whom ${measure} makes use."""
    folder = tempfile.mkdtemp(prefix="latchkey-bench-")
    gateway = free_port()
    change = {
        "courier.gateways": [{
            "name": "phones", "channel": "sms", "method": "GET", "accept_status": "202",
            "url": f"http://127.0.0.1:{gateway}/send?to={{to}}&text={{text}}",
        }],
        "registrar.workers": 8,
        "registrar.writes_per_hour": 1000000,
        **(more or {}),
    }
    town = Town(os.path.join(folder, "town"), change, directory=TOWN_KIND[kind],
                cast=people.cast() + [people.nth(n + 1) for n in range(flows)])
    town.directory.start()
    try:
        town.house.start()
        measure(town, gateway)
    finally:
        town.house.stop()
        town.directory.stop()
        shutil.rmtree(folder)


def main():
    def at_slapd(town, gateway):
        figure("flow_cpu_ms", round(bench_flows(town, gateway, "slapd", FLOWS), 3), "ms")
        bench_visits(town.house)

    in_town("slapd", FLOWS, at_slapd)
    # Slots as short as can be, or answers would take as long as a slot wherever they come from.
    in_town("slapd", STORED_PEOPLE, bench_full_store, {"keeper.slot_ms": 1})
    in_town("samba", SAMBA_FLOWS,
            lambda town, gateway: bench_flows(town, gateway, "samba", SAMBA_FLOWS))


if __name__ == "__main__":
    main()
