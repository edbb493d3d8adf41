"""The house that the machine of the life of articles acts on: a real store and all flows, with the web in memory.

Processes die here, as by `kill -9`, at the calls of the store named in `SEAMS`; who comes next opens the store anew.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from lxml import etree
from sqlalchemy import select

from syndicate.bootstrap import open_store
from syndicate.errors import FetchError, GoneError, KilledError, OfflineError
from syndicate.ingest.collect import Collector
from syndicate.ingest.fetch import Fetched
from syndicate.ingest.process import prepare
from syndicate.ingest.redo import Rebuilt, Redo
from syndicate.ingest.run import Ingestion, SourceReport
from syndicate.model import Payload, SourceSpec, TopicSpec
from syndicate.publish import drain
from syndicate.records import Ruling
from syndicate.rules import are_applied
from syndicate.settings import PublishSettings, Settings
from syndicate.store import Store
from syndicate.store.tables import metadata
from tests.e2e.chronicle import Paper
from tests.faults.one_ingest import NoCache

# Where a process may die: before or after this call of its store has done its work.
SEAMS = tuple(
    (name, when)
    for name in ("keep_payload", "write", "save_state", "acquire", "save_feed", "done_topics")
    for when in ("before", "after")
)
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


class DeadError(BaseException):
    """The process was killed."""


@dataclass(slots=True)
class Web:
    """Papers by their addresses; `meanwhile` is called once, while one of them is asked."""

    papers: dict[str, Paper]
    meanwhile: Callable[[], object] | None = None

    def get(self, url: str, *, etag: str = "", modified: str = "", accept: str = "") -> Fetched:
        """What the product's fetcher gives, or raises."""
        interruption, self.meanwhile = self.meanwhile, None
        paper = self.papers[url]
        body = _answer(paper)
        if interruption:
            interruption()
        tag = sha256(body).hexdigest()[:16] if paper.validates else ""
        if tag and tag == etag:
            return Fetched(304, url, etag=tag)
        return Fetched(200, url, Payload(body, url, "application/rss+xml"), etag=tag)


def _answer(paper: Paper) -> bytes:
    whole = paper.rss()
    match paper.answers:
        case "missing" | "broken":
            status = 404 if paper.answers == "missing" else 500
            raise FetchError(f"answered {status}", status=status)
        case "gone":
            raise GoneError("answered 410", status=410)
        case "offline":
            raise OfflineError("no route")
        case "garbage":
            return b"<!doctype html><html><body><h1>Be back soon</h1></body></html>"
        case "empty":
            return b"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title></channel></rss>"
        case "truncated":
            return whole[: len(whole) * 2 // 3]
    return whole


def _is_withdrawn(item: dict[str, Any]) -> bool:
    return bool(item.get("_syndicate", {}).get("status") == "withdrawn")


@dataclass(slots=True)
class Bench:
    """A sandbox in this process, in which articles with one of the words of `poison` in their titles kill the child."""

    poison: set[str] = field(default_factory=set)

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        if function is prepare and any(word in found.entry.title for found in args[0].found for word in self.poison):
            raise KilledError("killed: out of memory")
        return function(*args)


@dataclass(slots=True)
class Newsroom:
    """Everything that a machine runs, over one store; `now` is moved by `later` alone.

    `worked` counts by source what may have changed its articles since they were published.
    """

    folder: Path
    database_url: str
    web: Web
    declared: dict[str, SourceSpec]
    topics: tuple[TopicSpec, ...]
    now: datetime = NOON
    bench: Bench = field(default_factory=Bench)
    worked: Counter[str] = field(default_factory=Counter)
    settings: Settings = field(init=False)
    store: Store = field(init=False)

    def open(self) -> None:
        """Start with the configuration of now."""
        self.settings = Settings(
            data_dir=self.folder,
            database_url=self.database_url,
            base_url="https://wire.example.org",
            sources=tuple(self.declared.values()),
            topics=self.topics,
            publish=PublishSettings(items=200),
        )
        self.store = open_store(self.settings, self._clock)

    def close(self) -> None:
        self.store.close()

    def restart(self) -> None:
        """End, and start with the configuration of now."""
        self.close()
        self.open()

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def ingest(self, key: str) -> SourceReport:
        """Poll a source."""
        self.later(minutes=1)
        self.worked[key] += 1
        ingestion = Ingestion(self.store, Collector(self.web), self.bench, self.settings, self._clock)  # type: ignore[arg-type]
        return ingestion.ingest(key, "somebody")

    def publish(self) -> None:
        """Build what waits."""
        drain(self.store, NoCache(), self.settings, self.now, lambda: are_applied(self.store, self.settings))
        self.worked.clear()

    def rebuild(self, key: str, *, dry_run: bool) -> Rebuilt:
        self.later(minutes=1)
        self.worked[key] += not dry_run
        return self._redo().rebuild(key, "somebody", dry_run=dry_run)

    def replay(self) -> dict[int, bool]:
        """Replay all that waits in quarantine; says what went through."""
        waiting = self.store.quarantine("waiting")
        self.worked.update(item.rejected.source for item in waiting)
        return {item.id: not self._redo().replay(item.id, "somebody") for item in waiting}

    def rule(self, scope: str, block: str, verdict: str, text: str) -> None:
        """Rule on a block, or take that back (""); and apply it to what is stored, as the command does."""
        if verdict:
            self.store.rule(Ruling(scope, block, "cut" if verdict == "cut" else "keep", text, self.now))
        else:
            self.store.unrule(scope, block)
        for state in self.store.sources():
            if scope in ("*", state.spec.key):
                self.rebuild(state.spec.key, dry_run=False)

    def killed(self, seam: tuple[str, str], work: Callable[[], object]) -> bool:
        """Work, but die at a seam if it is come to; says whether it was. The lease of the dead runs out then."""
        name, when = seam
        store, died = self.store, False
        real = getattr(store, name)

        def last(*args: Any, **kwargs: Any) -> None:
            if when == "after":
                real(*args, **kwargs)
            for other in ("release", "release_all"):
                setattr(store, other, lambda *_: None)
            raise DeadError

        setattr(store, name, last)
        try:
            work()
        except DeadError:
            died = True
        self.restart()
        if died:
            self.later(minutes=6)
        return died

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that is stored, but for leases."""
        with self.store.reading("everything") as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
                if table.name != "leases"
            }

    def etags(self) -> dict[tuple[str, str], str]:
        """The ETag of every feed."""
        return {name: etag for name, (_, etag) in self.store.feed_versions().items()}

    def items(self, topic: str) -> list[dict[str, Any]]:
        """What a topic's feed shows, newest first; it stands there in every format."""
        return [item for item in self._all_items(topic) if not _is_withdrawn(item)]

    def withdrawn(self, topic: str) -> list[str]:
        """The guids of which a topic's feed tells that they were withdrawn, in every format."""
        told = [item["id"] for item in self._all_items(topic) if _is_withdrawn(item)]
        for format_ in ("rss", "atom"):
            row = self.store.feed(topic, "rss" if format_ == "rss" else "atom")
            assert row, topic
            assert [e.get("ref") for e in etree.fromstring(row.body).iter("{*}deleted-entry")] == told
        return told

    def _all_items(self, topic: str) -> list[dict[str, Any]]:
        row = self.store.feed(topic, "json")
        assert row, topic
        found: list[dict[str, Any]] = json.loads(row.body)["items"]
        return found

    def _redo(self) -> Redo:
        return Redo(self.store, self.bench, self.settings, self._clock)  # type: ignore[arg-type]

    def _clock(self) -> datetime:
        return self.now
