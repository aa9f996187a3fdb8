"""What a flow pays before proofs are looked at: by work, or by waiting, once, and whoever it is."""

import concurrent.futures
import re

import pytest
import requests

from lab.api import Client, solve
from lab.child import until
from lab.house import House
from lab.places import free_port

NEW = "Wolken-boven-8-dijken"


@pytest.fixture(scope="module")
def asking(town, tmp_path_factory):
    """A house that always asks; who waits there waits for two minutes."""
    with House(str(tmp_path_factory.mktemp("asking")), town.directory, town.kannel,
               {"keeper.price": "always", "keeper.price_wait": 120}) as house:
        yield house


@pytest.fixture
def priced(asking, town):
    return Client(asking.url, town.phone)


def to_price(client, username):
    client.open("reset")
    step = client.answer(username=username)
    assert (step["step"], step["reason"], step.field_names()) == ("price", None, ["captcha"])
    return step


def test_by_work(priced, directory):
    """The whole of a recovery, by what the description of the API says and no more."""
    person = directory.newcomer()
    step = to_price(priced, person.username)
    assert step["fields"][0]["kind"] == "work"
    assert step["fields"][0]["longest"] == 5 * step["work"]["puzzles"]
    assert step["wait"] == 120
    assert priced.reset(person, NEW)["outcome"] == "reset"
    assert directory.binds(person, NEW)
    assert priced.step["work"] is None


def test_wrong(priced, directory):
    """Told so, as often as one likes; the right one is right all the same."""
    step = to_price(priced, directory.newcomer().username)
    right = solve(step["work"])
    for wrong in (right[:-1], right + "0", right.upper(), right[5:] + right[:5], "x" * len(right),
                  "0" * len(right), "é" * 80):
        again = priced.answer(captcha=wrong)
        reason = "too_long" if len(wrong) > len(right) else "bad_value"
        assert (again["step"], again["reason"]) == ("price", reason), wrong
        assert again["work"] == step["work"]
    assert priced.answer(captcha="")["reason"] == "empty"
    assert priced.answer(captcha=right)["step"] == "proof"


def test_of_another_flow(priced, directory):
    person = directory.newcomer()
    solution = solve(to_price(priced, person.username)["work"])
    assert priced.answer(captcha=solution)["step"] == "proof"
    to_price(priced, person.username)
    assert priced.answer(captcha=solution)["reason"] == "bad_value"


def test_once(priced, directory):
    """What was paid is answered with where one stands, from many at once too; it never pays twice."""
    person = directory.newcomer()
    step = to_price(priced, person.username)
    body = {"flow": step["flow"], "seq": step["seq"], "step": "price",
            "fields": {"captcha": solve(step["work"])}}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: priced.post("answer", body).json(), range(16)))
    assert {(reply["step"], reply["seq"]) for reply in replies} == {("proof", step["seq"] + 1)}
    late = priced.post("answer", {**body, "seq": step["seq"] + 1})
    assert (late.status_code, late.json()["reason"]) == (409, "wrong_step")
    priced.show()
    priced.answer(mobile=person.mobile, birthdate=person.birthdate)
    priced.take_code(person)
    late = priced.post("answer", {**body, "seq": priced.step["seq"]})
    assert (late.status_code, late.json()["reason"]) == (409, "wrong_step")


def test_too_late(priced, directory):
    """Of a flow that is over, or that never was."""
    step = to_price(priced, directory.newcomer().username)
    solution = solve(step["work"])
    priced.leave()
    assert priced.post("answer", {"flow": step["flow"], "seq": step["seq"], "step": "price",
                                  "fields": {"captcha": solution}}).json()["outcome"] == "left"
    opened = priced.open("reset")
    late = priced.post("answer", {"flow": opened["flow"], "seq": opened["seq"], "step": "price",
                                  "fields": {"captcha": solution}})
    assert (late.status_code, late.json()["reason"]) == (409, "wrong_step")


