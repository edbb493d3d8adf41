"""When a source is polled next. Pure: what happened goes in, the new poll state comes out.

The interval follows the source's own rhythm: a fraction of the time that usually passes between its articles,
shortened in no case below the floor and stretched in no case above the ceiling. What the source asks for (ttl,
max-age, Retry-After, skipHours) can only slow us down, and never past the ceiling. Failures back off
exponentially up to the same ceiling and never give up. Every time is jittered by a hash of the source's key, so
that sources spread out by themselves and a simulation repeats exactly; the jitter ends at the ceiling, too. Only what
an admin asks for (`every`, `cron`) may lie beyond it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from statistics import median

from syndicate.cron import next_time
from syndicate.model import Hub
from syndicate.records import SourceState

_REMEMBERED = 20  # articles whose times make the rhythm
_POLLS_PER_ARTICLE = 3  # how often we look, on average, between two articles
_JITTER = 0.1  # of the interval, to either side
_CRON_STEP = timedelta(seconds=1)  # a poll at its minute belongs to that minute's schedule
_QUIET_GROWTH = 1.5  # an interval grows at most by this factor from poll to poll


@dataclass(frozen=True, slots=True)
class Limits:
    """The floor and the ceiling of every interval that is not an admin's own, in seconds."""

    floor: float
    ceiling: float


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the source asked for: seconds to wait and hours to skip (UTC), and the hub that tells of its changes.

    `wait` is the answer's own wish (the longest of max-age and Retry-After), the others are its document's; None where
    no document was read, and what the last one said still holds.
    """

    wait: float = 0.0
    ttl: float | None = None
    skip_hours: tuple[int, ...] | None = None
    hub: Hub | None = None


def after_success(
    state: SourceState, dates: Iterable[datetime], wishes: Wishes, limits: Limits, now: datetime
) -> SourceState:
    """The state after a poll that was answered; `dates` are when its new articles were published.

    A source that had ended is only polled by hand; when it answers, it has not.
    """
    state = _told(state, wishes)
    new = sorted(min(date, now) for date in dates)
    rhythm = tuple(sorted((*state.rhythm, *new))[-_REMEMBERED:])
    interval = _learned(rhythm, state.interval, limits, now)
    return replace(
        state,
        status="active" if state.status == "gone" else state.status,
        rhythm=rhythm,
        interval=interval,
        failures=0,
        last_error="",
        last_checked=now,
        last_success=now,
        last_new=now if new else state.last_new,
        due=_due(replace(state, failures=0), state.spec.every or interval, wishes.wait, limits, now),
    )


def after_failure(state: SourceState, reason: str, wishes: Wishes, limits: Limits, now: datetime) -> SourceState:
    """The state after a poll that failed: tried again, more slowly each time, for ever."""
    failures = state.failures + 1
    backoff = limits.floor * 2 ** min(failures, 30)
    state = _told(state, wishes)
    due = _due(state, max(backoff, state.spec.every or state.interval), wishes.wait, limits, now)
    return replace(state, failures=failures, last_error=reason, last_checked=now, due=due)


def after_outage(state: SourceState, limits: Limits, now: datetime) -> SourceState:
    """The state after a poll that we ourselves prevented: soon again, and nothing held against the source."""
    due = now + timedelta(seconds=limits.floor * _jitter(state.spec.key, now))
    # A poll of the future was made under a wrong clock, and would make the source due at every tick.
    checked = min(state.last_checked, now) if state.last_checked else None
    return replace(state, due=due, last_checked=checked)


def _told(state: SourceState, wishes: Wishes) -> SourceState:
    """The state with what the document that was read asks for, if one was read."""
    return replace(
        state,
        ttl=state.ttl if wishes.ttl is None else wishes.ttl,
        skip_hours=state.skip_hours if wishes.skip_hours is None else wishes.skip_hours,
        hub=state.hub if wishes.hub is None else wishes.hub,
    )


def _learned(rhythm: Sequence[datetime], before: float, limits: Limits, now: datetime) -> float:
    """A third of the usual gap between articles; a silence longer than the gap counts as a gap."""
    if len(rhythm) < 2:
        return min(max(before * _QUIET_GROWTH, limits.floor), limits.ceiling)
    gaps = [(b - a).total_seconds() for a, b in pairwise(rhythm)]
    silence = (now - rhythm[-1]).total_seconds()
    wanted = max(median(gaps), silence / 2) / _POLLS_PER_ARTICLE
    if before:
        wanted = min(wanted, before * _QUIET_GROWTH)
    return min(max(wanted, limits.floor), limits.ceiling)


def _due(state: SourceState, interval: float, asked: float, limits: Limits, now: datetime) -> datetime:
    """When to come again, at the ceiling at the latest, and not before the source allows it.

    A schedule holds for as long as the source has not failed twice in a row.
    """
    spec = state.spec
    if spec.cron and not state.failures:
        fire = next_time(spec.cron, now + _CRON_STEP)
        if fire is not None:
            return fire
    longest = max(limits.ceiling, (spec.every or 0) * (1 + _JITTER))
    jitter = _jitter(spec.key, now)
    ours = min(interval, longest / (1 + _JITTER)) * jitter  # so that no jitter has to be cut off
    theirs = min(max(asked, state.ttl) * (jitter + _JITTER), longest)  # only ever later
    due = now + timedelta(seconds=max(ours, theirs))
    return _outside(due, frozenset(state.skip_hours), now + timedelta(seconds=longest))


def _outside(due: datetime, skipped: frozenset[int], latest: datetime) -> datetime:
    """Move `due` to the first hour that is not skipped, but never past `latest`."""
    moved = due
    while moved.hour in skipped and moved < latest:
        moved += timedelta(hours=1)
    return min(moved, latest)


def _jitter(key: str, now: datetime) -> float:
    """A factor around 1 that differs from source to source and from poll to poll."""
    digest = blake2b(f"{key} {now.timestamp():.0f}".encode(), digest_size=4).digest()
    return 1 + _JITTER * (2 * int.from_bytes(digest) / 0xFFFFFFFF - 1)
