"""Polling follows each source's rhythm, never herds, never gives up."""

import random
from collections import Counter
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


def test_a_date_of_the_future_says_that_an_article_came_now() -> None:
    """A source that dates ahead is learned like one that publishes at this moment."""
    before = NOW - timedelta(hours=6)
    honest = after_success(source(), [before, NOW], NOTHING, LIMITS, NOW)
    assert after_success(source(), [before, NOW.replace(year=2099)], NOTHING, LIMITS, NOW) == honest


def test_a_long_silence_slows_down_step_by_step() -> None:
    """Longer than twice the usual gap, it counts as a gap, but the interval grows by half at most from poll to poll."""
    rhythm = tuple(NOW - timedelta(hours=96 + n) for n in range(9, -1, -1))
    silent = replace(source(), rhythm=rhythm)
    assert after_success(silent, [], NOTHING, LIMITS, NOW).interval == 16 * 3_600
    assert after_success(replace(silent, interval=3_600), [], NOTHING, LIMITS, NOW).interval == 5_400


def test_wishes_only_slow_down_and_never_past_the_ceiling() -> None:
    """A ttl of a day is honoured, one of a year is not, one of a second changes nothing."""
    plain = after_success(source(), [], NOTHING, LIMITS, NOW)
    assert seconds(after_success(source(), [], Wishes(wait=1), LIMITS, NOW)) == seconds(plain)
    assert 3600 <= seconds(after_success(source(), [], Wishes(wait=3600), LIMITS, NOW)) < 4400
    assert seconds(after_success(source(), [], Wishes(wait=3e7), LIMITS, NOW)) <= 86_400


def test_skipped_hours_are_skipped() -> None:
    """No poll falls into an hour that the source skips, unless it skips all of them."""
    due = after_success(source(), [], Wishes(skip_hours=(0, 1, 2)), LIMITS, NOW).due
    assert due.hour == 3
    assert after_success(source(), [], Wishes(skip_hours=tuple(range(24))), LIMITS, NOW).due <= NOW + timedelta(days=1)


def test_nobody_comes_before_the_time_that_a_source_names() -> None:
    """Jitter makes a wait longer, never shorter than what was asked for."""
    waits = [seconds(after_success(source(key=f"s{n}"), [], Wishes(wait=5400), LIMITS, NOW)) for n in range(200)]
    assert min(waits) >= 5400
    assert len(set(waits)) > 190


def test_what_a_document_asks_for_holds_until_the_next_document() -> None:
    """An answer without a document changes neither ttl nor skipHours; a document that says nothing ends both."""
    state = after_success(source(), [], Wishes(ttl=7200, skip_hours=(5,)), LIMITS, NOW)
    for after in (after_success(state, [], NOTHING, LIMITS, NOW), after_failure(state, "x", NOTHING, LIMITS, NOW)):
        assert (after.ttl, after.skip_hours) == (7200, (5,))
        assert seconds(after) >= 7200
    free = after_success(state, [], Wishes(ttl=0, skip_hours=()), LIMITS, NOW)
    assert (free.ttl, free.skip_hours) == (0, ())
    assert seconds(free) < 7200


def test_failures_back_off_and_recover() -> None:
    """Each failure doubles the wait up to the ceiling; one success forgets them all."""
    state, waits = source(), []
    for _ in range(400):
        state = after_failure(state, "HTTP 500", NOTHING, LIMITS, NOW)
        waits.append(seconds(state))
    assert waits[0] < waits[2] < waits[5]
    assert max(waits) <= 86_400
    assert (state.last_error, state.status) == ("HTTP 500", "active")
    well = after_success(state, [], NOTHING, LIMITS, NOW)
    assert (well.failures, well.last_error) == (0, "")
    assert seconds(well) < 400


