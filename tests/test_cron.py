"""Schedules mean what crontab means by them, in UTC."""

from datetime import UTC, datetime, timedelta

import pytest

from syndicate.cron import next_time

SUNDAY = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def days_of(cron: str) -> str:
    """The weekdays on which it fires."""
    week = [SUNDAY + timedelta(number) for number in range(7)]
    return " ".join(name for name, day in zip(DAYS, week, strict=True) if next_time(cron, day).date() == day.date())


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("0", "sun"),
        ("7", "sun"),
        ("1", "mon"),
        ("6", "sat"),
        ("SUN", "sun"),
        ("mon", "mon"),
        ("1-5", "mon tue wed thu fri"),
        ("mon-fri", "mon tue wed thu fri"),
        ("5-7", "sun fri sat"),
        ("fri-sun", "sun fri sat"),
        ("0-6", "sun mon tue wed thu fri sat"),
        ("0-7", "sun mon tue wed thu fri sat"),
        ("0,3", "sun wed"),
        ("mon,3,fri-6", "mon wed fri sat"),
        ("*/2", "sun tue thu sat"),
        ("1-5/2", "mon wed fri"),
        ("2/2", "tue thu sat"),
        ("*", "sun mon tue wed thu fri sat"),
    ],
)
def test_weekdays_are_crontabs(field: str, days: str) -> None:
    """0 and 7 are Sunday, 1 is Monday; names, lists, ranges and steps mean the days that they mean in crontab."""
    assert days_of(f"0 6 * * {field}") == days


def test_the_other_fields_are_crontabs() -> None:
    """Minute, hour, day of the month and month are read, and the time that is asked about counts itself."""
    assert next_time("15 6 2 jan-4 *", SUNDAY) == datetime(2026, 3, 2, 6, 15, tzinfo=UTC)
    assert next_time("*/10 * * * *", SUNDAY) == SUNDAY


def test_a_day_of_the_month_or_a_weekday_fits() -> None:
    """Where both are given, either fires; one that begins with a star only narrows the other."""
    assert next_time("0 6 4 * 2", SUNDAY).day == 3
    assert next_time("0 6 4 * 2", SUNDAY + timedelta(3)).day == 4
    assert next_time("0 6 */2 * 2", SUNDAY).day == 3


def test_a_schedule_may_never_come() -> None:
    """There is no 30 February."""
    assert next_time("0 0 30 2 *", SUNDAY) is None


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("daily", "not five fields but 1"),
        ("0 6 * * * *", "not five fields but 6"),
        ("99 6 * * *", "99"),
        ("0 6 * * 8", "'8' is no weekday"),
        ("0 6 * * noon", "'noon' is none of sun, mon,"),
        ("0 6 * * 1-", "'1-' is no weekday"),
        ("0 6 * * */0", "'*/0' is no weekday"),
        ("0 6 * * fri-mon", "'5-1' goes backwards"),
        ("0 6 * * mon5", "'mon5' is none of"),
        ("0 6 * brumaire *", "'brumaire' is none of jan, feb,"),
        ("0 6 * * 1,", "'' is no weekday"),
    ],
)
def test_what_is_no_schedule_is_refused(cron: str, said: str) -> None:
    """A wrong schedule is refused, and the part that is wrong is named."""
    with pytest.raises(ValueError, match=said.replace("*", r"\*")):
        next_time(cron, SUNDAY)
