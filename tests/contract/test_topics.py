"""Topics that admins have added."""

from dataclasses import replace

import pytest

from syndicate.errors import LeaseLostError, OutdatedError, UsageError
from syndicate.model import FEED_FORMATS, TopicSpec
from syndicate.records import Looked
from syndicate.records_served import Edition
from syndicate.store import Store
from syndicate.store.topics import feed_lease
from tests.contract.building import NOW, article, change, declare, ingest
from tests.contract.test_subscriptions import publish, subscribe

PIERS = TopicSpec(
    "piers", "Piers", sources=("lake",), categories=("Kai",), any_of=("pier", "“jetty”"), none_of=("bar",)
)
WATER = TopicSpec("water", "Water", any_of=("ferry",))


def test_what_was_added_is_there_as_it_was_said(store: Store) -> None:
    """Every field, in the order of the keys; an unknown key is none; a key in use and one too many are refused."""
    store.add_topic(WATER, 2)
    store.add_topic(PIERS, 2)
    assert store.added_topics() == (PIERS, WATER)
    assert (store.added_topic("piers"), store.added_topic("nothing")) == (PIERS, None)
    assert [topic for _, topic in store.pending_topics(9)] == ["water", "piers"]
    with pytest.raises(UsageError, match="exists already"):
        store.add_topic(WATER, 2)
    with pytest.raises(UsageError, match="no more may be"):
        store.add_topic(TopicSpec("wood", "Wood"), 2)
    assert len(store.added_topics()) == 2


def test_what_is_stored_waits_for_a_changed_rule_only(store: Store) -> None:
    """A new rule has what is stored classified again, another title does not; who was overtaken is not done."""
    store.add_topic(WATER, 9)
    assert store.unclassified_topics() == (WATER,)
    store.topics_classified([WATER])
    renamed = replace(WATER, title="Waters", description="Lakes.", language="en")
    assert (store.change_topic(renamed), store.change_topic(renamed)) == (True, False)
    assert store.unclassified_topics() == ()
    wider = replace(renamed, any_of=("ferry", "pier"))
    assert store.change_topic(wider)
    store.topics_classified([renamed])
    assert store.unclassified_topics() == (wider,)
    with pytest.raises(UsageError, match="does not exist"):
        store.change_topic(PIERS)


def test_what_was_planned_by_other_topics_is_not_written(store: Store) -> None:
    """Whatever changes a topic between plan and write has the plan made again."""
    declare(store)
    for act in (
        lambda: store.add_topic(WATER, 9),
        lambda: store.change_topic(replace(WATER, all_of=("pier",))),
        lambda: store.remove_topic("water"),
    ):
        _, mark = store.topics_to_plan_by()
        looked = Looked(frozenset(), frozenset(), frozenset(), mark)
        act()
        with pytest.raises(OutdatedError):
            ingest(store, change(), looked=looked)
        ingest(store, change(kind="edited"), looked=replace(looked, topics=store.topics_to_plan_by()[1]))


def test_only_added_topics_are_spoken_of(store: Store) -> None:
    """Who classifies by added topics leaves all others as they are, and brings nobody into one that is gone."""
    declare(store)
    store.add_topic(PIERS, 9)
    here = article()
    ingest(store, change(here, topics=frozenset({"faith", "piers"})))
    assert store.set_topics({here.id: frozenset()}, {"piers"}) == {"piers"}
    assert store.article(here.id).topics == {"faith"}
    assert store.set_topics({here.id: frozenset({"piers", "gone"})}, {"piers", "gone"}) == {"piers"}
    assert store.article(here.id).topics == {"faith", "piers"}


def test_what_is_removed_is_gone_everywhere_and_its_builder_saves_nothing(store: Store) -> None:
    """Feeds, editions and who was in it go at once; versions go on when it returns; other topics stay."""
    declare(store)
    for topic in (PIERS, WATER):
        store.add_topic(topic, 9)
    here = article()
    ingest(store, change(here, topics=frozenset({"piers", "water"})))
    lease = feed_lease("piers"), store.acquire(feed_lease("piers"), "builder", NOW, 60)
    for key in ("piers", "water"):
        for name in FEED_FORMATS:
            store.save_feed(key, name, b"one", "one", NOW, NOW)
    store.save_editions("piers", [Edition("piers", ("plain", 0), "rss", "e", b"x", NOW)], [("plain", 0)], lease=lease)
    store.remove_topic("piers")
    assert store.added_topics() == (WATER,)
    assert store.article(here.id).topics == {"water"}
    assert {topic for topic, _ in store.feed_versions()} == {"water"}
    assert store.edition("piers", ("plain", 0), "rss") is None
    with pytest.raises(LeaseLostError):
        store.save_feed("piers", "rss", b"two", "two", NOW, NOW, lease=lease)
    with pytest.raises(UsageError, match="does not exist"):
        store.remove_topic("piers")
    store.add_topic(PIERS, 9)
    assert store.save_feed("piers", "rss", b"two", "two", NOW, NOW).version == 2


def test_the_feeds_of_added_topics_are_dropped_with_no_configuration(store: Store) -> None:
    """Whoever starts with other topics in the configuration drops what that declares no more, and nothing else."""
    store.add_topic(WATER, 9)
    for key in ("all", "water", "old"):
        store.save_feed(key, "rss", b"one", "one", NOW, NOW)
    store.drop_feeds(["all"])
    assert {topic for topic, _ in store.feed_versions()} == {"all", "water"}


def test_subscribers_of_a_removed_topic_are_told(store: Store) -> None:
    """They are counted with what goes, and denied as those of a topic that the configuration declares no more."""
    store.add_topic(WATER, 9)
    publish(store, "one")
    assert store.subscribers_of("water") == 0
    subscribe(store)
    assert (store.subscribers_of("water"), store.subscribers_of("piers")) == (1, 0)
    store.remove_topic("water")
    assert (store.deny_dropped(NOW), store.subscribers_of("water")) == (1, 0)
