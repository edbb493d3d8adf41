"""RSS, RDF and Atom of every version, read by feedparser.

feedparser's loose dictionaries end in this module: out come our frozen values. It never sees anything but a
BytesIO of UTF-8: a string would be opened as a path or fetched as a URL.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import expat
from syndicate.ingest.readers.bodies import choose_body, is_teaser
from syndicate.ingest.readers.charset import Decoded, decode
from syndicate.ingest.readers.dates import parse_date
from syndicate.ingest.readers.media import enclosures, images
from syndicate.ingest.readers.people import distinct, people, person
from syndicate.ingest.readers.side import Side, SideEntry, look_aside
from syndicate.model import Entry, Failure, Original, Payload, Person, Reading
from syndicate.normalize.pictures import unique
from syndicate.normalize.urls import absolute, is_web
from syndicate.text import legal, plain, plain_markup, plain_text, squeeze

expat.install()

Loose = dict[str, Any]  # feedparser's dictionaries; nothing about their values is promised

# feedparser takes 20 s for 400 KB of attributes on one element; no real root has more than a few KB.
_ROOT_TAG_LIMIT = 32_768
_ENTRY_LIMIT = 5_000  # a flood; the largest archives in one feed have some hundreds
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_ROOT = re.compile(r"<(?:\w+:)?(rss|rdf|feed|channel|item|entry|redirect)\b", re.IGNORECASE)
_OPENING = re.compile(r"<(?:\w+:)?(item|entry)(?=[\s>])", re.IGNORECASE)
_CLOSING = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));?")


def read(payload: Payload) -> Reading:
    """Read one feed document. Raises UnreadableError when it is none."""
    decoded = decode(payload.body, payload.content_type)
    text, flood = _without_flood(_from_root(decoded.text, payload))
    parsed = _parse(text, payload.url)
    entries = [entry for entry in parsed.get("entries") or [] if isinstance(entry, dict)]
    feed: Loose = parsed.get("feed") or {}
    _refuse_what_is_no_feed(parsed, feed, entries, text, payload)
    failures = list(_complaints(parsed, decoded, payload.url, len(entries)))
    if parsed.get("bozo") and _is_cut_off(text) and entries:
        last = entries[-1]
        where = plain(_text(last, "title")) or f"entry {len(entries)}"
        failures.append(Failure(where, "the feed breaks off within this entry"))
        if not _text(last, "summary") and not _list(last, "content"):
            entries.pop()  # what there was of its body is lost; the next poll brings it whole
    if flood:
        failures.append(Failure(payload.url, f"{flood} entries; only the first {_ENTRY_LIMIT} are read"))
    side = look_aside(text, len(entries))
    base = _feed_base(feed, payload.url)
    atom = str(parsed.get("version")).startswith("atom")
    found = []
    for position, (entry, beside) in enumerate(zip(entries[:_ENTRY_LIMIT], side.entries, strict=False), 1):
        try:
            found.append(_entry(entry, beside, base, atom=atom))
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


def _without_flood(text: str) -> tuple[str, int]:
    """The text with no more entries than we read, and how many it had if these were more.

    What is left over goes before feedparser sees it: that would spend the child's time on it and leave nothing.
    """
    starts = [found.start() for found in _OPENING.finditer(text)]
    if len(starts) <= _ENTRY_LIMIT:
        return text, 0
    ends = list(_CLOSING.finditer(text, starts[-1]))
    return text[: starts[_ENTRY_LIMIT]] + (text[ends[-1].end() :] if ends else ""), len(starts)


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


def _feed_base(feed: Loose, url: str) -> str:
    """What relative addresses in the feed are relative to: the feed's own address, else its site's."""
    if is_web(url):
        return url
    link = _text(feed, "link")
    return link if is_web(link) else url


def _reading(
    parsed: Loose, feed: Loose, side: Side, base: str, entries: tuple[Entry, ...], failures: tuple[Failure, ...]
) -> Reading:
    return Reading(
        format=str(parsed.get("version") or "rss"),
        entries=entries,
        failures=failures,
        title=plain(_text(feed, "title")),
        link=absolute(_text(feed, "link"), base),
        language=_text(feed, "language"),
        rights=plain(_text(feed, "rights")) or _license(feed),
        ttl=_ttl(feed),
        skip_hours=side.skip_hours,
    )


def _ttl(feed: Loose) -> int | None:
    """The seconds for which a feed asks not to be polled: RSS ttl (minutes), else the syndication module's period."""
    minutes = _text(feed, "ttl")
    if re.fullmatch(r"\d{1,6}", minutes, re.ASCII):
        return int(minutes) * 60 or None
    period = _PERIODS.get(_text(feed, "sy_updateperiod").lower())
    if period is None:
        return None
    frequency = _text(feed, "sy_updatefrequency")
    times = int(frequency) if re.fullmatch(r"\d{1,4}", frequency, re.ASCII) else 1
    return max(60, period // max(1, times))


def _entry(entry: Loose, side: SideEntry, base: str, *, atom: bool) -> Entry:
    link = _entry_link(entry, base)
    body = choose_body(_candidates(entry, side))
    summary = legal(_text(entry, "summary"))
    published, updated = _dates(entry)
    pictures, files = images(entry, side, base), enclosures(entry, base)
    return Entry(
        key=_text(entry, "id"),
        link=link,
        title=_title(entry, atom=atom) or side.title,
        body=body.text,
        body_kind=body.kind,
        base_url=_entry_base(entry, base, link),
        summary="" if summary == body.text and body.from_content else summary,
        excerpt_only=is_teaser(body),
        authors=_authors(entry),
        published=published,
        updated=updated,
        categories=_categories(entry),
        language=_entry_language(entry),
        rights=plain(_text(entry, "rights")) or _license(entry),
        original=_original(entry, base),
        images=unique(pictures),
        enclosures=files,
    )


def _text(loose: Loose, key: str) -> str:
    """One value as text. `dict.get`, because feedparser's own lookup answers with other keys and warns of it."""
    value = dict.get(loose, key) if isinstance(loose, dict) else None
    return legal(value).strip() if isinstance(value, str) else ""


def _list(loose: Loose, key: str) -> list[Any]:
    value = dict.get(loose, key) if isinstance(loose, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _links(loose: Loose) -> list[dict[str, str]]:
    return [
        {str(k): str(v) for k, v in link.items() if v is not None} for link in _list(loose, "links") if link.get("href")
    ]


def _title(entry: Loose, *, atom: bool) -> str:
    """The headline as plain text: Atom says whether it is that or markup, RSS does not."""
    declared = _text(dict.get(entry, "title_detail") or {}, "type")
    reader = plain if not atom else plain_text if declared == "text/plain" else plain_markup
    return reader(_text(entry, "title"))


def _entry_link(entry: Loose, base: str) -> str:
    """The article's address: FeedBurner's original, the alternate link, a permalink guid; "" if none is one."""
    alternates = [link["href"] for link in _links(entry) if link.get("rel", "alternate") == "alternate"]
    link, guid = _text(entry, "link"), _text(entry, "id")
    told = "" if link == guid else link  # without a link feedparser gives the guid, which is none unless it is a URL
    for choice in (_text(entry, "feedburner_origlink"), told, *alternates):
        if choice and is_web(url := absolute(choice, base)):
            return url
    return guid if is_web(guid) and dict.get(entry, "guidislink", True) is not False else ""


def _entry_base(entry: Loose, base: str, link: str) -> str:
    """What the body's addresses are relative to: xml:base where one was declared, else the article itself."""
    for detail in [*_list(entry, "content"), dict.get(entry, "summary_detail") or {}]:
        declared = _text(detail, "base")
        if is_web(declared) and declared != base:
            return declared
    return link or base


def _candidates(entry: Loose, side: SideEntry) -> Iterator[tuple[str, str, bool]]:
    """What may be the body: value, media type, whether it was given as content."""
    for content in _list(entry, "content"):
        value = _text(content, "value")
        if value and not (side.captions and plain(value) in side.captions):
            yield value, _text(content, "type"), True
    detail = dict.get(entry, "summary_detail") or {}
    if (summary := _text(entry, "summary")) and (not side.images or plain(summary) not in side.captions):
        yield summary, _text(detail, "type") or "text/html", False
    elif side.captions:
        yield max(side.captions, key=len), "text/plain", False


def _dates(entry: Loose) -> tuple[Any, Any]:
    """Publication and revision. A lone date (dc:date, Atom's updated) is when the article appeared."""
    published = parse_date(_text(entry, "published")) or parse_date(_text(entry, "created"))
    updated = parse_date(_text(entry, "updated"))
    return published or updated, updated


def _authors(entry: Loose) -> tuple[Person, ...]:
    listed = _list(entry, "authors")
    raw = _text(entry, "author")
    if len(listed) == 1 and "@" in raw:  # feedparser tears addresses apart whose top-level domain is long
        return distinct([person(raw, url=_text(listed[0], "href"), email=_text(listed[0], "email"))])
    found = distinct(
        person(_text(author, "name"), url=_text(author, "href"), email=_text(author, "email")) for author in listed
    )
    return found or people([raw])


def _categories(entry: Loose) -> tuple[str, ...]:
    """Labels where they were given, else terms; those of machines (Blogger's kind#post) are none."""
    found: dict[str, str] = {}
    for tag in _list(entry, "tags"):
        scheme = _text(tag, "scheme")
        term = plain(_text(tag, "label") or _text(tag, "term"))
        if term and len(term) <= 200 and not scheme.endswith("#kind") and not is_web(term):
            found.setdefault(term.casefold(), term)
    return tuple(found.values())


def _entry_language(entry: Loose) -> str:
    """The entry's own language where it says one (dc:language, xml:lang of its content)."""
    if declared := _text(entry, "language"):
        return declared
    for detail in [*_list(entry, "content"), dict.get(entry, "title_detail") or {}]:
        if declared := _text(detail, "language"):
            return declared
    return ""


def _license(loose: Loose) -> str:
    for link in _links(loose):
        if link.get("rel") in {"license", "copyright"}:
            return link["href"]
    return ""


def _original(entry: Loose, base: str) -> Original | None:
    """Where the entry says it comes from: RSS source, atom:source. Of its addresses only that of a page is taken.

    RSS source's `url` is by definition a feed's, and so is an id of atom:source: they may hold a subscriber's secret.
    """
    source = dict.get(entry, "source")
    if not isinstance(source, dict):
        return None
    links = (absolute(link["href"], base) for link in _links(source) if link.get("rel", "alternate") == "alternate")
    name, url = plain(_text(source, "title")), next(filter(is_web, links), "")
    return Original(name=name, url=url) if name or url else None
