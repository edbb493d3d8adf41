"""The last look at a feed before it replaces a good one: is it well-formed, and does it hold what was meant? Pure."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from syndicate.errors import PublishError
from syndicate.model import FeedFormat
from syndicate.render import Feed
from syndicate.render.modules import AT, FH

Pair = tuple[str, str]  # an item's id and link, or a withdrawn one's id and the reason
Read = tuple[list[Pair], list[Pair], list[Pair]]  # the items, what was withdrawn, and relations to other addresses

_ATOM = "{http://www.w3.org/2005/Atom}"
_AT = f"{{{AT}}}"
_ARCHIVE = f"{{{FH}}}archive"
_RELATIONS = ("self", "prev-archive", "next-archive", "current", "hub")


def check(feed: Feed, format: FeedFormat, body: bytes) -> None:  # noqa: A002 - the whole house says `format`
    """Parse the feed strictly and compare its ids and links, in their order, with the feed that was meant.

    So it does with what it tells of withdrawn articles, with the addresses by which subscribers know it, and with the
    archive's pages around it (RFC 5005).

    Raises PublishError naming topic, format and what is wrong.
    """
    where = f"{feed.key}.{format}"
    try:
        found, withdrawn, related = _READERS[format](body)
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
    if withdrawn != told:
        raise PublishError(f"{where}: tells of {len(withdrawn)} withdrawn articles otherwise than of {len(told)} meant")
    leads = {"self": feed.links[format], **feed.pages(format), **({"hub": feed.hub} if feed.hub else {})}
    if sorted(related) != sorted(leads.items()):
        raise PublishError(f"{where}: leads to {related}, meant {leads}")


def _root(body: bytes) -> etree._Element:
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(body, parser)


def _rss(body: bytes) -> Read:
    root = _root(body)
    items = [(item.findtext("guid") or "", item.findtext("link") or "") for item in root.findall("channel/item")]
    channel = root.find("channel")
    return items, _withdrawn(root), _related(channel)


def _atom(body: bytes) -> Read:
    root = _root(body)
    entries = root.findall(f"{_ATOM}entry")
    items = [(entry.findtext(f"{_ATOM}id") or "", _alternate(entry)) for entry in entries]
    return items, _withdrawn(root), _related(root)


def _withdrawn(root: etree._Element) -> list[Pair]:
    stones = root.findall(f"{_AT}deleted-entry")
    return [(stone.get("ref") or "", stone.findtext(f"{_AT}comment") or "") for stone in stones]


def _related(parent: etree._Element | None) -> list[Pair]:
    """Where it leads besides its page: one that is an archive without saying so leads nowhere."""
    links = parent.findall(f"{_ATOM}link") if parent is not None else ()
    found = [(link.get("rel") or "", link.get("href") or "") for link in links if link.get("rel") in _RELATIONS]
    is_archive = parent is not None and parent.find(_ARCHIVE) is not None
    return found if is_archive == ("current" in dict(found)) else []


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
    archive = document.get("_syndicate", {}).get("archive", {})
    pages = (document["feed_url"], document.get("next_url"), archive.get("next"), archive.get("current"))
    hubs = [("hub", hub["url"]) for hub in document.get("hubs", [])]
    return items, stones, [*((name, page) for name, page in zip(_RELATIONS, pages, strict=False) if page), *hubs]


_READERS: Mapping[FeedFormat, Callable[[bytes], Read]] = {"rss": _rss, "atom": _atom, "json": _json}
