"""Feed deltas (RFC 3229)."""

import json
from io import BytesIO

import feedparser
import pytest

from syndicate.delta import delta, digests

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
RSS = DECLARATION + '<rss version="2.0"><channel><title>T &amp; U</title>{}</channel></rss>'
ATOM = DECLARATION + '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{}</feed>'


def make(format_: str, articles: dict[str, str]) -> bytes:
    """A feed of articles by id."""
    if format_ == "json":
        return json.dumps({"title": "T", "items": [{"id": k, "title": v} for k, v in articles.items()]}).encode()
    frame, one = {
        "rss": (RSS, "<item><guid>{}</guid><title>{}</title></item>"),
        "atom": (ATOM, "<entry><id>{}</id><title>{}</title></entry>"),
    }[format_]
    return frame.format("".join(one.format(k, v) for k, v in articles.items())).encode()


def ids(format_: str, body: bytes) -> list[str]:
    """The ids that a reader finds."""
    if format_ == "json":
        return [item["id"] for item in json.loads(body)["items"]]
    parsed = feedparser.parse(BytesIO(body))
    assert not parsed.bozo
    return [entry.id for entry in parsed.entries]


@pytest.mark.parametrize("format_", ["rss", "atom", "json"])
def test_new_and_changed(format_: str) -> None:
    """A delta holds the articles that are new or changed, in their order, in a feed that is whole otherwise."""
    before = make(format_, {"a": "Älter", "b": "Same", "c": "Gone"})
    after = make(format_, {"d": "New &amp; fresh", "a": "Älter, but changed", "b": "Same"})
    reduced = delta(after, format_, set(digests(before, format_)))
    assert ids(format_, reduced) == ["d", "a"]
    assert b"T" in reduced
    assert ids(format_, delta(after, format_, ())) == ["d", "a", "b"]


@pytest.mark.parametrize("format_", ["rss", "atom", "json"])
def test_nothing_new(format_: str) -> None:
    """Against itself a feed has no articles left, and each article has one digest of eight bytes."""
    body = make(format_, {"a": "One", "b": "Two"})
    found = digests(body, format_)
    assert [len(digest) for digest in found] == [8, 8]
    assert ids(format_, delta(body, format_, found)) == []
