"""Topics as admins keep them beside those of the configuration: what can be one, what there is of one, and trials."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from operator import itemgetter
from typing import Any

from pydantic import TypeAdapter, ValidationError

from syndicate.errors import UsageError
from syndicate.model import TopicSpec
from syndicate.publish import Outcome, Report, insist
from syndicate.render.text import feed_language
from syndicate.settings import Settings
from syndicate.settings_errors import STORABLE, said, unstorable
from syndicate.settings_lists import LANGUAGE, Topic, idle_rules
from syndicate.store import Store
from syndicate.store.belonging import EVERY_TOPIC
from syndicate.topics import classify

MOST = 500  # that admins may add
TITLE_LENGTH, DESCRIPTION_LENGTH = 200, 1_000
WORDS, WORD_LENGTH = 200, 200  # of each list
LISTS = ("sources", "categories", "any_of", "all_of", "none_of")
_EXAMPLES = 5
_TOPIC: TypeAdapter[TopicSpec] = TypeAdapter(Topic)


@dataclass(frozen=True, slots=True)
class Extent:
    """What there is of a topic: articles, pages of its archive, partners that name it, subscriptions at the hub."""

    articles: int
    pages: int
    partners: tuple[str, ...]
    subscribers: int


@dataclass(frozen=True, slots=True)
class Example:
    """An article that a trial found."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What of the published articles a topic would hold, gain and lose, with the newest as examples."""

    articles: int
    matches: int
    gained: int
    lost: int
    gains: tuple[Example, ...] = ()
    losses: tuple[Example, ...] = ()


def new_topic(settings: Settings, store: Store, values: Mapping[str, object]) -> TopicSpec:
    """The topic of an admin's words; raises UsageError that says what is wrong with them, or that its key is in use."""
    _refuse_declared(settings, str(values.get("key", "")))
    topic = _topic(settings, store, values)
    if store.added_topic(topic.key) is not None:
        raise UsageError(f"topic {topic.key!r} exists already")
    return topic


def changeable_topic(settings: Settings, store: Store, key: str) -> TopicSpec:
    """A topic that an admin has added; raises UsageError if there is none, or if the configuration declares it."""
    _refuse_declared(settings, key)
    topic = store.added_topic(key)
    if topic is None:
        raise UsageError(f"topic {key!r} does not exist")
    return topic


def changed_topic(settings: Settings, store: Store, key: str, values: Mapping[str, object]) -> TopicSpec:
    """An added topic with these words in place of those that it has; raises UsageError as the two above do."""
    if not values:
        raise UsageError("nothing to change: expected something that is to be another")
    return _topic(settings, store, {**asdict(changeable_topic(settings, store, key)), **values})


def removable_topic(settings: Settings, store: Store, key: str, *, force: bool) -> Extent:
    """What goes with a topic; raises UsageError if it can't be removed, or is named by partners and there's no `force`.

    Their contracts go on naming it: one that named nothing else would else be for every topic.
    """
    changeable_topic(settings, store, key)
    extent = extent_of(store, key)
    if extent.partners and not force:
        names = ", ".join(extent.partners)
        raise UsageError(f"topic {key!r} is imported by partners ({names}): change their contracts first, or force it")
    return extent


def extent_of(store: Store, key: str) -> Extent:
    """What there is of a topic now."""
    partners = tuple(partner.key for partner in store.partners() if key in partner.topics)
    return Extent(store.topic_counts().get(key, 0), store.archive_pages(key), partners, store.subscribers_of(key))


def tried(store: Store, key: str, after: TopicSpec | None) -> Trial:
    """What the topic of this key would hold, were it (or were it no more: None) so; reads all that is stored."""
    published: dict[str, tuple[Any, str]] = {}
    before: set[str] = set()
    matching: set[str] = set()
    for stored in store.each_article():
        article = stored.published.article
        if stored.status == "live":
            published[article.id] = (stored.published.ranked, article.title)
            before |= {article.id} if key in stored.topics else set()
        if after is not None and classify(article, (after,)):
            matching.add(stored.duplicate_of or article.id)
    matching &= published.keys()

    def newest(ids: Iterable[str]) -> tuple[Example, ...]:
        found = sorted(((*published[id_], id_) for id_ in ids), key=itemgetter(0), reverse=True)
        return tuple(Example(id_, title) for _, title, id_ in found[:_EXAMPLES])

    gained, lost = matching - before, before - matching
    return Trial(len(published), len(matching), len(gained), len(lost), newest(gained), newest(lost))


def settled(store: Store, publish: Callable[[], Report], key: str, seconds: float) -> dict[str, str]:
    """Classify by a topic and publish it, as `insist` does; it stands, too, while others classify by it."""

    def publishing() -> Report:
        done = publish()
        waits = tuple(Outcome(topic.key, "busy") for topic in store.unclassified_topics())
        return Report((*done.outcomes, *waits))

    return insist(publishing, {key}, seconds)


def unlike_a_tag(topic: TopicSpec) -> str:
    """What is wrong with a topic's language, "" if nothing is."""
    wrong = topic.language and not feed_language(topic.language)
    return f"{LANGUAGE} (found {topic.language!r})" if wrong else ""


def _refuse_declared(settings: Settings, key: str) -> None:
    if key == EVERY_TOPIC:
        raise UsageError(f"topic {key!r} holds every article: it has no rule, and its words are in the configuration")
    if any(topic.key == key for topic in settings.topics):
        raise UsageError(f"topic {key!r} is declared in the configuration: change or remove it there")


def _topic(settings: Settings, store: Store, values: Mapping[str, object]) -> TopicSpec:
    if place := next(unstorable(dict(values)), None):
        raise UsageError(f"{'.'.join(map(str, place))}: {STORABLE}")
    try:
        topic = _TOPIC.validate_python({name: _tidy(value) for name, value in values.items()})
    except ValidationError as error:
        raise UsageError("; ".join(said(detail, TopicSpec) for detail in error.errors(include_url=False))) from error
    if problems := tuple(_problems(settings, store, topic)):
        raise UsageError("; ".join(problems))
    return topic


def _tidy(value: object) -> object:
    """Text with single blanks; of a list what says something, once."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list | tuple):
        words = [word for word in map(_tidy, value) if word != ""]
        return tuple(dict.fromkeys(words)) if all(isinstance(word, str) for word in words) else value
    return value


def _problems(settings: Settings, store: Store, topic: TopicSpec) -> Iterator[str]:
    """What would not work, and what is more than anybody means."""
    if not topic.title or len(topic.title) > TITLE_LENGTH:
        yield f"title: expected 1 to {TITLE_LENGTH} characters"
    if len(topic.description) > DESCRIPTION_LENGTH:
        yield f"description: expected at most {DESCRIPTION_LENGTH} characters"
    lists = {name: getattr(topic, name) for name in LISTS}
    for name, words in lists.items():
        if len(words) > WORDS or any(len(word) > WORD_LENGTH for word in words):
            yield f"{name}: expected at most {WORDS}, each of at most {WORD_LENGTH} characters"
    for name, texts in {"title": (topic.title,), "description": (topic.description,), **lists}.items():
        if any(unicodedata.category(sign) in {"Cc", "Cn", "Co"} for text in texts for sign in text):
            yield f"{name}: expected no control characters"
    if problem := unlike_a_tag(topic):
        yield f"language: {problem}"
    yield from idle_rules(topic)
    known = {spec.key for spec in settings.sources} | {s.spec.key for s in store.sources() if s.status != "retired"}
    for key in topic.sources:
        if key not in known:
            yield f"sources: {key!r} is neither declared nor was it added; `syndicate sources` lists those there are"
