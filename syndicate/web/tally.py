"""Counts of what the edge answered: exact under threads, and cheap enough for every request."""

from collections.abc import Mapping
from itertools import count
from threading import Lock

from syndicate.cache import Cache

_KEPT_SECONDS = 30 * 86_400


class Tally:
    """One count for each name. `bumps[name]()` adds one."""

    def __init__(self, *names: str) -> None:
        counters = {name: count() for name in names}
        self.bumps = {name: counter.__next__ for name, counter in counters.items()}
        self._looks = 0
        self._lock, self._sharing = Lock(), Lock()
        self._told = dict.fromkeys(names, 0)
        self.everywhere: Mapping[str, int] = dict(self._told)

    def values(self) -> dict[str, int]:
        """The counts of this process; looking is itself a step of each counter, and is taken off again."""
        with self._lock:
            looked = {name: bump() - self._looks for name, bump in self.bumps.items()}
            self._looks += 1
            return looked

    def share(self, cache: Cache) -> None:
        """Add to the totals of all processes, and learn them; without Redis this process's own must do."""
        with self._sharing:  # two threads would both tell the same news
            self._share(cache)

    def _share(self, cache: Cache) -> None:
        values = self.values()
        news = {name: value - self._told[name] for name, value in values.items()}
        if not any(news.values()) and self.everywhere.keys() == values.keys() and any(self.everywhere.values()):
            return
        totals = cache.add_counts("served", news, _KEPT_SECONDS)
        if totals is None:
            self.everywhere = values
        else:
            self._told = values
            self.everywhere = totals
