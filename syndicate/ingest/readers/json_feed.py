"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.bodies import choose_body, is_teaser
from syndicate.ingest.readers.charset import decode
from syndicate.ingest.readers.dates import parse_date
from syndicate.ingest.readers.people import distinct, persons
from syndicate.model import Enclosure, Entry, Failure, Image, Original, Payload, Person, Reading
from syndicate.normalize.pictures import number, unique
from syndicate.normalize.urls import absolute, is_web, link_key
from syndicate.text import legal, plain, plain_text

Loose = Mapping[str, Any]

_HEAD = 2_000  # characters in which a page of HTML shows what it is
_PAGE = re.compile(r"^[^\[{]*<(?:!doctype|html|head|body|title|script|meta|h1)\b", re.IGNORECASE)
_JSON_START = re.compile(r"(?:^|\n|>)[ \t]*(?=\[\s*[{\]]|\{\s*[\"}])")


def is_json(payload: Payload) -> bool:
    """Whether the payload is meant as JSON: by its first character, or by a declared type that XML never has."""
    start = payload.body[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith((b"{", b"[")) or ("json" in payload.content_type.lower() and not start.startswith(b"<"))


def load(payload: Payload) -> tuple[Any, list[Failure]]:
    """The JSON value in a payload, without what PHP or a cache wrote around it, and what is not sure of its letters.

    Raises UnreadableError for none.
    """
    decoded = decode(payload.body, payload.content_type)
    text, doubts = decoded.text.strip(), [Failure(payload.url, decoded.doubt)] if decoded.doubt else []
    if _PAGE.search(text[:_HEAD]):
        raise UnreadableError(f"{payload.url}: this is an HTML page, not JSON"[:300])
    start = None if text.startswith(("[", "{")) else _JSON_START.search(text)
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start.end() if start else 0)[0], doubts
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{payload.url}: not valid JSON: {error}"[:300]) from error


def read(payload: Payload) -> Reading:
    """Read one JSON Feed. Raises UnreadableError when the JSON is none."""
    feed, failures = load(payload)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise UnreadableError(f"{payload.url}: JSON, but not a JSON Feed: it has no list of items")
    base = next((u for key in ("home_page_url", "feed_url") if is_web(u := text(feed, key))), payload.url)
    entries = []
    for position, item in enumerate(feed["items"], 1):
        if isinstance(item, dict):
            entries.append(_entry(item, base))
        else:
            failures.append(Failure(f"entry {position}", "the item is no JSON object"))
    version = text(feed, "version").rstrip("/")
    return Reading(
        format="json1" if version.endswith("/1") else "json11",
        entries=tuple(entries),
        failures=tuple(failures),
        title=plain(text(feed, "title")),
        link=text(feed, "home_page_url"),
        language=text(feed, "language"),
        authors=_authors(feed),
    )


def text(loose: Loose, key: str) -> str:
    """One value as text; numbers become their digits, everything else that is no string becomes ""."""
    value = loose.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return legal(value).strip() if isinstance(value, str) else ""


def objects(loose: Loose, key: str) -> list[dict[str, Any]]:
    """A list of objects; whatever is none is left out."""
    value = loose.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _entry(item: Loose, base: str) -> Entry:
    link = absolute(text(item, "url"), base) if item.get("url") else ""
    external = absolute(text(item, "external_url"), base) if item.get("external_url") else ""
    key = text(item, "id")
    if not link:
        link = key if is_web(key) else external
    summary = text(item, "summary")
    body = choose_body(_candidates(item))
    if not body.text:
        body = choose_body([(summary, "text/plain", False)])
    published, updated = parse_date(text(item, "date_published")), parse_date(text(item, "date_modified"))
    return Entry(
        key=key,
        link=link if is_web(link) else "",
        title=plain_text(text(item, "title")),
        body=body.text,
        body_kind=body.kind,
        base_url=link if is_web(link) else base,
        summary=summary,
        excerpt_only=is_teaser(body),
        authors=_authors(item),
        nameless=not _authors(item) and any(text(one, "name") or text(one, "url") for one in _listed_authors(item)),
        published=published or updated,
        updated=updated,
        categories=_tags(item),
        language=text(item, "language"),
        original=_original(external, link),
        images=unique(_images(item, base)),
        enclosures=tuple(_enclosures(item, base)),
    )


def _candidates(item: Loose) -> Iterator[tuple[str, str, bool]]:
    if html := text(item, "content_html"):
        yield html, "text/html", True
    elif words := text(item, "content_text"):
        yield words, "text/plain", True


def _authors(loose: Loose) -> tuple[Person, ...]:
    listed = _listed_authors(loose)
    return distinct(who for one in listed for who in persons(text(one, "name"), url=text(one, "url")))


def _listed_authors(loose: Loose) -> list[dict[str, Any]]:
    """Version 1.1 has a list of authors, version 1 one author."""
    single = loose.get("author")
    return objects(loose, "authors") or ([single] if isinstance(single, dict) else [])


def _tags(item: Loose) -> tuple[str, ...]:
    value = item.get("tags")
    tags = [plain(tag) for tag in value if isinstance(tag, str)] if isinstance(value, list) else []
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _original(external: str, link: str) -> Original | None:
    """`external_url` names the page that an entry of a link blog is about; no source of it when it is the link."""
    return Original(url=external) if is_web(external) and link_key(external) != link_key(link) else None


def _images(item: Loose, base: str) -> Iterator[Image]:
    for key in ("image", "banner_image"):
        if is_web(url := absolute(text(item, key), base)):
            yield Image(url=url)
    for attachment in objects(item, "attachments"):
        if text(attachment, "mime_type").startswith("image/") and is_web(
            url := absolute(text(attachment, "url"), base)
        ):
            yield Image(url=url, caption=plain(text(attachment, "title")), type=text(attachment, "mime_type"))


def _enclosures(item: Loose, base: str) -> Iterator[Enclosure]:
    for attachment in objects(item, "attachments"):
        url, media_type = absolute(text(attachment, "url"), base), text(attachment, "mime_type")
        if is_web(url) and not media_type.startswith("image/"):
            yield Enclosure(url=url, type=media_type, length=number(attachment.get("size_in_bytes")))
