"""Cards of other stories that learned readings take in parts."""

import pytest

from syndicate.strip import strip
from tests.strip.bodies import PROSE, article

LINK = '<a href="https://quay.example/dredger">'
TITLE = "Old boilers, new fines"
CARD = f"<div><p>{{}}</p><h3>{LINK}{TITLE}</a></h3><p>Dee Castell</p></div>"


def _cut(html: str) -> set[str]:
    return {cut.text for cut in strip(article(PROSE + html)).cuts}


@pytest.mark.parametrize("section", ["Housing", '<a href="https://quay.example/housing">Housing</a>'])
@pytest.mark.parametrize("below", ["", "<p>Share this article on Facebook</p>"])
def test_a_card_below_an_article_goes_with_its_title(section: str, below: str) -> None:
    """Section, teaser and author go where the title that opens the box went for another story's."""
    assert {"Housing", TITLE, "Dee Castell"} <= _cut(CARD.format(section) + below)


def test_a_link_below_facts_takes_none_along() -> None:
    """A link further down may be where tickets are sold; a card of another site is the author's reference."""
    facts = ("Harvest supper", "Saturday, 7 pm, in the net loft")
    box = f"<div><p>{facts[0]}</p><p>{facts[1]}</p><p>{LINK}Book a seat at the table</a></p></div>"
    assert not set(facts) & _cut(box)
    assert "Dee Castell" not in _cut(CARD.format("Housing").replace("quay", "lamp"))
