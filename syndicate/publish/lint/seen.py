"""A feed as importers see it: RSS 2.0, Atom 1.0 or JSON Feed, read to the letter and not mended. Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from syndicate.errors import UnreadableError
from syndicate.model import FeedFormat

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MODIFIED = "{http://purl.org/dc/terms/}modified"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_VALID = "{http://purl.org/dc/terms/}valid"
_MARKED_GONE = ("{http://news.goo.ne.jp/rss/2.0/news/goonews/}delete", "{http://news.line.me/rss/1.0/oa}delStatus")
_END = re.compile(r"\bend\s*=\s*([^;\s]+)")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is declared beside the body; "" where nothing is said."""

    url: str
    type: str = ""
    width: str = ""
    height: str = ""
    credit: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class SeenItem:
    """One item; dates are as they are written. `is_address` says that its id claims to be its address, too."""

    id: str = ""
    is_address: bool = False
    link: str = ""
    title: str = ""
    published: str = ""
    modified: str = ""
    html: str = ""
    summary: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    has_thumbnail: bool = False


@dataclass(frozen=True, slots=True)
class SeenFeed:
    """A feed; `size` is in bytes, `encoding` what it declares, `content_type` what it was served as, if it was."""

    format: FeedFormat
    items: tuple[SeenItem, ...]
    size: int
    title: str = ""
    language: str = ""
    encoding: str = "utf-8"
    content_type: str = ""


def see(body: bytes, content_type: str = "") -> SeenFeed:
    """Read a feed; raises UnreadableError that says why an importer could not."""
    if body.lstrip()[:1] == b"{":
        return _json(body, content_type)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"not well-formed: {error.msg}") from error
    told: dict[str, Any] = {
        "size": len(body),
        "encoding": root.getroottree().docinfo.encoding or "utf-8",
        "content_type": content_type,
    }
    if root.tag == "rss" and (channel := root.find("channel")) is not None:
        items = tuple(map(_rss_item, _standing(channel.iterfind("item"))))
        return SeenFeed("rss", items, title=_text(channel, "title"), language=_text(channel, "language"), **told)
    if root.tag == f"{_ATOM}feed":
        items = tuple(map(_atom_item, _standing(root.iterfind(f"{_ATOM}entry"))))
        return SeenFeed("atom", items, title=_text(root, f"{_ATOM}title"), language=root.get(_LANG, ""), **told)
    raise UnreadableError(f"expected RSS 2.0, Atom 1.0 or JSON Feed, found <{etree.QName(root).localname}>")


def _standing(items: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """The items that don't tell their importer to take something down: of the others nothing else is read."""
    for item in items:
        status = item.find(f"{_MEDIA}status")
        gone = status is not None and "deleted" in (status.get("state"), _text(item, f"{_MEDIA}status"))
        gone = gone or any(_text(item, name) == "1" for name in _MARKED_GONE)
        if not gone and not _expired(_text(item, _VALID), _text(item, f"{_ATOM}updated")):
            yield item


def _expired(valid: str, changed: str) -> bool:
    """Whether what is valid until a time (DCMI Period) was last changed when that was over."""
    end = _END.search(valid)
    try:
        return end is not None and datetime.fromisoformat(end[1]) <= datetime.fromisoformat(changed)
    except (ValueError, TypeError):  # no dates, or one without a zone
        return False


def _rss_item(item: etree._Element) -> SeenItem:
    guid = item.find("guid")
    return SeenItem(
        id=_text(item, "guid"),
        is_address=guid is not None and guid.get("isPermaLink", "true").lower() == "true",
        link=_text(item, "link"),
        title=_text(item, "title"),
        published=_text(item, "pubDate"),
        modified=_text(item, f"{_ATOM}updated") or _text(item, _MODIFIED),
        html=_text(item, _CONTENT),
        summary=_text(item, "description"),
        language=_text(item, f"{_DC}language"),
        authors=(*_texts(item, f"{_DC}creator"), *_texts(item, "author")),
        categories=_texts(item, "category"),
        **_media(item),
    )


def _atom_item(entry: etree._Element) -> SeenItem:
    links = [link for link in entry.iterfind(f"{_ATOM}link") if link.get("rel", "alternate") == "alternate"]
    names = (name for author in entry.iterfind(f"{_ATOM}author") for name in _texts(author, f"{_ATOM}name"))
    return SeenItem(
        id=_text(entry, f"{_ATOM}id"),
        link=links[0].get("href", "") if links else "",
        title=_text(entry, f"{_ATOM}title"),
        published=_text(entry, f"{_ATOM}published"),
        modified=_text(entry, f"{_ATOM}updated"),
        html=_markup(entry.find(f"{_ATOM}content")),
        summary=_text(entry, f"{_ATOM}summary"),
        language=entry.get(_LANG, ""),
        authors=tuple(names),
        categories=tuple(one.get("term", "") for one in entry.iterfind(f"{_ATOM}category")),
        **_media(entry),
    )


def _markup(content: etree._Element | None) -> str:
    """An Atom entry's content as HTML, be it escaped or, as XHTML, markup itself."""
    if content is None or not len(content):
        return "" if content is None else (content.text or "").strip()
    return "".join(etree.tostring(child, encoding="unicode", method="html") for child in content)


def _media(item: etree._Element) -> dict[str, Any]:
    pictures = tuple(
        Picture(
            one.get("url", ""),
            one.get("type", ""),
            one.get("width", ""),
            one.get("height", ""),
            _text(one, f"{_MEDIA}credit"),
            _text(one, f"{_MEDIA}description"),
        )
        for one in item.iter(f"{_MEDIA}content")
        if one.get("medium", "image") == "image" and one.get("type", "image").startswith("image")
    )
    return {"pictures": pictures, "has_thumbnail": item.find(f"{_MEDIA}thumbnail") is not None}


def _json(body: bytes, content_type: str) -> SeenFeed:
    try:
        document = json.loads(body.decode("utf-8"))
        if not str(document["version"]).startswith("https://jsonfeed.org/version/"):
            raise UnreadableError(f"expected a JSON Feed, found version {document['version']!r}")
        items = tuple(_json_items(document))
        language = str(document.get("language", ""))
        return SeenFeed("json", items, len(body), str(document["title"]), language, content_type=content_type)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not JSON: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"expected a JSON Feed: {error!r}") from error


def _json_items(document: dict[str, Any]) -> Iterator[SeenItem]:
    for item in document["items"]:
        if item.get("_syndicate", {}).get("status") == "withdrawn":
            continue
        image = str(item.get("image", ""))
        yield SeenItem(
            id=str(item.get("id", "")),
            link=str(item.get("url", "")),
            title=str(item.get("title", "")),
            published=str(item.get("date_published", "")),
            modified=str(item.get("date_modified", "")),
            html=str(item.get("content_html", item.get("content_text", ""))),
            summary=str(item.get("summary", "")),
            language=str(item.get("language", "")),
            authors=tuple(str(author.get("name", "")) for author in item.get("authors", ())),
            categories=tuple(map(str, item.get("tags", ()))),
            pictures=(Picture(image),) if image else (),
            has_thumbnail=bool(image),
        )


def _text(parent: etree._Element, name: str) -> str:
    found = parent.find(name)
    return "" if found is None else "".join(map(str, found.itertext())).strip()


def _texts(parent: etree._Element, name: str) -> tuple[str, ...]:
    found = ("".join(map(str, one.itertext())).strip() for one in parent.iterfind(name))
    return tuple(text for text in found if text)
