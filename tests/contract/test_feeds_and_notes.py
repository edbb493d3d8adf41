"""Feeds, runs, quarantine, rulings, heartbeats and notes; and what is thrown away when old."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import UsageError
from syndicate.records import Rejected, Ruling, Run
from syndicate.store.quarantine import MOST_WAITING
from syndicate.strip.memory import fingerprint
from tests.contract.building import HOUR, NOW, article, before_first, change, cut, declare, ingest, payload


def test_versions_grow_with_each_new_body(store):
    """Another body is another version; the same body is the same row, its times included."""
    first = store.save_feed("water", "rss", b"one", '"1"', NOW, NOW)
    assert store.feed("water", "rss") == first
    assert store.save_feed("water", "rss", b"one", '"1"', NOW, NOW + HOUR) == first
    second = store.save_feed("water", "rss", b"two", '"2"', NOW, NOW + HOUR)
    assert second.version == first.version + 1
    third = store.save_feed("water", "rss", b"one", '"1"', NOW, NOW + HOUR)
    assert third.version == second.version + 1
    store.save_feed("water", "atom", b"<feed/>", '"a"', NOW, NOW)
    assert store.feed_versions() == {("water", "rss"): (3, '"1"'), ("water", "atom"): (1, '"a"')}
    assert store.feed("water", "json") is None


def test_a_dropped_feed_that_comes_back_goes_on_counting(store):
    """Feeds of topics that are no more are gone; one that returns has a higher version than ever before."""
    old = store.save_feed("water", "rss", b"one", '"1"', NOW, NOW)
    store.save_feed("fire", "rss", b"one", '"1"', NOW, NOW)
    store.drop_feeds({"fire"})
    assert store.feed("water", "rss") is None
    assert set(store.feed_versions()) == {("fire", "rss")}
    assert store.save_feed("water", "rss", b"one", '"1"', NOW, NOW).version > old.version


def test_builders_at_the_same_time_get_versions_of_their_own(store):
    """Eight threads that save different bodies get eight versions, and the highest is the one served."""
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda n: store.save_feed("a", "rss", b"%d" % n, str(n), NOW, NOW), range(8)))
    assert sorted(row.version for row in rows) == list(range(1, 9))
    assert store.feed("a", "rss") == max(rows, key=lambda row: row.version)


def test_a_run_is_followed_from_queue_to_end(store):
    """Its state, its times and its report, newest run first."""
    queued = Run("r1", "api", ("lake", "river"), NOW)
    store.start_run(queued)
    assert store.run("r1") == queued
    store.start_run(replace(queued, state="running"))
    report = [{"source": "lake", "new": 3, "error": "größer ✓"}]
    store.finish_run("r1", "done", report, NOW + HOUR)
    assert store.run("r1") == replace(queued, state="done", finished=NOW + HOUR, report=tuple(report))
    store.start_run(Run("r2", "cli", (), NOW + HOUR))
    assert [run.id for run in store.runs()] == ["r2", "r1"]
    store.start_run(replace(queued, id="r0", started=NOW - HOUR, state="running"))
    assert [run.id for run in store.open_runs()] == ["r0", "r2"]
    assert len(store.runs(1)) == 1
    assert store.run("r3") is None
    with pytest.raises(UsageError):
        store.finish_run("r3", "done", (), NOW)


def test_what_fails_at_every_poll_waits_in_quarantine_once(store):
    """The same entry with the same reason is one item, with the newest payload; another reason is another."""
    declare(store)
    first = Rejected("lake", "entry 3", "no title", "a" * 64, "normalize")
    ingest(store, rejected=(first,))
    ingest(store, rejected=(replace(first, payload="b" * 64),), now=NOW + HOUR)
    ingest(store, rejected=(replace(first, reason="no body"),), now=NOW + HOUR)
    other, item = store.quarantine()
    assert (item.rejected.payload, item.at, item.state) == ("b" * 64, NOW + HOUR, "waiting")
    assert other.rejected.reason == "no body"
    store.settle(item.id, "replayed")
    assert store.quarantined(item.id).state == "replayed"
    assert [waiting.id for waiting in store.quarantine("waiting")] == [other.id]
    assert len(store.quarantine(limit=1)) == 1
    assert [behind.id for behind in store.quarantine(after=other.id)] == [item.id]
    assert store.waiting_in_quarantine() == {"lake": 1}
    ingest(store, rejected=(first,))
    assert len(store.quarantine("waiting")) == 2
    assert store.quarantined(10_000) is None
    with pytest.raises(UsageError):
        store.settle(10_000, "discarded")


def test_a_fault_that_moves_within_its_document_waits_once(store):
    """Line, column and count in a reason make no other of it; what is told is the newest."""
    declare(store)
    for line in (3, 4, 5):
        reason = f"not well-formed (<unknown>:{line}:83); {line - 3} entries could still be read"
        ingest(store, rejected=(Rejected("lake", "https://lake.example/feed", reason, f"{line}" * 64, "read"),))
    [item] = store.quarantine("waiting")
    assert (item.rejected.reason, item.rejected.payload) == (reason, "5" * 64)


def test_one_source_cannot_fill_quarantine(store):
    """Of a source that always fails in new ways the newest five hundred wait; what others wait for stays."""
    declare(store, "lake", "forest")
    ingest(store, source="forest", rejected=(Rejected("forest", "entry", "no title", "f" * 64, "normalize"),))
    rejected = tuple(
        Rejected("lake", f"entry {n}", "no title", "a" * 64, "normalize") for n in range(MOST_WAITING + 20)
    )
    ingest(store, rejected=rejected[:-5])
    ingest(store, rejected=rejected[-5:])
    waiting = store.quarantine("waiting", limit=10_000)
    places = [item.rejected.where for item in waiting if item.rejected.source == "lake"]
    assert places == [one.where for one in rejected[: -MOST_WAITING - 1 : -1]]
    assert [item.rejected.source for item in waiting].count("forest") == 1
    assert len(store.quarantine("discarded", limit=10_000)) == 20


def test_reasons_with_strange_characters_are_stored(store):
    """A NUL or a lone surrogate in the reason does not keep an entry out of quarantine."""
    declare(store)
    ingest(store, rejected=(Rejected("lake", "w\x00", "r\ud800\x00", "d", "read"),))
    assert store.quarantine()[0].rejected.reason == "r?"


def test_rulings_of_the_source_come_after_those_for_all(store):
    """Both apply; where they differ, the last word is the source's."""
    everywhere = Ruling("*", "b" * 16, "cut", "Follow us", NOW)
    here = Ruling("lake", "b" * 16, "keep", "Follow us", NOW)
    elsewhere = Ruling("river", "c" * 16, "cut", "River", NOW)
    for ruling in (here, everywhere, elsewhere):
        store.rule(ruling)
    assert store.rulings("lake") == (everywhere, here)
    store.rule(replace(here, verdict="cut", at=NOW + HOUR))
    assert store.rulings("lake")[-1].verdict == "cut"
    store.unrule("lake", "b" * 16)
    assert store.rulings("lake") == (everywhere,)


