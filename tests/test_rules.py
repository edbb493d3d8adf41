"""When the configuration changes, feeds that show something of it are built again, and no others."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from syndicate.cache import Cache
from syndicate.model import SourceSpec, TopicSpec
from syndicate.publish import drain
from syndicate.records import StoredArticle
from syndicate.rules import LEASE, apply_added, apply_rules, are_applied
from syndicate.settings import IngestSettings, PublishSettings, Settings
from syndicate.store import Store
from tests.contract.building import NOW, article, change, declare, ingest

LAKE = SourceSpec("lake", "feed", "https://lake.example/feed", title="Lake News")
WATER = TopicSpec("water", "Water", any_of=("ferry",))
BEFORE: dict[str, Any] = {
    "sources": (LAKE,),
    "topics": (WATER,),
    "description": "Articles.",
    "terms": "Free of charge.",
}


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """A store to which the rules were applied once, and whose feeds were built."""
    opened = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'wire.db')}")
    _rebuilt(opened)
    yield opened
    opened.close()


def _rebuilt(store: Store, **changed: Any) -> set[str]:
    """The topics whose feeds are to be built again under changed settings."""
    apply_rules(store, Settings(**BEFORE | changed))
    pending = store.pending_topics(100)
    store.done_topics([number for number, _ in pending])
    return {topic for _, topic in pending}


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Another Wire"},
        {"description": "Other articles."},
        {"terms": "With credit."},
        {"contact": "wire@example.org"},
        {"language": "pt"},
        {"base_url": "https://wire.example.org"},
        {"publish": PublishSettings(items=7)},
        {"sources": (SourceSpec(LAKE.key, LAKE.kind, LAKE.location, title="Lake Daily"),)},
        {"topics": (TopicSpec("water", "Water", "Rivers and lakes.", any_of=("ferry",)),)},
    ],
)
def test_what_feeds_show_is_shown_at_the_next_start(store: Store, changed: dict[str, Any]) -> None:
    """Each setting that a feed's bytes depend on asks for all feeds once, and once only."""
    assert _rebuilt(store, **changed) == {"all", "water"}
    assert _rebuilt(store, **changed) == set()


@pytest.mark.parametrize("changed", [{}, {"log_level": "debug"}, {"ingest": IngestSettings(children=1)}])
def test_what_feeds_do_not_show_costs_nothing(store: Store, changed: dict[str, Any]) -> None:
    """The same settings, and settings of other parts, build no feed again."""
    assert _rebuilt(store, **changed) == set()


@pytest.mark.parametrize("edits", [["<p>The hall.</p>"], ["<p>The hall.</p>", "<p>A canal.</p>"]])
def test_what_is_edited_meanwhile_stands_in_the_topics_of_its_new_words(
    store: Store, monkeypatch: pytest.MonkeyPatch, edits: list[str]
) -> None:
    """A worker that runs while the rules change has the last word on an article, however often it speaks."""
    declare(store)
    ingest(store, change(article(html="<p>The pier.</p>", text="The pier."), topics=frozenset()))
    read, left = store.each_article, iter(edits)
    topics = {html: frozenset({"water"} if "canal" in html else ()) for html in edits}

    def each_article() -> Iterator[StoredArticle]:
        yield from list(read())
        if html := next(left, ""):
            edited = article(html=html, text=html)
            ingest(store, change(edited, kind="edited", fingerprint=html, topics=topics[html]))

    monkeypatch.setattr(store, "each_article", each_article)
    _rebuilt(store, topics=(TopicSpec("water", "Water", any_of=("pier", "canal")),))
    [stored] = read()
    assert (stored.published.article.html, stored.topics) == (edits[-1], topics[edits[-1]])


