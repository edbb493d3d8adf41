"""Conditional requests (RFC 9110, section 13): whether what the client has is what we would send. Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLOCK = r"(?P<h>\d\d):(?P<m>\d\d):(?P<s>\d\d)"
_MONTH = rf"(?P<mon>{'|'.join(_MONTHS)})"
_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?:{'|'.join(_DAYS)}), (?P<d>\d\d) {_MONTH} (?P<y>\d{{4}}) {_CLOCK} GMT",  # IMF-fixdate
        rf"{_WEEKDAY}, (?P<d>\d\d)-{_MONTH}-(?P<yy>\d\d) {_CLOCK} GMT",  # RFC 850
        rf"(?:{'|'.join(_DAYS)}) {_MONTH} (?P<d>[ \d]\d) {_CLOCK} (?P<y>\d{{4}})",  # asctime
    )
)
_TAG = re.compile(r'[ \t,]*((?:W/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?=,|$)')


def none_match(header: str, etag: str) -> bool:
    """Whether If-None-Match names this ETag, by weak comparison (section 13.1.2); several lines joined by commas.

    Reading stops at the first thing that is not an entity tag: what stands before it still counts.
    """
    if header.strip(" \t,") == "*":
        return True
    return opaque(etag) in map(opaque, entity_tags(header))


def entity_tags(header: str) -> Iterator[str]:
    """The entity tags of a list, as they are written."""
    position = 0
    while match := _TAG.match(header, position):
        yield match[1]
        position = match.end()


def opaque(etag: str) -> str:
    """The ETag without its mark of weakness: two are weakly equal when these are equal."""
    return etag.removeprefix("W/")


def unmodified_since(header: str, modified: int) -> bool:
    """Whether a thing last modified at `modified` (epoch seconds) is unmodified since this If-Modified-Since.

    False for what is not a date in one of the three formats: the header is then ignored (section 13.1.3).
    """
    since = http_date(header, datetime.fromtimestamp(modified, UTC).year)
    return since is not None and modified <= since


def http_date(text: str, year: int) -> int | None:
    """Epoch seconds of an HTTP-date in any of its three formats (section 5.6.7); None if it is none.

    A two-digit year that would be more than 50 years after `year` belongs to the century before.
    """
    for pattern in _DATES:
        if match := pattern.fullmatch(text.strip(" \t")):
            parts = match.groupdict()
            full = int(parts["y"]) if "y" in parts else _century(int(parts["yy"]), year)
            try:
                moment = datetime(
                    full,
                    _MONTHS.index(parts["mon"]) + 1,
                    int(parts["d"]),
                    int(parts["h"]),
                    int(parts["m"]),
                    min(int(parts["s"]), 59),  # a leap second is a valid HTTP-date
                    tzinfo=UTC,
                )
            except ValueError:
                return None
            return int(moment.timestamp())
    return None


def _century(two_digits: int, year: int) -> int:
    full = year - year % 100 + two_digits
    return full - 100 if full > year + 50 else full


def imf_fixdate(epoch: int) -> str:
    """The one format that HTTP-dates are written in."""
    moment = datetime.fromtimestamp(epoch, UTC)
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02} {_MONTHS[moment.month - 1]} {moment.year:04} "
        f"{moment.hour:02}:{moment.minute:02}:{moment.second:02} GMT"
    )
