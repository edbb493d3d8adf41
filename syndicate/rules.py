"""When the rules change, what is stored follows: articles are classified again, feeds are built again."""

from collections.abc import Iterator
from hashlib import sha256

import structlog

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
        classified = {a.published.article.id: classify(a.published.article, topics) for a in store.each_article()}
        store.set_topics(classified)
        store.drop_feeds([topic.key for topic in topics])
        log.info("classified again", articles=len(classified))
        store.set_meta("rules", rules)
    look = _digest((rules, *_shown(settings)))
    if store.meta("look") != look:
        store.touch_topics([topic.key for topic in topics])
        store.set_meta("look", look)


def _shown(settings: Settings) -> Iterator[object]:
    """All that feeds take from the configuration: their heads, the publishers that they credit, what they may hold."""
    yield from (feed_of(topic, (), settings) for topic in settings.all_topics)
    yield [(source.key, source.title) for source in settings.sources]
    yield settings.publish


def _digest(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()
