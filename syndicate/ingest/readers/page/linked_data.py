"""An article's description in JSON-LD (schema.org), as pages carry it: often several, often broken."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from syndicate.ingest.likeness import words
from syndicate.ingest.readers.dates import parse_date
from syndicate.ingest.readers.people import distinct, person
from syndicate.model import Image, Person
from syndicate.normalize.pictures import pixels
from syndicate.normalize.urls import is_web, link_key
from syndicate.text import legal, plain, squeeze, unescape

_ARTICLE = re.compile(r"(?:article|posting|report|review|opinion|column|recipe)", re.IGNORECASE)
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}?\*/)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_HOUSES = frozenset({"organization", "newsmediaorganization", "corporation"})
_ALIKE, _UNLIKE = 0.5, 0.3  # shares of two headlines' words
_MOST_CHARACTERS = 1_000_000
_MOST_NODES = 3_000


@dataclass(frozen=True, slots=True)
class LinkedData:
    """What the best of a page's descriptions says; empty where it says nothing.

    `authors` are people; `houses` are the organizations that are named in their place.
    """

    headline: str = ""
    summary: str = ""
    body: str = ""
    authors: tuple[Person, ...] = ()
    houses: tuple[Person, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    sections: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str = ""
    rights: str = ""
    publisher: str = ""
    images: tuple[Image, ...] = ()


def read_linked_data(root: etree._Element, links: Iterable[str], titles: Iterable[str]) -> LinkedData:
    """Read the description of the page's article. Never raises: what is broken is left out.

    Pages describe other stories, too: `links` are the page's own addresses, `titles` what it calls its article.
    """
    nodes: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            nodes.extend(_nodes(_load(script.text or "")))
        if len(nodes) > _MOST_NODES:
            break
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2}
    best = _best([node for node in nodes if _ARTICLE.search(_kind(node))], links, titles)
    return _article(best, known) if best else LinkedData()


def _best(articles: list[dict[str, Any]], links: Iterable[str], titles: Iterable[str]) -> dict[str, Any] | None:
    """The description of this page's article: by its address, then by its headline, then by how much it says."""
    own = {link_key(link) for link in links} - {""}
    called = [said for title in titles if (said := frozenset(words(title).split()))]
    best, best_rank = None, (False, False, 0)
    for node in articles:
        places = _places(node)
        headline = frozenset(words(_text(node.get("headline")) or _text(node.get("name"))).split())
        likeness = max((len(headline & said) / len(headline | said) for said in called), default=1.0)
        if places and places.isdisjoint(own) and headline and likeness < _UNLIKE:
            continue  # another story's
        rank = (not places.isdisjoint(own), likeness >= _ALIKE, len(node) + 10 * ("headline" in node))
        if rank > best_rank:
            best, best_rank = node, rank
    return best


def _places(node: dict[str, Any]) -> set[str]:
    """The addresses that a description says its subject has."""
    page = node.get("mainEntityOfPage")
    told = [
        node.get("url"),
        node.get("@id"),
        *([page.get("url"), page.get("@id")] if isinstance(page, dict) else [page]),
    ]
    return {link_key(text.partition("#")[0]) for text in told if isinstance(text, str) and is_web(text)} - {""}


def moment(text: object) -> datetime | None:
    """Read a date; None also for the empty dates that templates leave behind ("0001-01-01", "1970-01-01")."""
    found = parse_date(text)
    return found if found is not None and found.year > 1970 else None


