"""The last look at a feed before it replaces a good one: is it well-formed, and does it hold what was meant? Pure."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from syndicate.errors import PublishError
from syndicate.model import FeedFormat
from syndicate.render import Feed

Pair = tuple[str, str]  # an item's id and link

_ATOM = "{http://www.w3.org/2005/Atom}"


def check(feed: Feed, format: FeedFormat, body: bytes) -> None:  # noqa: A002 - the whole house says `format`
    """Parse the feed strictly and compare its ids and links, in their order, with the feed that was meant.

    Raises PublishError naming topic, format and what is wrong.
    """
    where = f"{feed.key}.{format}"
    try:
        found = _READERS[format](body)
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(f"{where}: not readable again: {error!r}") from error
    meant = [(item.id, item.link) for item in feed.items]
    if len({id_ for id_, _ in meant}) != len(meant):
        raise PublishError(f"{where}: two items have the same id")
    if len(found) != len(meant):
        raise PublishError(f"{where}: {len(found)} items instead of {len(meant)}")
    for got, wanted in zip(found, meant, strict=True):
        if got != wanted:
            raise PublishError(f"{where}: found item {got}, meant {wanted}")


def _root(body: bytes) -> etree._Element:
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(body, parser)


def _rss(body: bytes) -> list[Pair]:
    items = _root(body).findall("channel/item")
    return [(item.findtext("guid") or "", item.findtext("link") or "") for item in items]


def _atom(body: bytes) -> list[Pair]:
    entries = _root(body).findall(f"{_ATOM}entry")
    return [(entry.findtext(f"{_ATOM}id") or "", _alternate(entry)) for entry in entries]


def _alternate(entry: etree._Element) -> str:
    links = [link for link in entry.findall(f"{_ATOM}link") if link.get("rel", "alternate") == "alternate"]
    return (links[0].get("href") or "") if len(links) == 1 else ""


def _json(body: bytes) -> list[Pair]:
    document: dict[str, Any] = json.loads(body.decode("utf-8", errors="strict"))
    return [(item["id"], item["url"]) for item in document["items"]]


_READERS: Mapping[FeedFormat, Callable[[bytes], list[Pair]]] = {"rss": _rss, "atom": _atom, "json": _json}
