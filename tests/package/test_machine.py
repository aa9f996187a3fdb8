"""The units, as a real systemd runs them: from "dpkg -i" to people who are helped."""

import json
import os
import re
import signal
import threading

import pytest
import requests

from lab.api import Client
from lab.child import until
from lab.effort import rounds
from lab.installed import SECRETS, UNITS, USERS, install

NEW = "Wolken-boven-8-dijken"
WATCHDOG = 2


def helped(house, phone, directory):
    """One more person, who gets back in."""
    person = directory.newcomer()
    end = Client(house.wait_ready().url, phone).reset(person, NEW)
    assert (end["step"], end["outcome"]) == ("end", "reset")
    assert directory.binds(person, NEW)
    return person


# ---- Before it is set up ------------------------------------------------------------------

def test_nothing_starts_by_itself(machine):
    for unit in [*UNITS.values(), "latchkey.target", "latchkey-portal.socket",
                 "latchkey-metrics.socket"]:
        assert machine.show(unit, "ActiveState") == "inactive"
        assert machine.show(unit, "LoadState") == "loaded"
    assert machine.show("latchkey.target", "UnitFileState") == "disabled"


def test_units_are_understood(machine):
    """systemd says of no line that it does not know it."""
    done = machine.run("systemd-analyze", "verify", "--recursive-errors=no", *UNITS.values(),
                       "latchkey.target", "latchkey-metrics.socket", check=False)
    assert [line for line in done.stderr.splitlines() if "latchkey" in line] == []


def test_keys_are_made_once_and_are_roots(machine):
    folder = machine.path("/etc/latchkey/secrets")
    held = {}
    for name in os.listdir(folder):
        about = os.stat(os.path.join(folder, name))
        assert (about.st_uid, about.st_mode & 0o777) == (0, 0o600)
        with open(os.path.join(folder, name), encoding="ascii") as key:
            held[name] = key.read()
    # Those that only the admin knows are there to be filled in.
    assert (held.pop("bind.secret"), held.pop("gateway.secret")) == ("", "")
    assert sorted(held) == ["account.key", "audit.key", "code.key", "ticket.key"]
    assert len(set(held.values())) == 4
    assert all(re.fullmatch(r"[0-9a-f]{64}\n", key) for key in held.values())


def test_the_check_says_what_is_left_to_do(machine):
    done = machine.run("latchkey", "check", check=False)
    assert done.returncode == 1
    assert "bind.secret" in done.stdout and "gateway.secret" in done.stdout


# ---- As the manual says -------------------------------------------------------------------

