"""Memory: many feeds within the budget, and the least recently used ones come back from Redis or the store."""

from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from syndicate.cache import Cache, FeedMark
from syndicate.codings import CODINGS
from syndicate.web.edition import Edition, Policy
from syndicate.web.shelf import Shelf
from tests.web.wire import BreakableStore, Wire, make_wire, settings

BUILT = datetime(2026, 11, 23, tzinfo=UTC)
POLICY = Policy((("Cache-Control", "public"), ("Vary", "Accept-Encoding")))
PADDING = b"<!-- " + b"x" * 20_000 + b" -->"


def edition(topic: str, version: int = 1, size: int = 10_000) -> Edition:
    """An edition with bodies of this size in every coding."""
    made = Edition(FeedMark(topic, "rss", version, f"e{version}"))
    for coding in CODINGS:
        made.renditions[coding] = made.make(coding, bytes(size), BUILT, POLICY)
    return made


def held(shelf: Shelf) -> int:
    """The bytes of all bodies that are in memory."""
    renditions = (r for e in shelf.editions.values() for r in e.renditions.values())
    return sum(len(r.body[0]) for r in renditions if r.body)


def test_many_topics() -> None:
    """With 6,000 feeds in four codings the budget is kept, and every feed's validators stay."""
    shelf = Shelf(30_000_000)
    for number in range(6_000):
        shelf.install(edition(f"t{number}", size=1_000))
    assert held(shelf) <= shelf.bytes <= 30_000_000
    assert len(shelf.editions) == 6_000
    assert all(r.etag for e in shelf.editions.values() for r in e.renditions.values())


def test_tiny_budget() -> None:
    """A budget that is too small for the validators of all feeds is kept, too: the feeds stay known by name."""
    shelf = Shelf(500_000)
    for number in range(1_000):
        shelf.install(edition(f"t{number}", size=1_000))
    assert shelf.bytes <= 500_000
    assert len(shelf.editions) == 1_000


def test_least_recently_used_goes() -> None:
    """What was asked for lately stays, what nobody asked for goes."""
    shelf = Shelf(400_000)
    for number in range(8):
        shelf.install(edition(f"t{number}"))
        shelf.editions["/feeds/t0.rss"].renditions["gzip"].used = shelf.clock
    for number in range(8, 20):
        shelf.install(edition(f"t{number}"))
        shelf.editions["/feeds/t0.rss"].renditions["gzip"].used = shelf.clock
    assert shelf.editions["/feeds/t0.rss"].renditions["gzip"].body
    assert not shelf.editions["/feeds/t1.rss"].renditions["gzip"].body


def test_count_is_exact() -> None:
    """However editions come and go, the shelf knows how much it holds."""
    shelf = Shelf(10**9)
    for version in range(1, 5):
        shelf.install(edition("a", version, size=version * 1_000))
    shelf.install(edition("b"))
    shelf.remove(shelf.editions["/feeds/b.rss"])
    sizes = [r.size for r in shelf.editions["/feeds/a.rss"].renditions.values()]
    assert shelf.bytes == sum(sizes)
    assert held(shelf) == 4 * 4_000


def test_older_version_is_refused() -> None:
    """An older version never takes a newer one's place."""
    shelf = Shelf(10**6)
    newer = shelf.install(edition("a", 2))
    assert shelf.install(edition("a", 1)) is newer
    assert shelf.install(edition("a", 2)) is newer


@pytest.fixture
def small(store: BreakableStore, cache: Cache) -> Iterator[Wire]:
    """A door with room for fifty of eighty feeds, each of which was published and asked for."""
    wire = make_wire(store, cache, settings(memory_mb=1, requests_per_minute=0))
    for number in range(80):
        wire.publish(b"<rss>%d</rss>" % number + PADDING, f"t{number}")
    ask_all(wire)
    yield wire
    wire.edge.close()


def ask_all(wire: Wire) -> None:
    """Ask for each feed, and get it."""
    for number in range(80):
        answer = wire.client.get(f"/feeds/t{number}.rss")
        assert answer.status_code == 200
        assert answer.data.startswith(b"<rss>%d<" % number)


def test_forgotten_feeds_come_back(small: Wire) -> None:
    """Feeds beyond the budget are served all the same, from Redis, or without it from the store."""
    assert small.edge.shelf.bytes <= 1_000_000
    ask_all(small)
    with patch.object(small.services.cache, "get_feed", lambda *_, **__: None):
        ask_all(small)
    small.store.broken = True
    ask_all(small)


def test_forgotten_feeds_have_validators(small: Wire) -> None:
    """A client that has a forgotten feed gets its 304 with nobody asked, even when nothing works any more."""
    small.store.broken = True
    with patch.object(small.services.cache, "get_feed", lambda *_, **__: None):
        edition = small.edge.shelf.editions["/feeds/t0.rss"]
        assert not edition.renditions["identity"].body
        etag = edition.renditions["identity"].etag
        assert small.client.get("/feeds/t0.rss", headers={"If-None-Match": etag}).status_code == 304
        assert small.client.get("/feeds/t0.rss").status_code == 503
