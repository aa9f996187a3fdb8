"""What a first visit costs somebody with an old phone and a weak signal."""

import json

from lab.pages import Pages


def received(driver):
    """{address: bytes, as they came, with their headers} of all that was fetched."""
    addresses, bytes_of = {}, {}
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        what, said = message["method"], message["params"]
        if what == "Network.requestWillBeSent":
            addresses[said["requestId"]] = said["request"]["url"]
        elif what == "Network.loadingFinished" and said["requestId"] in addresses:
            bytes_of[addresses[said["requestId"]]] = said["encodedDataLength"]
    # The browser's own first page is none of ours.
    return {url: size for url, size in bytes_of.items() if url.startswith("http")}


def test_first_visit(browser, town, figure):
    """A page, its style, its script, its logo: from one place, and each once."""
    pages = Pages(browser("nl", log={"performance": "ALL"}), town.house, town.phone).at("/")
    first = received(pages.driver)
    figure("first_page_requests", len(first), "requests")
    figure("first_page_bytes", int(sum(first.values())), "bytes")
    assert all(url.startswith(town.house.url) for url in first)
    assert len(first) <= 4
    # What does not change is not fetched again for the next page.
    person = town.directory.newcomer()
    pages.fill(username=person.username)
    later = received(pages.driver)
    assert later and not any("/static/" in url and size > 0 for url, size in later.items()), later
