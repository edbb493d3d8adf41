"""The product's intake in one process: a real store, a real fetcher, a real sandbox, and a clock that tests turn."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from syndicate.ingest.collect import Collector
from syndicate.ingest.fetch import Fetcher
from syndicate.ingest.run import Ingestion, SourceReport
from syndicate.model import Article, SourceSpec
from syndicate.publish import drain
from syndicate.settings import FetchSettings, Settings
from syndicate.store import Store
from tests.faults.one_ingest import NoCache

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FETCH = FetchSettings(host_pause_seconds=0, total_seconds=1, per_host=8, wire_bytes=2_000_000, decoded_bytes=4_000_000)


class Runner(Protocol):
    """What stands for the sandbox."""

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call the function somewhere."""


@dataclass(slots=True)
class World:
    """A store with sources, and `now`, which only tests move."""

    settings: Settings
    store: Store
    ingestion: Ingestion
    now: datetime = field(default=NOON)

    def ingest(self, key: str, holder: str = "one") -> SourceReport:
        return self.ingestion.ingest(key, holder)

    def publish(self) -> dict[str, bytes]:
        """Publish what is touched; the feeds of everything, by format."""
        drain(self.store, NoCache(), self.settings, self.now)
        rows = {name: self.store.feed("all", name) for name in ("rss", "atom", "json")}
        return {name: row.body for name, row in rows.items() if row is not None}

    def articles(self, source: str) -> dict[str, Article]:
        """The stored articles of a source, by key."""
        return {
            one.published.article.key: one.published.article for one in self.store.articles(source=source, limit=10_000)
        }

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@contextmanager
def world(folder: Path, sandbox: Runner, sources: Sequence[SourceSpec], **settings: object) -> Iterator[World]:
    """Open a world with these sources."""
    given = {"fetch": FETCH, "data_dir": folder, "allow_private": ("127.0.0.1",), **settings}
    made = Settings.model_validate(given)
    store = Store(made.store_url)
    try:
        store.upgrade()
        store.sync_sources(sources, NOON)  # not by way of the settings, which refuse some of them already
        collector = Collector(Fetcher(made.fetch, made.allow_private))
        here = World(made, store, None)  # type: ignore[arg-type] # the ingestion needs the world's clock first
        here.ingestion = Ingestion(store, collector, sandbox, made, lambda: here.now)  # type: ignore[arg-type] # see Runner
        yield here
    finally:
        store.close()
