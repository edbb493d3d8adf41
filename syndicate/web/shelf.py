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
        """Put a rendition into an edition that stands here; if another edition stands there by now, do nothing."""
        with self._lock:
            if self.editions.get(edition.path) is edition:
                before = edition.renditions.get(coding)
                edition.renditions[coding] = rendition
                self._touch(rendition)
                self.bytes += rendition.size - (before.size if before else 0)
                self._evict()

    def snapshot(self) -> Mapping[str, Edition]:
        """The editions as they stand now."""
        return self.editions.copy()

    def _touch(self, rendition: Rendition) -> None:
        self.clock = next(self._ticks)
        rendition.used = self.clock

    def _evict(self) -> None:
        """Let bodies go, the least recently used first; if that is not enough, what is left of them, too."""
        if self.bytes <= self._budget:
            return
        target = self._budget * _LOW_WATER
        all_ = [(e, coding, r) for e in self.editions.values() for coding, r in list(e.renditions.items())]
        all_.sort(key=lambda entry: entry[2].used)
        for _, _, rendition in all_[:-1]:  # the newest stays, whatever its size
            if self.bytes <= target:
                return
            if rendition.body:
                self.bytes -= len(rendition.body[0])
                rendition.body = None
        for edition, coding, rendition in all_[:-1]:
            if self.bytes <= target:
                return
            del edition.renditions[coding]
            self.bytes -= rendition.size


def _size(edition: Edition) -> int:
    return sum(rendition.size for rendition in edition.renditions.values())