def test_no_way_around(priced, directory):
    """The steps behind it are not there before it is paid, and no code is sent."""
    person = directory.newcomer()
    step = to_price(priced, person.username)
    for name, fields in (("proof", {"mobile": person.mobile, "birthdate": person.birthdate}),
                         ("code", {"code": "12345678"}), ("name", {"username": person.username})):
        reply = priced.post("answer", {"flow": step["flow"], "seq": step["seq"], "step": name,
                                       "fields": fields})
        assert (reply.status_code, reply.json()["reason"]) == (409, "wrong_step")
    assert priced.again()["step"] == "price"
    # A code that went out would be here before that of somebody who paid.
    witness = directory.newcomer()
    priced.to_code(witness)
    priced.take_code(witness)
    assert not priced.phone.messages(person.mobile)


def test_by_waiting(another_house, town, directory):
    """A look goes on when the time has come, and an answer that comes then finds it paid."""
    port = free_port()
    house = another_house({"keeper.price": "always", "keeper.price_wait": 1,
                           "portal.metrics_listen": [f"127.0.0.1:{port}"]})
    client, person = Client(house.url, town.phone), directory.newcomer()
    step = to_price(client, person.username)
    until(lambda: client.show()["step"] != "price", 10, "the wait to be over", step=0.2)
    assert (client.step["step"], client.step["seq"]) == ("proof", step["seq"] + 1)
    late = client.post("answer", {"flow": step["flow"], "seq": step["seq"], "step": "price",
                                  "fields": {"captcha": "0" * 160}}).json()
    assert (late["step"], late["reason"]) == ("proof", None)
    client.answer(mobile=person.mobile, birthdate=person.birthdate)
    assert client.answer(code=client.take_code(person))["step"] == "password"
    counted = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    assert 'latchkey_prices_paid_total{by="wait"} 1\n' in counted
    assert 'latchkey_prices_paid_total{by="work"} 0\n' in counted


def test_looking_does_not_shorten_it(priced, directory):
    step = to_price(priced, directory.newcomer().username)
    for _ in range(20):
        again = priced.show()
        assert (again["step"], again["seq"], again["work"]) == ("price", step["seq"], step["work"])
    assert again["wait"] > 60


@pytest.mark.parametrize("wish", ["reset", None])
def test_nobody_is_asked_more(priced, directory, wish):
    """Known, unknown, disabled, protected: the same step, with the same bytes."""
    def seen(username):
        priced.open(wish)
        step = priced.answer(username=username)
        body = step.response.content
        for own in (step["flow"], step["reference"], step["work"]["challenge"]):
            body = body.replace(own.encode(), b"OWN")
        after = priced.pay()
        return re.sub(rb'"life":\d+', b"", body), after["step"], after["seq"]

    expected = seen(directory.newcomer().username)
    for username in ("niemand", directory.newcomer("disabled").username,
                     directory.newcomer("protected").username,
                     directory.newcomer("nomobile").username):
        assert seen(username) == expected


def test_never(another_house, town, directory):
    house = another_house({"keeper.price": "never"})
    client = Client(house.url, town.phone)
    client.open("reset")
    assert client.answer(username=directory.newcomer().username)["step"] == "proof"


def test_of_whom(another_house, town, directory):
    """Of a name that was typed too often, be it somebody's or nobody's, and of no other."""
    house = another_house({"keeper.limits.name_day": 2})

    def asked(name):
        client = Client(house.url, town.phone)
        client.open("reset")
        client.answer(username=name)
        return client.step["step"], len(client.step["work"] or ())

    person = directory.newcomer()
    for name in (person.username, "niemand"):
        assert [asked(name) for _ in range(4)] == [("proof", 0)] * 2 + [("price", 3)] * 2
    assert asked(directory.newcomer().username) == ("proof", 0)
    client = Client(house.url, town.phone)
    assert client.reset(person, NEW)["outcome"] == "reset"


def test_dearer(another_house, town):
    """Where all have to pay, twice as much."""
    house = another_house({"keeper.price": "always", "keeper.limits.name_day": 1})
    client = Client(house.url, town.phone)
    works = []
    for _ in range(2):
        step = to_price(client, "niemand")
        works.append((step["work"]["puzzles"], step["wait"]))
        assert client.pay()["step"] == "proof"
    assert works == [(32, 20), (64, 40)]
