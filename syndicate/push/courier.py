"""The courier: has what is due to others asked and brought, for our hub, for webhooks and at hubs of sources.

There is one to a worker. It finds in the store what is due, takes a part of it upon itself, and does that in threads,
each with a total deadline. There is room of its own for questions, for deliveries, and for deliveries to who failed
last; only so much of it is for one host, and half for all that were slow before: nobody who is slow or gone holds up
the others for long. What a courier had in hand when it died is due again in a minute.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from syndicate.errors import SyndicateError
from syndicate.records_pushed import SourceSubscription
from syndicate.records_served import HubRequest, Posting, Subscription

log = structlog.get_logger(__name__)

ROOM = {
    "questions": 4, "deliveries": 8, "retries": 4, "postings": 8, "posted again": 4, "asks": 4, "looks": 4,
}  # fmt: skip # threads
PER_HOST = 4  # of these, for one host
SLOW_SECONDS = 3.0  # for an exchange; one that hangs takes ten
_SLOW_HOSTS = 500  # remembered
HAND = timedelta(minutes=1)  # how long something is in hand; an exchange has a sixth of that
LOOK_SECONDS = 1.0  # between two looks, unless a new edition is told of
UPKEEP = timedelta(minutes=1)
STOP_SECONDS = 2.0
_LOOKED_AT = 100  # of what is due, in one look

Owed = HubRequest | Subscription | Posting | SourceSubscription


class Notices(Protocol):
    """Tells of new editions."""

    def wait(self, seconds: float) -> object | None:
        """Wait for one, so long at most; None when none came."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of what is due: how it is found, taken and done."""

    room: int
    due: Callable[[datetime, Collection[str], int], Sequence[Any]]
    take: Callable[[Sequence[Any], datetime], Sequence[Any]]
    do: Callable[[Any], None]


class Runner(Protocol):
    """Runs errands, each of which raises StoreError when what became of it can't be stored."""

    @property
    def lanes(self) -> Mapping[str, Lane]:
        """What is to be found and done, by names that are nobody else's."""

    def tidy(self, now: datetime) -> None:
        """What has to be done now and then."""


class Courier:
    """Has errands run until it is stopped."""

    def __init__(self, runners: Sequence[Runner], now: Callable[[], datetime]) -> None:
        self._runners = runners
        self._now = now
        self._lanes = {name: lane for runner in runners for name, lane in runner.lanes.items()}
        self._running: Counter[tuple[str, str]] = Counter()  # by lane and host
        self._slow: set[str] = set()
        self._lock = threading.Lock()
        self._freed = threading.Event()
        self._stop = threading.Event()
        self._tidied: datetime | None = None

    @contextmanager
    def at_work(self, notices: Notices) -> Iterator[None]:
        """Work in a thread within the block; at its end, what is under way is left to others after a moment."""
        thread = threading.Thread(target=self._work, args=(notices,), name="courier", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.stop()
            ends = time.monotonic() + STOP_SECONDS
            thread.join(STOP_SECONDS)
            while self.busy and (left := ends - time.monotonic()) > 0:
                self._freed.clear()
                self._freed.wait(min(left, 0.1))

    def stop(self) -> None:
        """Begin nothing new."""
        self._stop.set()
        self._freed.set()

    @property
    def busy(self) -> int:
        """How much is under way."""
        with self._lock:
            return self._running.total()

    def look(self) -> bool:
        """Begin what is due, as far as there is room; says whether something may have been left for want of it."""
        now = self._now()
        if self._tidied is None or abs(now - self._tidied) >= UPKEEP:
            self._tidied = now
            for runner in self._runners:
                runner.tidy(now)
        left = [self._begin(name, lane, now) for name, lane in self._lanes.items()]
        return any(left)

    # --- finding and beginning ---

    def _work(self, notices: Notices) -> None:
        while not self._stop.is_set():
            self._freed.clear()
            if self._looked():
                self._freed.wait(LOOK_SECONDS)
                continue
            began = time.monotonic()
            if notices.wait(LOOK_SECONDS) is None:  # without Redis it says so at once
                self._stop.wait(max(0.0, LOOK_SECONDS - (time.monotonic() - began)))

    def _looked(self) -> bool:
        try:
            return self.look()
        except SyndicateError as error:
            log.error("nothing delivered", reason=str(error))
        except Exception:  # a bug in one look must not end the courier: silence would be worse
            log.exception("nothing delivered")
        return False

    def _begin(self, name: str, lane: Lane, now: datetime) -> bool:
        with self._lock:
            running = Counter({host: count for (of, host), count in self._running.items() if of == name})
            slow = frozenset(self._slow)
        free = lane.room - running.total()
        if free <= 0:
            return True
        full = {host for host, count in running.items() if count >= PER_HOST}
        free_for_slow = lane.room // 2 - sum(running[host] for host in slow)
        if free_for_slow <= 0:
            full |= slow
        found = lane.due(now, full, _LOOKED_AT)
        chosen = _fair(found, running, free, slow, free_for_slow)
        if not chosen:
            return bool(full)
        for owed in lane.take(chosen, now + HAND):
            self._start(name, lane, owed)
        return bool(full) or len(chosen) < len(found)

    def _start(self, name: str, lane: Lane, owed: Owed) -> None:
        with self._lock:
            self._running[name, owed.host] += 1
        thread = threading.Thread(target=self._carry, args=(name, lane, owed), name=f"push {owed.host}", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # no memory or no threads left, for the moment
            log.error("not begun", host=owed.host, reason=str(error))
            self._end(name, owed)

    def _carry(self, name: str, lane: Lane, owed: Owed) -> None:
        began = time.monotonic()
        try:
            lane.do(owed)
        except SyndicateError as error:
            log.error("what became of it is not stored; it is done again", host=owed.host, reason=str(error))
        except Exception:
            log.exception("not delivered", host=owed.host)
        finally:
            self._remember(owed.host, slow=time.monotonic() - began > SLOW_SECONDS)
            self._end(name, owed)

    def _remember(self, host: str, *, slow: bool) -> None:
        with self._lock:
            if not slow:
                self._slow.discard(host)
            elif len(self._slow) < _SLOW_HOSTS:
                self._slow.add(host)

    def _end(self, name: str, owed: Owed) -> None:
        with self._lock:
            self._running[name, owed.host] -= 1
            if not self._running[name, owed.host]:
                del self._running[name, owed.host]
        self._freed.set()


def _fair(
    found: Iterable[Owed], running: Counter[str], free: int, slow: Collection[str], free_for_slow: int
) -> list[Owed]:
    """So many of these, in their order, that no host has more than its share, nor those that are slow."""
    running = running.copy()
    chosen: list[Owed] = []
    for owed in found:
        is_slow = owed.host in slow
        if len(chosen) < free and running[owed.host] < PER_HOST and (free_for_slow > 0 or not is_slow):
            running[owed.host] += 1
            free_for_slow -= is_slow
            chosen.append(owed)
    return chosen
