"""Which entry of a document is the article's latest version."""

from datetime import UTC, datetime, timedelta
from typing import Any

from syndicate.ingest.match import superseded
from syndicate.model import Article, Entry
from tests.ingest.test_plan import text_of

NOW = datetime(2026, 11, 27, tzinfo=UTC)
HOUR = timedelta(hours=1)


def version(text: str = "", guid: str = "1", key: str = "guid:1", **fields: Any) -> tuple[Entry, Article]:
    """An entry and the article that it became; their address, title and date are those of all others."""
    text = text or text_of("pier")
    given = {"link": "https://lake.example/pier", "title": "The pier opens", "published": NOW} | fields
    return Entry(key=guid), Article("lake", key, html=f"<p>{text}</p>", text=text, **given)


def test_of_several_versions_the_latest_counts() -> None:
    """Under one key the greatest date wins, as RFC 4287 has it; where dates say nothing, what stands first does."""
    new, old = version("Other words."), version()
    assert superseded([new, old]) == superseded([new, new]) == {1}
    dated = version("Words of later.", updated=NOW + HOUR)
    assert superseded([new, dated, old]) == {0, 2}
    assert superseded([version(published=None), version(published=NOW - HOUR)]) == {0}
    assert superseded([version(guid="", key="text:a"), version(guid="", key="text:b")]) == frozenset()


def test_a_headline_may_be_corrected() -> None:
    """With the same words, guid, address and date, another title is a later version, though it got a key of its own."""
    corrected = version(key="link:lake.example/pier#1", title="The pier opens again")
    assert superseded([corrected, version()]) == {1}


def test_what_shares_only_its_names_is_kept() -> None:
    """A constant guid or address makes no versions, however many articles bear it."""
    verses = [version(text_of(f"v{n}"), key=f"link:v#{n}", title=f"Verse {n}") for n in range(30)]
    assert superseded(verses) == frozenset()
    moved = version(key="link:p#2", link="https://lake.example/pier-2")
    assert superseded([version(), moved]) == superseded([version(), version(guid="2", key="guid:2")]) == frozenset()
