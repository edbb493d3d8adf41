"""The scheduler's door: APScheduler ticks, finds what is due, and queues it. One leader, any number in reserve."""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from syndicate.errors import QueueFullError, StoreError, SyndicateError
from syndicate.ingest.orders import BY_HAND, end_orphans
from syndicate.queue import Queue
from syndicate.records import Run
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.store.holders import holder
from syndicate.worker import beat

log = structlog.get_logger()

TICK_SECONDS = 5
UPKEEP_SECONDS = 3_600
LEASE = "scheduler"
LEADER_SECONDS = 30.0
DUE_AT_ONCE = 200
SOURCES_A_RUN = 8
LOOKS_IN_VAIN = 24  # of one every tick: two minutes, when another has the lease for long
RESEND_AFTER = {"queued": timedelta(minutes=1), "running": timedelta(minutes=10)}
GIVE_UP_AFTER = timedelta(hours=2)


@dataclass(slots=True)
class Ticker:
    """What happens at every tick. Only the holder of the leader's lease does anything.

    `steps` counts what was done or begun, so that who looks from outside sees that it gets on; `doing` names the last.
    `publish` is given what to call before each topic.
    """

    store: Store
    queue: Queue
    settings: Settings
    publish: Callable[[Callable[[str], None]], object]
    now: Callable[[], datetime]
    epoch: int | None = None
    name: str = field(default_factory=holder)
    lock: threading.Lock = field(default_factory=threading.Lock)
    sent: dict[str, datetime] = field(default_factory=dict)
    steps: int = 0
    doing: str = "nothing"

    def tick(self) -> None:
        """Queue what is due, send again what got lost, publish what was left. Never raises."""
        self._step("asking who leads")
        try:
            if (epoch := self._epoch()) is not None:
                self._step("looking for what is due")
                self.store.ping()  # nothing is queued into a file that is lost
                beat(self.store, "scheduler", self.now())
                self._queue_due(epoch)
                if self.store.pending_topics(1) or self.store.unclassified_topics():
                    self.publish(lambda topic: self._step(f"publishing {topic}"))
        except SyndicateError as error:
            log.error("tick failed", reason=str(error))
        self._step("waiting for the next tick")

    def upkeep(self) -> None:
        """Forget payloads and runs that are old enough."""
        kept = self.settings.ingest
        try:
            if self._epoch() is not None:
                pruned = self.store.prune(self.now(), kept.payload_days, kept.run_days)
                log.info("pruned", rows=pruned)
        except StoreError as error:
            log.error("upkeep failed", reason=str(error))

    def leave(self) -> None:
        """Give the lease back, so that a reserve can take over at once."""
        if self.epoch is not None:
            self.store.release(LEASE, self.epoch)
            self.epoch = None

    def _step(self, doing: str) -> None:
        self.steps, self.doing = self.steps + 1, doing

    def _epoch(self) -> int | None:
        """The epoch under which we lead now; None while another does."""
        with self.lock:  # ticks and upkeep run in threads of their own
            if self.epoch is None or not self.store.renew(LEASE, self.epoch, self.now(), LEADER_SECONDS):
                self.epoch = self.store.acquire(LEASE, self.name, self.now(), LEADER_SECONDS)
            return self.epoch

    def _queue_due(self, epoch: int) -> None:
        now = self.now()
        end_orphans(self.store, BY_HAND, now)  # nobody else would, and their sources would wait
        open_runs = self.store.open_runs()
        self._mind([run for run in open_runs if run.trigger != BY_HAND], now)
        busy = {key for run in open_runs for key in run.sources}
        due = [state.spec.key for state in self.store.due_sources(now, DUE_AT_ONCE) if state.spec.key not in busy]
        try:
            for keys in _parts(due):
                self._step("queueing what is due")
                self.queue.enqueue(keys, "schedule", lease=(LEASE, epoch))
        except QueueFullError as error:
            log.warning("queue full", reason=str(error))

    def _mind(self, open_runs: Sequence[Run], now: datetime) -> None:
        """Send again, once in a while, runs whose message or worker seems lost; give up what nobody finishes.

        Sending again does no harm where nothing was lost: a finished run is left alone, and sources are leased.
        """
        there = True  # while Redis is away one run a tick tries whether it is back
        # A run that began in the future began under a clock that was ahead; nobody waits for that time to come round.
        self.sent = {run.id: min(self.sent.get(run.id, run.started), now) for run in open_runs}
        for run in open_runs:
            if abs(now - run.started) > GIVE_UP_AFTER:
                self.store.finish_run(run.id, "failed", [{"error": "given up: no worker finished it in time"}], now)
            elif there and now - self.sent[run.id] > RESEND_AFTER[run.state]:
                self._step("sending a run again")
                if there := self.queue.send(run):
                    self.sent[run.id] = now


class Pulse(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires `interval` after it was last looked at, so that a clock that jumped ahead leaves nothing to be made up for.

    APScheduler's own interval lists every time that was missed, which after years are more than fit in memory.
    """

    def __init__(self, seconds: float) -> None:
        self.interval = timedelta(seconds=seconds)

    def __str__(self) -> str:
        return f"every {self.interval.total_seconds():g} s"

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:  # noqa: ARG002 - APScheduler's signature
        """One interval from now."""
        return now + self.interval


class Watch:
    """Tells a ticker that hangs. It counts its looks, not time: who was asleep or under another clock has not hung."""

    def __init__(self, ticker: Ticker) -> None:
        self._ticker = ticker
        self._seen = -1
        self._in_vain = 0

    def hangs(self) -> bool:
        """Whether nothing at all has got on over the last looks, of which this is one."""
        self._in_vain = 0 if self._seen != self._ticker.steps else self._in_vain + 1
        self._seen = self._ticker.steps
        return self._in_vain >= LOOKS_IN_VAIN


def schedule(ticker: Ticker, stop: threading.Event) -> None:
    """Tick until `stop` is set. Late ticks are made up for once, never dropped, never doubled.

    When they hang, the process ends at once: whatever is waited for, a new one asks anew.
    """
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    start = ticker.now()
    scheduler.add_job(ticker.tick, Pulse(TICK_SECONDS), next_run_time=start)
    scheduler.add_job(ticker.upkeep, Pulse(UPKEEP_SECONDS), next_run_time=start)
    scheduler.start()
    log.info("scheduler ready", tick_seconds=TICK_SECONDS)
    watch = Watch(ticker)
    try:
        while not stop.wait(TICK_SECONDS):
            _follow_the_clock(scheduler, ticker.now())
            if watch.hangs():
                log.error("scheduler hangs; it ends, to be started again", doing=ticker.doing)
                os._exit(1)  # its thread would keep us
    finally:
        scheduler.shutdown(wait=True)
        ticker.leave()


def _follow_the_clock(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Let no job wait longer than its interval: when the clock was set back, its time lies hours ahead."""
    for job in scheduler.get_jobs():
        if job.next_run_time > now + job.trigger.interval:
            job.modify(next_run_time=now)


def _parts(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[i : i + SOURCES_A_RUN] for i in range(0, len(keys), SOURCES_A_RUN)]
