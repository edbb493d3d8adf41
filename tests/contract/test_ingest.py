"""The one big write: all or nothing, under the lease, one bad article apart from its neighbours."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from syndicate.errors import LeaseLostError, OutdatedError
from syndicate.model import Dateline, Enclosure, Image, Original, Person
from syndicate.records import Known, Looked, Orphan, Rejected, Renewal
from syndicate.store.leases import source_lease
from syndicate.store.lookup import sightings
from tests.contract.building import (
    HOUR,
    NOW,
    article,
    change,
    cut,
    declare,
    ingest,
    ingested,
    lease,
    payload,
    transactions,
)

FULL = article(
    summary="<p>Short</p>",
    authors=(Person("Ann Lee", "staff writer", "Lake Press", "https://lake.example/ann"),),
    dateline=Dateline(("OSLO", "BERGEN"), "LP"),
    updated=NOW,
    categories=("Water", "Наука"),
    language="en",
    rights="© Lake Press",
    bio="Ann writes.",
    original=Original("First Paper", "https://first.example/1"),
    images=(Image("https://lake.example/1.jpg", "caption", "credit", "alt", 640, 480, "image/jpeg"),),
    enclosures=(Enclosure("https://lake.example/1.mp3", "audio/mpeg", 5),),
    cuts=(cut("Share 🙂", evidence="seen", start=3, end=8, html="<p>Share</p>"),),
    doubts=(cut("Call us", family="contact"),),
)


def test_an_article_comes_back_as_it_went_in(store):
    """Every field, to the microsecond and the last character."""
    declare(store)
    new = change(FULL, sketch=(5, -(2**63), 2**63 - 1), topics=frozenset({"water", "all"}))
    written = ingest(store, new)
    assert (written.new, written.edited, written.rejected) == (1, 0, ())
    stored = store.article(FULL.id)
    assert stored.published == new.published
    assert (stored.status, stored.topics, stored.payload) == ("live", new.topics, new.payload)
    assert store.known("lake") == {
        "one": Known(
            *(FULL.id, "one", FULL.link, FULL.title, "raw", "print", new.published.guid, NOW, NOW, new.sketch, "live"),
            *("lake", "", "https://lake.example/feed"),
        )
    }
    assert store.known("river") == {}
    assert store.article("missing") is None


def test_everything_of_an_ingest_is_written_together(store):
    """State, memory, quarantine, proposals and outbox stand beside the articles."""
    declare(store)
    rejected = Rejected("lake", "entry 2", "no title", "0" * 64, "normalize")
    state = replace(store.source("lake"), etag='"2"', due=NOW + HOUR, last_success=NOW, rhythm=(NOW,))
    written = ingest(store, change(FULL), state=state, rejected=(rejected,), memory=b"\x00memory")
    assert written.topics == {"all", "water"}
    assert store.source("lake") == state
    assert store.memory("lake") == b"\x00memory"
    assert [item.rejected for item in store.quarantine()] == [rejected]
    assert [(p.source, p.text, p.family, p.seen) for p in store.proposals()] == [("lake", "Call us", "contact", 1)]
    assert {topic for _, topic in store.pending_topics(10)} == {"all", "water"}
    ingest(store, memory=None)
    assert store.memory("lake") == b"\x00memory"
    assert store.memory("river") is None


def test_an_ingest_is_one_transaction(store):
    """Nobody can take the lease over, and nothing can die, between the check of it, the articles and the outbox."""
    declare(store)
    work = ingested(store, lease(store), change(FULL), memory=b"memory")
    begun = transactions(store)
    store.write(work)
    assert len(begun) == 1


def test_a_paused_worker_that_wakes_up_writes_nothing(store):
    """Once the lease went to somebody else, the old epoch is refused and no trace is left."""
    declare(store)
    old = lease(store)
    late = ingested(store, old, change(), rejected=(Rejected("lake", "w", "r", "d", "read"),), memory=b"late")
    late = replace(late, notes={"teasers:lake": "late"})
    new = lease(store, now=NOW + HOUR)
    with pytest.raises(LeaseLostError, match="lake"):
        store.write(late)
    assert (store.known("lake"), store.memory("lake"), store.quarantine(), store.pending_topics(9)) == (
        {},
        None,
        (),
        (),
    )
    assert (store.source("lake").etag, store.meta("teasers:lake")) == ("", None)
    store.write(replace(late, epoch=new))
    assert store.meta("teasers:lake") == "late"
    store.release(source_lease("lake"), new)
    with pytest.raises(LeaseLostError):
        store.write(replace(late, epoch=new))


def test_a_lease_that_ran_out_but_nobody_took_still_holds(store):
    """Work that took long is kept as long as nobody else began."""
    declare(store)
    epoch = lease(store, now=NOW - HOUR)
    assert store.write(ingested(store, epoch, change())).new == 1


@pytest.mark.parametrize(
    "bad",
    [
        change(article(key="bad", title="surrogate \ud800")),
        change(article(key="bad"), sketch=(1 << 70,)),
        change(article(key="bad", title=None)),
        change(article(key="bad"), received=NOW.replace(tzinfo=None)),
    ],
    ids=["text", "number", "null", "time"],
)
def test_one_bad_article_leaves_its_neighbours(store, bad):
    """What can't be stored goes to quarantine with its reason; the articles before and after it go through."""
    declare(store)
    before, after = change(article(key="a")), change(article(key="z"))
    bad = replace(bad, published=replace(bad.published, article=replace(bad.article, published=None)))
    written = ingest(store, before, bad, after, memory=b"m")
    assert (written.new, len(written.rejected)) == (2, 1)
    (rejected,) = written.rejected
    assert (rejected.source, rejected.stage) == ("lake", "store")
    assert rejected.reason
    assert set(store.known("lake")) == {"a", "z"}
    assert store.quarantine()[0].rejected.stage == "store"
    assert len(store.newest("water", 9)) == 2


