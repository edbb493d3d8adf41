"""Which of an entry's texts is the article, and what it is: words or markup."""

import json
from html import escape

import pytest

from syndicate.ingest.readers import read
from syndicate.model import Payload, SourceSpec
from syndicate.normalize.article import normalize

SPEC = SourceSpec(key="s", kind="feed", location="https://feed.example/f")


def _article(body):
    reading = read(Payload(body.encode(), SPEC.location), SPEC)
    assert not reading.failures
    return normalize(reading.entries[0], SPEC, reading)


def _plain(text):
    """The article of a JSON Feed, and of Atom, that give a text as plain."""
    item = {"id": "1", "title": "Notes", "content_text": text}
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Notes</title><content{}>{}</content></entry></feed>"
    declared = ("", " type='text'")
    return _article(json.dumps({"items": [item]})), *(_article(atom.format(d, escape(text))) for d in declared)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Keep the <script> tag for the end.\n\nThe page is quicker so.", "the <script> tag"),
        ("A List<String> holds names.\n\nA Map<Key, Value> is <b>not</b> one.", "List<String>"),
        ("Set <b>this</b> above <style>.\n\nThen look at the page.", "above <style>."),
        ("Where a<b and c>d, stop; R&amp;D says so.\n\nAnd go on.", "a<b and c>d, stop; R&D"),
        ("Keep the &lt;script&gt; tag for the end.\n\nThe page is quicker so.", "the <script> tag"),
    ],
)
def test_plain_bodies_are_taken_by_the_letter(text, shown):
    """Brackets are words where the format says that a body is plain text, and nothing behind them is lost."""
    for article in _plain(text):
        assert shown in article.text
        assert article.html.count("<p>") == article.text.count("\n") + 1 == 2


@pytest.mark.parametrize(
    "text",
    [
        "<p>The <i>Heron</i> is at sea.</p><p>She sails on.",
        "<div><a href='/x'>The Heron</a> is at se",
        "The <i>Heron</i> is at sea.<br>She sails on.",
        "&lt;p&gt;The &lt;i&gt;Heron&lt;/i&gt; is at sea.&lt;/p&gt;",
    ],
)
def test_markup_under_a_wrong_label_is_markup(text):
    """A plain text that opens with a block, or closes its tags, and has HTML's alone, is none."""
    assert {"The Heron is at se" in a.text and "<" not in a.text for a in _plain(text)} == {True}


DESCRIBED = "Four sisters row to Heron Rock.\n\nChapters:\n0:00 The pier\n2:10 The swell (Photo: Ada Byrne)"
MEDIA = f"""<media:thumbnail url="https://film.example/rock.jpg"/><media:description>{DESCRIBED}</media:description>"""


@pytest.mark.parametrize("beside", ["", f"<summary>{DESCRIBED}</summary>"])
def test_a_films_description_is_its_article(beside):
    """It keeps its lines, and is said once: its picture has no caption, and keeps the credit."""
    article = _article(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'><entry><title>Rowing"
        f"</title>{beside}<media:group>{MEDIA}</media:group></entry></feed>"
    )
    assert article.text.split("\n") == [line for line in DESCRIBED.split("\n") if line]
    assert [(i.caption, i.alt, i.credit) for i in article.images] == [("", "", "Ada Byrne")]
