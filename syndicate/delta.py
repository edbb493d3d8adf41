"""What is new in a feed for somebody who has an earlier version: the delta that RFC 3229 calls "feed". Pure.

An earlier version is remembered by the digests of its articles alone. The delta is the present feed without the
articles that the earlier one had, word for word; it stays a whole, valid feed.
"""

import json
from collections.abc import Collection
from hashlib import blake2b

from lxml import etree

from syndicate.model import FeedFormat

DIGEST_BYTES = 8

_ITEMS = {"rss": "{*}item", "atom": "{*}entry"}


def digests(body: bytes, format_: FeedFormat) -> tuple[bytes, ...]:
    """The digest of every article of a feed, in its order; `body` is a feed of our own making."""
    if format_ == "json":
        return tuple(map(_digest_item, json.loads(body)["items"]))
    return tuple(map(_digest_element, _parse(body).iter(_ITEMS[format_])))


def delta(body: bytes, format_: FeedFormat, known: Collection[bytes]) -> bytes:
    """The feed without the articles whose digests are known."""
    if format_ == "json":
        feed = json.loads(body)
        feed["items"] = [item for item in feed["items"] if _digest_item(item) not in known]
        return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()
    root = _parse(body)
    for element in list(root.iter(_ITEMS[format_])):
        parent = element.getparent()
        if parent is not None and _digest_element(element) in known:
            parent.remove(element)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _parse(body: bytes) -> etree._Element:
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _digest_element(element: etree._Element) -> bytes:
    return _digest(etree.tostring(element, encoding="utf-8", with_tail=False))


def _digest_item(item: object) -> bytes:
    return _digest(json.dumps(item, sort_keys=True).encode())


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST_BYTES).digest()
