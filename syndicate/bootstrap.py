"""The one place that names both the parts and what stands behind them: settings in, working services out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import structlog

from syndicate import settings as configuration
from syndicate.cache import Cache
from syndicate.current_topics import current_topics
from syndicate.doctor import Finding, examine
from syndicate.errors import ConfigurationError, StoreError
from syndicate.formats import CALLBACK_PATH
from syndicate.ingest.fetch import Fetcher
from syndicate.ingest.orders import REBUILD, REPLAY
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import TopicSpec
from syndicate.private_redis import PrivateRedis
from syndicate.publish import Report, drain
from syndicate.push.courier import Courier, Runner
from syndicate.push.errands import Errands, House
from syndicate.push.postman import Postman
from syndicate.push.sender import Sender
from syndicate.push.subscriber import TRIGGER, Desk, Subscriber
from syndicate.queue import Queue
from syndicate.rules import apply_added, apply_rules, are_applied
from syndicate.settings import Settings
from syndicate.store import Store

if TYPE_CHECKING:
    from syndicate.ingest.batch import Runs
    from syndicate.ingest.redo import Redo

log = structlog.get_logger()

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, where it enters the program; only the fetcher, which has to do with a real network, asks for itself."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """Everything that a role needs, ready to work; what takes articles in is loaded by those who do."""

    settings: Settings
    store: Store
    cache: Cache
    queue: Queue
    sandbox: Sandbox
    now: Clock

    @cached_property
    def runs(self) -> "Runs":
        """What carries runs out."""
        from syndicate.ingest.again import Again  # noqa: PLC0415 - a third of all that there is to load
        from syndicate.ingest.batch import Runs  # noqa: PLC0415
        from syndicate.ingest.collect import Collector  # noqa: PLC0415
        from syndicate.ingest.run import Ingestion  # noqa: PLC0415

        ingestion = Ingestion(self.store, Collector(fetcher(self.settings)), self.sandbox, self.settings, self.now)
        again = Again(self.store, self.redo, self.now)
        anew = {REBUILD: again.rebuild, REPLAY: again.replay}
        return Runs(self.store, ingestion, self.publish, self.now, anew)

    @cached_property
    def redo(self) -> "Redo":
        """What strips and classifies again what is stored."""
        from syndicate.ingest.redo import Redo  # noqa: PLC0415 - as above

        return Redo(self.store, self.sandbox, self.settings, self.now)

    def publish(self, begin: Callable[[str], None] = lambda _: None) -> Report:
        """Build and announce the feeds that wait in the outbox; `begin` is told each topic before it is built."""
        return _publish(self.store, self.cache, self.settings, self.now, begin)


@contextmanager
def services(settings: Settings, now: Clock = utc_now, sandbox: Sandbox | None = None) -> Iterator[Services]:
    """Open the store (made or renewed first), wire everything, and close it all at the end.

    A `sandbox` that is passed in stays open; it is the caller's. Raises ConfigurationError and StoreError.
    """
    store = open_store(settings, now)
    limits = settings.ingest
    own = sandbox or Sandbox(limits.children, limits.child_cpu_seconds, limits.child_memory_mb, limits.child_payloads)
    try:
        yield _wire(settings, store, own, now)
    finally:
        if sandbox is None:
            own.close()
        store.close()


def open_store(settings: Settings, now: Clock = utc_now) -> Store:
    """The store with its tables up to date, the declared sources known to it, and today's rules applied.

    This is for those who act on the configuration. Raises ConfigurationError when there seems to be none.
    """
    store = Store(settings.store_url)
    try:
        store.upgrade()
        if not settings.sources:
            _refuse_to_forget(store)
        store.sync_sources(settings.sources, now())
        apply_rules(store, settings)
    except BaseException:
        store.close()
        raise
    return store


def store_as_it_is(settings: Settings) -> Store:
    """The store for those who look, or change one thing in it: the configuration does not reach it.

    One that is not there yet is made, tables of an older version are brought up to date.
    """
    store = Store(settings.store_url)
    try:
        revision, newest = store.revisions()
        if revision == newest:
            return store
        if revision:
            store.upgrade()
            return store
    except BaseException:
        store.close()
        raise
    store.close()
    return open_store(settings)


def settle_store(settings: Settings) -> None:
    """Leave one file that holds the whole store, unless somebody else has it open; for roles, once their processes end.

    Those may have ended without closing it: what they wrote last then stands in a file beside it, which who copies the
    store would not copy. SQLite puts it in its place when the last one closes the store. Never raises StoreError.
    """
    store = Store(settings.store_url)
    try:
        if store.file is not None and store.is_there:
            store.ping()
    except StoreError as error:
        log.warning("the store is left as it is", reason=str(error))
    finally:
        store.close()


def sources_in_store(settings: Settings) -> frozenset[str]:
    """The keys of all sources that the store knows, as it is; none is made where there is none yet."""
    with _store_if_there(settings) as store:
        return frozenset(state.spec.key for state in store.sources()) if store else frozenset()


def topics_as_they_are(settings: Settings) -> tuple[TopicSpec, ...]:
    """The topics of now; no store is made where there is none yet, and none is brought up to date."""
    with _store_if_there(settings) as store:
        ready = store is not None and len(set(store.revisions())) == 1
        return current_topics(settings, store) if store and ready else settings.all_topics


@contextmanager
def _store_if_there(settings: Settings) -> Iterator[Store | None]:
    store = Store(settings.store_url)
    try:
        yield store if store.is_there and store.revisions()[0] else None
    finally:
        store.close()


def _refuse_to_forget(store: Store) -> None:
    """Never retire all sources and empty all feeds because somebody stands in the wrong folder."""
    known = [s.spec.key for s in store.sources() if s.origin == "config" and s.status != "retired"]
    if known:
        names = ", ".join(known[:5]) + (", ..." if len(known) > 5 else "")
        problem = (
            f"sources: none declared, but the store at {store.where} knows {len(known)} of the configuration "
            f"({names}): does SYNDICATE_CONFIG name the right file, and do its includes match? "
            "(`syndicate sources remove` retires a source for good)"
        )
        raise ConfigurationError((problem,))


def examination(settings: Settings) -> Iterator[Finding]:
    """What `doctor` finds, with everything as it is: nothing is upgraded or started first."""
    store, cache = Store(settings.store_url), Cache(redis_url(settings))
    try:
        private = None if settings.redis_url else private_redis(settings)
        yield from examine(store, cache, private, settings, utc_now())
    finally:
        cache.close()
        store.close()


def fetcher(settings: Settings) -> Fetcher:
    """The guarded HTTP client, which says who is asking."""
    return Fetcher(settings.fetch, settings.allow_private, _agent(settings))


def _agent(settings: Settings) -> str:
    contact = f"; +{settings.contact}" if settings.contact else ""
    return f"Syndicate/{version('syndicate')} (+{settings.public_url}{contact})"


def sender(settings: Settings) -> Sender:
    """What sends to others' addresses, which says who is sending."""
    return Sender.of(settings.allow_private, _agent(settings))


