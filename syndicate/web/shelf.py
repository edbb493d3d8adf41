"""All editions that this process gives out, with as many bodies as the memory budget allows.

Reading takes no lock: the dictionary and each rendition's body are replaced whole. Writing takes one.
"""

from collections.abc import Mapping
from itertools import count
from threading import Lock

from syndicate.codings import Coding
from syndicate.web.edition import Edition, Rendition

_LOW_WATER = 0.9  # an eviction makes room for more than one newcomer


class Shelf:
    """Editions by path. `budget` is in bytes; the least recently used bodies beyond it are let go.

    `listed` says that the list of feeds has been had from the store or from Redis: from then on a path that is
    not here does not exist, and nobody has to look for it.
    """

    def __init__(self, budget: int) -> None:
        self.editions: dict[str, Edition] = {}
        self.listed = False
        self.clock = 0
        self.bytes = 0
        self._budget = budget
        self._lock = Lock()
        self._ticks = count(1)

    def install(self, edition: Edition, *, instead_of: Edition | None = None) -> Edition:
        """Put an edition in its place and return what stands there now.

        A version that is not newer changes nothing, so that versions only grow for whoever reads here; except
        when it comes `instead_of` the very edition that stands there: the store has gone back, and it is the truth.
        """
        with self._lock:
            held = self.editions.get(edition.path)
            if held is not None and held is not instead_of and held.mark.version >= edition.mark.version:
                return held
            self.editions[edition.path] = edition
            self.bytes += _size(edition) - (_size(held) if held else 0)
            for rendition in edition.renditions.values():
                self._touch(rendition)
            self._evict()
            return edition

    def remove(self, edition: Edition) -> None:
        """Take an edition away, unless another has taken its place meanwhile."""
        with self._lock:
            if self.editions.get(edition.path) is edition:
                del self.editions[edition.path]
                self.bytes -= _size(edition)

    def add(self, edition: Edition, coding: Coding, rendition: Rendition) -> None:
        """Count a rendition that was made for an edition after it was installed."""
        with self._lock:
            if self.editions.get(edition.path) is edition and edition.renditions.get(coding) is rendition:
                self._touch(rendition)
                self.bytes += rendition.size
                self._evict()

    def snapshot(self) -> Mapping[str, Edition]:
        """The editions as they stand now."""
        return self.editions.copy()

    def _touch(self, rendition: Rendition) -> None:
        self.clock = next(self._ticks)
        rendition.used = self.clock

    def _evict(self) -> None:
        if self.bytes <= self._budget:
            return
        held = [r for e in self.editions.values() for r in e.renditions.values() if r.body]
        held.sort(key=lambda rendition: rendition.used)
        for rendition in held[:-1]:  # the newest stays, whatever its size
            if self.bytes <= self._budget * _LOW_WATER:
                return
            rendition.body = None
            self.bytes -= rendition.size


def _size(edition: Edition) -> int:
    return sum(rendition.size for rendition in edition.renditions.values() if rendition.body)
