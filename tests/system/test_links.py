"""Links to the first page, such as stand on a sign-in page: what they ask for is what one gets."""

import re

import pytest
import requests


@pytest.fixture
def heading(town):
    """heading("?wish=unlock"): what the first page is called; more says how it is asked for."""
    def ask(query, **more):
        page = requests.get(f"{town.house.url}/{query}", timeout=10, **more)
        assert page.status_code == 200
        return re.search("<h1>(.*)</h1>", page.text).group(1).replace("&#39;", "'")
    return ask


@pytest.mark.parametrize("query, expected", [
    ("", "Kunt u niet inloggen?"),
    ("?wish=reset", "Wachtwoord vergeten?"),
    ("?wish=unlock", "Is uw account geblokkeerd?"),
    ("?wish=reset&lang=en", "Forgot your password?"),
    ("?lang=en&wish=unlock", "Is your account locked?"),
    ("?lang=en", "Can't sign in?"),
    # What is not offered, or means nothing, leads to the page where one can say it.
    ("?wish=activate", "Kunt u niet inloggen?"),
    ("?wish=RESET", "Kunt u niet inloggen?"),
    ("?wish=", "Kunt u niet inloggen?"),
    ("?wish=reset&wish=unlock", "Kunt u niet inloggen?"),
    ("?lang=xx&wish=reset", "Wachtwoord vergeten?"),
    ("?utm_source=intranet", "Kunt u niet inloggen?"),
])
def test_where_a_link_leads(heading, query, expected):
    assert heading(query) == expected


def test_language(heading, town):
    """The link's goes before the browser's; the one that was chosen stays."""
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    assert heading("?wish=reset", headers=english) == "Forgot your password?"
    assert heading("?wish=reset&lang=nl", headers=english) == "Wachtwoord vergeten?"
    session = requests.Session()
    session.get(town.house.url + "/?lang=nl", headers=english, timeout=10)
    page = session.get(town.house.url + "/?wish=unlock", headers=english, timeout=10)
    assert "Is uw account geblokkeerd?" in page.text
    # To change the language there does not lose what the link had said.
    assert 'href="/?wish=unlock&amp;lang=en"' in page.text
