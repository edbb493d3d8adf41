"""What the web door is given to work with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from syndicate.cache import Cache
from syndicate.errors import SyndicateError
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.store.values import Run


class QueueFullError(SyndicateError):
    """So many runs wait already that another would only wait longer; `retry_after` is in seconds."""

    def __init__(self, reason: str, *, retry_after: int = 60) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Enqueue(Protocol):
    """Queues an ingest run of these sources (none means all).

    Raises QueueFullError when there is no room, StoreError when the run can't be written down.
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
