"""Short ways to say what a store test needs; no test logic."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event

from syndicate.model import Article, Cut, Payload, Published, SourceSpec
from syndicate.records import Change, Ingested, Written
from syndicate.store import Store
from syndicate.store.leases import source_lease

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


def spec(key: str = "lake", **fields: Any) -> SourceSpec:
    """A declared feed."""
    return SourceSpec(key, fields.pop("kind", "feed"), fields.pop("location", f"https://{key}.example/feed"), **fields)


def article(source: str = "lake", key: str = "one", **fields: Any) -> Article:
    """A small article."""
    given = {
        "link": f"https://{source}.example/{key}",
        "title": f"The {key}",
        "html": "<p>Water rose – slowly.</p>",
        "text": "Water rose – slowly.",
        "published": NOW - HOUR,
    }
    return Article(source, key, **given | fields)


def change(what: Article | None = None, **fields: Any) -> Change:
    """A new article as planned."""
    what = what or article()
    received = fields.pop("received", NOW)
    given: dict[str, Any] = {
        "kind": "new",
        "published": Published(what, f"https://wire.example/a/{what.id}", received, received),
        "raw": "raw",
        "fingerprint": "print",
        "sketch": (),
        "topics": frozenset({"water"}),
        "payload": "0" * 64,
    }
    return Change(**given | fields)


def cut(text: str = "Share this", **fields: Any) -> Cut:
    """Something cut from an article."""
    return Cut(text, fields.pop("family", "share"), fields.pop("reason", "rule"), **fields)


def declare(store: Store, *keys: str) -> None:
    """Have these sources in the configuration."""
    store.sync_sources([spec(key) for key in keys or ("lake",)], NOW)


def lease(store: Store, source: str = "lake", now: datetime = NOW) -> int:
    """Take the lease of a source."""
    epoch = store.acquire(source_lease(source), "tester", now, 60)
    assert epoch is not None
    return epoch


def ingest(store: Store, *changes: Change, source: str = "lake", **fields: Any) -> Written:
    """Write changes as one ingest of their source does, lease and all."""
    epoch = lease(store, source)
    try:
        return store.write(ingested(store, epoch, *changes, source=source, **fields))
    finally:
        store.release(source_lease(source), epoch)


def ingested(store: Store, epoch: int, *changes: Change, source: str = "lake", **fields: Any) -> Ingested:
    """One ingest's outcome."""
    state = fields.pop("state", None) or replace(store.source(source), etag='"v1"', last_checked=NOW)
    return Ingested(source, epoch, state, fields.pop("now", NOW), tuple(changes), **fields)


def payload(body: bytes = b"<rss/>", url: str = "https://lake.example/feed") -> Payload:
    """A raw payload."""
    return Payload(body, url, "application/rss+xml", NOW - HOUR)


def transactions(store: Store) -> list[str]:
    """What will hold one entry for each transaction that the store begins from now on."""
    begun: list[str] = []
    event.listen(store._engine, "begin", lambda connection: begun.append("begin"))
    return begun


def before_first(store: Store, statement: str, act: Callable[[], object]) -> None:
    """Do something once, just before the store's first statement that begins so."""
    waiting = [act]

    @event.listens_for(store._engine, "before_cursor_execute")
    def watch(connection: Any, cursor: Any, said: str, *rest: Any) -> None:
        if said.startswith(statement) and waiting:
            waiting.pop()()


def settle(store: Store) -> None:
    """Forget what waits to be published."""
    store.done_topics([row for row, _ in store.pending_topics(99)])


def waiting(store: Store) -> set[str]:
    """Give the topics that wait to be published."""
    return {topic for _, topic in store.pending_topics(99)}
