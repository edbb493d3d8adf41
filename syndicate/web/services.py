"""What the web door is given to work with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from syndicate.cache import Cache
from syndicate.current_topics import CurrentTopics
from syndicate.publish import Report
from syndicate.push.sender import Sender
from syndicate.records import Run
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.web.tally import Tally

STATUSES = ("200", "204", "226", "304", "400", "404", "405", "406", "429", "503")  # what the edge answers with


class Enqueue(Protocol):
    """Queues an ingest run of these sources (none means all).

    Raises UsageError for an unknown source, QueueFullError when there is no room, StoreError when the run can't
    be written down.
    """

    def __call__(self, sources: Sequence[str], trigger: str) -> Run:
        """The queued run."""
        ...


@dataclass(frozen=True, slots=True)
class WebServices:
    """The parts that the web door works with; `bootstrap` wires the real ones, tests their own.

    `publish` builds the feeds that wait, `sender` sends what an admin tries out, `topics` are those of now for what the
    public asks for.
    """

    settings: Settings
    store: Store
    cache: Cache
    enqueue: Enqueue
    now: Callable[[], datetime]
    publish: Callable[[], Report]
    tally: Tally = field(default_factory=lambda: Tally(*STATUSES))
    sender: Sender = field(kw_only=True)
    topics: CurrentTopics = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "topics", CurrentTopics(self.settings, self.store))
