"""Publishing topics: read their newest articles, build, save, announce. One topic's failure is only its own."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

import structlog

from syndicate.current_topics import current_topics, is_declared
from syndicate.errors import LeaseLostError, PublishError, SyndicateError
from syndicate.model import FeedFormat, Published, Tombstone, TopicSpec
from syndicate.publish.build import Built, build, etag_of
from syndicate.publish.editions import in_use, renew
from syndicate.publish.select import Selection, select
from syndicate.records import FeedRow
from syndicate.records_served import Partner
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.store.holders import holder
from syndicate.store.topics import feed_lease

log = structlog.get_logger(__name__)

LEASE_SECONDS = 60.0
PENDING_LIMIT = 10_000
_PAUSE = 0.5  # seconds until somebody else may be done; a feed is built in less
_PAGES = 40  # how deep to look for other sources' articles under a flood from one

State = Literal["published", "unchanged", "busy", "failed", "removed"]


class FeedCache(Protocol):
    """Where published feeds are announced; it never raises."""

    def put_feed(self, row: FeedRow) -> object:
        """Keep the feed's bytes and tell the web processes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one topic: `formats` changed, `items` is how many articles the feed holds now.

    "busy": somebody else is building it. "removed": it is no topic any more. "failed": the last good feed stays, or
    only what some partners are served of it; `reason` says why. `oversized` are ids of articles too large for any feed.
    """

    topic: str
    state: State
    formats: tuple[FeedFormat, ...] = ()
    items: int = 0
    reason: str = ""
    oversized: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One outcome for each topic, in the order they were published."""

    outcomes: tuple[Outcome, ...] = ()

    def topics(self, *states: State) -> tuple[str, ...]:
        """The topics that ended in one of these states."""
        return tuple(outcome.topic for outcome in self.outcomes if outcome.state in states)


def publish(
    topics: Iterable[TopicSpec],
    store: Store,
    cache: FeedCache,
    settings: Settings,
    now: datetime,
    begin: Callable[[str], None] = lambda _: None,
) -> Report:
    """Build these topics' feeds and put them in place of the last good ones where they differ.

    `begin` is called with each topic when it is its turn. Only one process builds a topic at a time. A topic that
    fails keeps its last good feed and is reported. Raises StoreError when the store fails, since then no topic can
    go on.
    """
    publishers = {state.spec.key: state.spec.title for state in store.sources()}
    desk = _Desk(store, cache, settings, publishers, store.partners(), now)
    outcomes = []
    for topic in topics:
        begin(topic.key)
        outcomes.append(_under_lease(desk, topic))
    return Report(tuple(outcomes))


def drain(
    store: Store,
    cache: FeedCache,
    settings: Settings,
    now: datetime,
    is_current: Callable[[], bool] = lambda: True,
    begin: Callable[[str], None] = lambda _: None,
) -> Report:
    """Publish the topics that wait in the outbox, and take out those that were built.

    Topics that failed or that somebody else is building stay; topics that are no longer declared are taken out if
    these settings are the store's: another may know what an older configuration does not. Safe to run twice, at once.
    """
    pending = store.pending_topics(PENDING_LIMIT)
    waiting = {topic for _, topic in pending}
    declared = {topic.key: topic for topic in current_topics(settings, store)}
    report = publish([declared[key] for key in sorted(waiting & declared.keys())], store, cache, settings, now, begin)
    undeclared = waiting - declared.keys() if is_current() else set()  # asked after these were read, always
    done = {*report.topics("published", "unchanged", "removed"), *undeclared}
    store.done_topics([id_ for id_, topic in pending if topic in done])
    return report


def insist(
    publish: Callable[[], Report], topics: Collection[str], seconds: float, pause: Callable[[float], None] = time.sleep
) -> dict[str, str]:
    """Publish what waits, again while somebody else is building one of these topics, for about so many seconds.

    Who builds may have read the articles before they changed. Gives the topics whose last good feeds still stand, and
    why.
    """
    while True:
        outcomes = [outcome for outcome in publish().outcomes if outcome.topic in topics]
        if seconds <= 0 or not any(outcome.state == "busy" for outcome in outcomes):
            break
        pause(_PAUSE)
        seconds -= _PAUSE
    reasons = {"busy": "somebody else is building it"}
    return {o.topic: reasons.get(o.state, o.reason) for o in outcomes if o.state in {"busy", "failed"}}


@dataclass(frozen=True, slots=True)
class _Desk:
    """What one call of `publish` works with."""

    store: Store
    cache: FeedCache
    settings: Settings
    publishers: Mapping[str, str]
    partners: tuple[Partner, ...]
    now: datetime


