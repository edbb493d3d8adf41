"""Settings tried on the parts that will use them, so that what these would refuse later is refused at once."""

from collections.abc import Iterator

from syndicate.errors import ConfigurationError
from syndicate.ingest.declare import refused
from syndicate.ingest.guard import Guard
from syndicate.model import HouseRule, TopicSpec
from syndicate.render.text import feed_language
from syndicate.settings import Settings
from syndicate.settings_errors import Place
from syndicate.settings_lists import LANGUAGE, idle_rules, missing
from syndicate.store.database import checked
from syndicate.topic_changes import unlike_a_tag


def trial(settings: Settings) -> Iterator[tuple[Place, str]]:
    """What the guard, the store, the readers and the feeds say against their settings: which setting, and what."""
    for entry in settings.allow_private:
        try:
            Guard.of([entry])
        except ConfigurationError as error:
            yield from _said(error, "allow_private")
    try:
        checked(settings.store_url)
    except ConfigurationError as error:
        yield from _said(error, "database_url")
    yield from _languages(settings)
    for number, source in enumerate(settings.sources):
        yield from ((("sources", number, field), said) for field, said in refused(source))


def _said(error: ConfigurationError, name: str) -> Iterator[tuple[Place, str]]:
    for problem in error.problems:
        yield (name,), problem.removeprefix(f"{name}: ")


def _languages(settings: Settings) -> Iterator[tuple[Place, str]]:
    """Languages of feeds that would be dropped: these take tags only, articles also names of the more frequent ones."""
    if settings.language and not feed_language(settings.language):
        yield ("language",), f"{LANGUAGE} (found {settings.language!r})"
    for number, topic in enumerate(settings.topics):
        if problem := unlike_a_tag(topic):
            yield ("topics", number, "language"), problem


def advice(settings: Settings) -> tuple[str, ...]:
    """What is wrong with settings that can be read but won't work, a line each."""
    problems = [f"sources.{spec.key}: {problem}" for spec in settings.sources if (problem := missing(spec))]
    for topic in settings.topics:
        problems += [f"topics.{topic.key}: {problem}" for problem in idle_rules(topic)]
    return tuple(problems)


def undeclared(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The sources that topics and rules name and nothing here declares, each after who names it: some may be added."""
    declared = {source.key for source in settings.sources}
    lists: dict[str, tuple[TopicSpec | HouseRule, ...]] = {
        "topics": settings.topics,
        "boilerplate": settings.boilerplate,
    }
    return tuple(
        (f"{name}.{item.key}", key)
        for name, items in lists.items()
        for item in items
        for key in item.sources
        if key not in declared
    )
