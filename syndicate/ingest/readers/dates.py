"""Dates as feeds write them: RFC 822 in all its misspellings, ISO 8601, and months in the readers' own languages.

A date without a zone is taken as UTC; an impossible one is no date. Nothing here raises.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

from syndicate.model import EARLIEST

_MONTH_NAMES = (
    "jan january januar janvier enero janeiro gennaio januari styczen stycznia yanvar ene gen sty leden ledna ianuarie",
    "feb february februar fevrier febrero fevereiro febbraio februari luty lutego fev fevr lut unor unora februarie",
    "mar march marz maerz mars marzo marco maart marzec marca mrz mrt brezen brezna martie",
    "apr april avril abril aprile kwiecien kwietnia avr abr kwi duben dubna aprilie",
    "may mai mayo maio maggio mei maj maja kveten kvetna mag",
    "jun june juni juin junio junho giugno czerwiec czerwca giu cze cerven cervna iunie",
    "jul july juli juillet julio julho luglio lipiec lipca juil lug lip cervenec cervence iulie",
    "aug august aout agosto augustus augusti sierpien sierpnia ago sie srpen srpna",
    "sep sept september septembre septiembre setembro settembre wrzesien wrzesnia set wrz zari septembrie",
    "oct october oktober octobre octubre outubro ottobre pazdziernik pazdziernika okt out ott paz rijen rijna oct",
    "nov november novembre noviembre novembro listopad listopada lis noiembrie",
    "dec december dezember decembre diciembre dezembro dicembre grudzien grudnia dez dic gru prosinec prosince",
)
_CYRILLIC = "янв фев мар апр май июн июл авг сен окт ноя дек"
_UKRAINIAN = "січ лют бер кві тра чер лип сер вер жов лис гру"
_ARABIC = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"
_HEBREW = "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר"
_GREEK = "ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ"
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTHS |= {name: number for names in (_ARABIC, _HEBREW) for number, name in enumerate(names.split(), 1)}
_MONTH_STEMS = {stem: n for stems in (_CYRILLIC, _UKRAINIAN, _GREEK) for n, stem in enumerate(stems.split(), 1)}
_MONTH_STEMS |= {"мая": 5, "μαϊ": 5, "μαΐ": 5, "июня": 6, "июля": 7}

# Named zones in hours; the North American ones are in RFC 822, the others are what feeds use.
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 1, "ist": 5.5, "west": 1, "cet": 1, "met": 1, "mez": 1,
    "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "sast": 2, "eest": 3, "msk": 3, "msd": 4, "gst": 4, "pkt": 5,
    "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "awst": 8, "pht": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
    "acst": 9.5, "acdt": 10.5, "nzst": 12, "nzdt": 13, "nst": -3.5, "ndt": -2.5, "ast": -4, "adt": -3, "est": -5,
    "edt": -4, "et": -5, "cst": -6, "cdt": -5, "ct": -6, "mst": -7, "mdt": -6, "mt": -7, "pst": -8, "pdt": -7,
    "pt": -8, "akst": -9, "akdt": -8, "hst": -10, "brt": -3, "art": -3, "clt": -4,
}  # fmt: skip

_ISO = re.compile(
    r"(\d{4})-?(?:(\d{2})(?:-?(\d{2}))?|W(\d{2})-?(\d)?|-?(\d{3}))?"
    r"(?:[T ]+(\d{1,2}):?(\d{2})?(?::?(\d{2})(?:[.,]\d{1,12})?)?)?\s*(.*)",
    re.IGNORECASE | re.ASCII,
)
_NUMERIC = re.compile(r"(\d{1,4})[./\-](\d{1,2})[./\-](\d{2,4})(?!\d)", re.ASCII)
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})[:h](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?(?!\d)\s*([ap]\.?m\b\.?)?", re.IGNORECASE | re.ASCII
)
# The clock, with the zone in figures that may follow it: such a zone is no year.
_CLOCK = re.compile(_TIME.pattern + r"(?:\s*\(?[a-z]{0,5}\s*[+\-−]\s?\d{1,2}:?\d{2}\b)?", _TIME.flags)
# A day told in full to readers, and the time that may follow it.
_DAY = re.compile(
    r"(?<!\d)\d{1,2}(?:st|nd|rd|th|er|[.º])?\s{1,3}(?:de\s{1,3}|of\s{1,3})?[^\W\d_]{3,15}\.?,?\s{1,3}(?:de\s{1,3})?\d{4}(?!\d)"
    r"|[^\W\d_]{3,15}\.?\s{1,3}\d{1,2}(?:st|nd|rd|th)?,?\s{1,3}\d{4}(?!\d)"
    r"|(?<![\d./\-])(?:\d{4}([./\-])\d{1,2}\1\d{1,2}|(\d{1,2})([./\-])(\d{1,2})\3\d{4})(?![./\-]?\d)"
    r"|" + _CJK.pattern,
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[^\d|•·\n]{0,14}?" + _TIME.pattern + r"(?:\s*\(?(?:[a-z]{2,4}\b)?(?:\s*[+\-−]\s?\d{1,2}:?\d{2}\b)?)?", _TIME.flags
)
_CJK_NOON = re.compile(r"(오전|上午|午前)|(오후|下午|午後)")
_OFFSET = re.compile(r"(?:^|[\s\d()])(?:gmt|utc|ut)?\s*([+\-−])\s?(\d{1,2}):?(\d{2})?\b", re.IGNORECASE | re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}", re.ASCII)
_ENTITY_SPACE = re.compile(r"&nbsp;|\s+")


def parse_date(text: object) -> datetime | None:
    """Read one date; None where there is none. The answer is in UTC and between the years 1 and 9999.

    The first second of 1970 is what computers make of a date that was never set, and is none.
    """
    if not isinstance(text, str):
        return None
    text = _ENTITY_SPACE.sub(" ", text[:100]).strip()
    if not text:
        return None
    for reader in (_epoch, _iso, _written):
        try:
            found = reader(text)
            if found is not None:
                return found.astimezone(UTC) if found != EARLIEST else None
        except (ValueError, OverflowError):
            continue  # a 31st of February, a 25th hour, a year that UTC can't express
    return None


def told_dates(line: str) -> list[tuple[str, datetime]]:
    """Read the days that a line tells its readers in full, each with the words before it.

    Figures that are one day in Europe and another in America tell none.
    """
    told, end = [], 0
    for day in _DAY.finditer(line):
        first, mark, second = day[2], day[3], day[4]
        unclear = first and mark != "." and first != second and max(int(first), int(second)) <= 12
        clock = _BEHIND.match(line, day.end())
        if not unclear and (date := parse_date(day[0] + (clock[0] if clock else ""))):
            told.append((line[end : day.start()], date))
        end = clock.end() if clock else day.end()
    return told


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, week, weekday, ordinal, hour, minute, second, rest = match.groups()
    if (zone := _zone(rest)) is None:
        return None
    if week:
        base = datetime.fromisocalendar(int(year), int(week), int(weekday or 1)).replace(tzinfo=zone)
    elif ordinal:
        base = datetime(int(year), 1, 1, tzinfo=zone) + timedelta(days=int(ordinal) - 1)
    else:
        base = datetime(int(year), int(month or 1), int(day or 1), tzinfo=zone)
    return _at(base, int(hour or 0), int(minute or 0), int(second or 0))


def _zone(rest: str) -> timezone | None:
    """The zone that ends a date; UTC for none; None when the rest is no zone at all."""
    rest = rest.strip().strip("()[]")
    if not rest:
        return UTC
    if match := _OFFSET.match(" " + rest):
        return _offset(match)
    name = rest.split()[0].lower().rstrip(".")
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else None


def _offset(match: re.Match[str]) -> timezone:
    hours, minutes = int(match[2]), int(match[3] or 0)
    if hours > 15 or minutes > 59:
        return UTC  # "+9999" and the like
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(delta if match[1] == "+" else -delta)


def _written(text: str) -> datetime | None:
    """A date in words or slashes: "Tue, 3 Mar 2020 14:05:06 +0100", "3. März 2020", "12/31/99 5:30 PM"."""
    day = _calendar_day(text)
    if day is None:
        return None
    clock = _TIME.search(text)
    after = text[clock.end() :] if clock else ""
    zone = UTC
    if clock and (match := _OFFSET.search(" " + after)):
        zone = _offset(match)
    elif clock:
        names = [word.lower() for word in _WORD.findall(after)]
        hours = next((_ZONES[name] for name in names if name in _ZONES), 0)
        zone = timezone(timedelta(hours=hours))
    base = datetime(*day, tzinfo=zone)
    if clock is None:
        return base
    return _at(base, _hour(int(clock[1]), clock[4] or "", text), int(clock[2]), int(clock[3] or 0))


def _hour(hour: int, half: str, text: str) -> int:
    noon = _CJK_NOON.search(text)
    if half.lower().startswith("p") or (noon and noon[2]):
        return hour + 12 if hour < 12 else hour
    if (half or noon) and hour == 12:
        return 0
    return hour


def _at(base: datetime, hour: int, minute: int, second: int) -> datetime:
    """That time of that day; 24:00 is the next midnight, a leap second the last one."""
    if hour > 24 or minute > 59 or second > 61:
        raise ValueError(f"no such time: {hour}:{minute}:{second}")
    return base + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _calendar_day(text: str) -> tuple[int, int, int] | None:
    if match := _CJK.search(text):
        return int(match[1]), int(match[2]), int(match[3])
    without_time = _CLOCK.sub(" ", text)
    if month := _month(without_time):
        return _day_beside(without_time, month)
    if match := _NUMERIC.search(without_time):
        return _slashes(match[1], match[2], match[3], dotted="." in match[0])
    return None


def _month(text: str) -> int | None:
    for word in reversed(_WORD.findall(text)):  # "mar. 3 déc. 2020" is a Tuesday in December
        folded = unicodedata.normalize("NFKD", word.lower())
        bare = "".join(letter for letter in folded if not unicodedata.combining(letter)).replace("ł", "l")
        found = _MONTHS.get(bare) or _MONTHS.get(word) or _MONTHS.get(bare[:3] if bare.isascii() else "")
        if found and (bare in _MONTHS or word in _MONTHS or len(bare) > 3):
            return found
        for stem in (word.lower()[:4], word.lower()[:3], bare[:4], bare[:3]):
            if stem in _MONTH_STEMS:
                return _MONTH_STEMS[stem]
    return None


def _day_beside(text: str, month: int) -> tuple[int, int, int] | None:
    """Day and year out of the numbers beside a month's name."""
    numbers = re.findall(r"\d+", text)
    year = next((n for n in numbers if len(n) == 4), None)
    days = [n for n in numbers if len(n) <= 2 and n is not year]
    if year is None and len(days) >= 2:
        day, short = days[0], days[1]
        return _century(int(short)), month, int(day)
    if year is None:
        return None
    return int(year), month, int(days[0]) if days else 1


def _slashes(first: str, second: str, third: str, *, dotted: bool) -> tuple[int, int, int]:
    if len(first) == 4:
        return int(first), int(second), int(third)
    year = int(third) if len(third) == 4 else _century(int(third))
    day_first = dotted or int(first) > 12  # 31.12.1999 is European; 12/31/1999 American, unless it can't be
    return (year, int(second), int(first)) if day_first else (year, int(first), int(second))


def _century(short: int) -> int:
    return 2000 + short if short < 70 else 1900 + short
