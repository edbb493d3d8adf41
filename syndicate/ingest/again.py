"""What is done again as a run: doors without a sandbox queue it, a worker carries it out, and its report is kept."""

import time
from collections.abc import Callable
from datetime import datetime

from syndicate.ingest.lease import LEASE_SECONDS
from syndicate.ingest.redo import Redo
from syndicate.ingest.run import SourceReport
from syndicate.store import Store
from syndicate.store.leases import source_lease

_PAUSE = 1.0  # seconds until somebody else may be done with a source
_MOST = 10_000  # items; far more than may wait


class Again:
    """Rebuilds and replays one source at a time, and reports as of a poll.

    Somebody else may have the source: that is waited for, for as long as one who was killed would keep it.
    """

    def __init__(
        self, store: Store, redo: Redo, now: Callable[[], datetime], pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._store = store
        self._redo = redo
        self._now = now
        self._pause = pause

    def rebuild(self, key: str, holder: str) -> SourceReport:
        """Strip and classify a source's articles again, as `syndicate rebuild` does."""
        started = time.monotonic()
        self._wait(key)
        done = self._redo.rebuild(key, holder, dry_run=False)
        return SourceReport(
            key,
            "busy" if done.error else "changed" if done.differences else "unchanged",
            edited=len(done.differences),
            unchanged=done.articles - len(done.differences) - len(done.failures),
            held=sum(bool(difference.held) for difference in done.differences),
            failures=done.failures,
            error=done.error,
            seconds=round(time.monotonic() - started, 3),
        )

    def replay(self, key: str, holder: str) -> SourceReport:
        """Try everything again that waits in quarantine for this source; what went through counts as new."""
        started = time.monotonic()
        self._wait(key)
        waiting = [i.id for i in self._store.quarantine("waiting", _MOST) if i.rejected.source == key]
        tried = [self._redo.replay(item_id, holder) for item_id in waiting]
        through = sum(not failures for failures in tried)
        return SourceReport(
            key,
            "changed" if through else "failed" if tried else "unchanged",
            new=through,
            failures=tuple(failure for failures in tried for failure in failures),
            seconds=round(time.monotonic() - started, 3),
        )

    def _wait(self, key: str) -> None:
        left = LEASE_SECONDS
        while left > 0 and not self._store.is_free(source_lease(key), self._now()):
            self._pause(_PAUSE)
            left -= _PAUSE
