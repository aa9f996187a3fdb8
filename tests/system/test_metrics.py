"""Figures for Prometheus: read strictly, on a socket of their own, and nothing of people in them."""

import contextlib
import os
import re
import signal
import socket

import pytest
import requests

from lab.api import Client
from lab.child import descendants, until
from lab.places import ROOT, free_port

NEW = "Wolken-boven-8-dijken"
TYPE = "text/plain; version=0.0.4; charset=utf-8"


# ---- A strict reader of the text format 0.0.4 ---------------------------------------------

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9]+(?:\.[0-9]+)?)$")


class Family:
    """One metric: its type, its help, and each sample by its labels."""

    def __init__(self, name, text):
        self.name, self.help, self.kind, self.samples = name, text, None, {}

    def suffixes(self):
        return ("_bucket", "_sum", "_count") if self.kind == "histogram" else ("",)


def read(text):
    """name -> Family.  Whatever is not allowed is an error, not skipped."""
    assert text.endswith("\n")
    families, now = {}, None
    for line in text[:-1].split("\n"):
        if found := re.match(rf"# HELP ({NAME}) ((?:[^\\]|\\\\|\\n)+)$", line):
            assert found[1] not in families, f"{found[1]} is described twice"
            now = families[found[1]] = Family(found[1], found[2])
        elif found := re.match(rf"# TYPE ({NAME}) (counter|gauge|histogram)$", line):
            assert now and found[1] == now.name and now.kind is None and not now.samples, line
            now.kind = found[2]
        else:
            found = SAMPLE.match(line)
            assert found and now and now.kind, line
            assert found[1] in [now.name + suffix for suffix in now.suffixes()], line
            labels = tuple((name, value) for name, value in re.findall(LABEL, found[2] or ""))
            assert len({name for name, _ in labels}) == len(labels), line
            key = (found[1][len(now.name):], labels)
            assert key not in now.samples, f"twice: {line}"
            now.samples[key] = float(found[len(found.groups())])
    for family in families.values():
        check(family)
    return families


def check(family):
    assert family.kind and family.samples, family.name
    assert (family.kind == "counter") == family.name.endswith("_total"), family.name
    assert all(value >= 0 for value in family.samples.values()), family.name
    if family.kind == "histogram":
        for labels in {tuple(one for one in labels if one[0] != "le")
                       for _, labels in family.samples}:
            check_histogram(family, labels)


def check_histogram(family, labels):
    buckets = [(float(have[-1][1].replace("+Inf", "inf")), value)
               for (suffix, have), value in family.samples.items()
               if suffix == "_bucket" and have[:-1] == labels and have[-1][0] == "le"]
    assert buckets == sorted(buckets) and buckets[-1][0] == float("inf"), family.name
    counts = [value for _, value in buckets]
    assert counts == sorted(counts), family.name
    assert counts[-1] == family.samples["_count", labels], family.name
    assert ("_sum", labels) in family.samples, family.name


def flat(families):
    """Each sample by its whole name."""
    return {(family.name + suffix, *labels): value for family in families.values()
            for (suffix, labels), value in family.samples.items()}


# ---- The house -------------------------------------------------------------------------------


@pytest.fixture
def watched(another_house):
    """watched(change): a house with the second socket; .metrics is its address."""
    def make(change=None):
        port = free_port()
        house = another_house({"portal.metrics_listen": [f"127.0.0.1:{port}"], **(change or {})})
        house.metrics = f"http://127.0.0.1:{port}/metrics"
        return house
    return make


def scrape(house):
    got = requests.get(house.metrics, timeout=10)
    assert got.status_code == 200 and got.headers["Content-Type"] == TYPE
    return flat(read(got.text))


def rose(before, after):
    """What is counted, and by how much it rose."""
    return {key: after[key] - before[key] for key in after
            if key[0].endswith(("_total", "_count")) and after[key] != before[key]}