def test_what_an_older_configuration_did_is_done_again_by_who_starts_last(store: Store) -> None:
    """While roles are replaced one by one, old ones leave the new topics waiting, and what they brought is found."""
    declare(store)
    newer = Settings(**BEFORE | {"topics": (WATER, TopicSpec("piers", "Piers", any_of=("pier",)))})
    apply_rules(store, newer)
    ingest(store, change(article(text="The pier."), topics=frozenset({"all"})))
    cache, older = Cache("unix:///nobody"), Settings(**BEFORE)
    drain(store, cache, older, NOW, lambda: are_applied(store, older))
    assert {topic for _, topic in store.pending_topics(9)} == {"piers"}
    apply_rules(store, newer)
    [stored] = store.each_article()
    assert "piers" in stored.topics
    drain(store, cache, newer, NOW, lambda: are_applied(store, newer))
    assert ("piers", "rss") in store.feed_versions()
    assert store.pending_topics(9) == ()


def test_a_topic_that_was_removed_stays_so(store: Store) -> None:
    """The feed of a removed topic that an old role built again goes when the last role has started."""
    declare(store)
    cache, older, newer = Cache("unix:///nobody"), Settings(**BEFORE), Settings(**BEFORE | {"topics": ()})
    apply_rules(store, newer)
    ingest(store, change(article(), topics=frozenset({"water"})))
    drain(store, cache, older, NOW, lambda: are_applied(store, older))
    assert ("water", "rss") in store.feed_versions()
    apply_rules(store, newer)
    assert ("water", "rss") not in store.feed_versions()
    drain(store, cache, newer, NOW, lambda: are_applied(store, newer))
    assert store.pending_topics(9) == ()


def _now() -> datetime:
    return NOW


def test_a_topic_that_is_added_holds_what_is_stored(store: Store) -> None:
    """What matches its rule moves into it, and out again when the rule changes; nothing else moves, nothing waits."""
    declare(store)
    pier, hall = article(text="The pier."), article(key="hall", text="The hall.")
    ingest(store, change(pier), change(hall, topics=frozenset()))
    told: list[str] = []
    for rule, held in ((("pier",), {pier.id}), (("hall",), {hall.id})):
        topic = TopicSpec("piers", "Piers", any_of=rule)
        store.change_topic(topic) if store.added_topics() else store.add_topic(topic, 9)
        apply_added(store, _now, told.append)
        found = {stored.published.article.id for stored in store.each_article() if "piers" in stored.topics}
        assert (found, store.unclassified_topics(), store.is_free(LEASE, NOW)) == (held, (), True)
    assert set(told) == {"piers"}
    assert store.article(pier.id).topics == {"water"}
    assert ("piers" in _rebuilt(store), _rebuilt(store)) == (True, set())


def test_a_start_with_another_configuration_classifies_by_added_topics_too(store: Store) -> None:
    """Whatever is added while everything is classified anew for the configuration keeps what it holds."""
    declare(store)
    here = article(text="The pier.")
    ingest(store, change(here))
    read = store.each_article

    def each_article() -> Iterator[StoredArticle]:
        yield from list(read())
        if not store.added_topics():
            store.add_topic(TopicSpec("piers", "Piers", any_of=("pier",)), 9)
            store.set_topics({here.id: frozenset({"piers"})}, {"piers"})

    store.each_article = each_article  # type: ignore[method-assign]
    _rebuilt(store, topics=())
    assert store.article(here.id).topics == {"piers"}


def test_one_classifies_by_an_added_topic_at_a_time(store: Store) -> None:
    """Others leave it to who is at it; who lost that to another stops, and leaves it to him."""
    declare(store)
    ingest(store, change(article(text="The pier.")))
    store.add_topic(TopicSpec("piers", "Piers", any_of=("pier",)), 9)
    epoch = store.acquire(LEASE, "another", NOW, 60)
    apply_added(store, _now)
    assert store.unclassified_topics()
    store.release(LEASE, epoch)
    apply_added(store, _now, lambda _: store.release(LEASE, epoch + 1))
    assert [stored.topics for stored in store.each_article()] == [{"water"}]
    assert store.unclassified_topics()
