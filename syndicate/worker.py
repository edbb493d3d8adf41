"""The worker's door: takes runs from the queue and carries them out."""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from dramatiq import Worker

from syndicate.errors import StoreError
from syndicate.ingest.batch import Runs, holder
from syndicate.queue import Queue, declare
from syndicate.store import Store

log = structlog.get_logger()

THREADS = 4
BEAT_SECONDS = 10.0


def work(queue: Queue, runs: Runs, store: Store, now: Callable[[], datetime], stop: threading.Event) -> None:
    """Work until `stop` is set, then finish what was begun. Tells the store every few seconds that it lives."""

    def carry_out(run_id: str) -> None:
        run = store.run(run_id)
        if run is None or run.state in {"done", "failed"}:
            return  # the message came twice, or its run was given up
        runs.execute(run)

    declare(queue.broker, carry_out)
    worker = Worker(queue.broker, worker_threads=THREADS, worker_timeout=500)
    worker.start()
    log.info("worker ready", threads=THREADS)
    try:
        while not stop.wait(BEAT_SECONDS):
            beat(store, "worker", now())
    finally:
        worker.stop(timeout=10_000)


def beat(store: Store, role: str, at: datetime) -> None:
    """Leave a sign of life; a store that can't take it now is no reason to die."""
    try:
        store.beat(role, holder(), at)
    except StoreError as error:
        log.warning("no heartbeat", role=role, reason=str(error))