def test_what_people_did_is_counted(watched, town, directory):
    house = watched()
    before = scrape(house)
    client = Client(house.url, town.phone)
    person = directory.newcomer()
    client.to_code(person)
    code = client.take_code(person)
    client.answer(code="00000000" if code != "00000000" else "00000001")
    client.answer(code=code)
    client.settle()
    client.choose("Kort-9!")
    assert client.choose(NEW)["outcome"] == "reset"
    after = scrape(house)
    more = rose(before, after)

    def by(name, **labels):
        return more.get((name, *labels.items()))

    assert by("latchkey_flows_opened_total", wish="reset") == 1
    assert by("latchkey_answers_total", step="name", reason="none") == 1
    assert by("latchkey_answers_total", step="code", reason="wrong_code") == 1
    assert by("latchkey_answers_total", step="code", reason="none") == 1
    assert by("latchkey_answers_total", step="password", reason="rule_length") == 1
    assert by("latchkey_answers_total", step="password", reason="none") == 1
    assert by("latchkey_codes_sent_total", channel="sms", verdict="ok") == 1
    assert by("latchkey_flows_ended_total", wish="reset", outcome="reset") == 1
    assert by("latchkey_directory_requests_total", request="judge", verdict="rule") == 1
    for request in ("find", "match", "ways", "set"):
        assert by("latchkey_directory_requests_total", request=request, verdict="ok") == 1
        assert by("latchkey_directory_request_seconds_count", request=request) == 1
    assert by("latchkey_store_commit_seconds_count") >= 6
    assert by("latchkey_http_requests_total", kind="api", status="2xx") >= 7
    assert by("latchkey_http_requests_total", kind="metrics", status="2xx") == 1
    # What only stands.
    assert after["latchkey_flows",] >= 1 and after["latchkey_store_bytes",] > 0
    assert after["latchkey_workers",] == 4 and after["latchkey_directory_up",] == 1
    assert after["latchkey_courier_up",] == 1
    assert after["latchkey_up", ("program", "keeper")] == 1


def test_somebody_and_nobody_count_alike(watched, town, directory):
    """Whoever reads figures may type a name and look again: until a code was sent, it tells nothing."""
    house = watched()
    good, other = directory.newcomer(), directory.newcomer()
    people = [("nobody", good), (good.username, other), ("d.bakker", good),
              ("b.directeur", good), ("n.nummerloos", good)]
    seen = []
    for username, who in people:
        before = scrape(house)
        client = Client(house.url, town.phone)
        client.open("reset")
        client.answer(username=username)
        client.answer(mobile=who.mobile, birthdate=who.birthdate)
        client.answer(code="00000000")
        until(lambda: scrape(house)["latchkey_workers_busy",] == 0)
        seen.append({key: n for key, n in rose(before, scrape(house)).items()
                     if not key[0].startswith(("latchkey_http", "process", "latchkey_store")) and
                     ("request", "probe") not in key})
    assert all(one == seen[0] for one in seen), seen


def test_counters_never_fall(watched, town, directory):
    house = watched()
    seen = scrape(house)
    for _ in range(5):
        Client(house.url, town.phone).to_code(directory.newcomer())
        now = scrape(house)
        assert seen.keys() == now.keys()
        for key, value in now.items():
            if key[0].endswith(("_total", "_count", "_sum", "_bucket")):
                assert value >= seen[key], key
        seen = now


def test_nothing_of_people_is_in_them(watched, town, directory):
    """Every label is a word that was there before anybody came."""
    house = watched()
    words = {label for key in scrape(house) for label in key[1:]}
    person = directory.newcomer()
    client = Client(house.url, town.phone)
    client.reset(person, NEW)
    requests.get(house.url + "/somewhere/nobody/was?x=y", timeout=10)
    requests.post(house.url + "/api/v1/open", data="x" * 10, timeout=10)
    text = requests.get(house.metrics, timeout=10).text
    assert {label for key in flat(read(text)) for label in key[1:]} == words
    for secret in (person.username, person.mobile[3:], person.birthdate, NEW, "127.0.0.1",
                   client.step["flow"], client.step["reference"]):
        assert secret not in text


