"""Bylines and datelines are recognized, and what only looks like one is left alone."""

import pytest

from syndicate.model import Dateline, Person
from syndicate.normalize.byline import byline, dateline


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Jane Doe", (Person("Jane Doe"),)),
        ("BY JOHN SMITH", (Person("JOHN SMITH"),)),
        ("By Jane Doe and John Roe", (Person("Jane Doe"), Person("John Roe"))),
        ("By A. One, B. Two and C. Three", (Person("A. One"), Person("B. Two"), Person("C. Three"))),
        ("By Jane Doe, Example Press", (Person("Jane Doe", organization="Example Press"),)),
        ("By Jane Doe, Chief Editor Example Press", (Person("Jane Doe", "Chief Editor", "Example Press"),)),
        ("By Jane Doe, staff writer for The Post", (Person("Jane Doe", "staff writer", "The Post"),)),
        ("Von Hans von der Au, Redakteur", (Person("Hans von der Au", "Redakteur"),)),
        ("Por María José Pérez", (Person("María José Pérez"),)),
        ("Par Zoé L'Été | 3 mai 2024", (Person("Zoé L'Été"),)),
        ("By the time he came", ()),
        ("By accident, the car fell", ()),
        ("By Monday it was over.", ()),
        ("Byron Smith", ()),
        ("", ()),
    ],
)
def test_byline(line, people):
    """Names, role and organization come out of the line."""
    assert byline(line) == people


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("NEW DELHI/BUDAPEST (Example News) – U.S. officials", Dateline(("NEW DELHI", "BUDAPEST"), "Example News")),
        ("LONDON (XY) - A man", Dateline(("LONDON",), "XY")),
        ("BERLIN, Germany — The", Dateline(("BERLIN, Germany",))),
        ("MOSCOW, March 3 (XY) — It", Dateline(("MOSCOW",), "XY")),
        ("Berlin (dpa) – Der", Dateline(("Berlin",), "dpa")),
        ("WASHINGTON -- The", Dateline(("WASHINGTON",))),
        ("UPDATE — This story", None),
        ("He said — and meant it — that", None),
        ("The man (56) - said", None),
        ("I — a man", None),
        ("LONDON – ", None),
    ],
)
def test_dateline(line, expected):
    """Places and agency come out of the paragraph's first words."""
    assert dateline(line) == expected
