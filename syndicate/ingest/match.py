"""Which stored article an entry is a version of: each stored one is given out once, to the surest. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.ingest.likeness import Clues, Names, clues, is_own_place, is_same
from syndicate.ingest.twins import Shelf
from syndicate.model import EARLIEST, Article, Entry
from syndicate.normalize.identity import guid_key
from syndicate.normalize.urls import link_key
from syndicate.records import Known

_SURENESS = {
    "text": ("other", "none", "kin", "alike", "same"),
    "names": ("none", "weak", "one", "both"),
    "title": ("other", "near", "same"),
}
_FEW = 8  # different articles under one guid and address; where more are, these name none of them


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article after stripping, the payload that it came from (digest), and what it is compared by.

    `raw` is the fingerprint of what the source gave, `content` that of the stripped article, `sketch` its text's.
    `spares` are the keys that it may have when its own belongs to another article.
    """

    article: Article
    raw: str
    payload: str
    content: str
    sketch: tuple[int, ...]
    spares: tuple[str, ...]


def match(
    prepared: Sequence[Prepared],
    known: Mapping[str, Known],
    told: Mapping[str, Article],
    present: frozenset[str],
    crowded: frozenset[str],
) -> list[tuple[Prepared, Known | None]]:
    """Pair what was read with what is stored of the same article, if it is; `known` is by key, `told` by id.

    What the source still gives unchanged (`present`, by raw fingerprint) is not given to another entry. What is new
    under a key that belongs to another article gets a key of its own. Addresses that are `crowded` name no article.
    """
    return list(_keyed(prepared, versions(prepared, known.values(), told, present, crowded), known))


def versions(
    prepared: Sequence[Prepared],
    known: Iterable[Known],
    told: Mapping[str, Article],
    present: frozenset[str],
    crowded: frozenset[str],
) -> dict[int, Known]:
    """Say which stored article each entry (by position) is a version of, if of any; the rest is as in `match`."""
    shelf = Shelf(stored for stored in known if stored.raw not in present)
    pairs = [
        (_sureness(found), position, stored)
        for position, item in enumerate(prepared)
        for found, stored in _versions(item, shelf, told, crowded)
    ]
    pairs.sort(key=lambda pair: pair[0], reverse=True)  # the surer first: they leave less to the others
    given: dict[int, Known] = {}
    taken: set[str] = set()
    for _, position, stored in pairs:
        twice = stored.key == prepared[position].article.key  # one article twice in a reading: the last word counts
        if position not in given and (stored.id not in taken or twice):
            given[position] = stored
            taken.add(stored.id)
    return given


def comparable(prepared: Iterable[Prepared], stored: Iterable[Known]) -> list[Known]:
    """The stored articles that are worth comparing with these, for a name, an address or a text in common.

    Beside copies, what they are copies of.
    """
    shelf = Shelf(stored)
    found = {known.id: known for item in prepared for known in _candidates(item, shelf)}
    originals = {known.duplicate_of for known in found.values()}
    return [known for known in shelf.stored if known.id in found or known.id in originals]


def superseded(read: Sequence[tuple[Entry, Article]]) -> frozenset[int]:
    """Which entries of one document, by position, are earlier versions of others (RFC 4287, 4.1.1).

    The latest date counts, among equals the entry that comes first. Under one guid and address another title makes
    another article, unless it would be taken for a copy.
    """
    latest: dict[tuple[str, ...], list[int]] = {}
    old: set[int] = set()
    for position, (entry, article) in enumerate(read):
        name = (guid_key(entry.key), link_key(article.link))
        versions = latest.setdefault(name if all(name) else (article.key,), [])
        for place, other in enumerate(versions[:_FEW]):
            rival = read[other][1]
            if article.key == rival.key or is_same(clues(rival, article, "none")):
                newer = _told_at(article) > _told_at(rival)
                old.add(other if newer else position)
                versions[place] = position if newer else other
                break
        else:
            versions.append(position)
    return frozenset(old)


def _told_at(article: Article) -> datetime:
    return article.updated or article.published or EARLIEST


def _candidates(item: Prepared, shelf: Shelf) -> Iterable[Known]:
    article = item.article
    named = shelf.named((article.key, *item.spares))
    return {k.id: k for k in (*named, *shelf.linked(article.link), *shelf.alike(item.sketch, article.title))}.values()


def _versions(
    item: Prepared, shelf: Shelf, told: Mapping[str, Article], crowded: frozenset[str]
) -> list[tuple[Clues, Known]]:
    """The stored articles that it may be a version of, and what speaks for each.

    Of a crowd it is none that is only alike: not all are compared, and what is filled in for one place would overwrite
    what is filled in for another.
    """
    same = []
    for stored in _candidates(item, shelf):
        found = _clues(item, stored, told.get(stored.id), crowded)
        if found and is_same(found):
            same.append((found, stored))
    if not shelf.is_crowd(item.sketch, item.article.title):
        return same
    return [(found, stored) for found, stored in same if found.names in {"both", "one"} or found.text == "same"]


def _clues(item: Prepared, stored: Known, told: Article | None, crowded: frozenset[str]) -> Clues | None:
    return clues(told, item.article, _names(item, stored, crowded)) if told else None


def _names(item: Prepared, stored: Known, crowded: frozenset[str]) -> Names:
    """What of their names agrees; a guid that counts for both, and differs, weakens the address."""
    key, link = item.article.key, link_key(item.article.link)
    guids = [name.startswith("guid:") for name in (key, stored.key)]
    linked = bool(link) and link == link_key(stored.link)
    own = linked and is_own_place(link) and link not in crowded
    if all(guids) and key == stored.key:
        return "both" if own else "one"
    if own and not all(guids):
        return "one"
    return "weak" if linked or stored.key in {key, *item.spares} else "none"


def _sureness(found: Clues) -> tuple[int, ...]:
    return tuple(degrees.index(getattr(found, of)) for of, degrees in _SURENESS.items())


def _keyed(
    prepared: Sequence[Prepared], given: Mapping[int, Known], known: Mapping[str, Known]
) -> Iterator[tuple[Prepared, Known | None]]:
    """The articles under the keys that they are stored by, or, new, under ones that belong to no other article."""
    fresh: dict[str, Article] = {}
    for position, item in enumerate(prepared):
        stored, article = given.get(position), item.article
        key = stored.key if stored else _free(item, known, fresh)
        if stored is None:
            fresh[key] = article
        yield item if key == article.key else replace(item, article=replace(article, key=key)), stored


def _free(item: Prepared, known: Mapping[str, Known], fresh: Mapping[str, Article]) -> str:
    """The first of an article's names that is nobody else's; the last is made of its words, and nobody else's."""
    for key in (item.article.key, *item.spares):
        other = fresh.get(key)
        if key not in known and (other is None or is_same(clues(other, item.article, "both"))):
            return key
    return item.spares[-1]
