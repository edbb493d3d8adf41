"""RSS, RDF and Atom of every version, read by feedparser.

feedparser's loose dictionaries end here and in `feed_entry`: out come our frozen values. It never sees anything but a
BytesIO of UTF-8: a string would be opened as a path or fetched as a URL.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import expat
from syndicate.ingest.readers.charset import Decoded, decode
from syndicate.ingest.readers.feed_entry import Loose, authors_of, read_entry, rights_of, value_of
from syndicate.ingest.readers.media import list_of
from syndicate.ingest.readers.side import Side, look_aside
from syndicate.model import Entry, Failure, Payload, Reading
from syndicate.normalize.urls import absolute, is_web
from syndicate.text import plain, squeeze

expat.install()

# feedparser takes 20 s for 400 KB of attributes on one element; no real root has more than a few KB.
_ROOT_TAG_LIMIT = 32_768
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_ROOT = re.compile(r"<(?:\w+:)?(rss|rdf|feed|channel|item|entry|redirect)\b", re.IGNORECASE)
_OPENING = re.compile(r"<(?:\w+:)?(item|entry)(?=[\s>])", re.IGNORECASE)
_CLOSING = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_BARE = re.compile(
    r"(<!\[CDATA\[.*?(?:\]\]>|\Z))|&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)", re.DOTALL
)
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));?")


def read(payload: Payload, most: int) -> Reading:
    """Read one feed document, `most` of its entries. Raises UnreadableError when it is none."""
    decoded = decode(payload.body, payload.content_type)
    text, flood = _without_flood(_from_root(decoded.text, payload), most)
    parsed, text = _parse_mended(text, payload.url)
    entries = [entry for entry in parsed.get("entries") or [] if isinstance(entry, dict)]
    feed: Loose = parsed.get("feed") or {}
    _refuse_what_is_no_feed(parsed, feed, entries, text, payload)
    failures = list(_complaints(parsed, decoded, payload.url, len(entries)))
    if parsed.get("bozo") and _is_cut_off(text) and entries:
        failures.append(_broken_off(entries))
    if flood:
        failures.append(Failure(payload.url, f"{flood} entries; only the first {most} are read"))
    side = look_aside(text, len(entries))
    base = _feed_base(feed, payload.url)
    atom = str(parsed.get("version")).startswith("atom")
    found = []
    for position, (entry, beside) in enumerate(zip(entries[:most], side.entries, strict=False), 1):
        try:
            found.append(read_entry(entry, beside, base, atom=atom))
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            # feedparser promises no types; one odd entry must not take its neighbours along
            failures.append(Failure(f"entry {position}", f"can't be read: {type(error).__name__}: {error}"))
    return _reading(parsed, feed, side, base, tuple(found), tuple(failures))


def _from_root(text: str, payload: Payload) -> str:
    """The text from its root on, with what feedparser needs: no junk before it and no foreign encoding label."""
    body = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1)
    start = _ROOT.search(body[:200_000])
    if start is None:
        return body
    if _HTML.search(body[: start.start()]) and start[1].lower() in {"channel", "item", "entry", "redirect"}:
        return body
    end = body.find(">", start.start())
    if end - start.start() > _ROOT_TAG_LIMIT or end < 0:
        raise UnreadableError(f"{payload.url}: the root element never ends or has absurdly many attributes")
    doctype = body.find("<!DOCTYPE", 0, start.start())
    return body[doctype if doctype >= 0 else start.start() :]


def _without_flood(text: str, most: int) -> tuple[str, int]:
    """The text with no more than `most` entries, and how many it had if these were more.

    What is left over goes before feedparser sees it: that would spend the child's time on it and leave nothing.
    """
    starts = [found.start() for found in _OPENING.finditer(text)]
    if len(starts) <= most:
        return text, 0
    ends = list(_CLOSING.finditer(text, starts[-1]))
    return text[: starts[most]] + (text[ends[-1].end() :] if ends else ""), len(starts)


def _parse_mended(text: str, url: str) -> tuple[Loose, str]:
    """Parse a feed, and return what was parsed: where it is no XML, with its bare ampersands escaped.

    feedparser reads on without XML, but takes them for references, and gives each the semicolon that it lacks.
    """
    parsed = _parse(text, url)
    if not parsed.get("bozo") or (mended := _BARE.sub(lambda found: found[1] or "&amp;", text)) == text:
        return parsed, text
    return {**_parse(mended, url), "bozo": True, "bozo_exception": parsed.get("bozo_exception")}, mended


def _parse(text: str, url: str) -> Loose:
    data = ('<?xml version="1.0" encoding="utf-8"?>\n' + text).encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed: Loose = feedparser.parse(
            BytesIO(data), sanitize_html=False, resolve_relative_uris=False, response_headers=headers
        )
    except RecursionError as error:
        raise UnreadableError(f"{url}: nested too deeply to be read") from error
    except Exception as error:  # hostile markup makes feedparser raise nearly anything
        mended = _REFERENCE.sub(_possible, text)
        if mended != text:
            return _parse(mended, url)
        raise UnreadableError(f"{url}: feedparser can't read it: {type(error).__name__}: {error}"[:300]) from error
    return parsed


def _possible(reference: re.Match[str]) -> str:
    """A character reference as it is; U+FFFD for one to a surrogate or beyond Unicode, which fails the whole feed."""
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    number = int(digits, base) if len(digits) <= 7 else 0x110000
    return "\ufffd" if 0xD800 <= number <= 0xDFFF or number > 0x10FFFF else reference[0]


def _refuse_what_is_no_feed(parsed: Loose, feed: Loose, entries: list[Any], text: str, payload: Payload) -> None:
    if entries or parsed.get("version"):
        return
    if _HTML.search(text[:5_000]):
        raise UnreadableError(f"{payload.url}: this is an HTML page, not a feed")
    if not _ROOT.search(text[:200_000]) and not dict.get(dict(feed), "title"):
        start = squeeze(text[:60])
        raise UnreadableError(f"{payload.url}: there is no feed in it; it begins with {start!r}")


def _complaints(parsed: Loose, decoded: Decoded, url: str, entries: int) -> Iterator[Failure]:
    if decoded.override:
        yield Failure(url, f"the encoding is declared as {decoded.override} but is not; read as {decoded.encoding}")
    if decoded.doubt:
        yield Failure(url, decoded.doubt)
    if parsed.get("bozo"):
        reason = squeeze(str(parsed.get("bozo_exception")))[:200]
        yield Failure(url, f"not well-formed ({reason}); {entries} entries could still be read")


def _is_cut_off(text: str) -> bool:
    """Whether the document ends inside its last entry."""
    openings = list(_OPENING.finditer(text))
    if not openings:
        return False
    last = openings[-1]
    closing = re.compile(rf"</(?:\w+:)?{last[1]}\s*>|/>\s*$", re.IGNORECASE)
    return closing.search(text, last.end()) is None


def _broken_off(entries: list[Loose]) -> Failure:
    """Tell of the last entry, and leave it out if its body is lost: the next poll brings it whole."""
    last = entries[-1]
    where = plain(value_of(last, "title")) or f"entry {len(entries)}"
    if not value_of(last, "summary") and not list_of(last, "content"):
        entries.pop()
    return Failure(where, "the feed breaks off within this entry")


def _feed_base(feed: Loose, url: str) -> str:
    """What relative addresses in the feed are relative to: the feed's own address, else its site's."""
    if is_web(url):
        return url
    link = value_of(feed, "link")
    return link if is_web(link) else url


def _reading(
    parsed: Loose, feed: Loose, side: Side, base: str, entries: tuple[Entry, ...], failures: tuple[Failure, ...]
) -> Reading:
    version = str(parsed.get("version") or "rss")
    return Reading(
        format=version,
        entries=entries,
        failures=failures,
        title=plain(value_of(feed, "title")),
        link=absolute(value_of(feed, "link"), base),
        language=value_of(feed, "language"),
        rights=rights_of(feed),
        authors=authors_of(feed) if version.startswith("atom") else (),  # RSS names an editor there, if anybody
        ttl=_ttl(feed),
        skip_hours=side.skip_hours,
    )


def _ttl(feed: Loose) -> int | None:
    """The seconds for which a feed asks not to be polled: RSS ttl (minutes), else the syndication module's period."""
    minutes = value_of(feed, "ttl")
    if re.fullmatch(r"\d{1,6}", minutes, re.ASCII):
        return int(minutes) * 60 or None
    period = _PERIODS.get(value_of(feed, "sy_updateperiod").lower())
    if period is None:
        return None
    frequency = value_of(feed, "sy_updatefrequency")
    times = int(frequency) if re.fullmatch(r"\d{1,4}", frequency, re.ASCII) else 1
    return max(60, period // max(1, times))