@contextmanager
def pushing(parts: Services) -> Iterator[None]:
    """Have partners' webhooks and the hub's subscribers sent what is published while the block lasts.

    And the hubs of sources asked to tell of changes.
    """
    settings, store, now = parts.settings, parts.store, parts.now
    out = sender(settings)
    desk = Desk(settings.public_url + CALLBACK_PATH, settings.subscribes)
    runners: list[Runner] = [
        Postman(store, out, settings, now, partial(parts.cache.count_push, to="webhooks")),
        Subscriber(store, out, desk, now, lambda source: parts.queue.enqueue((source,), TRIGGER)),
    ]
    if settings.hub_url:
        house = House(settings.public_url, settings.hub_url)
        runners.append(Errands(store, out, house, now, parts.cache.count_push))
    notices = parts.cache.listen()
    with Courier(runners, now).at_work(notices):
        yield
    notices.close()


def private_redis(settings: Settings) -> PrivateRedis:
    """The Redis that `up` starts where no other is set."""
    return PrivateRedis(settings.data_dir / "redis", durable=True)


def redis_url(settings: Settings) -> str:
    """The Redis to use: the one that is set, else the private one, which is there while `up` runs."""
    return settings.redis_url or private_redis(settings).url


def web_application() -> Any:
    """The WSGI application, for Granian to make in the web process itself."""
    from syndicate.web.services import WebServices  # noqa: PLC0415 - only a web process needs the web room
    from syndicate.web.wsgi import build  # noqa: PLC0415

    settings = configuration.load()
    store, cache = open_store(settings), Cache(redis_url(settings))
    queue = Queue(redis_url(settings), store, settings.ingest.queue_limit, utc_now)

    def publish() -> Report:
        return _publish(store, cache, settings, utc_now)

    return build(WebServices(settings, store, cache, queue.enqueue, utc_now, publish, sender=sender(settings)))


def web_feeds(settings: Settings) -> Any:
    """The public feeds, for a process that serves nothing else; it opens nothing before it is started."""
    from syndicate.web.feeds import Feeds  # noqa: PLC0415 - only a web process needs the web room
    from syndicate.web.services import STATUSES  # noqa: PLC0415
    from syndicate.web.tally import Tally  # noqa: PLC0415

    return Feeds(settings, Store(settings.store_url), Cache(redis_url(settings)), Tally(*STATUSES))


def _publish(
    store: Store, cache: Cache, settings: Settings, now: Clock, begin: Callable[[str], None] = lambda _: None
) -> Report:
    """Publish what waits, then what moves by topics that admins added or changed: a withdrawal waits for nothing."""
    report = drain(store, cache, settings, now(), lambda: are_applied(store, settings), begin)
    if not apply_added(store, now, begin):
        return report
    moved = drain(store, cache, settings, now(), lambda: are_applied(store, settings), begin)
    return Report((*report.outcomes, *moved.outcomes))


def _wire(settings: Settings, store: Store, sandbox: Sandbox, now: Clock) -> Services:
    address = redis_url(settings)
    queue = Queue(address, store, settings.ingest.queue_limit, now)
    return Services(settings, store, Cache(address), queue, sandbox, now)
