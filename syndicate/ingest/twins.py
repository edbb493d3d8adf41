"""Other sources' articles that may say the same as ours, found fast among many. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from syndicate.ingest.fingerprint import alike, least_common
from syndicate.normalize.identity import link_key
from syndicate.records import Known


class Twins:
    """Other sources' stored articles, indexed by link and by sketch value: turns of phrase are shared by many."""

    def __init__(self, stored: Sequence[Known]) -> None:
        self._stored = sorted(stored, key=lambda twin: (twin.received, twin.id))
        self._by_link: dict[str, list[int]] = {}
        self._by_value: dict[int, list[int]] = {}
        for number, twin in enumerate(self._stored):
            if link := link_key(twin.link):
                self._by_link.setdefault(link, []).append(number)
            for value in set(twin.sketch):
                self._by_value.setdefault(value, []).append(number)

    def first(self, link: str, similar: tuple[int, ...], before: datetime | None) -> str:
        """The id of the first article at this address or with a near-identical text, or "".

        With `before`, only of those that were received before then.
        """
        for number in sorted({*self._by_link.get(link_key(link), ()), *self._alike(similar)}):
            twin: Known = self._stored[number]
            if before is None or twin.received < before:
                return twin.id
        return ""

    def _alike(self, similar: tuple[int, ...]) -> Iterable[int]:
        shared = Counter(number for value in set(similar) for number in self._by_value.get(value, ()))
        least = least_common(len(similar))
        likely = [number for number, common in shared.items() if common >= least]
        return (number for number in likely if alike(self._stored[number].sketch, similar))
