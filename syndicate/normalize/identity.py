"""Which article an entry is: keys that survive changes of scheme, tracking noise and careless guids."""

import re
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256

from syndicate.model import Entry
from syndicate.normalize.urls import canonical_link, link_key
from syndicate.text import squeeze

__all__ = ["canonical_link", "entry_key", "keys", "link_key", "link_or_text_key"]

_URL = re.compile(r"https?://", re.IGNORECASE)
_NO_GUID = frozenset({"", "0", "-1", "none", "null", "nil", "undefined", "false", "true", "n/a", "nan", "guid", "id"})


def entry_key(entry: Entry) -> str:
    """The entry's name within its source: by its guid, else its link, else title and date.

    Stable under http/https, `www.`, tracking parameters and a trailing slash. The prefix ("guid:", "link:",
    "text:") says what it was made of; it is at most 300 characters long.
    """
    if key := guid_key(entry.key):
        return f"guid:{key}"
    return link_or_text_key(entry)


def guid_key(guid: str) -> str:
    """The comparison form of a guid, "" where it can't serve as one."""
    guid = squeeze(guid)
    if guid.lower() in _NO_GUID:
        return ""
    return _bounded(link_key(guid) if _URL.match(guid) else guid)


def link_or_text_key(entry: Entry) -> str:
    """The name of an entry whose guid is absent or of no use."""
    if key := link_key(entry.link):
        return f"link:{_bounded(key)}"
    day = entry.published.date().isoformat() if entry.published else ""
    words = squeeze(entry.title) or squeeze(entry.body)[:500] or squeeze(entry.summary)[:500]
    return "text:" + sha256(f"{words.casefold()}\n{day}".encode("utf-8", "replace")).hexdigest()[:40]


def keys(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The keys of all entries of one payload, in their order.

    Where one guid stands on different entries, or the guids are just positions (1, 2, 3 ...), they fall back to
    their links. Where one link stands on entries with different guids or titles, the guid or title keeps them
    apart. Two entries that agree in everything get the same key: they are one article.
    """
    guids = [guid_key(entry.key) for entry in entries]
    links = [link_key(entry.link) for entry in entries]
    heads = [_head(entry) for entry in entries]
    stories: dict[str, set[tuple[str, str]]] = defaultdict(set)
    told: dict[str, set[str]] = defaultdict(set)
    for guid, link, head in zip(guids, links, heads, strict=True):
        stories[guid].add((link, head))
        told[link].add(head)
    numbered = _are_positions(guids) and len(set(links)) == len(links)
    found = []
    for entry, guid, link, head in zip(entries, guids, links, heads, strict=True):
        if guid and not numbered and len(stories[guid]) == 1:
            found.append(f"guid:{guid}")
        elif link and len(told[link]) > 1:
            found.append(f"link:{_bounded(link)}#{sha256(head.encode('utf-8', 'replace')).hexdigest()[:16]}")
        else:
            found.append(link_or_text_key(entry))
    return tuple(found)


def _head(entry: Entry) -> str:
    """The words that tell an entry from its neighbours: its title, without one the beginning of its text."""
    return (squeeze(entry.title) or squeeze(entry.body)[:200] or squeeze(entry.summary)[:200]).casefold()


def _are_positions(guids: Sequence[str]) -> bool:
    """Whether the guids merely count the entries of this payload from 0 or 1, upwards or downwards."""
    if len(guids) < 2 or not all(guid.isascii() and guid.isdigit() and len(guid) <= 5 for guid in guids):
        return False
    numbers = [int(guid) for guid in guids]
    return sorted(numbers) in (list(range(len(numbers))), list(range(1, len(numbers) + 1)))


def _bounded(key: str) -> str:
    """Keys stand in indexes: a very long one is replaced by its digest."""
    return key if len(key) <= 280 else key[:200] + sha256(key.encode("utf-8", "replace")).hexdigest()
