"""Tables of data stay whole, whatever their cells say and however often those come back."""

import pytest

from syndicate.model import Article
from syndicate.strip.article import strip
from syndicate.strip.memory import Memory

STORIES = [
    "".join(
        f"<p>{sentence}</p>"
        for sentence in (
            f"The boxes from island {number} arrived by boat after midnight, with a {cargo} that nobody missed.",
            f"Counting went on until the morning, and the returning officer thanked those who had guarded the {cargo}.",
            f"Turnout was the highest since the war, he said, although it rained on {number + 3} of the parishes.",
        )
    )
    for number, cargo in enumerate(("piano", "goat", "harp", "stove", "clock", "loom", "sledge"))
]
SHARES = (
    ("Party", "Share", "Seats"),
    ("Liberal Union", "31.4%", "44"),
    ("Labour", "28.0%", "39"),
    ("Farmers", "9.1%", "12"),
)
PRICES = (
    ("Company", "Share price", "Change"),
    ("Marsh", "410", "+3"),
    ("Peel Rail", "288", "-1"),
    ("Yarm Gas", "93", "+2"),
)
VOTES = (("Votes", "Comments"), ("12 of 30", "in favour"), ("18 of 30", "Share it"), ("0", "Tweets"))
HOURS = (("Sunday", "9 am"), ("Monday", "7 pm"), ("Follow us", "7:30 pm"), ("Saturday", "6 pm"))


def table(rows: tuple[tuple[str, ...], ...], cell: str = "<td>{}</td>") -> str:
    return "<table>" + "".join("<tr>" + "".join(map(cell.format, row)) + "</tr>" for row in rows) + "</table>"


def article(number: int, tail: str) -> Article:
    return Article("s", f"k{number}", f"https://isles.example/{number}", "The count", STORIES[number] + tail, "")


@pytest.mark.parametrize("rows", [SHARES, PRICES, VOTES, HOURS])
@pytest.mark.parametrize("cell", ["<td>{}</td>", "<th>{}</th>", "<td><p>{}</p></td>"])
def test_a_table_of_figures_loses_no_cell(rows: tuple[tuple[str, ...], ...], cell: str) -> None:
    """A cell that says what a button would, and the subhead above, are part of what the table tells."""
    for html in (table(rows, cell), f"<h3>Results</h3>{table(rows, cell)}"):
        cleaned = strip(article(0, html))
        assert not cleaned.cuts
        assert not cleaned.doubts
        assert cleaned.text.split("\n")[-len(rows) * len(rows[0]) :] == [word for row in rows for word in row]


def test_a_table_that_comes_back_stays() -> None:
    """Next week's table names the same teams, and small numbers, in another order."""
    memory = Memory()
    for number in range(len(STORIES)):
        standings = (
            ("Team", "Played", "Points"),
            *((name, f"{number}", f"{place}") for place, name in enumerate("ABCDE")),
        )
        weekly = article(number, table(standings))
        memory = memory.learn(weekly)
        assert not strip(weekly, memory).cuts


@pytest.mark.parametrize(
    "layout",
    [
        table((("Share", "Tweet", "Print"),)),
        table(
            (
                ("Share on Facebook", "Tweet"),
                ("Print", "E-mail"),
                ("12 comments", "Leave a comment"),
                ("Read more", "Donate now"),
            )
        ),
        "<table><tr><td>Copyright 2026 Isles Press. All rights reserved.</td></tr></table>",
    ],
)
def test_a_table_that_only_lays_out_a_page_is_none(layout: str) -> None:
    """Rows of buttons, links and notices are judged by what they say, in a table as elsewhere."""
    assert strip(article(0, layout)).text.split("\n") == strip(article(0, "")).text.split("\n")