def _load(text: str) -> Any:
    """The JSON in a script; a damaged one is mended in the usual ways first, None if that does not help."""
    text = legal(text[:_MOST_CHARACTERS]).strip()
    for mend in (lambda t: t, lambda t: _WRAPPING.sub("", _WRAPPING.sub("", t)), _mended):
        text = mend(text)
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _mended(text: str) -> str:
    if "&quot;" in text and '"' not in text:
        text = unescape(text)
    return _TRAILING_COMMA.sub(r"\1", text)


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Every object in the data that may describe something, outermost first."""
    waiting, seen = [data], 0
    while waiting and seen < _MOST_NODES:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, dict):
            yield value
            waiting.extend(
                value[name] for name in ("@graph", "mainEntity", "mainEntityOfPage", "author") if name in value
            )
        elif isinstance(value, list):
            waiting.extend(value[:200])


def _kind(node: dict[str, Any]) -> str:
    kind = node.get("@type")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")


def _article(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> LinkedData:
    publisher = next(iter(_objects(node.get("publisher"), known)), {})
    authors = _authors(node.get("author") or node.get("creator"), known)
    return LinkedData(
        headline=_text(node.get("headline")) or _text(node.get("name")),
        summary=_text(node.get("description")),
        body=_body(node.get("articleBody")),
        authors=distinct(one for house, one in authors if not house),
        houses=distinct(one for house, one in authors if house),
        published=moment(node.get("datePublished")) or moment(node.get("dateCreated")),
        updated=moment(node.get("dateModified")),
        sections=_texts(node.get("articleSection")),
        keywords=_texts(node.get("keywords")),
        language=_text(node.get("inLanguage")),
        rights=_rights(node, known),
        publisher=_text(publisher.get("name")),
        images=tuple(_images(node.get("image"), known)),
    )


def _body(value: Any) -> str:
    """The article's text with its line breaks; markup in it, escaped or not, is dropped."""
    if not isinstance(value, str):
        return ""
    lines = re.split(r"\s*\n\s*|</p>|<br\s*/?>", unescape(legal(value)), flags=re.IGNORECASE)
    return "\n".join(filter(None, map(plain, lines)))


def _objects(value: Any, known: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in (value if isinstance(value, list) else [value])[:50]:
        if isinstance(item, dict):
            yield known.get(str(item.get("@id")), item) if len(item) < 3 and "name" not in item else item
        elif isinstance(item, str):
            yield {"name": item, "url": item} if item.startswith("http") else {"name": item}


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), "")
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return plain(value[:5000]) if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(filter(None, (squeeze(item) if isinstance(item, str) else _text(item) for item in items[:50])))


def _authors(value: Any, known: dict[str, dict[str, Any]]) -> list[tuple[bool, Person | None]]:
    """Who is named as author, and whether that is a house."""
    found: list[tuple[bool, Person | None]] = []
    for node in _objects(value, known):
        name = _text(node.get("name"))
        if not name or name.startswith(("http:", "https:")):
            continue
        url = node.get("url")
        one = person(name, url=url if isinstance(url, str) else "")
        if one is not None:
            work = _text(node.get("worksFor")) or _text(node.get("affiliation"))
            one = Person(one.name, _text(node.get("jobTitle"))[:100], work[:100], one.url)
        found.append((_kind(node).lower() in _HOUSES, one))
    return found


def _rights(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> str:
    if notice := _text(node.get("copyrightNotice")):
        return notice
    holder = next((_text(owner.get("name")) for owner in _objects(node.get("copyrightHolder"), known)), "")
    year = str(node.get("copyrightYear") or "")[:4]
    return squeeze(f"© {year if year.isdigit() else ''} {holder}") if holder else ""


def _images(value: Any, known: dict[str, dict[str, Any]]) -> Iterator[Image]:
    for node in _objects(value, known):
        url = node.get("url") or node.get("contentUrl")
        url = url[0] if isinstance(url, list) and url else url
        if isinstance(url, str) and url:
            yield Image(
                url=legal(url).strip()[:2000],
                caption=_text(node.get("caption")),
                credit=_text(node.get("creditText"))
                or _text(node.get("creator"))
                or _text(node.get("copyrightHolder")),
                width=_side(node.get("width")),
                height=_side(node.get("height")),
            )


def _side(value: Any) -> int | None:
    return pixels(value.get("value") if isinstance(value, dict) else value)
