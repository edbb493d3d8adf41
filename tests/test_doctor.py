"""What the doctor finds."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.cache import Cache
from syndicate.doctor import Finding, examine
from syndicate.model import FEED_FORMATS
from syndicate.private_redis import PrivateRedis
from syndicate.records_served import Edition, Partner, Webhook
from syndicate.settings import Settings
from syndicate.store import Store
from tests.contract.building import HOUR, NOW, article, change, declare, ingest

AWAY = "unix:///nonexistent/redis.sock"


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """A store with a source, an article and all feeds."""
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'wire.db')}")
    declare(store)
    ingest(store, change(article()))
    built(store)
    yield store
    store.close()


def built(store: Store) -> None:
    """Have every feed built that waits."""
    for name in FEED_FORMATS:
        store.save_feed("all", name, b"<rss/>", "etag", NOW, NOW)
    store.done_topics([id_ for id_, _ in store.pending_topics(9)])


def found(store: Store, tmp_path: Path, address: str = AWAY, **times: timedelta) -> dict[str, Finding]:
    """What the doctor finds, by part; Redis is away unless its address is given."""
    cache = Cache(address)
    settings = Settings(data_dir=tmp_path / "var", redis_url=address)
    findings = {
        finding.part: finding for finding in examine(store, cache, None, settings, NOW + times.get("later", HOUR))
    }
    cache.close()
    return findings


def private(store: Store, server: PrivateRedis) -> Finding:
    """What is said of the private Redis when it does not answer."""
    return next(f for f in examine(store, Cache(AWAY), server, Settings(), NOW) if f.part == "redis")


def wrong(store: Store, tmp_path: Path, **times: timedelta) -> dict[str, Finding]:
    """What is wrong, but for Redis."""
    return {part: f for part, f in found(store, tmp_path, **times).items() if not f.ok and part != "redis"}


def test_a_service_that_is_well(store: Store, redis_url: str, tmp_path: Path) -> None:
    """Each part has one line, and none asks for anything."""
    findings = found(store, tmp_path, redis_url)
    assert list(findings) == ["store", "redis", "disk", "clock", "sources", "feeds"]
    assert all(finding.ok for finding in findings.values())
    assert "1 articles" in findings["store"].found


def test_redis_that_is_away(store: Store, tmp_path: Path) -> None:
    """A Redis that does not answer is wrong, and what to do depends on whose it is."""
    redis = found(store, tmp_path)["redis"]
    assert "No such file" in redis.found
    assert "SYNDICATE_REDIS_URL" in redis.advice
    assert "start that" in private(store, PrivateRedis(tmp_path / "redis")).advice


@pytest.mark.parametrize(
    ("option", "said"),
    [("db=99", "DB index is out of range"), ("username=ann&password=p", "invalid username-password")],
)
def test_a_redis_that_refuses_us(store: Store, redis_url: str, tmp_path: Path, option: str, said: str) -> None:
    """A Redis that runs and answers, but not to us, is told with its own words."""
    redis = found(store, tmp_path, f"{redis_url}?{option}")["redis"]
    assert said in redis.found
    assert "SYNDICATE_REDIS_URL" in redis.advice


def test_a_redis_that_takes_nothing(
    store: Store, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Redis that is full, or the copy of another, answers; nobody is told to start it."""
    monkeypatch.setattr(Cache, "takes", lambda _: False)
    redis = found(store, tmp_path, redis_url)["redis"]
    assert "takes nothing" in redis.advice


