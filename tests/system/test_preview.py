"""latchkey preview: every page in every state, as files that open from disk."""

import os
import re
import subprocess

import pytest

from lab import settings
from lab.places import BUILD, program


@pytest.fixture
def preview(tmp_path):
    """preview(): the folder that was made, by settings with this changed, and what was said."""
    def make(folder=tmp_path / "pages", change=None):
        conf, told = str(tmp_path / "latchkey.conf"), settings.shown(os.path.join(BUILD, "share"))
        for where, value in (change or {}).items():
            settings.change(told, where, value)
        settings.write(conf, told)
        return folder, subprocess.run([program("ctl"), "-c", conf, "preview", str(folder)],
                                      check=False, capture_output=True, text=True)
    return make


def test_all_of_it(preview):
    """The same states in each language, and each address on a page leads to a file."""
    folder, done = preview()
    assert done.returncode == 0, done.stderr
    states = {name for name in os.listdir(folder / "nl")}
    assert states == set(os.listdir(folder / "en")) and "code-one-left.html" in states
    assert f"{2 * len(states)} pages" in done.stdout
    assert os.stat(folder / "nl" / "code.html").st_mode & 0o777 == 0o644
    pages = [folder / "index.html"]
    pages += [folder / lang / state for lang in ("nl", "en") for state in states]
    for page in pages:
        text = page.read_text()
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', text):
            if not re.match(r"(https?|mailto|tel|data):|#", address):
                assert (page.parent / address.split("?")[0]).is_file(), f"{page}: {address}"
        assert "{{" not in text and "{organisation}" not in text
    index = (folder / "index.html").read_text()
    for state in states:
        assert f"/nl/{state}" in index and f"/en/{state}" in index


def test_own_pages(preview, tmp_path):
    """What an admin has made is what is seen, and a mistake in it is told with its place."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "stuck.html").write_text("{{>top}}<h1>{{title}}</h1><p>Ours</p>{{>bottom}}")
    (own / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    change = {"portal.pages": str(own), "portal.languages": ["nl"], "organisation": "R&D"}
    folder, done = preview(change=change)
    assert done.returncode == 0, done.stderr
    assert "<p>Ours</p>" in (folder / "nl" / "stuck-later.html").read_text()
    assert "R&amp;D" in (folder / "nl" / "name.html").read_text()
    assert (folder / "static" / "logo.svg").read_text() == (own / "logo.svg").read_text()
    assert not (folder / "en").exists()
    (own / "stuck.html").write_text("{{>top}}\n{{nonsense}}{{>bottom}}")
    _, done = preview(tmp_path / "again", change)
    assert done.returncode == 1 and "stuck.html:2" in done.stderr and "nonsense" in done.stderr
    assert not (tmp_path / "again").exists()


def test_what_is_in_the_way(preview, tmp_path):
    """A folder of somebody's is left alone, and each refusal says what mends it."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("mine")
    _, done = preview(tmp_path / "mine")
    assert done.returncode == 1 and "new or empty" in done.stderr
    assert os.listdir(tmp_path / "mine") == ["letter"]
    _, done = preview(tmp_path / "no" / "pages")
    assert done.returncode == 1 and "where you may write" in done.stderr
    _, done = preview("")
    assert done.returncode == 2 and "latchkey preview DIR" in done.stderr