def test_check_is_content(set_up, machine):
    done = machine.run("latchkey", "check", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_is_helped(house, phone, directory):
    helped(house, phone, directory)


def test_it_starts_at_boot(house, machine):
    assert machine.systemctl("is-enabled", "latchkey.target").strip() == "enabled"
    wanted = machine.systemctl("list-dependencies", "--plain", "multi-user.target")
    assert "latchkey.target" in wanted


# ---- What each can reach ------------------------------------------------------------------

def test_each_reads_its_own_secrets_alone(house, machine):
    looked = 0
    of_all = sum(map(len, SECRETS.values()))
    for role, user in USERS.items():
        for other, names in SECRETS.items():
            for name in names:
                # As its own user, who is not in the sandbox of the other one.
                done = machine.run(
                    "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups",
                    "cat", f"/run/credentials/{UNITS[other]}/{name}", check=False)
                assert (done.returncode == 0) == (role == other), (role, name)
                assert machine.run(
                    "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups",
                    "cat", f"/etc/latchkey/secrets/{name}", check=False).returncode != 0
                looked += 1
    assert looked == len(USERS) * of_all == 24


PROBE = """
import errno, json, os, socket, sys
said = {"root": sorted(os.listdir("/")), "sockets": {}, "etc": os.access("/etc/passwd", os.W_OK)}
for family in ("AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET"):
    try:
        socket.socket(getattr(socket, family), socket.SOCK_DGRAM).close()
        said["sockets"][family] = True
    except OSError:
        said["sockets"][family] = False
for what, folder in (("secrets", "/etc/latchkey/secrets"), ("home", "/root"), ("boot", "/boot")):
    try:
        said[what] = bool(os.listdir(folder))
    except OSError:
        said[what] = False
try:
    os.execv("/bin/true", ["true"])
except OSError as fault:
    said["exec"] = errno.errorcode[fault.errno]
print(json.dumps(said))
"""


def probe(machine, role):
    """What a Python in the place of the program could do."""
    name = f"probe-{role}.service"
    unit = machine.run("systemctl", "cat", UNITS[role]).stdout
    script = os.path.join(machine.shared, "probe.py")
    with open(script, "w", encoding="ascii") as out:
        out.write(PROBE)
    changed = [line for line in unit.splitlines()
               if not re.match(r"ExecStart=|Type=|Restart|WatchdogSec=|Requires=|PartOf=|Sockets=",
                               line)]
    changed += ["Type=oneshot", f"BindReadOnlyPaths={machine.shared}", "ExecPaths=/usr/bin/python3",
                f"ExecStart=/usr/bin/python3 {script}"]
    with open(machine.path(f"/run/systemd/system/{name}"), "w", encoding="utf-8") as out:
        out.write("\n".join(changed) + "\n")
    machine.systemctl("daemon-reload")
    machine.systemctl("start", name)
    return json.loads(machine.journal("-u", name, "_COMM=python3").splitlines()[-1])


@pytest.mark.parametrize("role", UNITS)
def test_sandbox(house, machine, role):
    said = probe(machine, role)
    outside = role in ("registrar", "courier")
    assert said["sockets"] == {"AF_UNIX": True, "AF_INET": outside, "AF_INET6": outside,
                               "AF_NETLINK": False, "AF_PACKET": False}
    assert not any(said[what] for what in ("secrets", "etc", "home", "boot"))
    assert said["exec"] in ("EACCES", "ENOENT")
    # Nothing of the machine but this.
    assert set(said["root"]) <= {"usr", "lib", "lib64", "etc", "run", "var", "tmp", "dev", "proc",
                                 "sys", "root", "home", machine.shared.split("/")[1]}


@pytest.mark.parametrize("role", ["portal", "keeper"])
def test_no_network(house, machine, role):
    pid = machine.inside(house.main_pid(role))
    with open(f"/proc/{pid}/net/dev", encoding="ascii") as devices:
        assert [line.split(":")[0].strip() for line in devices if ":" in line] == ["lo"]
    assert os.readlink(f"/proc/{pid}/ns/net") != os.readlink(f"/proc/{machine.pid}/ns/net")


# ---- What happens to it -------------------------------------------------------------------

def walk(house, phone, people, ends):
    """People who reset their passwords one after the other; how each of it ended."""
    for person in people:
        try:
            step = Client(house.url, phone).reset(person, NEW)
            ends.append(step.get("outcome") or f"{step['step']}: {step['reason']}")
        except Exception as fault:      # pylint: disable=broad-except
            ends.append(repr(fault))


def test_reload_under_load(house, machine, phone, directory, figure):
    """All four read their settings again, many times, while people are helped."""
    crowd = [[directory.newcomer() for _ in range(rounds(100))] for _ in range(4)]
    before = {role: house.main_pid(role) for role in UNITS}
    house.settings["organisation"] = "Zorggroep Wilg"
    house.write_settings()
    ends = []
    walkers = [threading.Thread(target=walk, args=(house, phone, people, ends))
               for people in crowd]
    for walker in walkers:
        walker.start()
    reloads = 0
    while any(walker.is_alive() for walker in walkers):
        machine.systemctl("reload", "latchkey.target")
        reloads += 1
    for walker in walkers:
        walker.join()
    failed = [end for end in ends if end != "reset"]
    figure("reload_flows", len(ends), "flows")
    figure("reload_times", reloads, "reloads")
    figure("reload_failed_flows", len(failed), "flows")
    assert failed == []
    assert len(ends) == sum(len(people) for people in crowd)
    assert reloads > 1
    assert "Zorggroep Wilg" in requests.get(house.url + "/", timeout=5).text
    assert {role: house.main_pid(role) for role in UNITS} == before


def test_no_call_of_theirs_is_refused(house, machine, phone, directory):
    """Where a system call that is not on the list ends its process, none is ended."""
    machine.systemctl("stop", *UNITS.values())
    for role in UNITS:
        house.drop_in(role, "[Service]\nSystemCallErrorNumber=\n")
    machine.systemctl("start", "latchkey.target")
    helped(house, phone, directory)
    locked = directory.newcomer()
    directory.lock(locked)
    assert Client(house.url, phone).unlock(locked)["outcome"] == "unlocked"
    machine.systemctl("reload", "latchkey.target")
    helped(house, phone, directory)
    assert {role: house.restarts(role) for role in UNITS} == dict.fromkeys(UNITS, 0)
    said = machine.journal("-u", "latchkey*")
    assert "signal 31" not in said and "LimitMEMLOCK" not in said
    house.as_installed()


@pytest.mark.parametrize("role", UNITS)
def test_killed_and_healed(house, machine, phone, directory, role):
    before, count = house.main_pid(role), house.restarts(role)
    house.signal(role, signal.SIGKILL)
    until(lambda: house.restarts(role) > count and house.is_active(role), 20, f"{role} to be back")
    assert house.main_pid(role) != before
    helped(house, phone, directory)


def test_a_bad_minute_is_not_given_up(house, phone, directory):
    """More ends in a row than systemd lets pass by itself, which is five in ten seconds."""
    count = house.restarts("portal")
    for more in range(1, 8):
        house.signal("portal", signal.SIGKILL)
        until(lambda: house.restarts("portal") == count + more and house.is_active("portal"), 20,
              "the portal to be back")
    helped(house, phone, directory)


@pytest.mark.parametrize("role", UNITS)
def test_watchdog(house, machine, phone, directory, role):
    """A program that lives, and whose loop stands still, is ended and started again."""
    house.drop_in(role, f"[Service]\nWatchdogSec={WATCHDOG}\n")
    machine.systemctl("restart", UNITS[role])
    house.wait_ready()
    before, count = house.main_pid(role), house.restarts(role)
    house.signal(role, signal.SIGSTOP)
    until(lambda: house.restarts(role) > count and house.is_active(role), 20 + 3 * WATCHDOG,
          f"{role} to be back")
    assert house.main_pid(role) != before
    assert "Watchdog timeout" in machine.journal("-u", UNITS[role])
    helped(house, phone, directory)
    # Whoever is at work is not ended by it.
    assert house.restarts(role) == count + 1
    house.as_installed()


def test_upgrade_loses_no_flow(house, machine, package, phone, directory):
    """Someone stands between two pages while the package is put in again."""
    person = directory.newcomer()
    client = Client(house.url, phone)
    client.to_code(person)
    code = client.take_code(person)
    before = {role: house.main_pid(role) for role in UNITS}
    kept = {path: open(machine.path(path), "rb").read() for path in (
        "/etc/latchkey/latchkey.conf", "/etc/latchkey/secrets/code.key",
        "/etc/latchkey/secrets/audit.key", "/etc/latchkey/secrets/ticket.key",
        "/etc/latchkey/secrets/account.key")}
    install(machine, package)
    house.wait_ready()
    after = {role: house.main_pid(role) for role in UNITS}
    assert all(after[role] not in (0, before[role]) for role in UNITS)
    client.answer(code=code)
    assert client.settle()["step"] == "password"
    assert client.choose(NEW)["outcome"] == "reset"
    assert directory.binds(person, NEW)
    for path, data in kept.items():
        assert open(machine.path(path), "rb").read() == data


def test_the_journal_holds_no_secret(house, machine, directory, phone):
    person = directory.newcomer()
    client = Client(house.wait_ready().url, phone)
    client.to_code(person)
    code = client.take_code(person)
    client.answer(code=code)
    client.settle()
    client.choose(NEW)
    machine.run("journalctl", "--sync")
    journal = machine.run("journalctl", "--no-pager", "-o", "json").stdout
    assert journal.count("latchkey") > 20
    secrets = [NEW, person.birthdate, person.mobile[3:], directory.service_password,
               house.kannel.password]
    for name in ("code", "audit", "ticket"):
        with open(machine.path(f"/etc/latchkey/secrets/{name}.key"), encoding="ascii") as key:
            secrets.append(key.read().strip())
    assert [secret for secret in secrets if secret in journal] == []
    assert not re.search(rf"\b{code}\b", machine.journal("-u", "latchkey*"))


def test_the_journal_has_fields(house, machine, directory, phone):
    """One reference finds the lines of three programs, and only those of this person's way."""
    client = Client(house.wait_ready().url, phone)
    client.reset(directory.newcomer(), NEW)
    reference = client.step["reference"]
    machine.run("journalctl", "--sync")
    said = machine.run("journalctl", "--no-pager", "-o", "json",
                       f"LATCHKEY_REFERENCE={reference}").stdout
    lines = [json.loads(line) for line in said.splitlines()]
    assert {line["LATCHKEY_PROGRAM"] for line in lines} == {
        "latchkeyd", "latchkey-registrar", "latchkey-courier"}
    assert [line["LATCHKEY_OUTCOME"] for line in lines
            if line.get("LATCHKEY_EVENT") == "reset"] == ["ok"]
    for line in lines:
        assert line["_TRANSPORT"] == "journal" and line["PRIORITY"] == "6"
        assert line["SYSLOG_IDENTIFIER"] == line["LATCHKEY_PROGRAM"]
        assert line["_SYSTEMD_UNIT"] in UNITS.values()
    told = machine.run("latchkey", "trace", reference).stdout
    assert f"journalctl LATCHKEY_REFERENCE={reference}" in told


def test_figures_are_read_when_that_is_asked_for(house, machine):
    url = "http://127.0.0.1:9464/metrics"
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
    machine.systemctl("enable", "latchkey-metrics.socket")
    machine.systemctl("restart", "latchkey.target")
    house.wait_ready()
    assert "latchkey_" in requests.get(url, timeout=5).text
    assert requests.get(house.url + "/metrics", timeout=5).status_code == 404
    machine.systemctl("disable", "--now", "latchkey-metrics.socket")
    machine.systemctl("restart", "latchkey.target")
    house.wait_ready()


def test_stopped_and_stays_so(house, machine):
    """The target is stopped at once, and takes all that is part of it along."""
    machine.systemctl("stop", "latchkey.target")
    units = [*UNITS.values(), "latchkey-portal.socket", "latchkeyd-control.socket"]
    until(lambda: all(machine.show(unit, "ActiveState") == "inactive" for unit in units), 20,
          "all to be stopped")
    assert not house.is_ready()
    machine.systemctl("start", "latchkey.target")
    house.wait_ready()
