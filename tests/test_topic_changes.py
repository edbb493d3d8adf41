"""What can be a topic that an admin adds, and what trying one finds."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syndicate.current_topics import CurrentTopics, current_topics
from syndicate.errors import StoreError, UsageError
from syndicate.model import SourceSpec, TopicSpec
from syndicate.records_served import Partner
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.topic_changes import (
    WORD_LENGTH,
    WORDS,
    Example,
    Trial,
    changed_topic,
    extent_of,
    new_topic,
    removable_topic,
    tried,
)
from tests.contract.building import HOUR, NOW, article, change, declare, ingest

WOOD = TopicSpec("wood", "Wood", any_of=("oak",))
SETTINGS = Settings(topics=(WOOD,), sources=(SourceSpec("shore", "feed", "https://shore.example/feed"),))
SAID = {"key": "water", "title": "Water", "any_of": ["ferry"]}


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """An empty store with a source."""
    opened = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'wire.db')}")
    declare(opened)
    yield opened
    opened.close()


def test_words_are_taken_as_they_are_meant(store: Store) -> None:
    """Blanks are single, what says nothing is left out, nothing stands twice; an empty list takes words back."""
    said = {
        **SAID,
        "title": " Rivers\n and  lakes ",
        "any_of": [" ferry  boat ", "", "ferry boat"],
        "sources": ["lake"],
    }
    topic = new_topic(SETTINGS, store, {**said, "categories": ("Kai",)})
    assert topic == TopicSpec(
        "water", "Rivers and lakes", sources=("lake",), categories=("Kai",), any_of=("ferry boat",)
    )
    store.add_topic(topic, 9)
    changed = changed_topic(SETTINGS, store, "water", {"any_of": [""], "where": "title", "sources": ("shore",)})
    assert (changed.any_of, changed.where, changed.sources, changed.title) == ((), "title", ("shore",), topic.title)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"key": "Water"}, "expected 1 to 64"),
        ({"key": "all"}, "holds every article"),
        ({"key": "wood"}, "declared in the configuration"),
        ({"title": " "}, "title: expected 1 to 200"),
        ({"title": "a" * 201}, "title: expected 1 to 200"),
        ({"title": "a\x1bb"}, "title: expected no control"),
        ({"title": "a\0b"}, "title: expected no NUL"),
        ({"title": "\ud800"}, "title: expected no NUL"),
        ({"description": "a" * 1001}, "description: expected at most"),
        ({"language": "klingonish!"}, "language: expected a language tag"),
        ({"any_of": []}, "no rule"),
        ({"none_of": ["..."]}, "'...' says nothing"),
        ({"any_of": ["a" * (WORD_LENGTH + 1)]}, "any_of: expected at most"),
        ({"any_of": [f"w{n}" for n in range(WORDS + 1)]}, "any_of: expected at most"),
        ({"any_of": "ferry"}, "any_of: "),
        ({"any_of": [["ferry"]]}, "any_of.0: "),
        ({"categories": ["a\x07b"]}, "categories: expected no control"),
        ({"sources": ["nowhere"]}, "sources: 'nowhere' is neither declared nor was it added"),
        ({"where": "footer"}, "where: "),
        ({"colour": "blue"}, "colour: no such setting"),
    ],
)
def test_what_can_be_no_topic_is_refused(store: Store, said: dict[str, Any], problem: str) -> None:
    """One line says what is wrong, whether it is added or changed."""
    with pytest.raises(UsageError, match=problem.replace(".", r"\.")):
        new_topic(SETTINGS, store, {**SAID, **said})
    store.add_topic(TopicSpec("water", "Water", any_of=("ferry",)), 9)
    if "key" not in said:
        with pytest.raises(UsageError, match=problem.replace(".", r"\.")):
            changed_topic(SETTINGS, store, "water", said)


def test_a_trial_tells_what_comes_and_what_goes(store: Store) -> None:
    """Counted is what is published: what is held is not, a copy counts for its original; the newest are named."""
    stories = [article(key=f"{n}", title=f"Ferry {n}", published=NOW - n * HOUR) for n in range(7)]
    gone = article(key="gone", title="Pier")
    copy, held = article("lake", "copy", title="A ferry"), article(key="held", title="Ferry held", held="why")
    ingest(
        store,
        *(change(one, topics=frozenset({"water"} if n == 6 else ())) for n, one in enumerate(stories)),
        change(gone, topics=frozenset({"water"})),
        change(copy, topics=frozenset(), duplicate_of=gone.id),
        change(held, topics=frozenset()),
    )
    topic = TopicSpec("water", "Water", any_of=("ferry",), where="title")
    newest = tuple(Example(one.id, one.title) for one in stories[:5])
    assert tried(store, "water", topic) == Trial(8, 8, 6, 0, newest)
    assert tried(store, "water", None).losses == (Example(gone.id, "Pier"), Example(stories[6].id, "Ferry 6"))


def test_what_partners_name_is_not_removed_by_the_way(store: Store) -> None:
    """They are told of first; a contract for every topic names none."""
    store.add_topic(TopicSpec("water", "Water", any_of=("ferry",)), 9)
    for key, topics in (("anna", ("water", "wood")), ("bert", ())):
        store.add_partner(Partner(key, key, NOW, "plain", topics), "0" * 64, ())
    with pytest.raises(UsageError, match=r"imported by partners \(anna\)"):
        removable_topic(SETTINGS, store, "water", force=False)
    assert removable_topic(SETTINGS, store, "water", force=True) == extent_of(store, "water")
    assert extent_of(store, "water").partners == ("anna",)
    for key, problem in (("wood", "declared in the configuration"), ("all", "holds every"), ("x", "does not exist")):
        with pytest.raises(UsageError, match=problem):
            removable_topic(SETTINGS, store, key, force=True)


def test_the_topics_of_now_are_the_last_known_without_the_store(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are asked for again after a second; the same ones are the same value; the configuration's come first."""
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("syndicate.current_topics.monotonic", lambda: next(clock))
    topics = CurrentTopics(SETTINGS, store)
    first = topics.all()
    assert [topic.key for topic in first] == ["all", "wood"]
    assert topics.all() is first
    store.add_topic(TopicSpec("water", "Water"), 9)
    store.add_topic(TopicSpec("wood", "Of an admin"), 9)
    assert [topic.title for topic in topics.all()] == ["All articles", "Wood", "Water"]
    assert topics.all() == current_topics(SETTINGS, store)

    def away() -> None:
        raise StoreError("away")

    monkeypatch.setattr(store, "added_topics", away)
    assert topics.find("water") == TopicSpec("water", "Water")
    monkeypatch.undo()
    store.remove_topic("water")
    monkeypatch.setattr("syndicate.current_topics.monotonic", lambda: 2_000)
    assert topics.find("water") is None
