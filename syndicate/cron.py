"""Schedules as crontab writes them (five fields, in UTC) -> when they fire. Pure.

APScheduler counts weekdays from Monday and wants both a day of the month and a weekday to fit; crontab counts them from
Sunday (0 and 7), and lets either fit where both are given. Who writes five fields means crontab's.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

_MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAME = re.compile(r"\w*[a-z]\w*")
_PART = re.compile(r"(?:\*|(?P<first>[0-7])(?:-(?P<last>[0-7]))?)(?:/(?P<step>[1-7]))?")


def next_time(cron: str, after: datetime) -> datetime | None:
    """The first time of this schedule at or after a moment; None if it never comes (30 February).

    Raises ValueError for what is no schedule.
    """
    found: datetime | None = OrTrigger(list(_triggers(cron))).get_next_fire_time(None, after)
    return found


def _triggers(cron: str) -> Iterator[CronTrigger]:
    """What fires by this schedule: one trigger, or two where a day of the month or a weekday may fit."""
    fields = cron.lower().split()
    if len(fields) != 5:
        raise ValueError(f"not five fields but {len(fields)}")
    minute, hour, day, month, weekday = fields
    times = {"minute": minute, "hour": hour, "month": _numbered(month, _MONTHS), "timezone": UTC}
    weekdays = _weekdays(weekday)
    if day.startswith("*") or weekday.startswith("*"):
        yield CronTrigger(day=day, day_of_week=weekdays, **times)
    else:
        yield CronTrigger(day=day, **times)
        yield CronTrigger(day_of_week=weekdays, **times)


def _numbered(field: str, names: Sequence[str]) -> str:
    """The field with numbers in place of names."""

    def number(name: re.Match[str]) -> str:
        if name[0] not in names:
            raise ValueError(f"{name[0]!r} is none of {', '.join(filter(None, names))}")
        return str(names.index(name[0]))

    return _NAME.sub(number, field)


def _weekdays(field: str) -> str:
    """The days that crontab's fifth field means, by their names."""
    days = {number % 7 for part in _numbered(field, _WEEKDAYS).split(",") for number in _days(part)}
    return ",".join(_WEEKDAYS[day] for day in sorted(days))


def _days(part: str) -> range:
    """One part of the field ("1", "1-5", "*/2", "5-7") as crontab's numbers."""
    match = _PART.fullmatch(part)
    if match is None:
        raise ValueError(f"{part!r} is no weekday")
    step = int(match["step"] or 1)
    if match["first"] is None:
        return range(0, 7, step)
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if match["last"] == "0":
        last = 7  # "fri-sun" ends with the week
    elif match["step"] and not match["last"]:
        last = max(first, 6)  # "2/2" goes on to the end of the week, as in the other fields
    if first > last:
        raise ValueError(f"{part!r} goes backwards")
    return range(first, last + 1, step)
