"""Reading and cleaning without storing: what `syndicate read` and `syndicate clean` show. Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import PurePosixPath
from typing import Any, Literal, NoReturn
from urllib.parse import urlsplit

from syndicate.errors import UnreadableError
from syndicate.ingest.pages import read_page, with_page
from syndicate.ingest.process import read_payload
from syndicate.ingest.readers import folder
from syndicate.ingest.reasons import remarks, told
from syndicate.model import Article, Entry, Failure, HouseRule, Payload, Reading, SourceKind, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.strip.article import strip
from syndicate.strip.document import Document
from syndicate.strip.memory import Memory
from syndicate.strip.rulings import Rulings
from syndicate.strip.sanitize import sanitize
from syndicate.text import legal

_FILE_ENDINGS = {".txt", ".text", ".md", ".markdown", ".htm", ".html", ".xhtml"}
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_HTML = re.compile(rb"<!doctype html|<html|<head\b|<body\b|<article\b|<p\b|<div\b", re.IGNORECASE)

_NOTHING_RULED = Rulings()

LineKind = Literal["text", "html", "page"]
_KINDS: dict[str, LineKind] = {"text": "text", "html": "html", "feed-html": "html", "page": "page"}


def kind_of(payload: Payload) -> SourceKind:
    """Guess how a payload is to be read, by its name and its first bytes; a web page is "page"."""
    head = payload.body[:4096].lstrip()
    if _SITEMAP.search(head):
        return "page"
    if _FEED.search(head) or head.startswith((b"{", b"<?xml")) or "xml" in payload.content_type:
        return "feed"
    if head.startswith(b"[") and b'"content"' in payload.body[:20_000]:
        return "wordpress"
    if payload.url.startswith("file:") and is_article(urlsplit(payload.url).path):
        return "folder"
    return "page" if _HTML.search(head) else "feed"


def listed(payload: Payload, kind: SourceKind | None) -> tuple[list[dict[str, Any]], list[Failure]]:
    """What would be taken in from a payload, entry by entry, and what would fail.

    A page is read as one article; if it is none, as a listing, whose addresses are then the entries.
    """
    spec = SourceSpec(key="read", kind=kind or kind_of(payload), location=payload.url)
    try:
        reading = _read(payload, spec)
    except UnreadableError as error:
        return [], [Failure(payload.url, str(error))]
    failures = list(reading.failures)
    found = [_as_json(_unread(spec, entry), entry) for entry in reading.announced]
    for entry in reading.entries:
        try:
            article = normalize(entry, spec, reading)
        except UnreadableError:
            # Nothing that could be published, but an entry all the same: its facts are shown.
            article = _unread(spec, entry)
        except Exception as error:  # noqa: BLE001 - one strange entry must not hide its neighbours
            failures.append(_failure(entry.title or entry.link or entry.key, error))
            continue
        found.append(_as_json(article, entry))
        failures += remarks(entry)
    return found, failures


def _unread(spec: SourceSpec, entry: Entry) -> Article:
    """What an entry without a text says of its article."""
    article = Article(spec.key, entry.key, entry.link, entry.title, "", "")
    return replace(article, published=entry.published, categories=entry.categories)


def _read(payload: Payload, spec: SourceSpec) -> Reading:
    if spec.kind != "page" or _SITEMAP.search(payload.body[:4096]):
        return read_payload(payload, spec)
    try:
        return read_page(payload, spec)
    except UnreadableError:
        return read_payload(payload, spec)


def _as_json(article: Article, entry: Entry) -> dict[str, Any]:
    html = sanitize(article.html)
    return {
        "id": entry.key or article.link or article.key,
        "title": article.title,
        "link": article.link,
        "authors": [{"name": p.name, "role": p.role, "organization": p.organization} for p in article.authors],
        "published": article.published and article.published.isoformat(),
        "updated": article.updated and article.updated.isoformat(),
        "categories": list(article.categories),
        "language": article.language,
        "rights": article.rights,
        "images": [{"url": i.url, "caption": i.caption, "credit": i.credit} for i in article.images],
        "enclosures": [{"url": e.url, "type": e.type, "length": e.length} for e in article.enclosures],
        "html": html,
        "text": Document(html).text(),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One article to be cleaned, as a line of `clean --jsonl` gives it."""

    id: str
    source: str
    kind: LineKind
    title: str
    url: str
    input: str

    @classmethod
    def of(cls, values: dict[str, Any]) -> "Line":
        """Make it of a line's JSON; raises UnreadableError that says what is wrong with it."""
        if not isinstance(values.get("input"), str):
            raise UnreadableError("input: expected a text")
        text = {name: _text(values, name) for name in ("kind", "title", "url")}
        text |= {name: _text(values, name, numbers=True) for name in ("id", "source")}
        kind = _KINDS.get(text.pop("kind") or "html")
        if kind is None:
            raise UnreadableError(f'kind {values["kind"]!r}: expected "text", "html" or "page"')
        return cls(kind=kind, input=legal(values["input"]), **text)


