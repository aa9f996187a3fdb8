"""Catalogues tell where each text stands: it does stand there, and English is what it says."""

import os
import re

import pytest

from lab.places import ROOT

PO = os.path.join(ROOT, "share", "po")


def entries(lang):
    """Yield (where it stands, English, translated) of each text."""
    with open(os.path.join(PO, f"{lang}.po"), encoding="utf-8") as catalogue:
        blocks = catalogue.read().split("\n\n")
    for block in blocks[1:]:
        where = re.search(r"^#: (.*)$", block, re.M).group(1).split()
        english, translated = (
            "".join(re.findall(r'"(.*)"', part)) for part in re.split("^msgstr", block, flags=re.M))
        yield where, english, translated


def stands_in(path):
    """All of a file on one line, with the pieces of C strings put together."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as source:
        text = source.read().replace("NO_OTHER_SITE", r'"\n\n@{host} #{code}"')
    return re.sub(r"\s+", " ", re.sub(r'"\s*"', "", text))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_where_they_stand(lang):
    sources = {}
    for where, english, _ in entries(lang):
        for path in where:
            assert os.path.isfile(os.path.join(ROOT, path)), f"{lang}.po: {path}: {english}"
            text = sources.setdefault(path, stands_in(path))
            assert english in text, f"{lang}.po: not in {path}: {english}"


def test_both_have_the_same():
    """In the same order, so that two catalogues can be read beside each other."""
    dutch, english = list(entries("nl")), list(entries("en"))
    assert [one[:2] for one in dutch] == [one[:2] for one in english]
    for _, text, said in english:
        assert said == text, f"en.po: the second text is not the first: {text}"
