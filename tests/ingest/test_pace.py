"""Polling follows each source's rhythm, never herds, never gives up."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import mean, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.pace import Limits, Wishes, after_failure, after_outage, after_success
from syndicate.model import SourceSpec
from syndicate.records import SourceState

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
LIMITS = Limits(floor=300, ceiling=86_400)
NOTHING = Wishes()


def source(**spec) -> SourceState:
    return SourceState(
        SourceSpec(**{"key": "s", "kind": "feed", "location": "https://example.org/", **spec}), location=""
    )


def seconds(state: SourceState) -> float:
    return (state.due - NOW).total_seconds()


def test_rhythm_sets_the_interval() -> None:
    """A source that publishes every six hours is polled about every two hours."""
    dates = [NOW - timedelta(hours=6 * n) for n in range(10)]
    assert after_success(source(), dates, NOTHING, LIMITS, NOW).interval == pytest.approx(7200)


def test_wishes_only_slow_down_and_never_past_the_ceiling() -> None:
    """A ttl of a day is honoured, one of a year is not, one of a second changes nothing."""
    plain = after_success(source(), [], NOTHING, LIMITS, NOW)
    assert seconds(after_success(source(), [], Wishes(wait=1), LIMITS, NOW)) == seconds(plain)
    assert 3200 < seconds(after_success(source(), [], Wishes(wait=3600), LIMITS, NOW)) < 4000
    assert seconds(after_success(source(), [], Wishes(wait=3e7), LIMITS, NOW)) <= 86_400 * 1.1


def test_skipped_hours_are_skipped() -> None:
    """No poll falls into an hour that the source skips, unless it skips all of them."""
    due = after_success(source(), [], Wishes(skip_hours=(0, 1, 2)), LIMITS, NOW).due
    assert due.hour == 3
    assert after_success(source(), [], Wishes(skip_hours=tuple(range(24))), LIMITS, NOW).due <= NOW + timedelta(days=2)


def test_failures_back_off_and_recover() -> None:
    """Each failure doubles the wait up to the ceiling; one success forgets them all."""
    state, waits = source(), []
    for _ in range(400):
        state = after_failure(state, "HTTP 500", NOTHING, LIMITS, NOW)
        waits.append(seconds(state))
    assert waits[0] < waits[2] < waits[5]
    assert max(waits) <= 86_400 * 1.1
    assert state.last_error == "HTTP 500"
    well = after_success(state, [], NOTHING, LIMITS, NOW)
    assert (well.failures, well.last_error) == (0, "")
    assert seconds(well) < 400


def test_our_own_outage_is_held_against_nobody() -> None:
    """After an outage of ours the source is due soon and has no failure more."""
    state = after_outage(source(), LIMITS, NOW)
    assert state.failures == 0
    assert seconds(state) < 400


def test_cron_and_fixed_intervals_win_over_rhythm() -> None:
    """A source with a schedule is polled by it, one with an interval at that interval."""
    assert after_success(source(cron="15 6 * * *"), [], NOTHING, LIMITS, NOW).due == NOW.replace(hour=6, minute=15)
    assert 540 <= seconds(after_success(source(every=600), [], NOTHING, LIMITS, NOW)) <= 660


def test_cron_over_a_clock_change() -> None:
    """Schedules are in UTC, so that the night of a clock change neither loses nor doubles a poll."""
    state, due = source(cron="30 * * * *"), NOW
    for hour in range(6):
        due = after_success(state, [], NOTHING, LIMITS, due).due
        assert due == NOW + timedelta(hours=hour + 1)


@given(
    st.lists(st.datetimes(timezones=st.just(UTC)), max_size=30),
    st.floats(0, 1e9),
    st.lists(st.integers(0, 23), max_size=24),
    st.integers(0, 10_000),
)
def test_the_next_poll_is_always_ahead_and_within_reach(dates, wait, hours, failures) -> None:
    """Whatever a source says or does, it is polled again after the floor and by the ceiling."""
    state = replace(source(), failures=failures)
    wishes = Wishes(wait=wait, skip_hours=tuple(hours))
    for after in (
        after_success(state, dates, wishes, LIMITS, NOW),
        after_failure(state, "x", wishes, LIMITS, NOW),
    ):
        assert LIMITS.floor * 0.89 <= seconds(after) <= LIMITS.ceiling * 1.11 + 3600


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_sources_through_a_month(count: int) -> None:
    """No herd, no starvation, few polls per article, short delays: a month of sources that all start at once."""
    chance = random.Random(20261123)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    end = start + timedelta(days=30)
    per_hour = [0] * (31 * 24)
    articles, delays, longest = 0, [], 0.0
    for number in range(count):
        gap = chance.choice((6, 24, 72, 168)) * 3600
        state, now = source(key=f"s{number}"), start
        upcoming = start + timedelta(seconds=chance.random() * gap)
        while now < end:
            fresh = []
            while upcoming <= now:
                fresh.append(upcoming)
                delays.append((now - upcoming).total_seconds() / gap)
                upcoming += timedelta(seconds=chance.expovariate(1 / gap))
            state = after_success(state, fresh, NOTHING, LIMITS, now)
            articles += len(fresh)
            longest = max(longest, (state.due - now).total_seconds())
            per_hour[int((now - start).total_seconds() // 3600)] += 1
            now = state.due
    settled = per_hour[5 * 24 : 30 * 24]
    assert max(settled) < 2 * mean(settled)  # no herd
    assert longest <= LIMITS.ceiling * 1.1  # no starvation
    assert sum(per_hour) / articles < 8
    assert quantiles(delays, n=10)[-1] < 0.7  # nine of ten arrive within seven tenths of their source's usual gap
