"""What "(c)" stands for: the copyright sign, or the third of something."""

import pytest

from syndicate.model import Article
from syndicate.strip.article import strip
from syndicate.strip.marks import signed

PROSE = [
    "The ferry left the quay at six in the morning with nine passengers and a piano on board.",
    "By noon it had not arrived, and the harbour master sent two boats to look for it in the fog.",
    "They found it drifting near the lighthouse, where somebody was playing a slow waltz on deck.",
]
FOOTER = "(c) 2024 Quay News"


def cleaned(*blocks: str) -> Article:
    html = "".join(f"<p>{block}</p>" for block in (*PROSE, *blocks))
    return strip(Article("s", "k", "https://quay.example/ferry", "A piano at sea", html, ""))


@pytest.mark.parametrize(
    "line",
    [
        FOOTER,
        "Copyright (C) 2019-2024 by the Lantern Press",
        "2024 (c) The Lantern",
        "All text: (c) the lantern",
        "The Lantern (c) 2024",
        "The Lantern (C) 2024 Lantern House",
        "Nobody was hurt. (c) Jan Nowak",
    ],
)
def test_a_typed_copyright_sign(line: str) -> None:
    """A "(c)" that opens a notice, or stands between its year and its owner, is a copyright sign."""
    assert "©" in signed(line)


@pytest.mark.parametrize(
    "line",
    [
        "The lifeboat is run by a 501(c)(3) society.",
        "A registered 501 (c) (3) society",
        "When was it cast? (a) 1517 (b) 1534 (c) 1611",
        "Readings of Year (C) 2025",
        "Third Sunday of Lent (C) 30 March",
        "It broke section 4(c) 2014, the judge held.",
        "Nowak (c) 2024 average 31.4",
        "Degrees (C) 14 at noon",
        "Quay: Rae (c), Singh, Toner",
        "(c) $300 for a new rope",
    ],
)
def test_something_of_a_third_kind(line: str) -> None:
    """A "(c)" of a list, a law, a church year, a captain or a scale is none."""
    assert "©" not in signed(line)


@pytest.mark.parametrize("last", ["All captains may vote.", "The 2025 fares were put off until May.", "1998 maps"])
def test_the_points_of_a_list(last: str) -> None:
    """The third point of a list that is counted with letters stays, and is nobody's right."""
    points = ["(a) Each boat shall keep a log.", "(b) No bell shall be sold.", f"(c) {last}"]
    article = cleaned("The council resolved:", *points, FOOTER)
    assert all(point in article.text for point in points)
    assert article.rights == FOOTER


def test_a_society_of_the_tax_code() -> None:
    """A society's kind is no copyright, whatever becomes of its line."""
    assert not cleaned("Harbour Friends is a 501(c)(3) nonprofit.").rights