def _text(values: dict[str, Any], name: str, *, numbers: bool = False) -> str:
    """Return what stands under a name, "" for nothing; raises UnreadableError for what is no text (or number)."""
    value = values.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float) if numbers else str):
        raise UnreadableError(f"{name}: expected a text{' or a number' if numbers else ''}")
    return legal(str(value))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a line: its article, or why there is none; `id` is what the line gave, of whatever kind."""

    id: Any
    outcome: Article | Failure


def clean_lines(lines: Iterable[str], hold_share: float, house: tuple[HouseRule, ...] = ()) -> Iterator[Result]:
    """Clean articles in two passes: learn from all that a source has in the batch, then strip each.

    Gives one result a line, in order. Empty lines are passed over.
    """
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    parsed = [(f"line {number}", _read_line(number, line, house)) for number, line in numbered]
    memories: dict[str, Memory] = {}
    for _, (_, item) in parsed:
        if isinstance(item, Article):
            memories[item.source] = memories.get(item.source, Memory()).learn(item)
    for where, (given, item) in parsed:
        if isinstance(item, Failure):
            yield Result(given, item)
        else:
            rulings = Rulings.of((), house, item.source)
            yield Result(given, _stripped(where, item, memories[item.source], hold_share, rulings))


def _read_line(number: int, text: str, house: tuple[HouseRule, ...]) -> tuple[Any, Article | Failure]:
    """Return the id that a line gives, None where it gives none, and its article."""
    given = None
    try:
        values = _object(text)
        given = values.get("id")
        line = Line.of(values)
        return given, article_of(line, Rulings.of((), house, line.source))
    except Exception as error:  # noqa: BLE001 - one strange line must not hide its neighbours
        return given, _failure(f"line {number}", error)


def _object(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not JSON: {error}") from error
    if not isinstance(values, dict):
        raise UnreadableError("expected a JSON object")
    return values


def _finite(number: str) -> float:
    value = float(number)
    return value if isfinite(value) else _refuse(number)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON's")


def _stripped(where: str, article: Article, memory: Memory, hold_share: float, rulings: Rulings) -> Article | Failure:
    try:
        return strip(article, memory, rulings, hold_share=hold_share)
    except Exception as error:  # noqa: BLE001 - as above
        return _failure(where, error)


def _failure(where: str, error: Exception) -> Failure:
    return Failure(where, told(error))


def article_of(line: Line, rulings: Rulings = _NOTHING_RULED) -> Article:
    """Normalize one article, in which what the rulings keep stays; raises UnreadableError."""
    spec = SourceSpec(key=line.source or "clean", kind="folder", location=line.url)
    entry = Entry(key=line.id, link=line.url, title=line.title, body=line.input, base_url=line.url)
    if line.kind == "page":
        entry = _opened(entry, spec, rulings)
    elif line.kind == "text":
        entry = replace(entry, body_kind="text")
    return replace(normalize(entry, spec, Reading(format=line.kind), rulings.keeps), key=line.id)


def is_article(name: str) -> bool:
    """Whether a file of this name is read as an article where it lies in a folder."""
    return PurePosixPath(name).suffix.lower() in _FILE_ENDINGS


def article_in(payload: Payload, rulings: Rulings = _NOTHING_RULED) -> Article:
    """Read and normalize a file as one in a folder is; raises UnreadableError."""
    spec = SourceSpec(key="clean", kind="folder", location=payload.url)
    reading = read_payload(payload, spec, rulings)
    return normalize(reading.entries[0], spec, reading, rulings.keeps)


def text_in(payload: Payload, name: str) -> str:
    """The text in a file, whatever it is called; raises UnreadableError for bytes that are none."""
    return folder.decoded(payload, name).text


def _opened(entry: Entry, spec: SourceSpec, rulings: Rulings) -> Entry:
    """The article on a page; a page on which none is found is left whole, since here nobody can look at it."""
    try:
        return with_page(entry, Payload(entry.body.encode(), entry.link, "text/html; charset=utf-8"), spec, rulings)
    except UnreadableError:
        return entry
