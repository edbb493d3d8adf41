"""The questions of accordions stay with their answers."""

import pytest

from syndicate.model import Article, Entry, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.strip.article import strip

PROSE = "<p>The new lock was opened on Monday, and the keeper of the old one was given a lantern and a cake.</p>"
ANSWER = "<div><p>The parish pays, out of the tolls.</p></div>"


def cleaned(html: str) -> Article:
    entry = Entry(body=PROSE + html + PROSE.replace("Monday", "Sunday"), title="The lock", link="https://e.example/a")
    return strip(normalize(entry, SourceSpec("s", "feed", "x"), Reading("rss20")))


@pytest.mark.parametrize(
    "question",
    [
        '<h3><button type="button">Who pays for it?</button></h3>',
        '<h3><button class="toggle"><span>Who pays for it?</span><span aria-hidden="true">+</span></button></h3>',
        '<dt><button aria-expanded="false">Who pays for it?<i></i></button></dt>',
        '<button class="accordion-item"><span>Who pays for it?</span></button>',
        '<div class="spoiler-title" role="button" tabindex="0"><span class="icon"></span>Who pays for it?</div>',
    ],
)
def test_a_button_that_asks_what_is_answered_below_is_a_subhead(question: str) -> None:
    """It stays, without the signs that show whether it is open."""
    article = cleaned(f"<div>{question}{ANSWER}</div>")
    assert article.text.split("\n")[1:3] == ["Who pays for it?", "The parish pays, out of the tolls."]
    assert article.cuts == ()
    assert "<i>" not in article.html


@pytest.mark.parametrize(
    "other",
    [
        "<h3><button>Subscribe</button></h3>",
        "<h3>The lock<button>Open the map</button></h3>",
        '<div><button aria-expanded="false">Menu</button><ul><li>Home</li></ul></div>',
        "<p><button>Copy the address</button></p>",
    ],
)
def test_other_buttons_are_no_text(other: str) -> None:
    """A button that is a single word, stands beside text or opens no text is a control, and goes."""
    assert {cut.family for cut in cleaned(other).cuts} & {"form", "newsletter"}