def test_an_article_that_fails_half_way_leaves_no_half(store):
    """One whose row goes in, and whose topics don't, is taken out again as a whole."""
    declare(store)
    bad = change(article(key="bad"), topics=frozenset({"surrogate \ud800"}))
    written = ingest(store, change(), bad)
    assert (written.new, len(written.rejected)) == (1, 1)
    assert set(store.known("lake")) == {"one"}
    assert store.article(bad.article.id) is None


def test_an_edit_keeps_guid_and_arrival(store):
    """Partners see the new text under the old guid, received when it first came."""
    declare(store)
    first = change()
    ingest(store, first)
    edited = article(title="The one, corrected", link="https://lake.example/renamed")
    again = change(edited, kind="edited", received=NOW + HOUR, fingerprint="print2", topics=frozenset({"fire"}))
    again = replace(again, published=replace(again.published, guid="https://evil.example/"))
    written = ingest(store, again)
    assert (written.new, written.edited) == (0, 1)
    assert written.topics == {"all", "water", "fire"}
    stored = store.article(edited.id)
    assert stored.published.article == edited
    assert (stored.published.guid, stored.published.received) == (first.published.guid, NOW)
    assert stored.published.revised == NOW + HOUR
    assert store.newest("water", 9) == ()
    assert len(store.newest("fire", 9)) == 1


def test_the_same_ingest_twice_is_one_article(store):
    """A run that was killed after its commit and done again doubles nothing."""
    declare(store)
    changes = (change(article(key="a"), sketch=(1, 2)), change(article(key="b"), sketch=(1, 3)))
    assert ingest(store, *changes).new == 2
    again = ingest(store, *changes)
    assert (again.new, again.edited) == (0, 2)
    assert len(store.articles()) == 2


def test_one_source_cannot_touch_anothers_articles(store):
    """B copies A's keys, links and guids: A stays as it was, byte for byte."""
    declare(store, "lake", "copy")
    ingest(store, change(FULL, sketch=(1, 2, 3)))
    before = (store.article(FULL.id), store.known("lake"))
    stolen = replace(FULL, source="copy", title="Stolen", html="<p>Stolen</p>")
    ingest(store, change(stolen, sketch=(1, 2, 3)), source="copy")
    assert (store.article(FULL.id), store.known("lake")) == before
    assert set(store.known("copy")) == {"one"}
    assert len(store.newest("all", 9)) == 2


def test_articles_of_another_source_are_refused_outright(store):
    """A change that names another source than the ingest's is a bug, and stopped before the tables."""
    declare(store, "lake", "copy")
    with pytest.raises(ValueError, match="copy"):
        ingest(store, change(article("lake")), source="copy")
    assert store.articles() == ()


def test_a_renewal_puts_down_what_is_cut_and_nothing_else(store):
    """Cuts, doubts and payload of an article are of now; no feed is asked for. What can't be stored changes nothing."""
    declare(store)
    first = change(FULL)
    ingest(store, first)
    before = store.article(FULL.id)
    renewed = replace(FULL, cuts=(*FULL.cuts, cut("Sign here")), doubts=(cut("Write to us"),))
    broken = replace(FULL, cuts=(cut("surrogate \ud800"),))
    renewals = (Renewal(renewed, "other", "1" * 64), Renewal(broken, "broken", "2" * 64))
    written = ingest(store, renewals=renewals)
    assert (written.new, written.edited, written.topics) == (0, 0, frozenset())
    after = store.article(FULL.id)
    assert after == replace(before, published=replace(first.published, article=renewed), payload="1" * 64)
    assert store.known("lake")["one"].raw == "other"
    assert {proposal.text for proposal in store.proposals()} == {"Call us", "Write to us"}
    with pytest.raises(ValueError, match="river"):
        ingest(store, renewals=(Renewal(article("river"), "raw", "0" * 64),))


