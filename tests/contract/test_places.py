"""Places in archives: each article that has left a feed has one, for good, and no page ever shifts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from syndicate.errors import LeaseLostError
from syndicate.model import Correction, Tombstone
from syndicate.records import Heir
from syndicate.store.migrations.versions import archive_places
from tests.contract.building import HOUR, NOW, article, change, declare, ingest

LEASE = "feed:water"
LATER = NOW + HOUR
WATER, SPORT = frozenset({"water"}), frozenset({"sport"})


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    """Two places on a page, so that few articles fill many."""
    monkeypatch.setattr("syndicate.store.places.PAGE", 2)


@pytest.fixture
def wire(store):
    """A store with five articles, "0" the oldest."""
    declare(store, "lake", "river")
    ingest(store, *map(old, range(5)))
    return store


def old(number, **fields):
    """An article that is the newer the higher its number."""
    return change(article(key=str(number), published=NOW - timedelta(days=9 - number)), **fields)


def leave(store, *numbers, topic="water"):
    """Give these articles places, as who builds the feed does; by default all that have none."""
    chosen = [old(number).article.id for number in numbers] or store.unplaced(topic)
    epoch = store.acquire(LEASE, "builder", NOW, 60)
    store.place(topic, chosen, (LEASE, epoch))
    store.release(LEASE, epoch)


def pages(store, topic="water"):
    """The keys of the articles on each page of an archive."""
    found = [store.archive_page(topic, number) for number in range(1, store.archive_pages(topic) + 1)]
    assert [(page.number, page.last) for page in found] == [(n, len(found)) for n in range(1, len(found) + 1)]
    return ["".join(one.article.key for one in page.articles) for page in found]


def test_what_left_the_feed_since_is_found(wire):
    """What is live behind a position, as much as a page has, whatever page it stands on."""
    assert wire.archive_end("water") == 0
    leave(wire, 0, 1, 2, 3, 4)
    assert wire.archive_end("water") == 5
    assert ["".join(one.article.key for one in wire.archived("water", behind)) for behind in (0, 1, 4, 5)] == [
        "10",
        "21",
        "4",
        "",
    ]
    wire.kill(old(2).article.id, "libel", NOW)
    assert [one.article.key for one in wire.archived("water", 1)] == ["1"]


def test_places_are_given_in_order_and_once(wire):
    """Those without a place are known, the oldest first; what has one gets no other, and the last page fills up."""
    assert wire.archive_pages("water") == 0
    assert wire.unplaced("water") == wire.unplaced("all") == tuple(old(n).article.id for n in range(5))
    leave(wire, 0, 1, 2)
    assert (pages(wire), wire.archive_pages("all"), wire.archive_pages("sport")) == (["10", "2"], 0, 0)
    assert wire.unplaced("water") == tuple(old(n).article.id for n in (3, 4))
    ingest(wire, old(7), change(article(key="a", published=NOW - timedelta(days=99))))
    leave(wire)
    assert (pages(wire), wire.unplaced("water")) == (["10", "2a", "43", "7"], ())
    assert [wire.archive_page("water", number) for number in (0, -1, 5, 999_999_999)] == [None] * 4
    leave(wire, topic="all")
    assert pages(wire, "all") == ["0a", "21", "43", "7"]


def test_what_goes_leaves_a_hole_and_comes_back_to_it(wire):
    """Killed, refused or of another topic: it is on no page then, and where it was once that is taken back."""
    leave(wire)
    whole = pages(wire)
    wire.kill(old(0).article.id, "libel", NOW)
    wire.set_status(old(1).article.id, "discarded")
    wire.set_topics({old(2).article.id: SPORT})
    assert (pages(wire), wire.unplaced("water")) == (["", "3", "4"], ())
    ingest(wire, old(8))
    leave(wire)
    assert pages(wire) == ["", "3", "84"]
    wire.revive(old(0).article.id, NOW)
    wire.set_status(old(1).article.id, "live")
    wire.set_topics({old(2).article.id: WATER | SPORT})
    assert pages(wire) == [*whole[:2], "84"]


def test_whoever_comes_to_a_topic_waits_for_a_place_in_it(wire):
    """By new rules, by a copy, by a person's word, by an edit: nobody has to look at all others to find it."""
    leave(wire)
    wire.set_topics({old(0).article.id: WATER | SPORT})
    ingest(wire, change(article("river"), topics=SPORT, duplicate_of=old(1).article.id), source="river")
    ingest(wire, change(replace(old(5).article, held="too much"), topics=SPORT), old(6))
    assert wire.unplaced("sport") == tuple(old(n).article.id for n in (0, 1))
    wire.set_status(old(5).article.id, "live")
    ingest(wire, old(6, kind="edited", topics=SPORT))
    assert wire.unplaced("sport") == tuple(old(n).article.id for n in (0, 1, 5, 6))
    assert wire.unplaced("water") == ()
    wire.kill(old(6).article.id, "libel", NOW)
    assert wire.unplaced("sport") == tuple(old(n).article.id for n in (0, 1, 5))
    ingest(wire, change(replace(old(6).article, title="Other"), kind="edited", topics=WATER))
    wire.revive(old(6).article.id, NOW)
    assert (wire.unplaced("sport"), wire.unplaced("water")[-1]) == (
        tuple(old(n).article.id for n in (0, 1, 5)),
        old(6).article.id,
    )


