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


def apply_rules(store: Store, settings: Settings) -> None:
    """Classify all articles again if the topics' rules changed, and ask for all feeds if anything they show changed.

    Does nothing when both are as they were at the last call.
    """
    topics = settings.all_topics
    rules = _digest(topics)
    if store.meta("rules") != rules:
        articles = _classify_again(store, topics)
        store.drop_feeds([topic.key for topic in topics])
        log.info("classified again", articles=articles)
        store.set_meta("rules", rules)
    look = _digest((rules, *_shown(settings)))
    if store.meta("look") != look:
        store.touch_topics([topic.key for topic in topics])
        store.set_meta("look", look)


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


def _digest(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()
