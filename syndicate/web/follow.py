"""Keeps the shelf fresh, in two threads, so that no request ever has to ask whether something is new.

One listens to Redis (a notice tells at once, and twice a second the list of changes is read in case a notice was
lost). The other compares with the store, which is the truth: it finds what Redis could not tell, puts it back
into Redis, and takes away what is gone.
"""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from threading import Event, Lock, Thread

import structlog

from syndicate.cache import Cache, FeedMark, Listener
from syndicate.errors import StoreError
from syndicate.formats import feed_path
from syndicate.model import FEED_FORMATS
from syndicate.store import Store
from syndicate.web.edition import Edition
from syndicate.web.library import Library
from syndicate.web.shelf import Shelf

log = structlog.get_logger(__name__)

NOTICE_SECONDS = 0.4  # how long one wait for a notice lasts; after each, the changes are read
NOTICES_AT_ONCE = 200
STORE_SECONDS = 2.0
STORE_SECONDS_ALONE = 0.5  # without Redis only the store can tell what is new
PUT_BACK_AT_ONCE = 100  # feeds in one round: each is compressed in every coding


class Follower:
    """Brings what was published onto the shelf of this process. `tick` is called about twice a second."""

    def __init__(self, shelf: Shelf, library: Library, cache: Cache, store: Store, tick: Callable[[], None]) -> None:
        self._shelf = shelf
        self._library = library
        self._cache = cache
        self._store = store
        self._tick = tick
        self._sequence: int | None = None
        self._in_redis: dict[str, FeedMark] = {}
        self._agreed: tuple[Mapping[tuple[str, str], tuple[int, str]], bool, int] | None = None
        self._heard = 0
        self._store_failing = False
        self._stop = Event()
        self._starting = Lock()
        self._threads: tuple[Thread, ...] = ()

    def start(self) -> None:
        """Read the list of feeds and start following; a second call does nothing."""
        with self._starting:
            if self._threads:
                return
            self.compare_with_store()
            if not self._shelf.listed:
                self.read_changes()
            threads = (
                Thread(target=self._follow_redis, name="follow-redis", daemon=True),
                Thread(target=self._follow_store, name="follow-store", daemon=True),
            )
            for thread in threads:
                thread.start()
            self._threads = threads

    def stop(self) -> None:
        """End both threads and wait for them."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def has_ended(self) -> bool:
        """Whether either thread has ended: what is published from now on comes late or never."""
        return not all(thread.is_alive() for thread in self._threads)

    def heard(self, mark: FeedMark) -> None:
        """Act on one notice."""
        path = feed_path(mark.topic, mark.format)
        self._in_redis[path] = mark
        held = self._shelf.editions.get(path)
        if held is None or held.mark.version < mark.version:
            try:
                self._library.renew(mark, held)
                self._heard += 1
            except StoreError as error:
                log.warning("feed not renewed", topic=mark.topic, format=mark.format, error=str(error))

    def read_changes(self) -> None:
        """Find what changed in Redis since the last look."""
        changes = self._cache.changes(self._sequence or 0)
        if changes is None:
            return
        if self._sequence is not None and changes.sequence < self._sequence:
            log.warning("redis has older data than before", sequence=changes.sequence, before=self._sequence)
            self._in_redis.clear()
            self._agreed = None
        self._sequence = changes.sequence
        for mark in changes.marks:
            self.heard(mark)
        if changes.marks:
            self._shelf.listed = True

    def compare_with_store(self) -> None:
        """Make the shelf and Redis agree with the store."""
        heard = self._heard  # what is heard from now on may be of a topic that the store has dropped
        before, in_redis = self._shelf.snapshot(), self._in_redis.copy()
        try:
            versions = self._store.feed_versions()
            self._store_failing = False
            agreed = (versions, self._cache.available, heard)
            if agreed == self._agreed:
                return  # nothing was published or heard, and Redis neither came nor went nor lost anything
            marks = _marks(versions)
            self._renew(before, marks)
            for path in before.keys() - marks.keys():
                self._shelf.remove(before[path])
            self._shelf.listed = True
            self._take_out(in_redis, marks)
            self._agreed = agreed if self._put_back(marks) else None
        except StoreError as error:
            if not self._store_failing:
                log.warning("store is failing; serving what is known", error=str(error))
            self._store_failing = True

    def _renew(self, before: Mapping[str, Edition], marks: Mapping[str, FeedMark]) -> None:
        for path, mark in marks.items():
            held = before.get(path)
            if held is None or held.mark != mark:
                current = self._shelf.editions.get(path)
                if current is held:  # nobody renewed it since the store was asked
                    self._library.renew_from_store(mark, held)

    def _take_out(self, in_redis: Mapping[str, FeedMark], marks: Mapping[str, FeedMark]) -> None:
        """Let Redis forget topics that it had before the store was asked, and the store has not."""
        topics = {mark.topic for mark in marks.values()}
        dropped = {path: mark.topic for path, mark in in_redis.items() if mark.topic not in topics}
        if dropped and self._cache.drop_feeds(set(dropped.values())):
            for path in dropped:
                self._in_redis.pop(path, None)

    def _put_back(self, marks: Mapping[str, FeedMark]) -> bool:
        """Give Redis what it lacks, until it refuses; several processes doing so do no harm.

        False if there is more to be given, now or when the changes in Redis were read for the first time.
        """
        if not self._cache.available:
            return True  # there is nobody to give it to
        if self._sequence is None:
            return False
        lacking = ((path, mark) for path, mark in marks.items() if self._in_redis.get(path) != mark)
        for path, mark in islice(lacking, PUT_BACK_AT_ONCE):
            held = self._in_redis.get(path)
            row = self._store.feed(mark.topic, mark.format)
            if row is None:
                continue
            if not self._cache.put_feed(row, force=held is not None and held.version >= row.version):
                return False
            self._in_redis[path] = mark
        return next(lacking, None) is None

    def _follow_redis(self) -> None:
        listener = self._cache.listen()
        while not self._stop.is_set():
            self._guarded(self._tick)
            self._guarded(self.read_changes)
            if not self._cache.available:
                self._stop.wait(NOTICE_SECONDS)
                self._cache.ping()
            self._guarded(partial(self._hear, listener))
        listener.close()

    def _hear(self, listener: Listener) -> None:
        """Act on notices until none comes for a while, or so many came that other things are due, too."""
        for _ in range(NOTICES_AT_ONCE):
            mark = listener.wait(NOTICE_SECONDS)
            if mark is None:
                return
            self.heard(mark)

    def _follow_store(self) -> None:
        while not self._stop.wait(STORE_SECONDS if self._cache.available else STORE_SECONDS_ALONE):
            self._guarded(self.compare_with_store)

    def _guarded(self, step: Callable[[], None]) -> None:
        """A bug in one round must not end the thread: the next round may go well, and silence would be worse."""
        try:
            step()
        except Exception:
            log.exception("following failed", step=str(step))


def _marks(versions: Mapping[tuple[str, str], tuple[int, str]]) -> dict[str, FeedMark]:
    return {
        feed_path(topic, format_): FeedMark(topic, format_, version, etag)
        for (topic, name), (version, etag) in versions.items()
        for format_ in FEED_FORMATS
        if format_ == name
    }