def test_an_unchanged_poll_touches_no_topic(store):
    """No change, no outbox row."""
    declare(store)
    assert ingest(store).topics == frozenset()
    assert store.pending_topics(9) == ()


def test_held_and_duplicate_articles_touch_no_topic_until_they_go_live(store):
    """What is not published changes no feed; an edit that withdraws an article from publication does."""
    declare(store)
    assert ingest(store, change(article(held="cuts exceed 60%"))).topics == frozenset()
    assert ingest(store, change(article(key="two"), duplicate_of="x")).topics == frozenset()
    assert store.newest("all", 9) == ()
    assert ingest(store, change(article(), kind="edited")).topics == {"all", "water"}
    assert ingest(store, change(article(held="again"), kind="edited")).topics == {"all", "water"}


def test_a_persons_word_on_a_held_article_holds_while_its_source_says_the_same(store):
    """Released or discarded, it stays so when it is stripped again; what the source changes is looked at anew."""
    declare(store)
    held, name = article(held="70% of the text would be cut"), article().id
    again = change(replace(held, held="65% of the text would be cut"), kind="edited")
    ingest(store, change(held))
    store.set_status(name, "live")
    anew = replace(again, raw="normalized anew")
    under_other_rules = replace(again, published=change(article()).published)
    retold = replace(again, raw="as an update reads it", payload="after the update", retold=True)
    for same in (again, under_other_rules, again, anew, replace(anew, payload="the next poll's"), retold):
        assert ingest(store, same).topics == {"all", "water"}
        assert store.article(name).status == "live"
    changed = replace(again, raw="other words", payload="1" * 64)
    assert ingest(store, changed).topics == {"all", "water"}
    assert store.article(name).status == "held"
    store.set_status(name, "discarded")
    for same in (changed, replace(changed, published=change(article()).published)):
        assert ingest(store, same).topics == frozenset()
        assert store.article(name).status == "discarded"
    ingest(store, replace(changed, raw="quite other words", payload="2" * 64))
    assert store.article(name).status == "held"


def test_what_was_published_waits_once_too_much_of_it_is_cut(store):
    """An article that nobody released is held as soon as new rules cut too much, although its source says the same."""
    declare(store)
    ingest(store, change(article()))
    assert ingest(store, change(article(held="too much"), kind="edited")).topics == {"all", "water"}
    assert store.article(article().id).status == "held"


def test_known_articles_are_found_by_key_or_link(store):
    """A poll asks only for what it read: by key, by address however spelt, and of its own source."""
    declare(store, "lake", "copy")
    ingest(store, *(change(article(key=key)) for key in "abc"), change(article(key="d", link="")))
    ingest(store, change(article("copy", key="a", link="https://lake.example/b")), source="copy")
    assert set(store.known("lake")) == {"a", "b", "c", "d"}
    assert set(store.known("lake", keys=["a", "missing"], links=["http://www.lake.example/b/", ""])) == {"a", "b"}
    assert set(store.known("lake", links=["lake.example/c"])) == {"c"}
    assert store.known("lake", keys=[]) == {}
    assert set(store.known("lake", keys=["d", *map(str, range(1100))])) == {"d"}


def test_twins_are_found_by_link_and_by_sketch(store):
    """Articles at the same address, however spelt, or with a shared sketch value, with their source and status."""
    declare(store, "lake", "copy")
    low = tuple(range(-8, 8))
    ingest(
        store,
        change(article(key="a", link="http://www.lake.example/story/?b=2&a=1"), sketch=low),
        change(article(key="b", link=""), sketch=low, duplicate_of="x"),
        change(article(key="c", link="", title="c"), sketch=(99,)),
    )
    by_link = store.twins(["https://lake.example/story?a=1&b=2", ""], [])
    assert [(known.key, known.source, known.location) for known in by_link] == [
        ("a", "lake", "https://lake.example/feed")
    ]
    assert {known.key: known.duplicate_of for known in store.twins([], [-8, 12345])} == {"a": "", "b": "x"}
    assert {known.key for known in store.twins(["lake.example/story?a=1&b=2"], [99])} == {"a", "c"}
    assert store.twins(["https://lake.example/other"], range(50, 2000)) == store.twins([], [99])
    ingest(store, change(article(key="a"), kind="edited", sketch=(7,)))
    assert [known.key for known in store.twins([], [-8])] == ["b"]
    assert [known.key for known in store.twins([], [7])] == ["a"]


