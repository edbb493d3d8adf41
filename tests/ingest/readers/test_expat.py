"""The XML driver that feedparser is given."""

import xml.sax
from io import BytesIO

import feedparser
import pytest

from syndicate.ingest.readers import MOST_ENTRIES, expat, feed
from syndicate.model import Payload

BODY = "&lt;p&gt;Zwölf &amp;amp; eins\n&lt;/p&gt;" * 200
FEED = f"""<rss version="2.0"><channel><title>Wire</title><item><title>A &amp; B</title><link>/a</link>
<description>{BODY}</description></item></channel></rss>""".encode()


class Pieces(xml.sax.ContentHandler):
    """Counts the pieces in which text arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def characters(self, content: str) -> None:
        self.pieces.append(content)


def test_text_arrives_whole() -> None:
    """A body full of character references and lines is handed over in one piece, and is the same text."""
    usual, ours = Pieces(), Pieces()
    xml.sax.parse(BytesIO(FEED), usual)
    parser = expat.create_parser()
    parser.setContentHandler(ours)
    parser.parse(BytesIO(FEED))
    assert "".join(ours.pieces) == "".join(usual.pieces)
    assert len(ours.pieces) < 10 < len(usual.pieces)


def test_feedparser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Python's own driver the reading would be the same; feedparser really asks ours."""
    payload = Payload(FEED, "https://wire.example/feed")
    asked = []
    made = expat.create_parser
    monkeypatch.setattr(expat, "create_parser", lambda: asked.append(1) or made())
    reading = feed.read(payload, MOST_ENTRIES)
    assert asked
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", [])
    assert feed.read(payload, MOST_ENTRIES) == reading
    assert reading.entries[0].link == "https://wire.example/a"


def test_installing_twice_is_installing_once() -> None:
    """Importing the reader again wraps nothing twice."""
    before = feedparser.mixin.make_safe_absolute_uri
    expat.install()
    assert feedparser.mixin.make_safe_absolute_uri is before
