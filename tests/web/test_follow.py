"""How a web process hears of what was published."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from syndicate.cache import Cache, FeedMark
from syndicate.errors import StoreError
from syndicate.private_redis import PrivateRedis
from tests.web import wire as door
from tests.web.wire import BreakableStore, Wire, make_wire

PATIENCE = 10.0  # seconds; a thread that is alive needs a small part of it


def feed(version: int) -> bytes:
    """A feed whose body says which it is."""
    return f"<rss><channel><item><guid>{version}</guid></item></channel></rss>".encode()


def served(wire: Wire) -> bytes:
    """What a client gets now."""
    return wire.client.get("/feeds/all.rss").data


def eventually(wire: Wire, body: bytes) -> bool:
    """Whether a client gets this body before patience ends."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        if served(wire) == body:
            return True
    return False


@pytest.fixture
def quiet(wire: Wire) -> Wire:
    """A door that was started, whose threads have ended: the test does their rounds."""
    wire.publish(feed(1))
    served(wire)
    wire.edge.follower.stop()
    return wire


def test_a_notice_is_enough(quiet: Wire) -> None:
    """A notice brings the new version in the codings that are in use; until then the old one is served."""
    row = quiet.publish(feed(2))
    assert served(quiet) == feed(1)
    quiet.edge.follower.heard(FeedMark("all", "rss", row.version, row.etag))
    edition = quiet.edge.shelf.editions["/feeds/all.rss"]
    assert list(edition.renditions) == ["identity"]
    assert served(quiet) == feed(2)


def test_a_lost_notice_is_found(quiet: Wire) -> None:
    """Without a notice the list of changes tells."""
    quiet.publish(feed(2))
    quiet.edge.follower.read_changes()
    assert served(quiet) == feed(2)


def test_the_store_tells_what_redis_missed(quiet: Wire) -> None:
    """What the publisher could not put into Redis comes from the store, and is put into Redis from there."""
    quiet.edge.follower.read_changes()
    quiet.publish(feed(2), tell=False)
    quiet.publish(feed(3), topic="faith", tell=False)
    quiet.edge.follower.compare_with_store()
    assert served(quiet) == feed(2)
    assert quiet.services.cache.get_feed("all", "rss", ["identity"]).bodies["identity"] == feed(2)
    assert quiet.services.cache.get_feed("faith", "rss", ["identity"]).bodies["identity"] == feed(3)


def test_a_new_topic_appears(quiet: Wire) -> None:
    """A topic that did not exist is 404 until its first feed is published, then it is there."""
    assert quiet.client.get("/feeds/faith.rss").status_code == 404
    quiet.publish(feed(7), topic="faith")
    quiet.edge.follower.read_changes()
    assert quiet.client.get("/feeds/faith.rss").data == feed(7)


def test_a_dropped_topic_goes(quiet: Wire) -> None:
    """A topic that the store dropped is gone from here, too."""
    quiet.publish(feed(7), topic="faith")
    quiet.edge.follower.read_changes()
    quiet.store.drop_feeds(["all"])
    quiet.edge.follower.compare_with_store()
    assert quiet.client.get("/feeds/faith.rss").status_code == 404
    assert quiet.services.cache.get_feed("faith", "rss", []) is None
    assert served(quiet) == feed(1)


def test_a_late_notice_of_a_dropped_topic_brings_it_back_for_a_moment_only(quiet: Wire) -> None:
    """Who built it tells of it after it was dropped, and after that was noticed: the store's word counts."""
    row = quiet.publish(feed(7), topic="faith", tell=False)
    quiet.edge.follower.compare_with_store()
    quiet.store.drop_feeds(["all"])
    quiet.edge.follower.compare_with_store()
    quiet.services.cache.put_feed(row)
    quiet.edge.follower.read_changes()
    quiet.edge.follower.compare_with_store()
    assert quiet.client.get("/feeds/faith.rss").status_code == 404
    assert quiet.services.cache.get_feed("faith", "rss", []) is None


def test_store_fails_halfway(quiet: Wire) -> None:
    """A store that fails after its list was read changes nothing and raises nothing."""
    quiet.publish(feed(2), tell=False)
    with patch.object(quiet.store, "feed", side_effect=StoreError("broken for a test")):
        quiet.edge.follower.compare_with_store()
    assert served(quiet) == feed(1)
    quiet.edge.follower.compare_with_store()
    assert served(quiet) == feed(2)


def test_old_data_in_redis(quiet: Wire, redis_url: str) -> None:
    """A Redis that comes back with old data never takes anybody back, and gets the new data from the store."""
    old = quiet.store.feed("all", "rss")
    quiet.publish(feed(2))
    quiet.edge.follower.read_changes()
    with Redis.from_url(redis_url) as client:
        client.flushall()
    quiet.services.cache.put_feed(old)
    quiet.edge.follower.read_changes()
    assert served(quiet) == feed(2)
    quiet.edge.follower.compare_with_store()
    assert quiet.services.cache.get_feed("all", "rss", []).mark.version == 2