def test_what_articles_say_is_read_by_id(store):
    """Articles that are to be compared come whole, as many as are there."""
    declare(store)
    ingest(store, change(FULL), change(article(key="two")))
    assert store.told([FULL.id, "missing"]) == {FULL.id: FULL}
    assert store.told([]) == {}


def test_of_several_with_one_article_at_once_the_first_is_written(store_url, open_store):
    """Who planned without seeing what another has written meanwhile writes nothing, and is told to plan again."""
    sources = [f"s{n}" for n in range(6)]
    declare(open_store(store_url), *sources)
    gate = threading.Barrier(len(sources))

    def write(source: str) -> bool:
        store = open_store(store_url)  # as another process would
        looked = Looked(frozenset(), frozenset({1, 2, 3}), sightings(store.twins([], [1, 2, 3])))
        gate.wait(30)
        try:
            return ingest(store, change(article(source), sketch=(1, 2, 3)), source=source, looked=looked).new == 1
        except OutdatedError:
            return False

    with ThreadPoolExecutor(len(sources)) as pool:
        written = list(pool.map(write, sources))
    assert written.count(True) == 1
    assert [known.source for known in open_store(store_url).twins([], [1])] == [sources[written.index(True)]]


def test_twins_that_change_outdate_a_plan(store):
    """An edit of what a plan went by counts like an article that came; what it did not look at doesn't."""
    declare(store, "lake", "copy")
    ingest(store, change(article(), sketch=(1, 2)))
    looked = Looked(frozenset(), frozenset({1}), sightings(store.twins([], [1])))
    ingest(store, change(article(key="far"), sketch=(8, 9)))
    assert ingest(store, change(article("copy"), sketch=(1,)), source="copy", looked=looked).new == 1
    looked = replace(looked, found=sightings(store.twins([], [1])))
    ingest(store, change(article(), kind="edited", sketch=(1, 2), fingerprint="other"))
    with pytest.raises(OutdatedError, match="copy"):
        ingest(store, change(article("copy", key="two"), sketch=(1,)), source="copy", looked=looked)
    assert set(store.known("copy")) == {"one"}


def test_released_copies_go_live(store):
    """A copy whose original is another article now is published, held, or another's copy; and its feeds are built."""
    declare(store, "lake", "copy")
    copies = [
        change(article("copy", key="a"), duplicate_of="x", topics=frozenset({"fire"})),
        change(article("copy", key="b", held="too much cut"), duplicate_of="x", topics=frozenset({"air"})),
        change(article("copy", key="c"), duplicate_of="x", topics=frozenset({"earth"})),
    ]
    ingest(store, *copies, source="copy")
    a, b, c = (copy.article.id for copy in copies)
    written = ingest(store, orphans=(Orphan(a, ""), Orphan(b, ""), Orphan(c, a), Orphan("missing", "")))
    assert written.topics == {"all", "fire", "earth"}
    assert [store.article(id_).status for id_ in (a, b, c)] == ["live", "held", "duplicate"]
    assert [store.article(id_).duplicate_of for id_ in (a, b, c)] == ["", "", a]
    assert ingest(store, orphans=(Orphan(a, "elsewhere"),)).topics == frozenset()
    assert store.article(a).status == "live"


def test_many_articles_go_in_at_once(store):
    """A first ingest larger than any batch is written, and read back in batches, whole."""
    declare(store)
    keys = [f"k{n:04}" for n in range(1203)]
    assert ingest(store, *(change(article(key=key), sketch=(n,)) for n, key in enumerate(keys))).new == 1203
    assert sorted(stored.published.article.key for stored in store.each_article(500)) == keys
    assert ingest(store, *(change(article(key=key), kind="edited") for key in keys)).edited == 1203


def test_payloads_are_kept_once_and_come_back(store):
    """The bytes are kept under their digest; each source gets the address it came from there."""
    big = payload(b"<rss>" + b"word " * 10_000)
    digest = store.keep_payload(big, "lake", NOW)
    assert digest == big.digest
    assert store.payload(digest) == big
    other = replace(big, url="https://copy.example/feed", modified=None)
    assert store.keep_payload(other, "copy", NOW + HOUR) == digest
    assert store.payload(digest, "lake") == big
    assert store.payload(digest) == other
    assert store.payload("f" * 64) is None
    assert store.last_came("lake", [digest, "f" * 64]) == {digest: NOW}