def test_doubts_wait_as_proposals_until_they_are_ruled_on(store):
    """Counted once for each article, whatever case or spacing; ruled on they are gone, taken back they return."""
    declare(store, "lake", "river")
    ingest(
        store,
        change(
            article(key="a", doubts=(cut("Call  US", family="contact", evidence="tail"), cut("Call us"), cut("Rare")))
        ),
        change(article(key="b", doubts=(cut("call us"),))),
    )
    ingest(store, change(article(key="b", doubts=(cut("call us"),)), kind="edited"))
    ingest(store, change(article("river", doubts=(cut("Call us"),))), source="river")
    block = fingerprint("Call us")
    found = {(p.source, p.block): p.seen for p in store.proposals()}
    assert found == {("lake", block): 2, ("lake", fingerprint("rare")): 1, ("river", block): 1}
    assert store.proposals()[0].source == "lake"
    store.rule(Ruling("lake", block, "keep", "Call us", NOW))
    assert {(p.source, p.block) for p in store.proposals()} == set(found) - {("lake", block)}
    store.rule(Ruling("*", block, "cut", "Call us", NOW))
    assert [p.text for p in store.proposals()] == ["Rare"]
    assert store.open_proposals() == 1
    store.unrule("*", block)
    store.unrule("lake", block)
    assert {(p.source, p.block): p.seen for p in store.proposals()} == found


def test_what_is_cut_by_now_is_no_proposal_any_more(store):
    """Once a block is cut nobody is asked, unless an admin cut it, or another article still leaves it in doubt."""
    declare(store, "lake", "river")
    doubts = (cut("Call us"), cut("Part of a series"), cut("Write to us"))
    for source in ("lake", "river"):
        ingest(store, change(article(source, doubts=doubts)), source=source)
    now_cut = article(key="b", cuts=(cut("Call us", family="ruling"), cut("part of a  series"), cut("Write to us")))
    ingest(store, change(now_cut), change(article(key="c", doubts=(cut("Write to us"),))))
    assert {p.text for p in store.proposals() if p.source == "lake"} == {"Call us", "Write to us"}
    assert len([p for p in store.proposals() if p.source == "river"]) == 3


def test_a_role_lives_while_one_of_its_holders_does(store):
    """The newest beat of any holder counts; holders silent for a day are forgotten."""
    store.beat("worker", "one", NOW)
    store.beat("worker", "two", NOW - HOUR)
    store.beat("scheduler", "one", NOW - HOUR)
    assert store.beats() == {"worker": NOW, "scheduler": NOW - HOUR}
    store.beat("worker", "two", NOW + timedelta(days=2))
    assert store.beats()["worker"] == NOW + timedelta(days=2)
    assert store.beats()["scheduler"] == NOW - HOUR


def test_notes_are_replaced(store):
    """A note has its last value, or none."""
    assert store.meta("rules") is None
    store.set_meta("rules", "1")
    store.set_meta("rules", "2")
    assert store.meta("rules") == "2"


