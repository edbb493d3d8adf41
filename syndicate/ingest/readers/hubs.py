"""Where a document says that its changes are told: in its `Link` header, else in itself (WebSub, section 4)."""

import re
from collections.abc import Iterator

from lxml import etree

from syndicate.errors import RefusedError
from syndicate.ingest.guard import parse
from syndicate.ingest.readers import json_feed
from syndicate.ingest.readers.charset import decode
from syndicate.model import NO_HUB, Hub, Payload, SourceKind
from syndicate.normalize.urls import absolute

LONGEST = 1_000  # bytes of an address; PostgreSQL indexes no more than 2,700 of a row, which holds two
_HEAD = 200_000  # characters of a page
_WANTED = ("hub", "self")
_HEADER = re.compile(r"<([^<>]*)>((?:[^\",]|\"[^\"]*\")*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)
_ANCHOR = re.compile(r";\s*anchor\s*=", re.IGNORECASE)
# Bounded, so that no document takes long to be found to name none.
_NAMED = re.compile(rb"\brel\s{0,9}=\s{0,9}[\"']?\s{0,9}(?:[\w:/.-]{1,40}\s{1,9}){0,4}hub\b", re.IGNORECASE)
_HOLDERS = frozenset({"feed", "channel"})

Links = Iterator[tuple[str, str]]  # relation and address


def hub_of(payload: Payload, kind: SourceKind) -> Hub:
    """The first hub that a document names, and its own name for itself: else it goes by where it was found.

    The header has the first word on both. An address that is none, or is too long to be kept, was not named.
    """
    found: dict[str, str] = {}
    for relation, href in _named(payload, kind):
        if address := _usable(absolute(href, payload.url)):
            found.setdefault(relation, address)
    topic = found.get("self") or _usable(payload.url)
    return Hub(found["hub"], topic) if "hub" in found and topic else NO_HUB


def _named(payload: Payload, kind: SourceKind) -> Links:
    in_header = tuple(_in_header(payload.links))
    yield from in_header
    if {relation for relation, _ in in_header} == set(_WANTED) or kind == "folder":
        return
    if json_feed.is_json(payload):
        if in_header or b'"hubs"' in payload.body:
            yield from _in_json(payload)
    elif in_header or _NAMED.search(payload.body):
        yield from _in_markup(payload, is_page=kind == "page")


def _in_header(value: str) -> Links:
    for link in _HEADER.finditer(value):
        relation = _REL.search(link[2])
        if relation and not _ANCHOR.search(link[2]):
            yield from _wanted(relation[1] or relation[2] or "", link[1])


def _in_json(payload: Payload) -> Links:
    """JSON Feed lists hubs of several kinds, and calls the topic `feed_url`."""
    feed = json_feed.load(payload)[0]
    if isinstance(feed, dict):
        yield "self", json_feed.text(feed, "feed_url")
        for hub in json_feed.objects(feed, "hubs"):
            if json_feed.text(hub, "type").lower() == "websub":
                yield "hub", json_feed.text(hub, "url")


def _in_markup(payload: Payload, *, is_page: bool) -> Links:
    """What the head of a page names, or a feed itself, whose entries have links of their own."""
    text = decode(payload.body, payload.content_type).text.strip("\ufeff \t\r\n")
    # No entities, no network, no DTD: markup decides nothing outside itself.
    parser = (
        etree.HTMLParser(encoding="utf-8", no_network=True)
        if is_page
        else etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    )
    try:
        root = etree.fromstring(text[: _HEAD if is_page else None].encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return
    for element in () if root is None else root.iter("link") if is_page else _own_children(root):
        if _name(element) == "link":
            yield from _wanted(element.get("rel", ""), element.get("href", ""))


def _own_children(root: etree._Element) -> Iterator[etree._Element]:
    """What stands in a feed, and not in its entries: below Atom's root, or in the channel below others."""
    for holder in (root, *root):
        if _name(holder) in _HOLDERS:
            yield from holder


def _name(element: etree._Element) -> str:
    return re.split("[}:]", str(element.tag))[-1].lower()


def _wanted(relations: str, href: str) -> Links:
    for relation in relations.lower().split():
        if relation in _WANTED and href.strip():
            yield relation, href


def _usable(address: str) -> str:
    """The address if it is one; of a topic it is the hub's business what is there, so it stays as it is spelt."""
    try:
        parse(address)
    except RefusedError:
        return ""
    return address if len(address.encode()) <= LONGEST else ""