@pytest.mark.parametrize("spec", [{"every": 600}, {"cron": "*/10 * * * *"}])
def test_a_fixed_rhythm_backs_off_too(spec: dict[str, object]) -> None:
    """A failing source with an interval or a schedule of its own is asked more slowly, and is back on it at once."""
    state, waits = source(**spec), []
    for _ in range(12):
        state = after_failure(state, "HTTP 500", NOTHING, LIMITS, NOW)
        waits.append(seconds(state))
    assert waits[0] <= 700
    assert waits[-1] > 19 * 3_600
    assert max(waits) <= LIMITS.ceiling
    assert 0 < seconds(after_success(state, [], NOTHING, LIMITS, NOW)) <= 700


def test_a_schedule_holds_again_once_its_source_answers() -> None:
    """However often it had failed, the next poll is at its very next time."""
    failing = replace(source(cron="*/10 * * * *"), failures=5)
    assert seconds(after_success(failing, [], NOTHING, LIMITS, NOW)) == 600


def test_a_failure_makes_nobody_come_sooner() -> None:
    """Who comes every few hours does not come within minutes because a poll failed."""
    seldom = replace(source(), interval=20_000)
    assert seconds(after_failure(seldom, "HTTP 500", NOTHING, LIMITS, NOW)) >= 0.9 * 20_000


def test_our_own_outage_is_held_against_nobody() -> None:
    """After an outage of ours the source is due soon and has no failure more."""
    state = after_outage(source(), LIMITS, NOW)
    assert state.failures == 0
    assert seconds(state) < 400


def test_an_outage_after_a_wrong_clock_makes_nobody_spin() -> None:
    """A poll of the future is forgotten, so that its source is not due at every tick; others' polls are remembered."""
    for checked, kept in ((NOW + timedelta(days=365), NOW), (NOW - timedelta(hours=1), NOW - timedelta(hours=1))):
        assert after_outage(replace(source(), last_checked=checked), LIMITS, NOW).last_checked == kept
    assert after_outage(source(), LIMITS, NOW).last_checked is None


def test_cron_and_fixed_intervals_win_over_rhythm() -> None:
    """A source with a schedule is polled by it, one with an interval at that interval."""
    assert after_success(source(cron="15 6 * * *"), [], NOTHING, LIMITS, NOW).due == NOW.replace(hour=6, minute=15)
    assert 540 <= seconds(after_success(source(every=600), [], NOTHING, LIMITS, NOW)) <= 660


@pytest.mark.parametrize("limits", [LIMITS, Limits(floor=15, ceiling=60)])
def test_an_admins_interval_knows_no_ceiling(limits: Limits) -> None:
    """A week between two polls is a week, of a folder, too; neither wishes nor failures stretch it further."""
    week = 7 * 86_400
    polled = after_success(source(every=week), [], Wishes(wait=3e7), limits, NOW)
    failed = after_failure(replace(polled, failures=40), "HTTP 500", NOTHING, limits, NOW)
    for state in (after_success(source(every=week), [], NOTHING, limits, NOW), polled, failed):
        assert 0.9 * week <= seconds(state) <= 1.1 * week


def test_a_schedule_counts_weekdays_like_crontab() -> None:
    """1 is Monday, not Tuesday."""
    monday = after_success(source(cron="0 6 * * 1"), [], NOTHING, LIMITS, NOW).due
    assert (monday.strftime("%A"), monday.hour) == ("Monday", 6)


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
        assert LIMITS.floor * 0.89 <= seconds(after) <= LIMITS.ceiling


def test_the_longest_intervals_that_can_be_set_are_dates() -> None:
    """A year between polls, kept by a source that has failed for ever, ends in a next poll like any other."""
    state = replace(source(every=31_536_000), failures=50, interval=31_536_000.0)
    year = Limits(floor=31_536_000, ceiling=31_536_000)
    for after in (after_failure(state, "gone", NOTHING, year, NOW), after_outage(state, year, NOW)):
        assert timedelta(days=300) < after.due - NOW < timedelta(days=500)


