"""The topics of now: those that the configuration declares, and beside them those that admins have added.

Whoever needs topics has them from here; `Settings.all_topics` is what the configuration declares. While it declares a
key, an added topic of that key counts for nothing.
"""

from collections.abc import Iterable
from threading import Lock
from time import monotonic

import structlog

from syndicate.errors import StoreError
from syndicate.model import TopicSpec
from syndicate.settings import Settings
from syndicate.store import Store

log = structlog.get_logger(__name__)

_FRESH_SECONDS = 1.0


def is_declared(settings: Settings, key: str) -> bool:
    """Whether the configuration declares a topic of this key, be it `all`, which it does without a word."""
    return any(topic.key == key for topic in settings.all_topics)


def beside(settings: Settings, added: Iterable[TopicSpec]) -> tuple[TopicSpec, ...]:
    """The topics of the configuration, `all` among them, and then those of the added ones that it does not declare."""
    declared = settings.all_topics
    keys = {topic.key for topic in declared}
    return (*declared, *(topic for topic in added if topic.key not in keys))


def current_topics(settings: Settings, store: Store) -> tuple[TopicSpec, ...]:
    """The topics as they are at this moment; raises StoreError if the store can't be asked."""
    return beside(settings, store.added_topics())


class CurrentTopics:
    """The topics of now for whoever is asked by the public: a second old at most, and the last known without the store.

    The same tuple is given for as long as nothing changes.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._known = settings.all_topics
        self._by_key = {topic.key: topic for topic in self._known}
        self._stale_at = 0.0
        self._asking = Lock()

    def all(self) -> tuple[TopicSpec, ...]:
        """All topics."""
        self._look()
        return self._known

    def find(self, key: str) -> TopicSpec | None:
        """The topic of a key, or None."""
        self._look()
        return self._by_key.get(key)

    def _look(self) -> None:
        """Ask the store if that was long ago; while one asks, others go by what is known, once anything is."""
        if monotonic() < self._stale_at or not self._asking.acquire(blocking=not self._stale_at):
            return
        try:
            found = current_topics(self._settings, self._store)
            if found != self._known:
                self._known, self._by_key = found, {topic.key: topic for topic in found}
        except StoreError as error:
            log.warning("topics not asked for; those known last count", reason=str(error))
        finally:
            self._stale_at = monotonic() + _FRESH_SECONDS
            self._asking.release()
