"""When the rules change, what is stored follows: articles are classified again, feeds are built again."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

import structlog

from syndicate.model import TopicSpec
from syndicate.publish.build import feed_of
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.topics import classify

log = structlog.get_logger()

_STALE = "stale"  # applied by one, and others have worked by theirs since: whoever starts next applies its own


def apply_rules(store: Store, settings: Settings) -> None:
    """Classify all articles again if the topics' rules changed, and ask for all feeds if anything they show changed.

    Does nothing when both are as they were at the last call.
    """
    topics = settings.all_topics
    rules, look = _digests(settings)
    if store.meta("rules") != rules:
        store.set_meta("rules", _STALE)  # before the first of their topics waits for those who don't know it
        articles = _classify_again(store, topics)
        store.drop_feeds([topic.key for topic in topics])
        log.info("classified again", articles=articles)
        store.set_meta("rules", rules)
    if store.meta("look") != look:
        store.touch_topics([topic.key for topic in topics])
        store.set_meta("look", look)


def are_applied(store: Store, settings: Settings) -> bool:
    """Whether the topics' rules in the store are these; where rules or looks differ, the next start applies its own.

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


def _classify_again(store: Store, topics: Sequence[TopicSpec]) -> int:
    """Put every article into its topics; what a running worker edits meanwhile, into those of its new words."""
    written = changed = _classified(store, topics)
    while changed:
        store.set_topics(changed)
        now = _classified(store, topics)
        changed = {id_: now[id_] for id_ in written.keys() & now.keys() if now[id_] != written[id_]}
        written = {**written, **changed}
    return len(written)


def _classified(store: Store, topics: Sequence[TopicSpec]) -> dict[str, frozenset[str]]:
    return {a.published.article.id: classify(a.published.article, topics) for a in store.each_article()}


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
