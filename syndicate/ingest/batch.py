"""Runs: many sources taken in side by side, one report, and the touched feeds published at the end."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal

import structlog

from syndicate.errors import StoreError
from syndicate.ingest.lease import LEASE_SECONDS
from syndicate.ingest.orders import INTERRUPTED, end_orphans
from syndicate.ingest.reasons import told
from syndicate.ingest.run import Ingestion, SourceReport
from syndicate.publish import Report
from syndicate.records import Run
from syndicate.store import Store
from syndicate.store.holders import holder
from syndicate.store.leases import run_lease

log = structlog.get_logger()

SIDE_BY_SIDE = 4  # sources of one run that are polled at the same time


class Runs:
    """Writes runs down, carries them out, and reports.

    `again` is what to do with a source in runs of these triggers; in all others it is polled.
    """

    def __init__(
        self,
        store: Store,
        ingestion: Ingestion,
        publish: Callable[[], Report],
        now: Callable[[], datetime],
        again: Mapping[str, Callable[[str, str], SourceReport]] = MappingProxyType({}),
    ) -> None:
        self._store = store
        self._ingestion = ingestion
        self._publish = publish
        self._now = now
        self._again = again

    def execute(self, run: Run, progress: Callable[[SourceReport], None] = lambda _: None) -> Run:
        """Carry a run out: every source in its turn, then publish what was touched. Returns the finished run.

        `progress` hears each source's report as it ends. Raises StoreError when the store fails; the run then stays
        unfinished and is carried out again. When it is interrupted, what was under way is left to the next run.
        """
        self._store.start_run(replace(run, state="running"))
        reports: list[SourceReport] = []
        try:
            for report in self._each(run):
                reports.append(report)
                progress(report)
        except KeyboardInterrupt:
            self._store.release_all()
            self._store.finish_run(run.id, "failed", [*(r.as_json() for r in reports), INTERRUPTED], self._now())
            raise
        if any(report.outcome == "offline" for report in reports):
            log.warning("our own network is down: no source can be asked; all are asked again soon")
        published = self._publish()
        failed = published.topics("failed")
        if failed:
            log.error("feeds not published", topics=failed)
        lines = tuple(r.as_json() for r in sorted(reports, key=lambda r: run.sources.index(r.source)))
        hopeless = bool(reports) and all(r.outcome in {"failed", "offline"} for r in reports)
        state: Literal["done", "failed"] = "failed" if hopeless else "done"
        finished = replace(run, state=state, finished=self._now(), report=lines)
        self._store.finish_run(run.id, state, lines, self._now())
        return finished

    def execute_here(self, run: Run, progress: Callable[[SourceReport], None] = lambda _: None) -> Run:
        """Carry a run out that no worker knows of. First it ends those that were so carried out until they were killed.

        It is interrupted by KeyboardInterrupt alone; then the caller must end the process, whose threads still poll.
        """
        end_orphans(self._store, run.trigger, self._now())
        with self._in_hand(run_lease(run.id)):
            return self.execute(run, progress)

    @contextmanager
    def _in_hand(self, lease: str) -> Iterator[None]:
        """Hold the lease of a run for as long as it takes: one that nobody holds was killed (`end_orphans`)."""
        epoch = self._store.acquire(lease, holder(), self._now(), LEASE_SECONDS) or 0
        done = threading.Event()

        def keep() -> None:
            while not done.wait(LEASE_SECONDS / 10):
                with suppress(StoreError):  # the next time may do
                    self._store.renew(lease, epoch, self._now(), LEASE_SECONDS)

        threading.Thread(target=keep, name=lease, daemon=True).start()
        try:
            yield
        finally:
            done.set()
            self._store.release(lease, epoch)

    def _each(self, run: Run) -> Iterator[SourceReport]:
        sources, work = run.sources, self._again.get(run.trigger, self._ingestion.ingest)
        pool = ThreadPoolExecutor(min(SIDE_BY_SIDE, max(len(sources), 1)), thread_name_prefix="ingest")
        patient = True
        try:
            futures = {pool.submit(work, key, holder()): key for key in sources}
            for future in as_completed(futures):
                try:
                    yield future.result()
                except StoreError:
                    raise
                except Exception as error:  # a bug met by one source must not stop the others
                    log.exception("run without a source", source=futures[future])
                    yield SourceReport(futures[future], "failed", error=told(error))
        except KeyboardInterrupt:
            patient = False  # a slow source must not keep us from ending
            raise
        finally:
            pool.shutdown(wait=patient, cancel_futures=not patient)
