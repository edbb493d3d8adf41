"""One ingest of everything that is configured, then publishing: the program that the tests of crashes kill.

    python -m tests.faults.one_ingest DATA_DIR FEED_URL NOW ATTEMPTS KILOBYTES

It is wired like the product, but for the sandbox: read and prepare run in the process itself, so that the only process
there is to kill is the one that writes. `INGESTED` is printed at the end. When the store fails, `STORE` says why, and
the next attempt is made by the same process, ten minutes later by its clock. KILOBYTES is how large a file may become (0: any size);
what the sandbox's keeper would have loaded by then is loaded before, because it needs files of its own.
"""

import resource
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from syndicate.errors import StoreError
from syndicate.ingest.collect import Collector
from syndicate.ingest.fetch import Fetcher
from syndicate.ingest.process import warm
from syndicate.ingest.run import Ingestion, SourceReport
from syndicate.model import SourceSpec
from syndicate.publish import drain
from syndicate.settings import FetchSettings, Settings
from syndicate.store import Store

FEED, DESK = "feed", "desk"


class Inline:
    """A sandbox that isn't one."""

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)


class NoCache:
    """A cache that keeps nothing."""

    def put_feed(self, row: object) -> None:
        """Forget the feed."""


def settings_for(data_dir: Path, url: str) -> Settings:
    """A feed over HTTP and a folder of files beside the store."""
    return Settings(
        data_dir=data_dir,
        allow_private=("127.0.0.1",),
        fetch=FetchSettings(host_pause_seconds=0, total_seconds=10),
        sources=(SourceSpec(FEED, "feed", url), SourceSpec(DESK, "folder", str(data_dir / "desk"))),
    )


def open_store(settings: Settings, now: datetime) -> Store:
    """The store, ready to be used; every start of the product does this much."""
    store = Store(settings.store_url)
    store.upgrade()
    store.sync_sources(settings.sources, now)
    return store


def ingest(settings: Settings, store: Store, now: datetime) -> list[SourceReport]:
    """Take in both sources, then publish."""
    collector = Collector(Fetcher(settings.fetch, settings.allow_private))
    ingestion = Ingestion(store, collector, Inline(), settings, lambda: now)  # type: ignore[arg-type] # see Inline
    reports = [ingestion.ingest(key, "one-ingest") for key in (FEED, DESK)]
    drain(store, NoCache(), settings, now)
    return reports


def main() -> None:
    data_dir, url, now = Path(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3])
    attempts, kilobytes = (int(word) for word in sys.argv[4:6])
    if kilobytes:
        warm()
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))
    settings = settings_for(data_dir, url)
    opened: list[Store] = []
    for attempt in range(attempts):
        later = now + attempt * timedelta(minutes=10)
        try:
            opened = opened or [open_store(settings, later)]
            reports = ingest(settings, opened[0], later)
        except StoreError as error:
            print(f"STORE {error}")
        else:
            opened[0].close()
            print("INGESTED", *(f"{report.source}={report.outcome}:{report.error}" for report in reports))
            return
    sys.exit(1)


if __name__ == "__main__":
    main()
