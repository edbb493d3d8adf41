"""The cache on a real Redis: what it keeps, what it tells, and how it fails open."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest
from redis import Redis

from syndicate.cache import Cache, FeedMark
from syndicate.codings import CODINGS, decode
from syndicate.delta import digests
from syndicate.private_redis import PrivateRedis
from syndicate.records import FeedRow
from tests.servers import stopped

BUILT = datetime(2026, 11, 23, 12, 0, 0, 250_000, UTC)
BODY = b"<rss><channel><item><guid>1</guid></item><item><guid>2</guid></item></channel></rss>"


def row(version: int, topic: str = "all", body: bytes = BODY, etag: str = "") -> FeedRow:
    """A feed's row as the store gives it."""
    return FeedRow(topic, "rss", version, etag or f'"e{version}"', body, BUILT, BUILT)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    """A cache on a real, empty Redis."""
    cache = Cache(redis_url)
    yield cache
    cache.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[PrivateRedis]:
    """A Redis that the test may ill-treat."""
    with PrivateRedis(tmp_path / "redis") as server:
        yield server


def test_keeps_every_coding(cache: Cache) -> None:
    """A feed comes back in each coding, with its version, ETag and build time."""
    assert cache.put_feed(row(3))
    found = cache.get_feed("all", "rss", CODINGS)
    assert found.mark == FeedMark("all", "rss", 3, '"e3"')
    assert found.built == BUILT
    assert {decode(body, coding) for coding, body in found.bodies.items()} == {BODY}
    assert set(found.bodies) == set(CODINGS)


def test_asked_for_only(cache: Cache) -> None:
    """Only the codings that are asked for come over the wire; an unknown feed is None."""
    cache.put_feed(row(1))
    assert set(cache.get_feed("all", "rss", ["gzip"]).bodies) == {"gzip"}
    assert cache.get_feed("all", "atom", ["gzip"]) is None
    assert cache.get_feed("all rss", "atom", ["gzip"]) is None


def test_versions_only_grow(cache: Cache) -> None:
    """An older version never replaces a newer one, except when the store's own word is forced."""
    cache.put_feed(row(2))
    cache.put_feed(row(1))
    assert cache.get_feed("all", "rss", []).mark.version == 2
    cache.put_feed(row(1), force=True)
    assert cache.get_feed("all", "rss", []).mark.version == 1


def test_bodies_can_be_evicted(cache: Cache, redis_url: str) -> None:
    """Feeds have a time to live, so that a full Redis drops them and not the queue."""
    cache.put_feed(row(1))
    with Redis.from_url(redis_url) as client:
        assert client.ttl("syndicate:feed:all:rss") > 86_400


def test_changes(cache: Cache) -> None:
    """Whoever knows a change's number learns what came after it, each feed once."""
    first = cache.changes(0)
    assert first.marks == ()
    cache.put_feed(row(1))
    cache.put_feed(row(1, "faith"))
    cache.put_feed(row(2))
    seen = cache.changes(first.sequence)
    assert {(m.topic, m.version) for m in seen.marks} == {("all", 2), ("faith", 1)}
    assert cache.changes(seen.sequence).marks == ()


def test_same_feed_is_no_change(cache: Cache) -> None:
    """Putting the same version again tells nobody."""
    cache.put_feed(row(1))
    before = cache.changes(0).sequence
    cache.put_feed(row(1))
    assert cache.changes(before) == cache.changes(before)
    assert cache.changes(0).sequence == before


def test_lost_data_shows(cache: Cache, redis_url: str) -> None:
    """A Redis that lost its data has a smaller sequence, and lists everything that it has."""
    for version in (1, 2, 3):
        cache.put_feed(row(version))
    before = cache.changes(0).sequence
    with Redis.from_url(redis_url) as client:
        client.flushall()
    cache.put_feed(row(1))
    after = cache.changes(before)
    assert after.sequence < before
    assert [m.version for m in after.marks] == [1]


def test_notices(cache: Cache, redis_url: str) -> None:
    """Whoever listens hears of a new version at once; strangers' words on the channel are ignored."""
    listener = cache.listen()
    assert listener.wait(0.01) is None
    with Redis.from_url(redis_url) as client:
        client.publish("syndicate:feeds", "nonsense \xff")
    cache.put_feed(row(1))
    heard = [mark for mark in (listener.wait(5), listener.wait(5)) if mark]
    assert heard == [FeedMark("all", "rss", 1, '"e1"')]
    listener.close()


def test_drop(cache: Cache) -> None:
    """A dropped topic's feeds are gone, its neighbours stay."""
    cache.put_feed(row(1))
    cache.put_feed(row(1, "faith"))
    assert cache.drop_feeds(["faith"])
    assert cache.get_feed("faith", "rss", []) is None
    assert [m.topic for m in cache.changes(0).marks] == ["all"]
    assert cache.drop_feeds([])


def test_past(cache: Cache) -> None:
    """The articles of the last ten versions are remembered by their digests."""
    bodies = [BODY.replace(b"2", str(n).encode()) for n in range(100, 112)]
    for version, body in enumerate(bodies):
        cache.put_feed(row(version, body=body))
    past = cache.past("all", "rss")
    assert list(past) == [f'"e{n}"' for n in range(10, 0, -1)]
    assert past['"e1"'] == frozenset(digests(bodies[1], "rss"))