def test_only_on_the_second_socket(watched, town):
    house = watched()
    for url in (house.url, town.house.url):
        got = requests.get(url + "/metrics", timeout=10)
        assert got.status_code == 404 and "latchkey_" not in got.text
    other = house.metrics.removesuffix("/metrics")
    for path in ("/", "/step/name", "/api/v1/open", "/healthz", "/metrics/", "/static/style.css"):
        assert requests.get(other + path, timeout=10).status_code == 404
    assert requests.post(house.metrics, timeout=10).status_code == 405
    assert requests.head(house.metrics, timeout=10).status_code == 200


def test_keeper_is_away(watched):
    """The figures that portal has itself are there, and say so."""
    house = watched()
    house.keeper.kill()
    away = scrape(house)
    assert away["latchkey_up", ("program", "keeper")] == 0
    assert away["latchkey_up", ("program", "portal")] == 1
    assert ("latchkey_flows",) not in away
    assert requests.get(house.url, timeout=30).status_code == 503
    assert scrape(house)["latchkey_keeper_silent_total",] == 1
    house.restart("keeper")
    assert scrape(house)["latchkey_up", ("program", "keeper")] == 1


def test_the_manual_has_them_all(watched):
    """Each by its name, its labels and its help."""
    with open(os.path.join(ROOT, "man", "latchkey-portal.8"), encoding="utf-8") as page:
        told = dict(re.findall(r"^\.It Li (\S+)\n(.+)$", page.read(), re.M))
    found = {}
    for family in read(requests.get(watched().metrics, timeout=10).text).values():
        labels = [name for name, _ in next(iter(family.samples))[1] if name != "le"]
        found[family.name + ("{" + ",".join(labels) + "}" if labels else "")] = family.help
    assert told == found


def test_alerts_are_on_what_there_is(watched):
    """Each metric of etc/alerts.yml is shown, with each label and word that it names."""
    there = scrape(watched())
    with open(os.path.join(ROOT, "etc", "alerts.yml"), encoding="utf-8") as alerts:
        named = re.findall(r"(latchkey_[a-z_]+)(?:\{([^}]*)\})?", alerts.read())
    assert len(named) > 12
    for metric, labels in named:
        shown = [dict(key[1:]) for key in there if key[0] == metric]
        assert shown, metric
        for label, words in re.findall(r'([a-z]+)=~?"([^"]*)"', labels):
            for word in words.split("|"):
                assert any(one.get(label) == word for one in shown), (metric, label, word)


def test_refused_requests(watched):
    house = watched()
    before = scrape(house)
    assert requests.get(house.url + "/" + "x" * 20000, timeout=10).status_code == 431
    assert rose(before, scrape(house))["latchkey_http_refused_total", ("status", "431")] == 1


def test_a_full_house(watched):
    """Who is crowded out is counted."""
    house = watched({"portal.connections": 16})
    before = scrape(house)
    with contextlib.ExitStack() as crowd:
        for _ in range(20):
            crowd.enter_context(socket.create_connection(("127.0.0.1", house.port), 5))
        after = scrape(house)
    assert rose(before, after)["latchkey_http_crowded_out_total",] >= 4
    assert after["latchkey_http_connections",] <= 16


def test_a_worker_that_is_lost(watched, directory, town):
    """One that dies over a request; idle ones come and go."""
    house = watched({"registrar.workers": 1})
    client = Client(house.url, town.phone)
    client.open("reset")
    os.kill(directory.child.pid, signal.SIGSTOP)
    try:
        client.answer(username="niemand")
        until(lambda: scrape(house)["latchkey_workers_busy",] == 1, 10, "a request")
        for worker in descendants(house.registrar.pid):
            os.kill(worker, signal.SIGKILL)
        until(lambda: scrape(house)["latchkey_workers_lost_total",] >= 1, 10, "the loss")
    finally:
        os.kill(directory.child.pid, signal.SIGCONT)