def _under_lease(desk: _Desk, topic: TopicSpec) -> Outcome:
    epoch = desk.store.acquire(feed_lease(topic.key), holder(), desk.now, LEASE_SECONDS)
    if epoch is None:
        log.info("feed left to who is building it", topic=topic.key)  # the topic waits in the outbox for the next drain
        return Outcome(topic.key, "busy")
    try:
        now = _as_it_is(desk, topic)
        return _publish_topic(desk, now, epoch) if now else Outcome(topic.key, "removed")
    except LeaseLostError:
        return Outcome(topic.key, "busy")  # we were so slow that somebody else took over: theirs is newer
    except PublishError as error:
        log.error("feed not built", topic=topic.key, reason=str(error))
        return Outcome(topic.key, "failed", reason=str(error))
    except SyndicateError:
        raise  # the store is failing: every other topic would fail with it
    except Exception as error:  # a bug that one article wakes must not stop the other topics' feeds
        log.exception("feed not built", topic=topic.key)
        return Outcome(topic.key, "failed", reason=f"bug: {error!r}")
    finally:
        desk.store.release(feed_lease(topic.key), epoch)


def _as_it_is(desk: _Desk, topic: TopicSpec) -> TopicSpec | None:
    """The topic as it is under the lease, which its removal would end; None if it was removed since it was listed."""
    return topic if is_declared(desk.settings, topic.key) else desk.store.added_topic(topic.key)


def _publish_topic(desk: _Desk, topic: TopicSpec, epoch: int) -> Outcome:
    limits = desk.settings.publish
    page = limits.items + 1 if limits.source_share == 1 else 4 * limits.items
    lease = (feed_lease(topic.key), epoch)
    withdrawn = desk.store.withdrawn(topic.key)  # before the articles: one that is killed in between is shown nowhere
    unplaced = desk.store.unplaced(topic.key)  # as well: one that comes in between is not taken for one that has left
    candidates = _candidates(desk.store, topic.key, page)
    selection = select(candidates, limits.items, limits.source_share, limits.feed_bytes)
    built, oversized = _built(desk, topic, selection, withdrawn, unplaced, lease)
    formats = tuple(_save(desk, built, lease))
    if oversized:
        log.warning("articles too large for any feed", topic=topic.key, articles=oversized)
    used = in_use(desk.partners, topic.key)
    failed = renew(desk.store, built.feed, used, desk.settings.public_url, desk.now, lease)
    if failed:
        log.error("feeds of partners not built", topic=topic.key, reason=failed)
    state: State = "failed" if failed else "published" if formats else "unchanged"
    return Outcome(topic.key, state, formats, len(built.feed.items), failed, oversized)


def _built(
    desk: _Desk,
    topic: TopicSpec,
    selection: Selection,
    withdrawn: tuple[Tombstone, ...],
    unplaced: tuple[str, ...],
    lease: tuple[str, int],
) -> tuple[Built, tuple[str, ...]]:
    """The feed, once what it does not hold has a place in the archive that it leads to; and what no feed can hold.

    That is in no archive either. If the feed turns out too large, what goes from it needs a place, too, which may be on
    a new page.
    """
    articles, oversized = selection.articles, selection.oversized
    while True:
        stay = {*(one.article.id for one in articles), *oversized}
        desk.store.place(topic.key, [id_ for id_ in unplaced if id_ not in stay], lease)
        pages = desk.store.archive_pages(topic.key)
        built = build(topic, articles, desk.publishers, desk.settings, withdrawn, pages)
        oversized += built.oversized
        if len(built.articles) == len(articles):
            return built, oversized
        unplaced = tuple(id_ for id_ in unplaced if id_ in stay)
        articles = built.articles


def _save(desk: _Desk, built: Built, lease: tuple[str, int]) -> Iterator[FeedFormat]:
    """Save and announce each format that differs from the last good one; gives those.

    The lease is checked within each write: who slept since it built would put old articles over newer ones.
    """
    feed = built.feed
    for name, body in built.bodies.items():
        etag = etag_of(body)
        last = desk.store.feed(feed.key, name)
        if last is None or last.etag != etag:
            row = desk.store.save_feed(feed.key, name, body, etag, feed.updated, desk.now, lease=lease)
            desk.cache.put_feed(row)
            yield name


def _candidates(store: Store, topic: str, page: int) -> Iterator[Published]:
    """The topic's articles, newest first, read from the store a page at a time as they are asked for."""
    before: datetime | None = None
    for _ in range(_PAGES):
        found = store.newest(topic, page, before)
        if len(found) < page:
            yield from found
            return
        # The page may end between articles of the same moment: these are read again as the next page's first,
        # unless they are all that the page holds.
        last = found[-1].ranked
        whole = [one for one in found if one.ranked != last]
        yield from whole or found
        before = last + timedelta(microseconds=1) if whole else last
