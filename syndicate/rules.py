"""When the rules change, what is stored follows: articles are classified again, feeds are built again."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import islice

import structlog

from syndicate.current_topics import current_topics
from syndicate.errors import LeaseLostError
from syndicate.model import TopicSpec
from syndicate.publish.build import feed_of
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.store.holders import holder
from syndicate.topics import classify

log = structlog.get_logger()

_STALE = "stale"  # applied by one, and others have worked by theirs since: whoever starts next applies its own
LEASE = "topics"  # of who classifies by added topics
_LEASE_SECONDS = 60.0
_AT_ONCE = 500  # articles between two signs of life
_WRITTEN_AT_ONCE = 5_000  # a second or two, in which nobody else can write; feeds built between two show half of it


def apply_rules(store: Store, settings: Settings) -> None:
    """Classify all articles again if the configuration's topics changed, ask for all feeds if anything they show did.

    Does nothing when both are as they were at the last call.
    """
    rules, look = _digests(settings)
    if store.meta("rules") != rules:
        store.set_meta("rules", _STALE)  # before the first of their topics waits for those who don't know it
        articles = _classify_again(store, lambda: current_topics(settings, store))
        store.drop_feeds([topic.key for topic in settings.all_topics])
        log.info("classified again", articles=articles)
        store.set_meta("rules", rules)
    if store.meta("look") != look:
        store.touch_topics([topic.key for topic in current_topics(settings, store)])
        store.set_meta("look", look)


def are_applied(store: Store, settings: Settings) -> bool:
    """Whether the rules in the store are this configuration's; where they or looks differ, a start applies its own.

    A role that still runs with an older configuration goes on classifying and building by that; what it did so
    has to be done again once it is gone, and whoever starts last finds it marked.
    """
    rules, look = _digests(settings)
    applied = {name: store.meta(name) for name in ("rules", "look")}
    for name, ours in (("rules", rules), ("look", look)):
        if applied[name] not in {ours, _STALE, None}:
            store.set_meta(name, _STALE)
            log.warning("another configuration was applied to the store; start this role again", what=name)
    return applied["rules"] in {rules, None}


def apply_added(store: Store, now: Callable[[], datetime], begin: Callable[[str], None] = lambda _: None) -> bool:
    """Classify what is stored by the topics that admins have added or changed; says whether there were any.

    Somebody else may be at it: then that is left to him. New articles are classified by them from the beginning.
    `begin` is told one of them whenever it gets on.
    """
    found = False
    while waiting := store.unclassified_topics():
        epoch = store.acquire(LEASE, holder(), now(), _LEASE_SECONDS)
        if epoch is None:
            break
        found = True
        keys = {topic.key for topic in waiting}
        try:
            got_on = partial(_got_on, store, epoch, now, partial(begin, min(keys)))
            articles = _classify_again(store, lambda: waiting, got_on, keys)
            store.topics_classified(waiting)
            log.info("classified by added topics", topics=sorted(keys), articles=articles)
        except LeaseLostError:
            break
        finally:
            store.release(LEASE, epoch)
    return found


def _got_on(store: Store, epoch: int, now: Callable[[], datetime], tell: Callable[[], None]) -> None:
    tell()
    if not store.renew(LEASE, epoch, now(), _LEASE_SECONDS):
        raise LeaseLostError("another process took over to classify by added topics")


def _classify_again(
    store: Store,
    topics: Callable[[], Sequence[TopicSpec]],
    got_on: Callable[[], None] = lambda: None,
    of: Collection[str] | None = None,
) -> int:
    """Put every article into its topics; what a running worker edits meanwhile, into those of its new words.

    The topics are asked for each time that the articles are read; with `of` others than these are left as they are.
    """
    members = None if of is None else store.members(of)
    written = _classified(store, topics(), got_on)
    changed = {id_: found for id_, found in written.items() if members is None or found or id_ in members}
    while changed:
        for start in range(0, len(changed), _WRITTEN_AT_ONCE):
            got_on()
            store.set_topics(dict(islice(changed.items(), start, start + _WRITTEN_AT_ONCE)), of)
        now = _classified(store, topics(), got_on)
        changed = {id_: now[id_] for id_ in written.keys() & now.keys() if now[id_] != written[id_]}
        written = {**written, **changed}
    return len(written)


def _classified(store: Store, topics: Sequence[TopicSpec], got_on: Callable[[], None]) -> dict[str, frozenset[str]]:
    found = {}
    for number, stored in enumerate(store.each_article()):
        if number % _AT_ONCE == 0:
            got_on()
        found[stored.published.article.id] = classify(stored.published.article, topics)
    return found


def _shown(settings: Settings) -> Iterator[object]:
    """All that feeds take from the configuration: their heads, the publishers that they credit, what they may hold."""
    yield from (feed_of(topic, (), settings) for topic in settings.all_topics)
    yield [(source.key, source.title) for source in settings.sources]
    yield settings.publish


def _digests(settings: Settings) -> tuple[str, str]:
    rules = _digest(settings.all_topics)
    return rules, _digest((rules, *_shown(settings)))


def _digest(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()
