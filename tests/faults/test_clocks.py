"""The scheduler under a clock that is late, set back or set ahead: it goes on ticking, once at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers import base as apscheduler_base

from syndicate import scheduler
from syndicate.scheduler import Pulse, schedule
from tests.e2e.waiting import until
from tests.faults.world import NOON


class Clock:
    """The system's clock, set wrong by `shift`."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self, zone: object = None) -> datetime:
        """What APScheduler and the ticker take for the time."""
        return datetime.now(UTC) + self.shift


class Counting:
    """Stands for the ticker, and counts."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock.now
        self.ticks = self.upkeeps = 0
        self.left = False

    @property
    def steps(self) -> int:
        return self.ticks

    def tick(self) -> None:
        self.ticks += 1

    def upkeep(self) -> None:
        self.upkeeps += 1

    def leave(self) -> None:
        self.left = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that APScheduler goes by, and ticks that come quickly."""
    made = Clock()
    monkeypatch.setattr(apscheduler_base, "datetime", made)
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.05)
    return made


@contextmanager
def scheduling(ticker: Counting) -> Iterator[None]:
    """The scheduler as `syndicate schedule` runs it, in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=schedule, args=(ticker, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert ticker.left


def test_what_is_late_is_made_up_for_once(clock: Clock) -> None:
    """A scheduler that slept for hours does its upkeep at once and once; APScheduler alone would drop it."""
    late = Counting(clock)
    begun = clock.now() - timedelta(hours=2, minutes=30)
    starts = iter([begun])
    late.now = lambda: next(starts, None) or clock.now()  # type: ignore[method-assign] # the first look at the clock only
    with scheduling(late):
        until(lambda: late.upkeeps and late.ticks > 3)
    assert late.upkeeps == 1


def test_a_century_ahead_is_one_interval() -> None:
    """After a jump ahead nothing is made up for: the next time is one interval from now, whatever the last one was."""
    century_ago = NOON - timedelta(days=36_525)
    for previous in (None, century_ago, NOON, NOON + timedelta(days=400)):
        assert Pulse(5).get_next_fire_time(previous, NOON) == NOON + timedelta(seconds=5)


@pytest.mark.parametrize("jump", [-timedelta(hours=1), -timedelta(days=400), timedelta(days=1)])
def test_ticks_go_on_when_the_clock_jumps(jump: timedelta, clock: Clock) -> None:
    """Set back by an hour or a year, or ahead by a day, nobody waits for the time to come round."""
    ticker = Counting(clock)
    with scheduling(ticker):
        until(lambda: ticker.ticks > 1)
        clock.shift = jump
        seen = ticker.ticks
        until(lambda: ticker.ticks > seen + 2, 20)
    assert ticker.upkeeps <= 2
