"""Style sheets that leaked into a text go; what is written of them stays."""

import pytest

from syndicate.model import Entry, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.strip.article import strip
from syndicate.strip.styles import is_style_sheet

PROSE = "The ferry to the island sails again after the storm, and the harbour master has opened the pier."
SHEETS = [
    ".foo { color: red; }",
    "@media (max-width: 600px) { .wp-block-quay, #pier > img:hover { margin: 0 auto; padding: 4px } }",
    "/* quay */ @import url(quay.css); h1.title, p { font-size: 12px !important; }",
    "@keyframes sail { from { opacity: 0; } 50% { opacity: .5 } }",
    ":root{--quay-main:#fff;} a[href^='https']{display:none}",
    ".foo {<br>color: red;<br>margin: 0;<br>}",
    "h1,<br>h2 {<br>width: 10px<br>}",
]


def _stripped(body: str, title: str = "Ferry"):
    entry = Entry(title=title, body=body, link="https://e.example/a")
    return strip(normalize(entry, SourceSpec("s", "feed", ""), Reading("rss")))


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_style_sheet_in_a_text_is_cut(sheet: str) -> None:
    """Wherever it stands, in one block or in lines, it goes with a record, and the article is published."""
    for body in (f"<p>{sheet}</p><p>{PROSE}</p>", f"<p>{PROSE}</p><div>{sheet}</div><p>{PROSE} Twice.</p>"):
        article = _stripped(body)
        assert article.text.split("\n")[0] == PROSE
        assert "{" not in article.html
        assert {cut.family for cut in article.cuts} == {"template"}
        assert not article.held


@pytest.mark.parametrize(
    "body",
    [
        "<pre>.foo { color: red; }</pre>",
        "<p><code>.foo { color: red; }</code></p>",
        "<p>In CSS a class is styled so:</p><p>.foo { color: red; }</p>",
        "<p>The set {width: 3, height: 4} is small.</p>",
        "<p>She wrote: {color: red; width: 3}</p>",
        "<p>function sail() { return width; }</p>",
        "<p>Boats { color: red; } sail.</p>",
        "<p>{ color: red; }</p>",
    ],
)
def test_what_is_no_leaked_sheet_stays(body: str) -> None:
    """Code that is marked as such, articles about style sheets, and words in braces are the article's."""
    article = _stripped(f"<p>{PROSE}</p>{body}<p>{PROSE} Twice.</p>")
    assert article.cuts == ()


def test_an_endless_sheet_is_looked_at_once() -> None:
    """Braces without number cost no more than their length."""
    assert not is_style_sheet("a { " * 10_000)
    assert is_style_sheet("a{top:0}" * 5_000)
    assert not is_style_sheet("a{top:0}" + "b" * 40_000)
    assert not is_style_sheet("@import " * 5_000 + "a{top:0}")
    assert not is_style_sheet("a{top:0}" * 500_000)
