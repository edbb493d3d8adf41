"""A source's lease in the hands of whoever works on the source, kept for as long as the work takes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import LeaseLostError, UsageError
from syndicate.records import SourceState
from syndicate.store import Store
from syndicate.store.leases import source_lease

LEASE_SECONDS = 300.0


@dataclass(slots=True)
class Lease:
    """The lease of a source; `renewed` is when it was taken, or last held for longer."""

    store: Store
    source: str
    epoch: int
    now: Callable[[], datetime]
    renewed: datetime

    def renew(self) -> None:
        """Hold it for longer, once some of its time is over; raises LeaseLostError when somebody else has it by now."""
        now = self.now()
        if abs((now - self.renewed).total_seconds()) < LEASE_SECONDS / 10:
            return
        self.renewed = now
        if not self.store.renew(source_lease(self.source), self.epoch, now, LEASE_SECONDS):
            raise LeaseLostError(f"source {self.source!r}: another worker took it over")

    def release(self) -> None:
        """Give it back; nothing happens if somebody else has it by now."""
        self.store.release(source_lease(self.source), self.epoch)


def take(store: Store, source: str, holder: str, now: Callable[[], datetime]) -> tuple[SourceState, Lease | None]:
    """Take a source, and give its state as it is under the lease; there is no lease while somebody else holds it.

    Raises UsageError for an unknown source.
    """
    begun = now()
    state, epoch = store.take_source(source, holder, begun, LEASE_SECONDS)
    if state is None:
        raise UsageError(f"source {source!r}: no such source; `syndicate sources` lists them")
    return state, None if epoch is None else Lease(store, source, epoch, now, begun)
