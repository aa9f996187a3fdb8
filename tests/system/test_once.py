"""Back, reload, a doubled submit, a lost reply: never a try, never a message."""

import concurrent.futures

import pytest

NEW = "Wolken-boven-8-dijken"


def answer(client, step, **fields):
    """Answer an earlier step, as a browser does that went back."""
    return client.post("answer", {"flow": step["flow"], "seq": step["seq"], "step": step["step"],
                                  "fields": fields})


def together(times, call):
    with concurrent.futures.ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(call) for _ in range(times)]]


def no_more_than_one_message(client, directory, person):
    witness = directory.newcomer()
    other = type(client)(client.url, client.phone)
    other.to_code(witness)
    other.take_code(witness)
    assert len(client.phone.messages(person.mobile)) == 1


def test_show_changes_nothing(client, directory):
    person = directory.newcomer()
    step = client.to_code(person)
    for _ in range(8):
        again = client.show()
        assert (again["seq"], again["left"], again["step"]) == (step["seq"], 5, "code"), again
    no_more_than_one_message(client, directory, person)


def test_doubled_wrong_code_is_one_try(client, directory):
    person = directory.newcomer()
    step = client.to_code(person)
    code = client.take_code(person)
    wrong = f"{(int(code) + 1) % 10 ** 8:08}"
    for _ in range(4):
        last = answer(client, step, code=wrong).json()
    assert last["left"] == 4
    client.show()
    assert client.answer(code=code)["step"] == "password"


def test_wrong_code_at_once_from_many(client, directory):
    """In parallel too, one seq is one try; five tries in all are never more."""
    person = directory.newcomer()
    step = client.to_code(person)
    code = client.take_code(person)
    wrong = f"{(int(code) + 1) % 10 ** 8:08}"
    together(8, lambda: answer(client, step, code=wrong))
    assert client.show()["left"] == 4
    assert client.answer(code=code)["step"] == "password"


def test_code_guessed_in_parallel(client, directory):
    """Different guesses for one seq: the first counts, the others are not looked at."""
    person = directory.newcomer()
    step = client.to_code(person)
    code = int(client.take_code(person))
    guesses = [f"{(code + n) % 10 ** 8:08}" for n in range(1, 9)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda guess: answer(client, step, code=guess), guesses))
    assert client.show()["left"] == 4


def test_right_code_twice(client, directory):
    """The second submit finds its way: the page after it, or a 4xx, and no harm done."""
    person = directory.newcomer()
    step = client.to_code(person)
    code = client.take_code(person)
    replies = together(4, lambda: answer(client, step, code=code))
    good = [reply.json() for reply in replies if reply.status_code == 200]
    assert good and all(reply["step"] == "password" for reply in good)
    assert len({reply["flow"] for reply in good}) == 1
    client.step.update(good[0])
    assert client.show()["step"] == "password"
    assert client.choose(NEW)["outcome"] == "reset"


def test_proof_twice_is_one_message(client, directory):
    person = directory.newcomer()
    client.open("reset")
    step = client.answer(username=person.username)
    typed = {"mobile": person.mobile, "birthdate": person.birthdate}
    replies = together(6, lambda: answer(client, step, **typed))
    assert {reply.json()["step"] for reply in replies} == {"code"}
    client.show()
    client.take_code(person)
    no_more_than_one_message(client, directory, person)


def test_name_twice_is_one_flow(client, directory):
    person = directory.newcomer()
    step = client.open("reset")
    replies = [answer(client, step, username=person.username).json() for _ in range(3)]
    assert {reply["step"] for reply in replies} == {"proof"}
    assert len({reply["flow"] for reply in replies}) == 1


def test_password_twice_is_one_write(client, directory):
    person = directory.newcomer()
    step = client.to_password(person)
    replies = together(4, lambda: answer(client, step, password=NEW, password_again=NEW))
    assert all(reply.json()["step"] in ("setting", "end") for reply in replies)
    client.step.update(replies[0].json())
    client.show()
    assert client.settle()["outcome"] == "reset"
    assert len(directory.read(person, "pwdHistory")["pwdHistory"]) == 1


def test_again_too_soon(client, directory):
    person = directory.newcomer()
    client.to_code(person)
    step = client.again()
    assert step["reason"] == "too_soon" and 0 < step["wait"] <= 60
    assert step["left"] == 5
    no_more_than_one_message(client, directory, person)


def test_again_sends_the_same_code(another_house, town, directory):
    from lab.api import Client
    house = another_house({"keeper.send_wait": 1})
    client = Client(house.url, town.phone)
    person = directory.newcomer()
    client.to_code(person)
    first = client.take_code(person)
    from lab.child import until
    until(lambda: client.again()["reason"] != "too_soon", 10, "the wait to be over", step=0.2)
    assert client.take_code(person, before=1) == first
    assert client.answer(code=first)["step"] == "password"


@pytest.mark.parametrize("earlier", ["name", "proof"])
def test_back_to_an_earlier_page(client, directory, earlier):
    """An old form sent again is answered with the step that stands."""
    person = directory.newcomer()
    steps = {"name": client.open("reset")}
    steps["proof"] = client.answer(username=person.username)
    client.answer(mobile=person.mobile, birthdate=person.birthdate)
    fields = {"name": {"username": "niemand"},
              "proof": {"mobile": "+31600000000", "birthdate": "1-1-1901"}}[earlier]
    if earlier == "name":
        steps["name"]["flow"] = steps["proof"]["flow"]
    answer(client, steps[earlier], **fields)
    step = client.show()
    assert (step["step"], step["left"]) == ("code", 5)
    assert client.answer(code=client.take_code(person))["step"] == "password"
    no_more_than_one_message(client, directory, person)
