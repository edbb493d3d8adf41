"""The last look at a feed before it replaces a good one: is it well-formed, and does it hold what was meant? Pure."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lxml import etree

from syndicate.errors import PublishError
from syndicate.model import FeedFormat
from syndicate.render import Feed
from syndicate.render.modules import AT

Pair = tuple[str, str]  # an item's id and link, or a withdrawn one's id and the reason
Read = tuple[list[Pair], list[Pair], list[Pair]]  # the items, what was withdrawn, its own address and its hub

_ATOM = "{http://www.w3.org/2005/Atom}"
_AT = f"{{{AT}}}"


def check(feed: Feed, format: FeedFormat, body: bytes) -> None:  # noqa: A002 - the whole house says `format`
    """Parse the feed strictly and compare its ids and links, in their order, with the feed that was meant.

    So it does with what it tells of withdrawn articles, and with the addresses by which subscribers know it.

    Raises PublishError naming topic, format and what is wrong.
    """
    where = f"{feed.key}.{format}"
    try:
        found, withdrawn, known = _READERS[format](body)
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(f"{where}: not readable again: {error!r}") from error
    meant = [(item.id, item.link) for item in feed.items]
    told = [(stone.guid, stone.reason) for stone in feed.withdrawn]
    if len({id_ for id_, _ in (*meant, *told)}) != len(meant) + len(told):
        raise PublishError(f"{where}: two items have the same id")
    if len(found) != len(meant):
        raise PublishError(f"{where}: {len(found)} items instead of {len(meant)}")
    for got, wanted in zip(found, meant, strict=True):
        if got != wanted:
            raise PublishError(f"{where}: found item {got}, meant {wanted}")
    if known != [("self", feed.links[format]), *([("hub", feed.hub)] if feed.hub else [])]:
        raise PublishError(f"{where}: names as its own address and as its hub {known}")
    if withdrawn != told:
        raise PublishError(f"{where}: tells of {len(withdrawn)} withdrawn articles otherwise than of {len(told)} meant")


def _root(body: bytes) -> etree._Element:
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(body, parser)


def _rss(body: bytes) -> Read:
    root = _root(body)
    items = [(item.findtext("guid") or "", item.findtext("link") or "") for item in root.findall("channel/item")]
    return items, _withdrawn(root.find("channel")), _known_by(root.findall(f"channel/{_ATOM}link"))


def _atom(body: bytes) -> Read:
    root = _root(body)
    entries = root.findall(f"{_ATOM}entry")
    items = [(entry.findtext(f"{_ATOM}id") or "", _alternate(entry)) for entry in entries]
    return items, _withdrawn(root), _known_by(root.findall(f"{_ATOM}link"))


def _known_by(links: Iterable[etree._Element]) -> list[Pair]:
    named = [(link.get("rel") or "", link.get("href") or "") for link in links]
    return sorted((pair for pair in named if pair[0] in {"self", "hub"}), reverse=True)


def _withdrawn(parent: etree._Element | None) -> list[Pair]:
    stones = parent.findall(f"{_AT}deleted-entry") if parent is not None else ()
    return [(stone.get("ref") or "", stone.findtext(f"{_AT}comment") or "") for stone in stones]


def _alternate(entry: etree._Element) -> str:
    links = [link for link in entry.findall(f"{_ATOM}link") if link.get("rel", "alternate") == "alternate"]
    return (links[0].get("href") or "") if len(links) == 1 else ""


def _json(body: bytes) -> Read:
    document: dict[str, Any] = json.loads(body.decode("utf-8", errors="strict"))
    items: list[Pair] = []
    stones: list[Pair] = []
    for item in document["items"]:
        more = item.get("_syndicate", {})
        if more.get("status") == "withdrawn":
            stones.append((item["id"], more["reason"]))
        else:
            items.append((item["id"], item["url"]))
    known = [("self", document["feed_url"]), *(("hub", hub["url"]) for hub in document.get("hubs", []))]
    return items, stones, known


_READERS: Mapping[FeedFormat, Callable[[bytes], Read]] = {"rss": _rss, "atom": _atom, "json": _json}
