"""Where editions come from: Redis first, then what is in memory in another coding, then the store."""

from threading import Lock

import structlog

from syndicate.cache import Cache, FeedMark
from syndicate.codings import Coding
from syndicate.store import Store
from syndicate.web.edition import Edition, Policy, Rendition, from_cache, from_row
from syndicate.web.shelf import Shelf

log = structlog.get_logger(__name__)

_STRIPES = 64
Found = tuple[Rendition, list[bytes]]


class Library:
    """Brings editions onto the shelf."""

    def __init__(self, shelf: Shelf, cache: Cache, store: Store, policy: Policy) -> None:
        self._shelf = shelf
        self._cache = cache
        self._store = store
        self._policy = policy
        self._locks = tuple(Lock() for _ in range(_STRIPES))

    def rendition(self, path: str, coding: Coding) -> Found | None:
        """The current edition in this coding, with its body; None if neither Redis nor the store has it.

        Of many requests for one feed only one looks for it, the others take what it found. Raises StoreError
        when the store was the last hope and fails.
        """
        with self._locks[hash(path) % _STRIPES]:
            edition = self._shelf.editions.get(path)
            if edition is None:
                return None
            rendition = edition.renditions.get(coding)
            body = rendition and rendition.body
            if rendition is not None and body:
                return rendition, body
            return (
                self._from_cache(edition, coding)
                or self._from_memory(edition, coding)
                or self._from_store(edition, coding)
            )

    def renew(self, mark: FeedMark, held: Edition | None) -> None:
        """Bring a newer version onto the shelf in the codings that are in use; the old one serves until then."""
        codings = _in_use(held)
        feed = self._cache.get_feed(mark.topic, mark.format, codings, quick=False)
        if feed is not None and feed.mark.version >= mark.version and len(feed.bodies) == len(codings):
            self._shelf.install(from_cache(feed, self._policy))
        else:
            self.renew_from_store(mark, held)

    def renew_from_store(self, mark: FeedMark, held: Edition | None) -> None:
        """Like `renew`, where the store's word counts: what it has takes the place even of a higher version.

        Raises StoreError.
        """
        codings = _in_use(held)
        if not codings:
            self._shelf.install(Edition(mark), instead_of=held)
            return
        row = self._store.feed(mark.topic, mark.format)
        if row is not None:
            self._shelf.install(from_row(row, codings, self._policy), instead_of=held)

    def _from_cache(self, edition: Edition, coding: Coding) -> Found | None:
        feed = self._cache.get_feed(edition.mark.topic, edition.mark.format, [coding])
        if feed is None or coding not in feed.bodies or feed.mark.version < edition.mark.version:
            return None
        if feed.mark == edition.mark:
            return self._added(edition, coding, edition.make(coding, feed.bodies[coding], feed.built, self._policy))
        return self._installed(from_cache(feed, self._policy), coding)

    def _from_memory(self, edition: Edition, coding: Coding) -> Found | None:
        rendition = edition.remade(coding, self._policy)
        return None if rendition is None else self._added(edition, coding, rendition)

    def _from_store(self, edition: Edition, coding: Coding) -> Found | None:
        row = self._store.feed(edition.mark.topic, edition.mark.format)
        if row is None:
            return None
        fresh = from_row(row, (coding,), self._policy)
        if fresh.mark == edition.mark:
            return self._added(edition, coding, fresh.renditions[coding])
        return self._installed(fresh, coding, instead_of=edition)

    def _added(self, edition: Edition, coding: Coding, rendition: Rendition) -> Found | None:
        body = rendition.body
        self._shelf.add(edition, coding, rendition)
        return (rendition, body) if body else None

    def _installed(self, edition: Edition, coding: Coding, instead_of: Edition | None = None) -> Found | None:
        own = edition.renditions[coding]
        body = own.body
        standing = self._shelf.install(edition, instead_of=instead_of).renditions.get(coding)
        if standing is not None and standing.body:  # perhaps a third, newer one that came meanwhile
            return standing, standing.body
        return (own, body) if body else None


def _in_use(edition: Edition | None) -> tuple[Coding, ...]:
    return tuple(c for c, r in edition.renditions.items() if r.body) if edition else ()
