"""Corrections, updates and reporters' credits stay, in whatever language they are told."""

from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest

from syndicate.strip.article import strip
from tests.strip.bodies import PROSE, article

LINES = (Path(__file__).parents[1] / "data" / "strip" / "notes.tsv").read_text(encoding="utf-8").splitlines()
NOTES = {
    language: [text for _, text in rows]
    for language, rows in groupby((line.split("\t") for line in LINES), itemgetter(0))
}
CHROME = "<p>Share this article</p><p>Copyright 2026 Lake News. All rights reserved.</p>"


@pytest.mark.parametrize("language", NOTES)
def test_notes_and_credits_stay(language: str) -> None:
    """A correction, an update or a credit below an article stays, alone and above what goes."""
    for note in NOTES[language]:
        for below in ("", CHROME):
            assert note in strip(article(f"{PROSE}<p>{note}</p>{below}")).text.splitlines()