def test_sources_do_not_march_in_step() -> None:
    """A thousand sources of one rhythm, polled in one moment, are due at many: no hundredth holds a twentieth."""
    dates = [NOW - timedelta(hours=6 * n) for n in range(10)]
    due = [seconds(after_success(source(key=f"s{n}"), dates, NOTHING, LIMITS, NOW)) for n in range(1_000)]
    width = (max(due) - min(due)) / 100
    assert width > 10
    assert max(Counter(int((one - min(due)) / width) for one in due).values()) < 50


MONTH = datetime(2026, 3, 1, tzinfo=UTC)  # the month of a clock change, in Europe
DAYS = 30
OUTAGE = (MONTH + timedelta(days=9, hours=7), MONTH + timedelta(days=9, hours=10))  # of our own network


class Tally:
    """What a month of polls came to."""

    def __init__(self) -> None:
        self.per_hour = [0] * ((DAYS + 2) * 24)
        self.articles = self.blamed = 0
        self.delays: list[float] = []  # from publication to poll, as a share of the source's usual gap
        self.longest = timedelta()  # between two polls

    @property
    def settled(self) -> list[int]:
        """Polls an hour, once the first days and the outage are over."""
        return self.per_hour[12 * 24 : DAYS * 24]

    def __str__(self) -> str:
        cuts = quantiles(self.delays, n=100)
        return (
            f"{sum(self.per_hour)} polls for {self.articles} articles: {sum(self.per_hour) / self.articles:.1f} each; "
            f"{mean(self.settled):.0f} polls an hour, {max(self.settled)} in the fullest; longest wait {self.longest}; "
            f"delay in usual gaps: {cuts[49]:.2f} in the middle, {cuts[89]:.2f} for 90 %, {cuts[98]:.2f} for 99 %"
        )


def live_through(tally: Tally, number: int, chance: random.Random) -> SourceState:
    """One source through the month: one in twenty fails a third of its polls, one in ten asks for patience."""
    gap = chance.choice((6, 24, 72, 168)) * 3600
    flaky, wishes = number % 20 == 7, Wishes(wait=7200, skip_hours=(1, 2, 3)) if number % 10 == 3 else NOTHING
    state, now = source(key=f"s{number}", cron="30 6 * * *" if number % 100 == 1 else ""), MONTH
    upcoming = MONTH + timedelta(seconds=chance.random() * gap)
    while now < MONTH + timedelta(days=DAYS):
        if OUTAGE[0] <= now < OUTAGE[1]:
            failures = state.failures
            state = after_outage(state, LIMITS, now)
            tally.blamed += state.failures > failures
        elif flaky and chance.random() < 1 / 3:
            state = after_failure(state, "HTTP 500", wishes, LIMITS, now)
        else:
            fresh = []
            while upcoming <= now:
                fresh.append(upcoming)
                tally.delays.append((now - upcoming).total_seconds() / gap)
                upcoming += timedelta(seconds=chance.expovariate(1 / gap))
            state = after_success(state, fresh, wishes, LIMITS, now)
            tally.articles += len(fresh)
        tally.longest = max(tally.longest, state.due - now)
        tally.per_hour[int((now - MONTH).total_seconds() // 3600)] += 1
        now = state.due
    return state


@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=pytest.mark.long)])
def test_sources_through_a_month(count: int) -> None:
    """No herd, no starvation, few polls per article, short delays: a month of sources that all start at once.

    Through failures, wishes, schedules, and three hours in which our own network is down.
    """
    chance, tally = random.Random(20261123), Tally()
    for number in range(count):
        assert live_through(tally, number, chance).last_success >= MONTH + timedelta(days=DAYS - 8), "starved"
    print(f"{count} sources: {tally}")  # noqa: T201 - the figures are what one runs this for
    assert max(tally.settled) < 2 * mean(tally.settled)  # no herd, not even of those that waited for our network
    assert tally.longest <= timedelta(seconds=LIMITS.ceiling)  # no starvation
    assert tally.blamed == 0
    assert sum(tally.per_hour) / tally.articles < 8
    assert quantiles(tally.delays, n=10)[-1] < 0.7  # nine of ten arrive within seven tenths of their source's usual gap
