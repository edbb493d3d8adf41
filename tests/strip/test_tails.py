"""What stands below the last paragraph of a plain text: lists that are the article's own, and headlines of others."""

from pathlib import Path

import pytest

from syndicate.model import Article
from syndicate.strip.article import strip
from syndicate.strip.forest import Forest
from syndicate.strip.scorer import Scorer
from tests.strip.bodies import MENU

DATA = Path(__file__).resolve().parents[1] / "data/strip/tails.txt"
PARTS = [part.split("\n") for part in DATA.read_text("utf-8").strip().split("\n\n# ")[1:]]
PROSE, BOX, FOOTER = (
    {head.split()[1]: lines for head, *lines in PARTS if head.startswith(kind)} for kind in ("prose", "box", "footer")
)
OWN = {head.split(" ", 2)[2]: (head.split()[1], lines) for head, *lines in PARTS if head.startswith("list")}


def cut_of(*lines: str) -> set[str]:
    """What was cut of a text of these lines."""
    html = "".join(f"<p>{line}</p>" for line in lines)
    return {
        cut.text
        for cut in strip(Article("s", "k", "https://tern.example/regatta", "A regatta in the wind", html, "")).cuts
    }


# Names, titles of a word or two and bare nouns, of which some line sounds like a button below a box.
BESIDE = {"winners without figures", "chapters", "cast", "headlines of the day's papers", "材料"}


@pytest.mark.parametrize("name", OWN)
def test_the_articles_own_list_stays_above_a_footer(name: str) -> None:
    """A list of the article's own stays between its text and a footer, however much longer that is."""
    language, lines = OWN[name]
    found = cut_of(*PROSE[language], *lines, *FOOTER[language])
    assert len(found & set(FOOTER[language])) >= 10
    assert found.isdisjoint(lines), found & set(lines)


@pytest.mark.parametrize("name", sorted(OWN.keys() - BESIDE))
def test_the_articles_own_list_stays_below_a_short_box(name: str) -> None:
    """A list of which no line sounds like boilerplate stays below a call to follow, with a footer below it or none."""
    language, lines = OWN[name]
    for footer in (FOOTER[language], FOOTER[language][:0]):
        found = cut_of(*PROSE[language], *BOX[language], *lines, *footer)
        assert found >= set(BOX[language])
        assert found.isdisjoint(lines), found & set(lines)


LATER = "On Monday the boats were back in the water before seven, and the wind had turned to the south overnight."
HEADLINES = [
    "Fog closes the airport at Skerry for a second night",
    "14:36",
    "Where did the cathedral's third bell go?",
    "13:41",
    "Beekeepers of Eider Bay warn of a poor summer",
    "12:46",
    "Two held after theft of a piano from a moving van",
    "12:21",
    "School meals in Sandbank to cost a third more",
    "11:52",
]


def test_headlines_far_below_the_text_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Headlines and their times go where half of the lines on end went, among them a whole menu above them."""
    monkeypatch.setattr("syndicate.strip.article.shipped_forest", lambda: Forest((), cut=2.0, restore=-1.0))
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: Scorer({}, cut=2.0, doubt=2.0))
    assert cut_of(*PROSE["en"], *MENU, *HEADLINES) == {*MENU, *HEADLINES}
    assert cut_of(*PROSE["en"], *HEADLINES, *MENU) == set(MENU)
    assert cut_of(*PROSE["en"], *MENU, LATER, *HEADLINES).isdisjoint(HEADLINES)
    assert cut_of(*PROSE["en"], *MENU[1:], *HEADLINES).isdisjoint(HEADLINES)
