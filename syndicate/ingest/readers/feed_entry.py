"""One entry of a feed: feedparser's loose dictionary becomes our frozen value."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from syndicate.ingest.readers.bodies import choose_body, is_teaser
from syndicate.ingest.readers.dates import parse_date
from syndicate.ingest.readers.media import enclosures, images, list_of
from syndicate.ingest.readers.people import distinct, people, persons
from syndicate.ingest.readers.side import SideEntry
from syndicate.model import Entry, Image, Original, Person
from syndicate.normalize.credits import with_credit
from syndicate.normalize.pictures import unique
from syndicate.normalize.urls import absolute, is_web
from syndicate.text import legal, plain, plain_markup, plain_text

_WORD, _GAP = re.compile(r"[^\W\d_]+"), re.compile(r"\{[^{}]*\}")
_SOFTWARE = re.compile(r"(?:proudly\s)?(?:powered|generated)\s(?:by|with)\s", re.IGNORECASE)
_OWNED = re.compile(r"©|\(c\)|copyright|rights|licen[cs]e", re.IGNORECASE)
_LAST_OF_NAME = frozenset(("and", "or", "und", "oder", "et", "ou", "y", "e", "i", "&"))
_TELLING = ("name", "email", "href")  # of whom a feed may tell no more

Loose = dict[str, Any]  # feedparser's dictionaries; nothing about their values is promised


def read_entry(entry: Loose, side: SideEntry, base: str, *, atom: bool) -> Entry:
    """Read one entry, with what lxml saw of it beside; `base` is what its relative addresses are relative to."""
    link = _entry_link(entry, base)
    body = choose_body(_candidates(entry, side))
    summary = legal(value_of(entry, "summary"))
    published, updated = _dates(entry)
    pictures = _untold(images(entry, side, base), body.text)
    beside = distinct(chain.from_iterable(map(persons, side.authors)))
    authors = beside or authors_of(entry) or authors_of(dict.get(entry, "source") or {})
    return Entry(
        key=value_of(entry, "id"),
        link=link,
        title=_title(entry, atom=atom) or side.title,
        body=body.text,
        body_kind=body.kind,
        base_url=_entry_base(entry, base, link),
        summary="" if summary == body.text and body.from_content else summary,
        excerpt_only=is_teaser(body),
        authors=authors,
        nameless=not authors and any(value_of(one, key) for one in list_of(entry, "authors") for key in _TELLING),
        published=published,
        updated=updated,
        categories=_categories(entry),
        language=_entry_language(entry),
        rights=rights_of(entry) or rights_of(dict.get(entry, "source") or {}),
        original=_original(entry, base),
        images=unique(pictures),
        enclosures=enclosures(entry, base),
    )


def value_of(loose: Loose, key: str) -> str:
    """One value as text. `dict.get`, because feedparser's own lookup answers with other keys and warns of it."""
    value = dict.get(loose, key) if isinstance(loose, dict) else None
    return legal(value).strip() if isinstance(value, str) else ""


def _links(loose: Loose) -> list[dict[str, str]]:
    return [
        {str(k): str(v) for k, v in link.items() if v is not None}
        for link in list_of(loose, "links")
        if link.get("href")
    ]


def _title(entry: Loose, *, atom: bool) -> str:
    """The headline as plain text: Atom says whether it is that or markup, RSS does not."""
    declared = value_of(dict.get(entry, "title_detail") or {}, "type")
    reader = plain if not atom else plain_text if declared == "text/plain" else plain_markup
    return reader(value_of(entry, "title"))


def _entry_link(entry: Loose, base: str) -> str:
    """The article's address: FeedBurner's original, its first page, a permalink guid; "" if none is one.

    feedparser's own choice is the last link, whatever it leads to: where an enclosure's address is its text, a picture.
    """
    alternates = [link for link in _links(entry) if link.get("rel", "alternate") == "alternate"]
    pages = [link["href"] for link in sorted(alternates, key=lambda link: "html" not in link.get("type", "html"))]
    link, guid = value_of(entry, "link"), value_of(entry, "id")
    told = "" if link == guid else link  # without a link feedparser gives the guid, which is none unless it is a URL
    for choice in (value_of(entry, "feedburner_origlink"), *pages, told):
        if choice and is_web(url := absolute(choice, base)):
            return url
    return guid if is_web(guid) and dict.get(entry, "guidislink", True) is not False else ""


