"""A title's words come through, angle brackets included where its format says that it is plain text."""

import json

import pytest

from syndicate.ingest.readers import read
from syndicate.model import Payload, SourceSpec
from syndicate.normalize.article import normalize


def _title(body, kind="feed"):
    spec = SourceSpec(key="s", kind=kind, location="https://feed.example/f")
    reading = read(Payload(body.encode(), spec.location), spec)
    assert not reading.failures
    return normalize(reading.entries[0], spec, reading).title


def _atom(declared, title):
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title {declared}>{title}</title></entry></feed>"


def _json(title):
    return json.dumps({"items": [{"id": "1", "title": title}]})


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("List<String>  and <script> explained", "List<String> and <script> explained"),
        ("x < y > z & R&D", "x < y > z & R&D"),
        ("Why <img> needs an alt", "Why <img> needs an alt"),
        ("Who may leave </body> out", "Who may leave </body> out"),
        ("A <i>Sea</i>  Star", "A Sea Star"),
        ("AT&amp;T", "AT&T"),
    ],
)
def test_plain_titles_are_taken_by_the_letter(title, shown):
    """Brackets are words in JSON Feed and Atom's text; what is plainly mislabelled markup is still read as such."""
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    assert {_title(_json(title)), _title(_atom("", escaped)), _title(_atom("type='text'", escaped))} == {shown}


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Vec&lt;T&gt; and the &lt;script&gt; tag", "Vec<T> and the <script> tag"),
        ("A <i>Sea</i><br>Star", "A Sea Star"),
        ("It&amp;#8217;s", "It’s"),
    ],
)
def test_titles_in_markup_are_unescaped_once(title, shown):
    """WordPress and Atom's html lose their tags, but none that they show."""
    post = [{"id": 1, "title": {"rendered": title}, "content": {"rendered": "<p>Body</p>"}}]
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    assert {_title(json.dumps(post), "wordpress"), _title(_atom("type='html'", escaped))} == {shown}


def test_titles_of_rss_are_markup_or_text():
    """RSS says neither, so tags go and references are resolved, however often they were escaped."""
    for title in ("A &lt;i&gt;Sea&lt;/i&gt; Star", "A &amp;lt;i&amp;gt;Sea Star", "A <![CDATA[<b>Sea Star</b>]]>"):
        assert _title(f"<rss><channel><item><title>{title}</title></item></channel></rss>") == "A Sea Star"
