"""Stored articles that may say the same as ours, found fast among many, and which of them is the first. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from syndicate.ingest.fingerprint import alike, least_common
from syndicate.ingest.likeness import (
    clues,
    is_at_home,
    is_excerpt_or_copy,
    is_near_copy,
    is_own_place,
    is_same,
    words,
)
from syndicate.model import Article
from syndicate.normalize.urls import link_key
from syndicate.records import ArticleStatus, Known

_FEW = 8  # articles at one address that are worth comparing, the newest; where more are, it says nothing
_CROWD = 32  # articles with even the rarer turns of phrase of a text; where more are, they are forms filled in anew


class Shelf:
    """Stored articles, indexed by key, link, title and sketch value: turns of phrase are shared by many."""

    def __init__(self, stored: Iterable[Known]) -> None:
        self.stored = sorted(stored, key=lambda known: (known.received, known.id))
        self._by_key: dict[str, int] = {}
        self._by_link: dict[str, list[int]] = {}
        self._by_title: dict[str, list[int]] = {}
        self._by_value: dict[int, list[int]] = {}
        for number, known in enumerate(self.stored):
            self._by_key[known.key] = number
            if link := link_key(known.link):
                self._by_link.setdefault(link, []).append(number)
            self._by_title.setdefault(words(known.title), []).append(number)
            for value in set(known.sketch):
                self._by_value.setdefault(value, []).append(number)

    def named(self, keys: Iterable[str]) -> list[Known]:
        """The articles with these keys."""
        return [self.stored[self._by_key[key]] for key in keys if key in self._by_key]

    def linked(self, link: str) -> list[Known]:
        """The newest articles at this address."""
        return [self.stored[number] for number in self._by_link.get(link_key(link), ())[-_FEW:]]

    def alike(self, sketch: tuple[int, ...], title: str) -> list[Known]:
        """The articles with a near-identical text; where these are many, only the newest under the same title."""
        rarest = self._rarest(sketch)
        if _are_forms(rarest):
            likely = self._titled(title)[-_FEW:]
        else:
            likely = sorted({number for numbers in rarest for number in numbers})
        return [self.stored[number] for number in likely if alike(self.stored[number].sketch, sketch)]

    def is_crowd(self, sketch: tuple[int, ...], title: str) -> bool:
        """Whether more articles have nearly this text, and this title, than are worth comparing."""
        return _are_forms(self._rarest(sketch)) and len(self._titled(title)) > _FEW

    def _titled(self, title: str) -> list[int]:
        return self._by_title.get(words(title), [])

    def _rarest(self, sketch: tuple[int, ...]) -> list[list[int]]:
        """The articles with each of the rarest of these values, one of which is in every sketch that is alike."""
        if self._by_value.keys().isdisjoint(sketch):
            return []  # as nearly always
        sharing = sorted((self._by_value.get(value, []) for value in set(sketch)), key=len)
        return sharing[: len(sharing) - ceil(least_common(len(sharing))) + 1]


def _are_forms(sharing: list[list[int]]) -> bool:
    return any(len(numbers) > _CROWD for numbers in sharing)


@dataclass(frozen=True, slots=True)
class Told:
    """An article as it is compared with others: where its source is polled, what it says, and its text's sketch."""

    article: Article
    sketch: tuple[int, ...]
    location: str


class Twins:
    """Live articles, or those in another status, of other sources and of our own, of which ours may be a copy.

    `told` holds what those say that have to be read for it; `crowded` are addresses that many entries share.
    """

    def __init__(
        self,
        stored: Iterable[Known],
        told: Mapping[str, Article],
        crowded: frozenset[str],
        status: ArticleStatus = "live",
    ) -> None:
        self._shelf = Shelf(known for known in stored if known.status == status)
        self._by_id = {known.id: known for known in self._shelf.stored}
        self._told = told
        self._crowded = crowded

    def first(self, ours: Told, before: Known | None, passed: Collection[str] = ()) -> str:
        """The id of the first article that ours is a copy of, or "": of forms filled in anew the one of its name.

        If ours is stored already, as `before`, only of those that were received before then, and of the one that it
        was a copy of, also where one of the two was corrected; those `passed` over don't count.
        """
        article = ours.article
        near = {k.id: k for k in (*self._shelf.linked(article.link), *self._shelf.alike(ours.sketch, article.title))}
        if before and (copied := self._by_id.get(before.duplicate_of)):
            near[copied.id] = copied  # however many have come since
        for twin in sorted(near.values(), key=lambda known: _unlike(article, known)):
            if twin.id == article.id or twin.id in passed:
                continue
            was_copy = before is not None and twin.id == before.duplicate_of
            if was_copy and self._is_near(ours, twin):
                return twin.id
            if (was_copy or before is None or twin.received < before.received) and self.is_copy(ours, twin):
                return twin.id
        return ""

    def _is_near(self, ours: Told, twin: Known) -> bool:
        theirs = self._told.get(twin.id)
        return theirs is not None and twin.source == ours.article.source and is_near_copy(ours.article, theirs)

    def is_copy(self, ours: Told, twin: Known) -> bool:
        """Whether ours says what this stored article says.

        Among a source's own articles, and of one that it goes on with, title and words must agree, since many are forms
        filled in anew, and theirs may be what has more words, not ours. Between others near-identical words are enough.
        An address alone is evidence only between sources of the house it leads to: anybody else can link to anything.
        """
        article, theirs = ours.article, self._told.get(twin.id)
        own = twin.source == article.source
        if own or is_left(twin, ours.location):
            same = theirs is not None and is_same(clues(article, theirs, "none"))
        else:
            same = alike(twin.sketch, ours.sketch)
        if own or same:
            return same
        link = link_key(article.link)
        if theirs is None or link != link_key(twin.link) or link in self._crowded or not is_own_place(link):
            return False
        at_home = is_at_home(link, ours.location) and is_at_home(link, twin.location)
        return at_home or is_excerpt_or_copy(article, theirs)


def is_left(known: Known, location: str) -> bool:
    """Whether an article is kept up no more, and what is polled at this location may go on with it.

    Only its own house may: whoever copies a story must not get hold of what partners have imported.
    """
    at_home = link_key(location) == link_key(known.location) or is_at_home(known.link, location)
    return known.retired and at_home


def _unlike(article: Article, known: Known) -> tuple[bool, bool, datetime, str]:
    """By what articles that say the same are sorted: another name, another title, and when they came."""
    link = link_key(article.link)
    named = article.key == known.key or (is_own_place(link) and link == link_key(known.link))
    return not named, words(article.title) != words(known.title), known.received, known.id


def crowded(links: Iterable[str], stored: Sequence[Known]) -> frozenset[str]:
    """The addresses that several entries of one source share, which name none of them."""
    ours = Counter(link_key(link) for link in links)
    theirs = Counter((known.source, link_key(known.link)) for known in stored)
    several = {link for link, number in ours.items() if number > 1}
    return frozenset(several | {link for (_, link), number in theirs.items() if number > 1})
