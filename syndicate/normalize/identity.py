"""Which article an entry is: keys that survive changes of scheme, tracking noise and careless guids."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from hashlib import sha256

from syndicate.model import Entry
from syndicate.normalize.urls import link_key
from syndicate.text import plain, squeeze

__all__ = ["entry_key", "guid_key", "keys", "link_or_text_key", "spare_keys"]

_URL = re.compile(r"https?://", re.IGNORECASE)
_NO_GUID = frozenset({"", "0", "-1", "none", "null", "nil", "undefined", "false", "true", "n/a", "nan", "guid", "id"})


def entry_key(entry: Entry) -> str:
    """The entry's name within its source: by its guid, else its link, else its title.

    Stable under http/https, `www.`, tracking parameters and a trailing slash, and whatever date it bears. The prefix
    ("guid:", "link:", "text:") says what it was made of; it is at most 300 characters long.
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
    return f"text:{_digest(_head(entry), 40)}"


def spare_keys(entry: Entry) -> tuple[str, str]:
    """Names for an entry whose own is another article's: the first is its place, the second its words in that place."""
    place = link_or_text_key(entry)
    return place, f"{place}#{_digest(_head(entry), 16)}{_digest(_words(entry), 16)}"


def keys(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The keys of all entries of one payload, in their order.

    Where one guid stands on different entries, or the guids are just positions (1, 2, 3 ...), they fall back to
    their links. Where one link stands on entries with different guids or titles, the guid or title keeps them
    apart; where the titles agree, too, the words do. Two entries that agree in everything get the same key: they are
    one article.
    """
    guids = [guid_key(entry.key) for entry in entries]
    links = [link_key(entry.link) for entry in entries]
    heads = [_head(entry) for entry in entries]
    names = list(zip(links, heads, strict=True))
    namesakes = Counter(names)
    words = [_words(entry) if namesakes[name] > 1 else "" for entry, name in zip(entries, names, strict=True)]
    stories: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    told: dict[str, set[str]] = defaultdict(set)
    texts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for guid, link, head, text in zip(guids, links, heads, words, strict=True):
        # Of two entries at one address with one guid and title, one is a later version.
        stories[guid].add((link, head) if link else (head, text))
        told[link].add(head)
        texts[link, head].add(text)
    numbered = _are_positions(guids) and len(set(links)) == len(links)
    found = []
    for entry, guid, link, head in zip(entries, guids, links, heads, strict=True):
        if guid and not numbered and len(stories[guid]) == 1:
            found.append(f"guid:{guid}")
        elif len(texts[link, head]) > 1:
            found.append(spare_keys(entry)[1])
        elif link and len(told[link]) > 1:
            found.append(f"link:{_bounded(link)}#{_digest(head, 16)}")
        else:
            found.append(link_or_text_key(entry))
    return tuple(found)


def _head(entry: Entry) -> str:
    """The words that tell an entry from its neighbours: its title, without one the beginning of its text."""
    return (squeeze(entry.title) or squeeze(entry.body)[:200] or squeeze(entry.summary)[:200]).casefold()


def _words(entry: Entry) -> str:
    """What the entry says, without markup: the same words are the same text."""
    return plain(entry.body or entry.summary).casefold()


def _digest(words: str, length: int) -> str:
    return sha256(words.encode("utf-8", "replace")).hexdigest()[:length]


def _are_positions(guids: Sequence[str]) -> bool:
    """Whether the guids merely count the entries of this payload from 0 or 1, upwards or downwards."""
    if len(guids) < 2 or not all(guid.isascii() and guid.isdigit() and len(guid) <= 5 for guid in guids):
        return False
    numbers = [int(guid) for guid in guids]
    return sorted(numbers) in (list(range(len(numbers))), list(range(1, len(numbers) + 1)))


def _bounded(key: str) -> str:
    """Keys stand in indexes: a very long one is replaced by its digest."""
    return key if len(key) <= 280 else key[:200] + sha256(key.encode("utf-8", "replace")).hexdigest()
