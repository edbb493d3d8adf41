"""What a reader sees as paragraphs is read as paragraphs, whatever parts them."""

import pytest

from syndicate.model import Dateline, Entry, Person, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.strip.article import strip

SPEC = SourceSpec(key="s", kind="feed", location="https://e.example/f", language="en")


def _article(body):
    return normalize(Entry(body=body, title="Ferry runs aground", link="https://e.example/a"), SPEC, Reading("rss20"))


@pytest.mark.parametrize("line", ["<br><br>", "<br />\n<br />", "<br>&nbsp;<br>", "<br>\xa0<br>&#160;<br>"])
@pytest.mark.parametrize(
    ("opening", "end"),
    [
        ("", ""),
        ('<div dir="ltr">', "</div>"),
        ("<p>", "</p>"),
        ("<table><tr><td>", "</td></tr></table>"),
        ("<div><div><img src='https://e.example/i.png'></div>", "</div>"),
        ("", "<blockquote>So he said.</blockquote>"),
    ],
)
def test_a_head_between_line_breaks_moves_to_its_fields(opening, end, line):
    """Headline and byline leave a body whose paragraphs only line breaks part, as they leave one of paragraphs."""
    lines = ["Ferry runs aground", "By Ada Quay", "LEITH (Wire) – Ships came.", "Nobody was hurt."]
    article = _article(opening + line.join(lines) + end)
    assert article.authors == (Person("Ada Quay"),)
    assert article.dateline == Dateline(("LEITH",), "Wire")
    assert [cut.family for cut in article.cuts] == ["headline", "byline"]
    assert "<p>LEITH (Wire) – Ships came.</p>" in article.html
    assert "<p>Nobody was hurt.</p>" in article.html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<div>one<br>two<br><br>three</div>", "<div><p>one<br>two</p><p>three</p></div>"),
        ('<p class="x">one<br><br><b>two</b> 2<br></p>', '<div class="x"><p>one</p><p><b>two</b> 2</p></div>'),
        ("<div><br><br>one<ul><li>two</li></ul>three</div>", "<div><p>one</p><ul><li>two</li></ul><p>three</p></div>"),
        ("<div>one<br><br><a><div>two</div></a></div>", "<div><p>one</p><a><div>two</div></a></div>"),
        ("<div>one <b>two<br><br>three</b></div>", "<div>one <b>two<br><br>three</b></div>"),
        ("<pre>one<br><br>two</pre>", "<pre>one<br><br>two</pre>"),
        ("<div>one<br>two</div>", "<div>one<br>two</div>"),
    ],
)
def test_an_empty_line_parts_paragraphs(body, html):
    """Text around two line breaks becomes paragraphs of its element, what stands on its own stays beside them."""
    assert _article(body).html == html


@pytest.mark.parametrize("note", ["<div><p>Two of <b>four</b> sail.</p></div>", "<div>Two of <b>four</b> sail.</div>"])
def test_a_footnote_s_mark_stands_in_its_first_line(note):
    """A mark that links back to the text and stands alone above its note is a part of the note."""
    mark = '<a href="#anchor-1">1</a>'
    article = _article(f'<p>Ships came.<a href="#note-1">1</a></p><div>{mark}\n{note}</div>')
    assert article.text.split("\n") == ["Ships came.1", "1 Two of four sail."]
    assert strip(article).text == article.text


@pytest.mark.parametrize("mark", ['<a href="/2">2</a>', '<a href="#map">The map</a>', 'See <a href="#a">1</a>'])
def test_other_links_above_a_box_stay_where_they_are(mark):
    """What leads elsewhere, says more than a mark or has words beside it is no footnote's mark."""
    assert "Two of four sail." in _article(f"<div>{mark}<div>Two of four sail.</div></div>").text.split("\n")
