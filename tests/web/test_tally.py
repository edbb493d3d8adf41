"""Counts of answers, shared by several threads and processes."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

from syndicate.web.tally import Tally


class SlowCounts:
    """A cache whose additions take until all who could come at once have come, or none more comes."""

    def __init__(self, threads: int) -> None:
        self.totals: dict[str, int] = {}
        self._all_here = Barrier(threads)

    def add_counts(self, key: str, news: Mapping[str, int], _seconds: int) -> dict[str, int]:
        try:
            self._all_here.wait(timeout=0.2)
        except BrokenBarrierError:  # the others wait outside, as they must
            self._all_here.reset()
        for name, more in news.items():
            self.totals[name] = self.totals.get(name, 0) + more
        return dict(self.totals)


def test_what_two_threads_share_counts_once() -> None:
    """However many threads share at once, each answer is told to the other processes once."""
    tally, cache = Tally("200", "304"), SlowCounts(2)
    for _ in range(5):
        tally.bumps["200"]()
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(tally.share, cache) for _ in range(2)]:
            done.result()
    assert cache.totals == {"200": 5, "304": 0}
    assert tally.everywhere == {"200": 5, "304": 0}