def test_prune_throws_away_what_is_old_and_not_awaited(store):
    """Old payloads, runs and settled quarantine go; what quarantine waits for, and what is young, stays."""
    declare(store)
    old, awaited, seen_again, young = (payload(body) for body in (b"old", b"awaited", b"again", b"young"))
    for kept in (old, awaited, seen_again):
        store.keep_payload(kept, "lake", NOW)
    later = NOW + timedelta(days=31)
    store.keep_payload(seen_again, "lake", later)
    store.keep_payload(young, "lake", later)
    ingest(store, rejected=(Rejected("lake", "w", "r", awaited.digest, "read"),))
    ingest(store, rejected=(Rejected("lake", "settled", "r", old.digest, "read"),))
    store.settle(store.quarantine()[0].id, "discarded")
    store.start_run(Run("old", "cli", (), NOW))
    store.finish_run("old", "done", (), NOW)
    store.start_run(Run("unfinished", "cli", (), NOW))
    assert store.prune(later, payload_days=30, run_days=30) == 3
    assert store.payload(old.digest) is None
    assert None not in [store.payload(kept.digest) for kept in (awaited, seen_again, young)]
    assert [run.id for run in store.runs()] == ["unfinished"]
    assert [item.rejected.where for item in store.quarantine()] == ["w"]
    assert store.prune(later, payload_days=30, run_days=30) == 0


def test_prune_keeps_what_came_again_a_moment_ago(kind, store, store_url, open_store):
    """A payload that is renewed while old ones are thrown away stays: an article is about to refer to it."""
    if kind == "sqlite":
        pytest.skip("one writer at a time: nobody can renew it meanwhile")
    renewed, other = payload(b"again"), open_store(store_url)
    store.keep_payload(renewed, "lake", NOW)
    later = NOW + timedelta(days=31)
    before_first(store, "DELETE FROM payload", lambda: other.keep_payload(renewed, "lake", later))
    store.prune(later, payload_days=30, run_days=30)
    assert store.payload(renewed.digest) is not None


def test_what_a_source_still_gives_outlives_its_first_payload(store):
    """An unchanged article is found in a payload that came after a day; what a source gave last is never pruned."""
    declare(store)
    first, second, third = (payload(body).digest for body in (b"first", b"second", b"third"))
    give(store, b"first", 0, change(payload=first))
    for body, hours, expected in ((b"second", 20, first), (b"third", 48, third)):
        give(store, body, hours, given={article().id: payload(body).digest})
        assert store.article(article().id).payload == expected
    store.prune(NOW + timedelta(days=40), payload_days=30, run_days=30)
    assert [store.payload(digest) is not None for digest in (first, second, third)] == [False, False, True]


def test_what_a_source_gave_on_its_last_day_stays(store):
    """Articles of a quiet source's last payload may be bound to what came within a day before it: it stays, too."""
    declare(store)
    bodies = (b"before", b"first", b"last")
    for body, hours in zip(bodies, (-30, 0, 20), strict=True):
        give(store, body, hours)
    store.prune(NOW + timedelta(days=90), payload_days=30, run_days=30)
    assert [store.payload(payload(body).digest) is not None for body in bodies] == [False, True, True]
    give(store, b"new", 2400)
    store.prune(NOW + timedelta(days=110), payload_days=30, run_days=30)
    assert [store.payload(payload(body).digest) is not None for body in bodies] == [False, False, False]


def give(store, body, hours, *changes, **fields):
    """What a source gives so many hours after now, as one ingest of it."""
    at = NOW + hours * HOUR
    digest = store.keep_payload(payload(body), "lake", at)
    ingest(store, *changes, state=replace(store.source("lake"), payload=digest), now=at, **fields)


def test_what_a_retired_source_left_waits_no_more(store):
    """Quarantine of a source that was retired and last polled long ago goes, payload and all; of any other it waits."""
    declare(store, "lake", "sea")
    for source in ("lake", "sea"):
        digest = store.keep_payload(payload(source.encode()), source, NOW)
        ingest(store, rejected=(Rejected(source, "w", "r", digest, "read"),), source=source)
    declare(store, "sea")
    store.prune(NOW + timedelta(days=29), payload_days=30, run_days=30)
    assert {item.rejected.source for item in store.quarantine("waiting")} == {"lake", "sea"}
    assert store.prune(NOW + timedelta(days=31), payload_days=30, run_days=30) == 2
    assert [item.rejected.source for item in store.quarantine()] == ["sea"]
    assert [store.payload(payload(body).digest) is not None for body in (b"lake", b"sea")] == [False, True]


def test_prune_holds_up_nobody_for_what_stays(store):
    """What is old and stays is found without the right to write: another process can write until something goes."""
    declare(store)
    give(store, b"last", 0)
    before_first(store, "DELETE FROM payloads", lambda: pytest.fail("nothing is to be thrown away"))
    assert store.prune(NOW + timedelta(days=31), 30, 30) == 0


def test_prune_works_through_more_than_one_batch(store):
    """Hundreds of old payloads go in one call."""
    for number in range(620):
        store.keep_payload(payload(b"%d" % number), "lake", NOW)
    assert store.prune(NOW + timedelta(days=31), 30, 30) == 620
