"""A withdrawn story is in no feed, is told to be withdrawn, and comes back by a person's word alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import OutdatedError, UsageError
from syndicate.model import Tombstone
from syndicate.records import Looked, Orphan
from syndicate.store.lookup import sightings
from syndicate.store.withdrawals import REASON_LENGTH
from tests.contract.building import HOUR, NOW, article, change, declare, ingest, settle, waiting

WATER, SPORT, FIRE = frozenset({"water"}), frozenset({"sport"}), frozenset({"fire"})
STORY, COPY, OTHER = article(), article("river"), article(key="other")
GUID = change(STORY).published.guid
LATER = NOW + HOUR


@pytest.fixture
def wire(store):
    """A story of the lake's, which a river's copy brings into sport, and another story; nothing waits."""
    declare(store, "lake", "river", "hill")
    ingest(store, change(STORY), change(OTHER))
    ingest(store, change(COPY, topics=SPORT, duplicate_of=STORY.id), source="river")
    settle(store)
    return store


def ids(store, topic="all"):
    """Which articles a topic's feed shows."""
    return {published.article.id for published in store.newest(topic, 9)}


def status(store, *articles):
    """Where articles stand."""
    return [store.article(one.id).status for one in articles]


@pytest.mark.parametrize("named", [STORY, COPY])
def test_a_story_goes_with_its_copies_and_is_told(wire, named):
    """Whichever of its articles is named: all go, all their topics wait, and tell of what partners have seen."""
    gone = wire.kill(named.id, " Libel,\n see  the court's order ", LATER)
    assert (gone.articles, gone.topics, gone.told) == ((STORY.id, COPY.id), {"all", "water", "sport"}, (GUID,))
    assert waiting(wire) == gone.topics
    assert ids(wire) == ids(wire, "water") == {OTHER.id}
    assert ids(wire, "sport") == set()
    stone = Tombstone(GUID, STORY.link, LATER, "Libel, see the court's order")
    assert [wire.withdrawn(topic) for topic in ("all", "water", "sport")] == [(stone,)] * 3
    assert wire.withdrawn("fire") == ()
    assert [(one.id, one.title, one.at, one.reason) for one in wire.killed()] == [
        (STORY.id, STORY.title, LATER, stone.reason)
    ]
    assert {(s.published.article.id, s.withdrawn) for s in wire.articles(status="killed")} == {
        (one.id, stone.reason) for one in (STORY, COPY)
    }
    assert wire.topic_counts()["all"] == 1


def test_what_cannot_be_killed_says_why(wire):
    """What is not there, what is killed already (when, and why), and what has no reason that can be told."""
    with pytest.raises(UsageError, match="does not exist"):
        wire.kill("nothing", "libel", NOW)
    for reason in (" \n", "x" * (REASON_LENGTH + 1)):
        with pytest.raises(UsageError, match=f"1 to {REASON_LENGTH} characters"):
            wire.kill(STORY.id, reason, NOW)
    assert waiting(wire) == set()
    wire.kill(STORY.id, "libel", NOW)
    with pytest.raises(UsageError, match=r"killed at 2026-11-23 12:00: libel"):
        wire.kill(COPY.id, "again", LATER)
    with pytest.raises(UsageError, match="is live, not killed"):
        wire.revive(OTHER.id, NOW)
    with pytest.raises(UsageError, match="is killed, not live"):
        wire.set_status(STORY.id, "discarded")
    with pytest.raises(UsageError, match="expected one of live"):
        wire.set_status(OTHER.id, "killed")


def test_what_its_sources_say_is_stored_and_shown_nowhere(wire):
    """Edits of original and copy, new rules and an orphan's fate touch no feed and no word of what is told."""
    wire.kill(STORY.id, "libel", LATER)
    settle(wire)
    told = wire.withdrawn("all")
    edited = replace(STORY, title="Otherwise", link="https://lake.example/moved")
    orphan = Orphan(COPY.id, "")
    assert ingest(wire, change(edited, kind="edited", topics=FIRE, raw="r2"), orphans=(orphan,)).topics == set()
    alone = change(replace(COPY, title="Alone"), kind="edited", topics=FIRE)
    assert ingest(wire, alone, source="river").topics == set()
    assert wire.set_topics({STORY.id: SPORT, COPY.id: WATER}) == set()
    assert status(wire, STORY, COPY) == ["killed", "killed"]
    assert wire.article(STORY.id).published.article.title == "Otherwise"
    assert wire.article(COPY.id).duplicate_of == STORY.id
    assert (wire.withdrawn("all"), wire.withdrawn("fire"), waiting(wire)) == (told, (), set())