def test_an_heir_gets_the_places(wire):
    """What takes an article's place stands where that stood, and where it waited, it waits."""
    leave(wire)
    heir = change(article("river"), topics=WATER | SPORT)
    ingest(wire, replace(heir, duplicate_of=old(1).article.id), source="river")
    took = replace(heir, kind="edited")
    ingest(wire, took, source="river", heirs=(Heir(heir.article.id, old(1).article.id, "own"),))
    assert pages(wire) == ["one0", "32", "4"]
    assert wire.unplaced("sport") == wire.unplaced("all")[-1:] == (heir.article.id,)
    assert len(wire.unplaced("all")) == 5


def test_a_page_shows_what_is_true_now(wire):
    """What was put right since is on it; of the withdrawn it tells those that stood there, and of no others."""
    leave(wire, 0, 1, 2)
    wire.correct(old(1).article.id, "the year was wrong.", LATER)
    assert [one.corrections for one in wire.archive_page("water", 1).articles] == [
        (Correction(LATER, "the year was wrong."),),
        (),
    ]
    for number in (0, 2, 4):
        wire.kill(old(number).article.id, f"libel {number}", LATER)
    told = [wire.archive_page("water", number).withdrawn for number in (1, 2)]
    stone = {n: Tombstone(old(n).published.guid, old(n).article.link, LATER, f"libel {n}") for n in range(5)}
    assert (told, pages(wire)) == ([(stone[0],), (stone[2],)], ["1", ""])
    assert len(wire.withdrawn("water")) == 3


def test_who_lost_the_lease_gives_no_places(wire):
    """Two who build one feed must not give one place twice, nor one article two."""
    epoch = wire.acquire(LEASE, "sleeper", NOW, 60)
    wire.acquire(LEASE, "another", NOW + HOUR, 60)
    with pytest.raises(LeaseLostError):
        wire.place("water", wire.unplaced("water"), (LEASE, epoch))
    assert len(wire.unplaced("water")) == 5


def test_an_older_store_finds_its_articles_waiting(own_store_url, open_store):
    """Where archives come to a store that has articles, the live ones wait for a place in each of their topics."""
    store = open_store(own_store_url)
    declare(store)
    ingest(store, *map(old, range(3)))
    store.kill(old(0).article.id, "libel", NOW)
    with store.writing("begin") as connection, Operations.context(MigrationContext.configure(connection)):
        archive_places.downgrade()
        archive_places.upgrade()
    assert store.unplaced("water") == store.unplaced("all") == tuple(old(n).article.id for n in (1, 2))
