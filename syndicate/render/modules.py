"""feedgen extensions: what importers look for and feedgen does not write, or writes wrongly. Pure.

One class for feeds and one for entries in each format. feedgen calls them after it has made its own elements.
Its Atom elements stand in no namespace (the root carries a literal `xmlns`), so ours do, too.
"""

from collections.abc import Iterable, Mapping

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.util import xml_elem
from lxml.etree import _Element

from syndicate.formats import MEDIA_TYPES
from syndicate.model import FeedFormat, Image
from syndicate.render.text import rfc822, rfc3339
from syndicate.render.values import Feed, Item
from syndicate.render.withdrawal import Form

ATOM = "http://www.w3.org/2005/Atom"
AT = "http://purl.org/atompub/tombstones/1.0"
FH = "http://purl.org/syndication/history/1.0"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
GOO = "http://news.goo.ne.jp/rss/2.0/news/goonews/"
LINE = "http://news.line.me/rss/1.0/oa"
MEDIA = "http://search.yahoo.com/mrss/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# What an item that is withdrawn holds for its importer: an element, its attributes, its text.
_GONE: Mapping[Form, tuple[str, Mapping[str, str], str]] = {
    "smartnews": (f"{{{MEDIA}}}status", {}, "deleted"),
    "gunosy": (f"{{{MEDIA}}}status", {"state": "deleted"}, ""),
    "goo": (f"{{{GOO}}}delete", {}, "1"),
    "line": (f"{{{LINE}}}delStatus", {}, "1"),
    "msn": (f"{{{DCTERMS}}}valid", {}, "end={at}; scheme=W3C-DTF"),
}


class FeedModules(BaseExtension):  # type: ignore[misc]  # feedgen ships no types
    """Namespaces of a feed, its hub, its archive, withdrawals; RSS dates without feedgen's change of the locale."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def extend_ns(self) -> dict[str, str]:
        """The namespaces that the root declares."""
        told = {"at": AT} if self._feed.withdrawn else {}
        forms = {item.withdrawn for item in self._feed.items}
        told |= {name: uri for form, name, uri in (("goo", "goonews", GOO), ("line", "oa", LINE)) if form in forms}
        kept = {"fh": FH} if self._feed.current else {}
        return {"dc": DC, "dcterms": DCTERMS, "media": MEDIA, **told, **kept}

    def extend_atom(self, feed: _Element) -> _Element:
        """Add to the feed."""
        self._archive(feed, "atom", "link")
        self._withdrawn(feed)
        return feed

    def extend_rss(self, rss: _Element) -> _Element:
        """Add to the channel, and behind it."""
        channel = rss[0]
        if self._feed.hub:  # feedgen writes it in Atom alone
            xml_elem(f"{{{ATOM}}}link", channel, href=self._feed.hub, rel="hub")
        self._archive(channel, "rss", f"{{{ATOM}}}link")
        self._withdrawn(rss)
        last_build = channel.find("lastBuildDate")
        if last_build is not None:  # feedgen always writes it, but with a year of less than four digits before 1000
            last_build.text = rfc822(self._feed.updated)
        return rss

    def _archive(self, parent: _Element, format_: FeedFormat, link: str) -> None:
        """Lead to what has left the feed; a page of that says what it is, and leads to its neighbours (RFC 5005)."""
        if self._feed.current:
            xml_elem(f"{{{FH}}}archive", parent)
        for relation, address in self._feed.pages(format_).items():
            xml_elem(link, parent, rel=relation, href=address, type=MEDIA_TYPES[format_])

    def _withdrawn(self, parent: _Element) -> None:
        """Tell what partners are to take down (RFC 6721).

        In RSS it stands beside the channel: that is where SimplePie looks for elements "of the feed" for FeedWordPress.
        """
        for stone in self._feed.withdrawn:
            element = xml_elem(f"{{{AT}}}deleted-entry", parent, ref=stone.guid, when=rfc3339(stone.at))
            xml_elem(f"{{{AT}}}comment", element).text = stone.reason


class EntryModules(BaseEntryExtension):  # type: ignore[misc]  # feedgen ships no types
    """Dublin Core, Media RSS and Atom elements of one article."""

    def __init__(self, item: Item) -> None:
        self._item = item

    def extend_rss(self, entry: _Element) -> _Element:
        """Add to an RSS item."""
        item = self._item
        xml_elem("pubDate", entry).text = rfc822(item.published)
        xml_elem(f"{{{ATOM}}}updated", entry).text = rfc3339(item.updated)
        _texts(entry, DCTERMS, "modified", [rfc3339(item.updated)])
        _texts(entry, DC, "creator", (person.name for person in item.authors))
        _texts(entry, DC, "language", [item.language])
        _texts(entry, DC, "rights", [item.rights])
        self._provenance(entry)
        for file in item.enclosures[1:]:  # RSS has room for one enclosure
            length = {"fileSize": str(file.length)} if file.length else {}
            xml_elem(f"{{{MEDIA}}}content", entry, url=file.url, type=file.type, medium=_medium(file.type), **length)
        return entry

    def extend_atom(self, entry: _Element) -> _Element:
        """Add to an Atom entry, and give its links the relations that feedgen 1.0 loses."""
        item = self._item
        if item.language:
            entry.set(XML_LANG, item.language)
        for link in entry.findall("link"):
            link.set("rel", "alternate")
            link.set("type", "text/html")
        if item.original.url and item.original.url != item.link:
            xml_elem("link", entry, rel="via", href=item.original.url)
        for file in item.enclosures:
            length = {"length": str(file.length)} if file.length else {}
            xml_elem("link", entry, rel="enclosure", href=file.url, type=file.type, **length)
        _texts(entry, DCTERMS, "modified", [rfc3339(item.updated)])
        self._provenance(entry)
        return entry

    def _provenance(self, entry: _Element) -> None:
        """Publisher, original, places, pictures, and that it is withdrawn: the same elements in both formats."""
        item = self._item
        if item.withdrawn:
            name, attributes, text = _GONE[item.withdrawn]
            xml_elem(name, entry, **attributes).text = text.format(at=rfc3339(item.updated)) or None
        _texts(entry, DC, "publisher", [item.original.name])
        _texts(entry, DC, "source", [item.original.url])
        _texts(entry, DCTERMS, "spatial", item.dateline.places if item.dateline else ())
        for image in item.images:
            _picture(entry, image)
        if item.images:
            xml_elem(f"{{{MEDIA}}}thumbnail", entry, url=item.images[0].url, **_size(item.images[0]))


def _medium(kind: str) -> str:
    """The sort of file that Media RSS knows a media type by."""
    sort = kind.partition("/")[0]
    return sort if sort in {"audio", "video", "image"} else "document"


def _texts(parent: _Element, namespace: str, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        if text:
            xml_elem(f"{{{namespace}}}{name}", parent).text = text


def _picture(entry: _Element, image: Image) -> None:
    kind = {"type": image.type} if image.type else {}
    content = xml_elem(f"{{{MEDIA}}}content", entry, url=image.url, medium="image", **kind, **_size(image))
    _texts(content, MEDIA, "description", [image.caption or image.alt])
    _texts(content, MEDIA, "credit", [image.credit])


def _size(image: Image) -> dict[str, str]:
    pairs = (("width", image.width), ("height", image.height))
    return {name: str(value) for name, value in pairs if value}
