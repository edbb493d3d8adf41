"""An article stands in the topics of its copies, which are published in it only."""

from dataclasses import replace

import pytest

from syndicate.errors import OutdatedError
from syndicate.records import Heir, Looked, Orphan
from tests.contract.building import HOUR, NOW, article, change, declare, ingest

ORIGINAL, COPY = article(), article("river")
WATER, SPORT, FIRE = frozenset({"water"}), frozenset({"sport"}), frozenset({"fire"})


@pytest.fixture
def shared(store):
    """A store in which a river's copy brings the lake's article into sport; nothing waits to be published."""
    declare(store, "lake", "river", "hill")
    ingest(store, change(ORIGINAL))
    ingest(store, change(COPY, topics=SPORT, duplicate_of=ORIGINAL.id, received=NOW + HOUR), source="river")
    store.done_topics([row for row, _ in store.pending_topics(99)])
    return store


def ids(store, topic):
    """Which articles a topic's feed shows."""
    return [published.article.id for published in store.newest(topic, 9)]


def test_an_article_stands_in_the_topics_of_its_copies(store):
    """Which of two sources was polled first decides nothing about the topics; each article stands there once."""
    declare(store, "lake", "river")
    ingest(store, change(ORIGINAL))
    written = ingest(store, change(COPY, topics=SPORT | WATER, duplicate_of=ORIGINAL.id), source="river")
    assert written.topics == SPORT
    assert ids(store, "sport") == ids(store, "water") == ids(store, "all") == [ORIGINAL.id]
    assert store.topic_counts() == {"all": 1, "water": 1, "sport": 1}
    assert store.article(ORIGINAL.id).topics == WATER | SPORT
    assert store.article(COPY.id).topics == WATER | SPORT
    assert store.newest("sport", 9)[0].ranked == store.newest("water", 9)[0].ranked


def test_a_copy_that_changes_its_topics_takes_the_article_along(shared):
    """The article leaves a topic with its last copy there, and never one of its own."""
    third = article("hill")
    ingest(shared, change(third, topics=SPORT, duplicate_of=ORIGINAL.id), source="hill")
    moved = change(COPY, kind="edited", topics=FIRE | WATER, duplicate_of=ORIGINAL.id)
    assert ingest(shared, moved, source="river").topics == FIRE
    assert ids(shared, "sport") == ids(shared, "fire") == [ORIGINAL.id]
    left = change(third, kind="edited", topics=WATER, duplicate_of=ORIGINAL.id)
    assert ingest(shared, left, source="hill").topics == SPORT
    assert ids(shared, "sport") == []
    assert ids(shared, "water") == [ORIGINAL.id]


def test_an_edit_of_the_original_leaves_it_in_its_copies_topics(shared):
    """Their feeds are built again for it, at its rank."""
    edited = change(replace(ORIGINAL, title="Corrected", published=NOW), kind="edited", topics=FIRE)
    assert ingest(shared, edited).topics == {"all", "water", "fire", "sport"}
    assert ids(shared, "sport") == [ORIGINAL.id]
    assert shared.newest("sport", 9)[0].ranked == shared.newest("sport", 9, NOW + HOUR)[0].ranked == NOW
    held = change(replace(ORIGINAL, held="too much"), kind="edited", topics=FIRE)
    assert ingest(shared, held).topics == {"all", "fire", "sport"}
    assert ids(shared, "sport") == []


def test_a_copy_that_is_none_any_more_takes_its_topics_with_it(shared):
    """Freed by an edit of its own or of the original, it stands there itself; so does what was one of its siblings."""
    third = article("hill")
    ingest(shared, change(third, topics=FIRE, duplicate_of=ORIGINAL.id), source="hill")
    other = change(replace(ORIGINAL, title="Other"), kind="edited")
    freed = (Orphan(COPY.id, ""), Orphan(third.id, COPY.id))
    assert ingest(shared, other, orphans=freed).topics == {"all", "water", "sport", "fire"}
    assert (ids(shared, "water"), ids(shared, "sport"), ids(shared, "fire")) == ([ORIGINAL.id], [COPY.id], [COPY.id])
    assert ingest(shared, change(third, kind="edited", topics=FIRE), source="hill").topics == {"all", "fire"}
    assert ids(shared, "fire") == [third.id]


def test_new_rules_reach_the_original_through_its_copies(shared):
    """When all is classified anew, the article follows its copies' topics; doing it twice touches nothing."""
    assert shared.set_topics({ORIGINAL.id: WATER, COPY.id: FIRE}) == {"sport", "fire"}
    assert (ids(shared, "sport"), ids(shared, "fire")) == ([], [ORIGINAL.id])
    assert shared.set_topics({ORIGINAL.id: WATER, COPY.id: FIRE}) == frozenset()
    assert shared.set_topics({COPY.id: SPORT}) == {"sport", "fire"}
    shared.set_topics({ORIGINAL.id: SPORT, COPY.id: SPORT})
    shared.set_topics({ORIGINAL.id: frozenset(), COPY.id: SPORT})
    assert (ids(shared, "sport"), ids(shared, "water")) == ([ORIGINAL.id], [])


def test_a_released_article_comes_back_into_its_copies_topics(shared):
    """A person's word takes it out of all its feeds and puts it back into them."""
    for status in ("held", "live"):
        shared.done_topics([row for row, _ in shared.pending_topics(99)])
        shared.set_status(ORIGINAL.id, status)
        assert {topic for _, topic in shared.pending_topics(9)} == {"all", "water", "sport"}
    assert ids(shared, "sport") == [ORIGINAL.id]


def test_an_heir_gets_guid_arrival_copies_and_topics(shared):
    """What it takes the place of is its copy from now on, under a guid of its own; partners see one article go on."""
    third = article("hill")
    ingest(shared, change(third, topics=FIRE, duplicate_of=ORIGINAL.id), source="hill")
    before = shared.article(ORIGINAL.id).published
    heir = Heir(COPY.id, ORIGINAL.id, shared.article(COPY.id).published.guid)
    taking = change(replace(COPY, title="Corrected"), kind="edited", topics=SPORT, received=before.received)
    assert ingest(shared, taking, source="river", heirs=(heir,)).topics == {"all", "water", "sport", "fire"}
    shown = shared.article(COPY.id)
    assert (shown.status, shown.topics) == ("live", WATER | SPORT | FIRE)
    assert (shown.published.guid, shown.published.received) == (before.guid, before.received)
    for copy in (ORIGINAL, third):
        assert (shared.article(copy.id).status, shared.article(copy.id).duplicate_of) == ("duplicate", COPY.id)
    assert shared.article(ORIGINAL.id).published.guid == heir.own
    assert ids(shared, "all") == ids(shared, "water") == ids(shared, "fire") == [COPY.id]


def test_nothing_is_inherited_from_what_was_taken_back(shared):
    """A person's word meanwhile has the ingest planned again; an heir that can't be stored leaves all as it was."""
    heir, looked = Heir(COPY.id, ORIGINAL.id, "own"), Looked(frozenset(), frozenset(), frozenset())
    bad = change(replace(COPY, title="surrogate \ud800"), kind="edited")
    assert len(ingest(shared, bad, source="river", heirs=(heir,)).rejected) == 1
    assert ids(shared, "all") == [ORIGINAL.id]
    shared.set_status(ORIGINAL.id, "held")
    with pytest.raises(OutdatedError):
        ingest(shared, change(COPY, kind="edited"), source="river", heirs=(heir,), looked=looked)
