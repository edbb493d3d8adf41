"""What the web door is given to work with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from syndicate.cache import Cache
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.store.values import Run


class Enqueue(Protocol):
    """Queues an ingest run of these sources (none means all).

    Raises UsageError for an unknown source, QueueFullError when there is no room, StoreError when the run can't be written down.
    """

    def __call__(self, sources: Sequence[str], trigger: str) -> Run:
        """The queued run."""
        ...


@dataclass(frozen=True, slots=True)
class WebServices:
    """The parts that the web door works with; `bootstrap` wires the real ones, tests their own."""

    settings: Settings
    store: Store
    cache: Cache
    enqueue: Enqueue
    now: Callable[[], datetime]
