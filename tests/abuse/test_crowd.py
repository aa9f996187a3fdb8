"""A crowd at the portal's door, kept up, while a person wants in: who stays, who goes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from lab.child import until
from lab.crowd import Crowd, addresses, may_open
from lab.effort import rounds
from lab.stranger import Stranger

IDLE, SLOW = rounds(10000), rounds(200)
ROOM = 500          # places in a house that is too small
PEOPLE = 10
GET = b"GET /static/style.css HTTP/1.1\r\nHost: recover.example\r\n\r\n"
SHOW = (b"POST /api/v1/show HTTP/1.1\r\nHost: recover.example\r\n"
        b"Content-Type: application/json\r\nContent-Length: 12\r\n\r\n" b'{"flow":"x"}')
HALF = b"GET / HTTP/1.1\r\nHost: recover.example\r\nX-A: "
counted = {"asked": 0, "got": 0}


@pytest.fixture
def gather():
    """gather(house, n, ...): a crowd, which disperses when the test ends."""
    crowds = []

    def call(house, n, *args, **more):
        crowds.append(Crowd(house.port, n, *args, **more))
        return crowds[-1]

    yield call
    for crowd in crowds:
        crowd.disperse()


def get_kept(browser, url):
    """By the connection that the browser has; if that has ended meanwhile, by another."""
    try:
        return browser.get(url, timeout=60)
    except requests.ConnectionError:
        return browser.get(url, timeout=60)


def get_the_page(house):
    """As a browser that comes anew: the page, and what belongs to it."""
    try:
        with requests.Session() as browser:
            page = browser.get(house.url + "/", timeout=60)
            style = get_kept(browser, house.url + "/static/style.css")
        return page.status_code == style.status_code == 200 and "username" in page.text
    except requests.RequestException:
        return False


def people_get_the_page(house):
    with ThreadPoolExecutor(PEOPLE) as people:
        got = list(people.map(get_the_page, [house] * PEOPLE))
    counted["asked"] += PEOPLE
    counted["got"] += sum(got)
    assert all(got)


@pytest.fixture
def crowded_house(another_house):
    """crowded_house(n): one that holds so many connections."""
    def make(connections):
        may_open(max(IDLE + SLOW, connections))
        return another_house({"portal.connections": connections})
    return make


def test_all_are_let_in(crowded_house, gather, figure):
    """Where there is room, thousands who say nothing or next to nothing harm nobody."""
    house = crowded_house(IDLE + SLOW + 100)
    idle = gather(house, IDLE, addresses(64))
    slow = gather(house, SLOW, addresses(16), HALF, b"a" * 1000)
    people_get_the_page(house)
    assert idle.sent_away == slow.sent_away == 0
    # A slow one is cut at its deadline, and comes again.
    until(lambda: slow.sent_away >= SLOW, 30)
    people_get_the_page(house)
    figure("crowd_idle", idle.inside, "connections")
    figure("crowd_slow", slow.inside, "connections")


@pytest.mark.parametrize("sources", ["many", "one"])
def test_more_than_there_is_room_for(crowded_house, gather, sources):
    """Many times what the house holds, from everywhere, or all from one address."""
    house = crowded_house(ROOM)
    nets = addresses(IDLE // 20 if sources == "many" else 1)
    idle = gather(house, IDLE, nets)
    slow = gather(house, SLOW, nets, HALF, b"a" * 1000)
    until(lambda: idle.sent_away + slow.sent_away > IDLE)
    people_get_the_page(house)


@pytest.mark.parametrize("said", [HALF, GET], ids=["half", "whole"])
def test_those_who_have_said_something(crowded_house, gather, said):
    """All places taken by those who began a request, or have been answered one and stay."""
    house = crowded_house(ROOM)
    crowd = gather(house, 2 * ROOM, addresses(ROOM // 10), said, b"a" * 1000)
    until(lambda: crowd.sent_away > 2 * ROOM)
    people_get_the_page(house)


def test_those_who_do_not_read(crowded_house, gather):
    """All places taken by those whose answers can't leave."""
    house = crowded_house(ROOM)
    deaf = gather(house, 2 * ROOM, addresses(ROOM // 10), GET * 1000, reads=False)
    until(lambda: deaf.sent_away > 2 * ROOM)
    people_get_the_page(house)


def test_one_address_takes_from_itself_alone(crowded_house, gather):
    """Others are not sent away for it, however long they have said nothing."""
    house = crowded_house(ROOM)
    with Stranger(house.port) as quiet:
        crowd = gather(house, 2 * ROOM, addresses(1))
        until(lambda: crowd.sent_away > 10 * ROOM)
        quiet.say(GET.replace(b"Host", b"Connection: close\r\nHost"))
        assert quiet.hear_out().statuses == [200]


def test_those_who_ask_on_and_on(crowded_house, gather):
    """One address has a request under way at each place, always: it keeps nobody out."""
    house = crowded_house(ROOM)
    with Stranger(house.port) as quiet:
        gather(house, 2 * ROOM, addresses(1), SHOW * 100)
        people_get_the_page(house)
        quiet.say(GET.replace(b"Host", b"Connection: close\r\nHost"))
        assert quiet.hear_out().statuses == [200]


def test_figures(figure):
    """Last of the file: how many pages people asked for meanwhile, and got."""
    figure("crowd_pages_asked", counted["asked"], "pages")
    figure("crowd_pages_got", counted["got"], "pages")
    assert counted["asked"] == counted["got"] > 0
