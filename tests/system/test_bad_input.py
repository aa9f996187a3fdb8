"""Wrong questions: each gets a 4xx with a reason, and changes nothing."""

import hashlib
import json

import pytest
import requests

CSRF = 32
JSON = {"Content-Type": "application/json"}


def raw(url, path, data, headers=None, method="POST"):
    return requests.request(method, f"{url}/api/v1/{path}", data=data, headers=headers or JSON,
                            timeout=30)


def refusal(response, *statuses):
    assert response.status_code in (statuses or range(400, 500)), response.text
    reason = response.json()["reason"]
    assert reason and response.json()["reason_text"]
    return reason


FLOW = "x" * 32
OPEN_BAD = {
    "nothing": "", "no json": "open", "an array": "[]", "a number": "7", "null": "null",
    "cut": '{"journey":"recover"', "trailing": '{"journey":"recover"} x',
    "no journey": "{}", "unknown journey": '{"journey":"fly"}', "journey a number": '{"journey":1}',
    "journey null": '{"journey":null}', "wish a list": '{"journey":"recover","wish":["reset"]}',
    "wish unknown": '{"journey":"recover","wish":"all"}',
    "lang a number": '{"journey":"recover","lang":1}',
    "doubled": '{"journey":"recover","journey":"recover"}',
    "unknown key": '{"journey":"recover","flow_":"x"}',
    "nested": '{"journey":{"journey":"recover"}}',
    "deep": "[" * 4000 + "]" * 4000,
    "broken utf-8": b'{"journey":"recover","lang":"\xc3\x28"}',
    "overlong utf-8": b'{"journey":"recover","lang":"\xc0\xaf"}',
    "surrogate": b'{"journey":"recover","lang":"\xed\xa0\x80"}',
    "nul": '{"journey":"recover\\u0000"}',
    "utf-16": '{"journey":"recover"}'.encode("utf-16"),
}


@pytest.mark.parametrize("case", OPEN_BAD)
def test_open(town, case):
    data = OPEN_BAD[case]
    response = raw(town.house.url, "open", data if isinstance(data, bytes) else data.encode())
    assert refusal(response) == "bad_request"


def test_lang_that_nobody_speaks_is_no_mistake(town):
    response = raw(town.house.url, "open", '{"journey":"recover","lang":"xx"}')
    assert response.status_code in (200, 400)


ANSWER_BAD = {
    "seq text": {"seq": "1"}, "seq a fraction": {"seq": 1.5}, "seq negative": {"seq": -1},
    "seq huge": {"seq": 2 ** 40}, "seq true": {"seq": True}, "seq absent": {"seq": None},
    "step a number": {"step": 1}, "step unknown": {"step": "vault"},
    "flow a number": {"flow": 5}, "flow a list": {"flow": ["x"]},
    "fields a list": {"fields": ["username"]}, "fields text": {"fields": "username"},
    "fields absent": {"fields": None}, "field a number": {"fields": {"username": 1}},
    "field null": {"fields": {"username": None}}, "field a list": {"fields": {"username": ["a"]}},
    "field unknown": {"fields": {"user": "a"}}, "nested": {"fields": {"username": {"a": "b"}}},
    "nul": {"fields": {"username": "a\0b"}},
}


@pytest.mark.parametrize("case", ANSWER_BAD)
def test_answer(client, case):
    step = client.open("reset")
    body = {"flow": step["flow"], "seq": step["seq"], "step": "name",
            "fields": {"username": "a.jansen"}, **ANSWER_BAD[case]}
    body = {name: value for name, value in body.items() if value is not None}
    assert refusal(client.post("answer", body)) in (
        "bad_request", "wrong_seq", "wrong_step", "unknown_flow")


@pytest.mark.parametrize("fields", [
    '{"username":"a","username":"b"}', '{"username":"a","\\u0075sername":"b"}'])
def test_doubled_fields(client, fields):
    step = client.open("reset")
    data = f'{{"flow":"{step["flow"]}","seq":{step["seq"]},"step":"name","fields":{fields}}}'
    assert refusal(raw(client.url, "answer", data)) == "bad_request"


def test_fields_of_another_step(client, directory):
    """A field that this step does not ask is a wrong question, whatever it holds."""
    person = directory.newcomer()
    client.open("reset")
    step = client.answer(username=person.username)
    response = client.post("answer", {
        "flow": step["flow"], "seq": step["seq"], "step": "proof",
        "fields": {"mobile": person.mobile, "birthdate": person.birthdate, "code": "00000000"}})
    assert refusal(response) == "bad_request"


def test_long_values(client):
    client.open("reset")
    for size in (257, 2000):
        step = client.answer(username="a" * size)
        assert step["reason"] in ("too_long", "too_large")
        client.open("reset")


@pytest.mark.parametrize("size", [17 << 10, 1 << 20])
def test_oversize(client, size):
    step = client.open("reset")
    body = {"flow": step["flow"], "seq": step["seq"], "step": "name",
            "fields": {"username": "a" * size}}
    try:
        response = client.post("answer", body)
    except requests.exceptions.ConnectionError:
        return      # cut off while it was still talking: that too is an answer
    assert refusal(response, 413) == "too_large"