def test_a_redis_of_another_user(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the private Redis runs for another user, nobody is told to start it."""
    monkeypatch.setattr(Cache, "takes", lambda cache: setattr(cache, "failure", "Error 13: Permission denied."))
    assert "as the user" in private(store, PrivateRedis(tmp_path / "redis")).advice


def test_a_store_that_can_only_be_read(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be taken in the doctor says so, and goes on to look at what can be read."""
    monkeypatch.setattr("syndicate.store.health.is_writable", lambda _: False)
    told = wrong(store, tmp_path)
    assert "not written" in told["store"].found
    assert "owner" in told["store"].advice
    assert list(told) == ["store"]


def test_a_private_redis_that_hangs(store: Store, redis_server: PrivateRedis) -> None:
    """Where the private Redis runs and does not answer, nobody is told to start it."""
    assert "hangs or can't write" in private(store, redis_server).advice


def test_a_store_that_fails(tmp_path: Path) -> None:
    """A file that is no database is told with what to do, and a store without tables is not asked for more."""
    (tmp_path / "wire.db").write_bytes(b"rubbish" * 100)
    broken = Store(f"sqlite:///{tmp_path / 'wire.db'}")
    findings = found(broken, tmp_path)
    assert "not a database" in findings["store"].found
    assert list(findings) == ["store", "redis", "disk"]
    (tmp_path / "empty.db").touch()
    empty = Store(f"sqlite:///{tmp_path / 'empty.db'}")
    assert "upgrades the store" in wrong(empty, tmp_path)["store"].advice
    for store in (broken, empty):
        store.close()


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    """Where a data folder is misspelt no store is made to look at, nor its folder."""
    store = Store(f"sqlite:///{tmp_path / 'vaar' / 'wire.db'}")
    findings = found(store, tmp_path)
    assert "there is none yet" in findings["store"].found
    assert list(findings) == ["store", "redis", "disk"]
    store.close()
    assert not (tmp_path / "vaar").exists()


def test_a_store_that_hangs(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that says nothing is told; the doctor does not wait for it."""
    over = threading.Event()
    monkeypatch.setattr("syndicate.doctor.STORE_SECONDS", 0.01)
    monkeypatch.setattr(store, "ping", lambda: over.wait(30))
    assert "no answer within" in wrong(store, tmp_path)["store"].found
    over.set()


def test_a_damaged_store(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the integrity check says is passed on."""
    monkeypatch.setattr(store, "check_integrity", lambda: ("row 7 missing from index",))
    finding = wrong(store, tmp_path)["store"]
    assert "row 7 missing" in finding.found
    assert "its -wal and -shm" in finding.advice


def test_a_full_disk(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is nearly full is told before it is full."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1_000_000))
    assert wrong(store, tmp_path)["disk"].advice.startswith("free some space")


def test_a_clock_that_is_behind(store: Store, tmp_path: Path) -> None:
    """Something that was stored in the future gives a wrong clock away, wherever it stands."""
    assert wrong(store, tmp_path, later=timedelta(seconds=-30)) == {}
    assert wrong(store, tmp_path, later=-HOUR).keys() == {"clock"}
    store.beat("worker", "elsewhere", NOW + 9 * HOUR)
    assert "21:00:00" in wrong(store, tmp_path)["clock"].found


@pytest.mark.parametrize("role", ["scheduler", "worker"])
def test_a_role_that_fell_silent(store: Store, tmp_path: Path, role: str) -> None:
    """A scheduler or worker that was there and is not any more is missed, and no source is called silent for it."""
    rhythm = tuple(NOW - hours * HOUR for hours in (900, 899, 898, 897))
    ingest(store, state=replace(store.source("lake"), rhythm=rhythm))
    store.beat(role, "me", NOW)
    assert wrong(store, tmp_path, later=HOUR / 60).keys() == {"sources"}
    assert wrong(store, tmp_path).keys() == {role}
    assert "`syndicate up`" in wrong(store, tmp_path)[role].advice


def test_sources_that_fail_or_are_silent(store: Store, tmp_path: Path) -> None:
    """A failing source is named with its error, a silent one with its last sign of life; a paused one is left alone."""
    ingest(store, state=replace(store.source("lake"), failures=3, last_error="answered 404"))
    assert wrong(store, tmp_path)["sources"].found == "lake failed 3 times on end: answered 404"
    rhythm = tuple(NOW - hours * HOUR for hours in (900, 899, 898, 897))
    ingest(store, state=replace(store.source("lake"), failures=0, rhythm=rhythm))
    assert "nothing new since" in wrong(store, tmp_path)["sources"].found
    store.set_source_status("lake", "paused")
    assert wrong(store, tmp_path) == {}


def test_a_source_that_ended(store: Store, tmp_path: Path) -> None:
    """A source that answered 410 is not polled any more: a person hears of it, and settles it by pausing it."""
    ended = replace(store.source("lake"), status="gone", last_checked=NOW, last_error="answered 410 Gone")
    ingest(store, state=ended)
    told = wrong(store, tmp_path)["sources"]
    assert "answered 410 Gone" in told.found
    assert "`syndicate ingest lake`" in told.advice
    store.set_source_status("lake", "paused")
    assert wrong(store, tmp_path) == {}


def test_feeds_that_are_missing_or_stale(store: Store, tmp_path: Path) -> None:
    """A feed that was never built, and one whose articles changed since, are named until they are built."""
    store.touch_topics({"all"})
    assert wrong(store, tmp_path)["feeds"].found == "all is older than its articles: it waits to be built"
    store.drop_feeds([])
    assert wrong(store, tmp_path)["feeds"].found == "all was never built as rss, atom, json"
    built(store)
    assert wrong(store, tmp_path) == {}


def test_partners_who_are_not_reached(store: Store, tmp_path: Path) -> None:
    """One whose webhook has ended, or has failed for over an hour, is named with what to do; at first it is not."""
    hook = Webhook("anna", "https://anna.example/in?k=t0ken", "anna.example", "whsec_c2VjcmV0")
    store.add_partner(Partner("anna", "Anna", NOW), "hash", ())
    store.put_webhook(hook, NOW)
    assert found(store, tmp_path)["webhooks"].found == "1 webhooks, all reached"
    lease = ("feed:all", store.acquire("feed:all", "tester", NOW, 60) or 0)
    plain = ("plain", 0)
    store.save_editions("all", [Edition("all", plain, "json", "one", b"", NOW)], {plain}, lease=lease)
    [taken] = store.take_postings(store.postings_due(NOW, (), 9, failing=False), NOW)
    store.post_failed(taken, "answered 500", NOW, NOW)
    assert "webhooks" not in wrong(store, tmp_path, later=HOUR)
    failing = wrong(store, tmp_path, later=2 * HOUR)["webhooks"]
    assert "at anna.example: answered 500" in failing.found
    assert "partners ping anna" in failing.advice
    assert store.end_webhook(store.take_postings(store.postings_due(NOW, (), 9, failing=True), NOW)[0], NOW)
    ended = wrong(store, tmp_path)["webhooks"]
    assert ("it is gone" in ended.found, "--off" in ended.advice, "t0ken" in repr(ended)) == (True, True, False)