def test_not_a_feed(cache: Cache) -> None:
    """A body that is no feed is kept all the same: it has no deltas."""
    assert cache.put_feed(row(1, body=b"no markup"))
    assert cache.put_feed(row(2, body=b"none here"))
    assert cache.past("all", "rss") == {'"e1"': frozenset()}


def test_counts(cache: Cache) -> None:
    """Counts of several processes add up."""
    assert cache.add_counts("rate:1", {"a": 2, "b": 1}, 60) == {"a": 2, "b": 1}
    assert cache.add_counts("rate:1", {"a": 3}, 60) == {"a": 5}


def test_nothing_at_import_or_construction() -> None:
    """A cache on an address where nothing listens can be made; it finds out when it is asked."""
    cache = Cache("unix:///nonexistent/redis.sock")
    assert cache.available
    assert not cache.ping()
    assert not cache.available


@pytest.mark.parametrize(
    ("refuse", "accept"),
    [("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"), ("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")],
)
def test_a_redis_that_takes_nothing(own: PrivateRedis, refuse: str, accept: str) -> None:
    """One that is full or became the copy of another answers, and still is told from one that is well."""
    with contextlib.closing(Cache(own.url)) as cache, Redis.from_url(own.url) as server:
        assert cache.takes()
        before = server.keys()
        server.execute_command(*refuse.split())
        assert (cache.takes(), cache.ping(), cache.takes()) == (False, True, False)
        assert cache.failure
        server.execute_command(*accept.split())
        assert cache.takes()
        assert server.keys() == before


def calls(cache: Cache) -> list[object]:
    """Every call there is, as its answer."""
    return [
        cache.ping(),
        cache.takes(),
        cache.put_feed(row(9)),
        cache.get_feed("all", "rss", CODINGS),
        cache.get_feed("all", "rss", CODINGS, quick=False),
        cache.changes(0),
        cache.past("all", "rss"),
        cache.drop_feeds(["all"]),
        cache.add_counts("x", {"a": 1}, 60),
        cache.listen().wait(0.01),
    ]


AWAY = [False, False, False, None, None, None, {}, False, None, None]


def test_killed(own: PrivateRedis) -> None:
    """Without Redis every call says that it can't help; none raises. When it is back the first probe finds it."""
    clock = Clock()
    cache = Cache(own.url, clock=clock)
    cache.put_feed(row(1))
    own.stop()
    assert cache.get_feed("all", "rss", CODINGS) is None
    assert calls(cache) == AWAY
    own.start()
    other = Cache(own.url)
    other.put_feed(row(1))
    other.close()
    assert not cache.ping(), "within the cooldown nobody asks"
    clock.now += 2
    assert cache.get_feed("all", "rss", CODINGS) is None, "a request never probes"
    assert cache.ping()
    assert cache.get_feed("all", "rss", CODINGS).mark.version == 1
    assert cache.put_feed(row(2))
    assert cache.get_feed("all", "rss", CODINGS).mark.version == 2
    cache.close()


def test_stopped(own: PrivateRedis) -> None:
    """A Redis that hangs costs the first request a moment, and the others nothing."""
    cache = Cache(own.url, clock=Clock())
    cache.put_feed(row(1))
    assert cache.get_feed("all", "rss", CODINGS)
    with stopped(own):
        began = perf_counter()
        assert [cache.get_feed("all", "rss", CODINGS) for _ in range(1000)] == [None] * 1000
        assert perf_counter() - began < 2, "far less than a thousand time-outs"
        assert calls(cache) == AWAY
    cache.close()


def test_what_a_request_may_lose(cache: Cache) -> None:
    """No call that a request makes waits longer than 50 ms for Redis."""
    cache.get_feed("all", "rss", CODINGS)
    cache.past("all", "rss")
    assert max(cache._clients) <= 0.05


def test_stopped_while_listening(own: PrivateRedis) -> None:
    """A subscription outlives a Redis that hung, and one that was started anew."""
    clock = Clock()
    cache = Cache(own.url, clock=clock)
    listener = cache.listen()
    listener.wait(0.01)
    with stopped(own):
        listener.wait(0.01)
    own.stop()
    listener.wait(0.01)
    own.start()
    clock.now += 2
    listener.wait(0.01)
    cache.put_feed(row(1))
    assert listener.wait(5) == FeedMark("all", "rss", 1, '"e1"')
    listener.close()
    cache.close()


@pytest.mark.parametrize(
    "commands", ["CONFIG SET maxmemory-policy noeviction; CONFIG SET maxmemory 1", "REPLICAOF 127.0.0.1 1"]
)
def test_refusing_writes(own: PrivateRedis, commands: str) -> None:
    """A Redis that is full or read-only is still read from; what can't be written is said, not raised."""
    cache = Cache(own.url)
    cache.put_feed(row(1))
    with Redis.from_url(own.url) as client:
        for command in commands.split(";"):
            client.execute_command(*command.split())
    assert not cache.put_feed(row(2))
    assert cache.add_counts("x", {"a": 1}, 60) is None
    assert cache.available
    assert cache.get_feed("all", "rss", CODINGS).mark.version == 1
    cache.close()