def test_unknown_flow(client):
    body = {"flow": FLOW, "seq": 1, "step": "name", "fields": {"username": "a.jansen"}}
    assert refusal(client.post("answer", body), 404) == "unknown_flow"
    for path in ("show", "again", "leave"):
        assert refusal(client.post(path, {"flow": FLOW}), 404) == "unknown_flow"


@pytest.mark.parametrize("flow", ["", "x", "é" * 8, "../../etc/passwd", "a" * 64, "a" * 5000,
                                  "\x1b[2J", "a\nb", "\u202e"])
def test_flows_of_odd_shape(client, town, flow):
    """Nobody hears of them, and keeper least: it would drop a portal that passes them on."""
    before = town.house.keeper.output().count("dropped")
    assert refusal(client.post("show", {"flow": flow})) in ("unknown_flow", "bad_request")
    token = hashlib.sha256(f"form of {flow}".encode()).hexdigest()[:CSRF]
    form = {"flow": flow, "csrf": token, "seq": "1", "step": "name", "username": "a.jansen"}
    answer = requests.post(town.house.url + "/", data=form, timeout=10)
    assert answer.status_code in (400, 403, 404, 413)
    assert town.house.keeper.output().count("dropped") == before


def test_a_flow_with_one_letter_changed(client, directory):
    flow = client.to_code(directory.newcomer())["flow"]
    for n in (0, len(flow) // 2, len(flow) - 2):
        other = flow[:n] + ("A" if flow[n] != "A" else "B") + flow[n + 1:]
        assert refusal(client.post("show", {"flow": other})) == "unknown_flow"


def test_wrong_step(client, directory):
    person = directory.newcomer()
    step = client.to_code(person)
    for wrong, fields in (("password", {"password": "x", "password_again": "x"}),
                          ("name", {"username": "a"})):
        body = {"flow": step["flow"], "seq": step["seq"], "step": wrong, "fields": fields}
        assert refusal(client.post("answer", body), 409, 400) in ("wrong_step", "bad_request")
    assert client.show()["left"] == 5


def test_wrong_seq(client, directory):
    step = client.to_code(directory.newcomer())
    for seq in (step["seq"] + 1, 999999):
        body = {"flow": step["flow"], "seq": seq, "step": "code", "fields": {"code": "0" * 8}}
        assert refusal(client.post("answer", body), 409) == "wrong_seq"
    assert client.show()["left"] == 5


@pytest.mark.parametrize("path", ["open", "answer", "again", "show", "leave"])
def test_get_is_refused(town, path):
    assert raw(town.house.url, path, None, method="GET").status_code == 405
    assert raw(town.house.url, path, "{}", method="PUT").status_code in (400, 405, 501)


@pytest.mark.parametrize("kind", [
    "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/jso"])
def test_wrong_content_type(town, kind):
    response = raw(town.house.url, "open", '{"journey":"recover"}', {"Content-Type": kind})
    assert response.status_code == 415


def test_content_type_with_charset_is_right(town):
    response = raw(town.house.url, "open", '{"journey":"recover"}',
                   {"Content-Type": "application/json; charset=utf-8"})
    assert response.status_code == 200


def test_unknown_address(town):
    assert raw(town.house.url, "fly", "{}").status_code == 404
    assert requests.get(town.house.url + "/nergens", timeout=10).status_code == 404


def test_no_cors_and_no_cookies(client, directory):
    """A page of somebody else's gets no leave to read; a cookie counts for nothing."""
    response = client.post("open", {"journey": "recover"}, headers={"Origin": "https://x.example"})
    assert not [name for name in response.headers if name.lower().startswith("access-control")]
    assert "Set-Cookie" not in response.headers


def test_forms_from_elsewhere(town):
    """A form that another site sends, or one without our token, does nothing."""
    session = requests.Session()
    page = session.get(town.house.url + "/", timeout=10)
    assert page.status_code == 200
    response = session.post(town.house.url + "/", data={"username": "a.jansen"}, timeout=10,
                            allow_redirects=False)
    assert 400 <= response.status_code < 500
    response = session.post(town.house.url + "/", data={"username": "a.jansen"}, timeout=10,
                            headers={"Sec-Fetch-Site": "cross-site"}, allow_redirects=False)
    assert 400 <= response.status_code < 500


def test_doubled_form_fields(town):
    response = requests.post(
        town.house.url + "/", data="username=a&username=b", timeout=10, allow_redirects=False,
        headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert 400 <= response.status_code < 500


def test_openapi_describes_it(town):
    described = requests.get(town.house.url + "/api/v1/openapi.json", timeout=10).json()
    assert described["openapi"].startswith("3.")
    paths = json.dumps(list(described["paths"]))
    for path in ("open", "answer", "again", "show", "leave"):
        assert path in paths
