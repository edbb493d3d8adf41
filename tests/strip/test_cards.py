"""Cards of other stories that learned readings take in parts."""

import pytest

from syndicate.strip.article import strip
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


def test_the_heading_of_a_form_goes_with_all_that_the_form_said() -> None:
    """What headed a box of which nothing else is left heads nothing; where a line of the box stays, it does."""
    form = "<form><label>Amount</label><p><button>$25</button></p><p><button>$50</button></p>{}</form>"
    box = f"<div><h2>Fund a lamp</h2>{form}</div>{PROSE.replace('Monday', 'Tuesday')}"
    assert "Fund a lamp" in _cut(box.format(""))
    assert "Fund a lamp" not in _cut(
        box.format("<p>The lamp of the north pier has been dark since the storm in May.</p>")
    )
    assert "Fund a lamp" not in _cut(f"<div><h2>Fund a lamp</h2></div>{PROSE.replace('Monday', 'Tuesday')}")