def test_a_copy_that_comes_later_is_killed_on_arrival(wire):
    """It shows nowhere, and nobody is told of it, whichever of the story's articles it is like; so is a freed copy."""
    wire.kill(STORY.id, "libel", LATER)
    settle(wire)
    late, third = article("hill"), article("hill", "third")
    written = ingest(
        wire,
        change(late, topics=FIRE, duplicate_of=COPY.id),
        change(third, duplicate_of=OTHER.id),
        source="hill",
    )
    assert written.topics == set()
    assert (status(wire, late), wire.article(late.id).duplicate_of) == (["killed"], STORY.id)
    ingest(wire, change(replace(OTHER, title="New"), kind="edited"), orphans=(Orphan(third.id, COPY.id),))
    assert (status(wire, third), wire.article(third.id).duplicate_of) == (["killed"], STORY.id)
    assert len(wire.withdrawn("all")) == 1


def test_what_was_published_and_becomes_a_copy_is_told(wire):
    """Its own topics tell of it, from when it was so: it was seen under its own guid."""
    wire.kill(STORY.id, "libel", NOW)
    settle(wire)
    turned = change(OTHER, kind="edited", topics=FIRE, duplicate_of=STORY.id)
    assert ingest(wire, turned, now=LATER).topics == {"all", "water"} == waiting(wire)
    stone = Tombstone(turned.published.guid, OTHER.link, LATER, "libel")
    assert wire.withdrawn("water")[0] == wire.withdrawn("all")[0] == stone
    assert len(wire.withdrawn("water")) == 2
    assert wire.withdrawn("fire") == ()


def test_only_what_partners_may_have_seen_is_told(store):
    """What waited for a person never left the house, unless it was published before or somebody released it."""
    declare(store)
    never, before, released = (article(key=key, held="look") for key in ("never", "before", "released"))
    ingest(store, change(replace(before, held="")), change(never), change(released))
    ingest(store, change(before, kind="edited"))
    store.set_status(released.id, "live")
    for one in (never, before, released):
        store.kill(one.id, "libel", LATER)
    assert {stone.guid for stone in store.withdrawn("all")} == {
        change(one).published.guid for one in (before, released)
    }
    assert len(store.killed()) == 3


def test_a_revived_story_is_what_it_would_be(wire):
    """The latest that its source said is live, its copies bring it into their topics, and partners see it revised."""
    wire.kill(STORY.id, "libel", NOW)
    late = article("hill")
    ingest(wire, change(replace(STORY, title="Corrected"), kind="edited"))
    ingest(wire, change(late, topics=FIRE, duplicate_of=STORY.id), source="hill")
    settle(wire)
    back = wire.revive(late.id, LATER)
    assert (back.articles[0], set(back.articles[1:])) == (STORY.id, {COPY.id, late.id})
    assert back.topics == waiting(wire) == {"all", "water", "sport", "fire"}
    assert status(wire, STORY, COPY, late) == ["live", "duplicate", "duplicate"]
    assert ids(wire, "sport") == ids(wire, "fire") == {STORY.id}
    shown = wire.article(STORY.id).published
    assert (shown.article.title, shown.guid, shown.revised) == ("Corrected", GUID, LATER)
    assert wire.withdrawn("all") == wire.killed() == ()
    assert len(wire.kill(STORY.id, "again", LATER).articles) == 3


def test_a_revived_story_that_has_to_be_looked_at_is_held(wire):
    """It comes back to where it was; what a person had released is live again."""
    for one, released in ((article(key="h1", held="look"), False), (article(key="h2", held="look"), True)):
        ingest(wire, change(one))
        if released:
            wire.set_status(one.id, "live")
        wire.kill(one.id, "libel", NOW)
        wire.revive(one.id, NOW)
        assert status(wire, one) == ["live" if released else "held"]


def test_a_hundred_are_told_the_latest_first(store):
    """By count, ties by guid, so that a feed never changes by itself."""
    declare(store)
    many = [article(key=str(n)) for n in range(103)]
    ingest(store, *map(change, many))
    for n, one in enumerate(many):
        store.kill(one.id, "libel", NOW + timedelta(minutes=n // 2))
    stones = store.withdrawn("water")
    assert len(stones) == 100
    assert list(stones) == sorted(stones, key=lambda stone: (-stone.at.timestamp(), stone.guid))
    assert stones[0].guid == change(many[-1]).published.guid


def test_an_ingest_that_was_planned_before_is_planned_again(wire):
    """What was a copy of a live story is none of a live one by now; an edit that is written later stays out."""
    seen = wire.twins([STORY.link], [])
    looked = Looked(frozenset({STORY.link}), frozenset(), sightings(seen))
    wire.kill(STORY.id, "libel", LATER)
    settle(wire)
    with pytest.raises(OutdatedError):
        ingest(wire, change(article("hill"), duplicate_of=STORY.id), source="hill", looked=looked)
    assert ingest(wire, change(replace(STORY, title="Planned before"), kind="edited")).topics == set()
    assert status(wire, STORY) == ["killed"]
