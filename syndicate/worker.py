"""The worker's door: takes runs from the queue and carries them out."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from dramatiq import Worker
from dramatiq.errors import Retry

from syndicate.errors import StoreError
from syndicate.queue import Queue, declare
from syndicate.store import Store
from syndicate.store.holders import holder
from syndicate.store.leases import run_lease

if TYPE_CHECKING:
    from syndicate.ingest.batch import Runs  # who beats as a worker does has no use for what carries runs out

log = structlog.get_logger()

THREADS = 4
BEAT_SECONDS = 10.0
# Renewed at every beat. A dead worker's runs are free again before Dramatiq delivers them anew, after a minute.
HAND_SECONDS = 45.0
STOP_MILLISECONDS = 6_000  # what is not done by then is done again by the next worker


@dataclass(slots=True)
class Hands:
    """The runs that this worker has in hand, so that one that is delivered twice is not carried out twice at once."""

    store: Store
    now: Callable[[], datetime]
    epochs: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def on(self, run_id: str) -> Iterator[bool]:
        """Take a run in hand; gives False when another has it."""
        epoch = self.store.acquire(run_lease(run_id), holder(), self.now(), HAND_SECONDS)
        if epoch is None:
            yield False
            return
        self.epochs[run_id] = epoch
        try:
            yield True
        finally:
            self.epochs.pop(run_id, None)  # delivered again after it slept, it was taken up twice
            self.store.release(run_lease(run_id), epoch)

    def hold(self) -> None:
        """Keep what is in hand, for another while."""
        for run_id, epoch in tuple(self.epochs.items()):
            self.store.renew(run_lease(run_id), epoch, self.now(), HAND_SECONDS)


def work(queue: Queue, runs: "Runs", store: Store, now: Callable[[], datetime], stop: threading.Event) -> None:
    """Work until `stop` is set, then finish what was begun. Tells the store every few seconds that it lives."""
    hands = Hands(store, now)

    def carry_out(run_id: str) -> None:
        try:
            with hands.on(run_id) as ours:
                run = store.run(run_id) if ours else None
                if run is not None and run.state not in {"done", "failed"}:  # else it came twice, or was given up
                    runs.execute(run)
        except StoreError as error:
            log.error("run not carried out; it is tried again", run=run_id, reason=str(error))
            raise Retry(str(error)) from error  # of any other the queue logs a traceback

    declare(queue.broker, carry_out)
    worker = Worker(queue.broker, worker_threads=THREADS, worker_timeout=500)
    worker.start()
    log.info("worker ready", threads=THREADS)
    try:
        while not stop.is_set():
            _live(hands)
            stop.wait(BEAT_SECONDS)
    finally:
        worker.stop(timeout=STOP_MILLISECONDS)


def _live(hands: Hands) -> None:
    beat(hands.store, "worker", hands.now())
    try:
        hands.hold()
    except StoreError as error:
        log.warning("runs in hand not renewed", reason=str(error))


def beat(store: Store, role: str, at: datetime) -> None:
    """Leave a sign of life; a store that can't take it now is no reason to die."""
    try:
        store.beat(role, holder(), at)
    except StoreError as error:
        log.warning("no heartbeat", role=role, reason=str(error))