def test_a_store_begun_anew(quiet: Wire, redis_url: str, tmp_path: Path) -> None:
    """Where Redis is ahead of the store (restored, or begun anew), the store is the truth."""
    for version in (2, 3, 4):
        quiet.publish(feed(version))
    anew = BreakableStore(f"sqlite:///{tmp_path / 'anew.db'}")
    anew.upgrade()
    wire = make_wire(anew, Cache(redis_url), door.settings())
    wire.publish(feed(99), tell=False)
    wire.edge.follower.read_changes()
    wire.edge.follower.compare_with_store()
    assert served(wire) == feed(99)
    assert wire.services.cache.get_feed("all", "rss", ["identity"]).bodies["identity"] == feed(99)
    wire.edge.close()
    anew.close()


def test_a_publish_during_the_comparison(quiet: Wire) -> None:
    """A version that arrives while the store is being compared is not taken back by the older answer."""
    stale = quiet.store.feed_versions()
    quiet.publish(feed(2))
    quiet.edge.follower.read_changes()
    held = quiet.edge.shelf.editions["/feeds/all.rss"]
    mark = FeedMark("all", "rss", *stale["all", "rss"])
    quiet.edge.follower._renew({}, {"/feeds/all.rss": mark})
    assert quiet.edge.shelf.editions["/feeds/all.rss"] is held
    assert served(quiet) == feed(2)


def test_a_failing_store_changes_nothing(quiet: Wire) -> None:
    """While the store fails everything known stays; it is not taken for an empty one."""
    quiet.store.broken = True
    quiet.edge.follower.compare_with_store()
    assert served(quiet) == feed(1)
    assert quiet.edge.shelf.listed


@given(
    rounds=st.lists(
        st.sampled_from(["publish", "publish unheard", "notice", "changes", "compare", "lose redis", "request"]),
        max_size=25,
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_versions_only_grow(quiet: Wire, redis_url: str, rounds: list[str]) -> None:
    """Whatever happens in whatever order, a client never sees a version older than one it saw."""
    latest = int(served(quiet).split(b"guid>")[1].rstrip(b"</"))
    seen = latest
    follower = quiet.edge.follower
    for what in rounds:
        if what.startswith("publish"):
            latest += 1
            quiet.publish(feed(latest), tell=what == "publish")
        elif what == "notice":
            row = quiet.store.feed("all", "rss")
            follower.heard(FeedMark("all", "rss", row.version, row.etag))
        elif what == "changes":
            follower.read_changes()
        elif what == "compare":
            follower.compare_with_store()
        elif what == "lose redis":
            with Redis.from_url(redis_url) as client:
                client.flushall()
        now = int(served(quiet).split(b"guid>")[1].rstrip(b"</"))
        assert now >= seen
        seen = now
    follower.compare_with_store()
    assert served(quiet) == feed(latest)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[PrivateRedis]:
    """A Redis that the test may ill-treat, and whose data survive."""
    with PrivateRedis(tmp_path / "redis", durable=True) as server:
        yield server


@pytest.fixture
def lively(store: BreakableStore, own: PrivateRedis) -> Iterator[Wire]:
    """A door with its threads running, on that Redis."""
    wire = make_wire(store, Cache(own.url), door.settings(requests_per_minute=0))
    wire.publish(feed(1))
    assert served(wire) == feed(1)
    yield wire
    wire.edge.close()


def test_threads_follow(lively: Wire) -> None:
    """Published with or without Redis hearing of it, a new version is served by itself."""
    lively.publish(feed(2))
    assert eventually(lively, feed(2))
    lively.publish(feed(3), tell=False)
    assert eventually(lively, feed(3))


def test_redis_dies_and_comes_back_old(lively: Wire, own: PrivateRedis, tmp_path: Path) -> None:
    """Redis is killed, feeds go on being published and served, and it comes back with the data of yesterday."""
    backup = tmp_path / "backup"
    shutil.copytree(own.folder, backup, ignore=shutil.ignore_patterns("*.sock", "*.lock"))
    lively.publish(feed(2))
    assert eventually(lively, feed(2))
    own.stop()
    lively.publish(feed(3))
    assert eventually(lively, feed(3))
    shutil.copytree(backup, own.folder, dirs_exist_ok=True)
    own.start()
    lively.publish(feed(4))
    assert eventually(lively, feed(4))
    until = monotonic() + PATIENCE
    while monotonic() < until:
        found = lively.services.cache.get_feed("all", "rss", ["identity"], quick=False)
        if found and found.bodies["identity"] == feed(4):
            return
    pytest.fail("Redis did not get the newest feed back")