def _entry_base(entry: Loose, base: str, link: str) -> str:
    """What the body's addresses are relative to: xml:base where one was declared, else the article itself."""
    for detail in [*list_of(entry, "content"), dict.get(entry, "summary_detail") or {}]:
        declared = value_of(detail, "base")
        if is_web(declared) and declared != base:
            return declared
    return link or base


def _candidates(entry: Loose, side: SideEntry) -> Iterator[tuple[str, str, bool]]:
    """What may be the body: value, media type, whether it was given as content."""
    for content in list_of(entry, "content"):
        value = value_of(content, "value")
        if value and not (side.captions and plain(value) in side.captions):
            yield value, value_of(content, "type"), True
    detail = dict.get(entry, "summary_detail") or {}
    if (summary := value_of(entry, "summary")) and (not side.images or plain(summary) not in side.captions):
        yield summary, value_of(detail, "type") or "text/html", False
    elif side.captions:
        yield side.description, "text/plain", False


def _untold(pictures: list[Image], body: str) -> list[Image]:
    """The pictures, without a caption that is all that the body tells; the credit in it stays with its picture."""
    told = plain(body) if any(one.caption for one in pictures) else ""
    return [replace(with_credit(one), caption="") if one.caption and one.caption == told else one for one in pictures]


def _dates(entry: Loose) -> tuple[Any, Any]:
    """Publication and revision. A lone date (dc:date, Atom's updated) is when the article appeared."""
    published = parse_date(value_of(entry, "published")) or parse_date(value_of(entry, "created"))
    updated = parse_date(value_of(entry, "updated"))
    return published or updated, updated


def authors_of(loose: Loose) -> tuple[Person, ...]:
    """The people whom an entry, its atom:source or a feed names as its authors."""
    listed, raw = list_of(loose, "authors"), value_of(loose, "author")
    if (
        listed and "@" in raw
    ):  # feedparser tears apart long addresses, and several of them; the last author's are in `raw`
        listed[-1] = {**listed[-1], "name": raw}
    named = (persons(value_of(one, "name"), url=value_of(one, "href"), email=value_of(one, "email")) for one in listed)
    return distinct(chain.from_iterable(named)) or people([raw])


def _categories(entry: Loose) -> tuple[str, ...]:
    """Labels where they were given, else terms; those of machines (Blogger's kind#post) are none.

    A lone one with several commas is a list, unless it ends as one name does ("Arts, Books, and Film").
    """
    tags = [tag for tag in list_of(entry, "tags") if not value_of(tag, "scheme").endswith("#kind")]
    terms = [plain(value_of(tag, "label") or value_of(tag, "term")) for tag in tags]
    listed = terms[0].split(",") if len(terms) == 1 else []
    if len(listed) > 2 and _LAST_OF_NAME.isdisjoint(listed[-1].casefold().split()):
        terms = [term.strip() for term in listed]
    found: dict[str, str] = {}
    for term in terms:
        if term and len(term) <= 200 and not is_web(term):
            found.setdefault(term.casefold(), term)
    return tuple(found.values())


def _entry_language(entry: Loose) -> str:
    """The entry's own language where it says one (dc:language, xml:lang of its content)."""
    if declared := value_of(entry, "language"):
        return declared
    for detail in [*list_of(entry, "content"), dict.get(entry, "title_detail") or {}]:
        if declared := value_of(detail, "language"):
            return declared
    return ""


def rights_of(loose: Loose) -> str:
    """What a feed or entry says of its owner, else the address of the licence that it links to; "" for neither.

    A template that nobody filled in ("© {year}") names no owner, and the maker of the site's software is none.
    """
    said = plain(value_of(loose, "rights"))
    filled = _GAP.sub("", said)
    if filled != said and {word.lower() for word in _WORD.findall(filled)} <= {"c", "copyright"}:
        said = ""
    if said and (not _SOFTWARE.match(said) or _OWNED.search(said)):
        return said
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
    name, url = plain(value_of(source, "title")), next(filter(is_web, links), "")
    return Original(name=name, url=url) if name or url else None
