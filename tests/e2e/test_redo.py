"""Again from what is kept: rebuild, rulings, replay; and rules that change between two starts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syndicate.bootstrap import Services
from syndicate.errors import UsageError
from syndicate.ingest import steps
from syndicate.ingest.plan import Plan
from syndicate.ingest.sandbox import Sandbox
from syndicate.ingest.steps import Steps
from syndicate.model import FEED_FORMATS, SourceSpec, TopicSpec
from syndicate.records import Ingested, Rejected, Ruling, StoredArticle
from syndicate.store import Store
from syndicate.strip.memory import fingerprint
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Origin, ingest
from tests.e2e.papers import Story, rss, sentences

NOTICE = "Copyright 2026 Lake News. All rights reserved."


def with_notice(name: str) -> Story:
    """A story that ends in a copyright line."""
    return Story(name, body=f"{Story(name).html()}<p>{NOTICE}</p>")


@pytest.fixture
def source(origin: Origin) -> SourceSpec:
    """A feed of two stories with a copyright line each."""
    return SourceSpec("lake", "feed", origin.feed("/lake", rss(with_notice("pier"), with_notice("mill"))))


def take(parts: Services, clock: Clock) -> int | None:
    """Try to take the source over, as its next poll would."""
    return parts.store.acquire("source:lake", "another worker", clock(), 300)


def bodies(parts: Services, topic: str = "all") -> dict[str, tuple[int, bytes]]:
    """Version and bytes of a topic's feeds."""
    rows = {name: parts.store.feed(topic, name) for name in FEED_FORMATS}
    return {name: (row.version, row.body) for name, row in rows.items() if row}


def texts(parts: Services) -> list[str]:
    """What partners read."""
    return [p.article.text for p in parts.store.newest("all", 10)]


def reject(parts: Services, where: str, clock: Clock) -> None:
    """Put an entry of the last payload in quarantine."""
    state = parts.store.source("lake")
    rejected = Rejected("lake", where, "no room", state.payload, "store")
    epoch = parts.store.acquire("source:lake", "tester", clock(), 60)
    parts.store.write(Ingested("lake", epoch, state, clock(), rejected=(rejected,)))
    parts.store.release("source:lake", epoch)


def test_rebuild_without_new_rules_changes_nothing(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """A rebuild under the rules under which everything came in finds no difference."""
    with open_house(source) as parts:
        ingest(parts)
        before = bodies(parts)
        clock.pass_by(days=1)
        for dry_run in (True, False):
            done = parts.redo.rebuild("lake", "tester", dry_run=dry_run)
            assert (done.articles, done.differences, done.failures) == (2, (), ())
        parts.publish()
        assert bodies(parts) == before


def test_a_ruling_is_applied_to_what_is_stored(
    source: SourceSpec, open_house: OpenHouse, origin: Origin, clock: Clock
) -> None:
    """A word of an admin shows in the dry run, is then applied, and holds against every later ingest."""
    with open_house(source) as parts:
        ingest(parts)
        assert all(NOTICE not in text for text in texts(parts))
        article = parts.store.newest("all", 1)[0].article
        parts.store.rule(Ruling("lake", fingerprint(NOTICE, article.title), "keep", NOTICE, clock()))
        dry = parts.redo.rebuild("lake", "tester", dry_run=True)
        assert {d.come for d in dry.differences} == {(NOTICE,)}
        assert all(NOTICE not in text for text in texts(parts))
        clock.pass_by(hours=1)
        parts.redo.rebuild("lake", "tester", dry_run=False)
        parts.publish()
        assert all(text.endswith(NOTICE) for text in texts(parts))
        assert bodies(parts)["atom"][1].count(NOTICE.encode()) >= 2
        assert parts.redo.rebuild("lake", "tester", dry_run=True).differences == ()
        origin.feed("/lake", rss(with_notice("pier"), with_notice("mill"), with_notice("barn")))
        ingest(parts)
        assert [text.endswith(NOTICE) for text in texts(parts)] == [True] * 3


def test_what_a_poll_corrects_meanwhile_stays(
    origin: Origin, source: SourceSpec, open_house: OpenHouse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No poll comes between what a rebuild reads of a source and what it writes: no correction is taken back."""
    each_article = Store.each_article

    def slow(store: Store, *rest: Any, **more: Any) -> Iterator[StoredArticle]:
        found = list(each_article(store, *rest, **more))
        ingest(parts)
        return iter(found)

    with open_house(source) as parts:
        ingest(parts)
        title = parts.store.newest("all", 1)[0].article.title
        parts.store.rule(Ruling("lake", fingerprint(NOTICE, title), "keep", NOTICE, clock()))
        origin.feed("/lake", rss(*(replace(with_notice(name), title="Corrected") for name in ("pier", "mill"))))
        clock.pass_by(hours=1)
        monkeypatch.setattr(Store, "each_article", slow)
        parts.redo.rebuild("lake", "tester", dry_run=False)
        ingest(parts)
        assert {p.article.title for p in parts.store.newest("all", 10)} == {"Corrected"}


def test_work_that_takes_long_keeps_its_source(
    source: SourceSpec, open_house: OpenHouse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a poll nor a rebuild or replay loses its source for being long at work, portion by portion."""
    run = Sandbox.run
    tried: list[int | None] = []

    def slow(sandbox: Sandbox, *job: Any) -> Any:
        clock.pass_by(seconds=140)
        tried.append(take(parts, clock))
        return run(sandbox, *job)

    monkeypatch.setattr(Sandbox, "run", slow)
    monkeypatch.setattr(steps, "PORTION", 1)
    with open_house(source) as parts:
        assert ingest(parts).report[0]["new"] == 2
        done = parts.redo.rebuild("lake", "tester", dry_run=False)
        assert (done.articles, done.error) == (2, "")
        reject(parts, "News of the pier", clock)
        [item] = parts.store.quarantine("waiting")
        assert parts.redo.replay(item.id, "tester") == ()
    assert len(tried) > 8
    assert set(tried) == {None}


def test_a_rebuild_whose_source_is_taken_over_says_what_it_did(
    origin: Origin, source: SourceSpec, open_house: OpenHouse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was rebuilt before stays and is told, and so is that the rest is still to be done."""
    prepare = Steps.prepare

    def slow(self: Steps, *rest: Any, **more: Any) -> Any:
        if NOTICE in "".join(texts(parts)):
            clock.pass_by(hours=1)
            take(parts, clock)
        return prepare(self, *rest, **more)

    with open_house(source) as parts:
        ingest(parts)
        clock.pass_by(hours=1)
        origin.feed("/lake", rss(with_notice("barn")))
        ingest(parts)
        title = parts.store.newest("all", 1)[0].article.title
        parts.store.rule(Ruling("lake", fingerprint(NOTICE, title), "keep", NOTICE, clock()))
        monkeypatch.setattr(Steps, "prepare", slow)
        done = parts.redo.rebuild("lake", "tester", dry_run=False)
        assert len(done.differences) == sum(NOTICE in text for text in texts(parts)) == 2
        assert done.error == (
            "another worker took it over before all was rebuilt; 2 of its articles were changed before, and stay so"
        )


def test_what_is_cut_of_an_edit_can_be_put_back(source: SourceSpec, origin: Origin, open_house: OpenHouse) -> None:
    """A paragraph that a source adds and that is cut is on record, though no feed changes; a ruling brings it back."""
    added = "Share this story of the pier with all your friends on Facebook!"
    with open_house(source) as parts:
        ingest(parts)
        before = bodies(parts)
        pier = with_notice("pier")
        origin.feed("/lake", rss(Story("pier", body=f"{pier.html()}<p>{added}</p>"), with_notice("mill")))
        [report] = ingest(parts).report
        assert (report["outcome"], report["unchanged"]) == ("unchanged", 2)
        assert bodies(parts) == before
        [name] = [name for name, cut in parts.store.cuts() if cut.text == added]
        parts.store.rule(Ruling("lake", fingerprint(added, pier.heading), "keep", added, parts.now()))
        [difference] = parts.redo.rebuild("lake", "tester", dry_run=False).differences
        assert (difference.article, difference.come) == (name, (added,))


def test_a_redesign_brings_no_old_footer_back(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """A footer that was cut because it came back stays cut in a rebuild, long after its source gave it up."""
    old = '<p><a href="https://lake.example/pro">The tide tables for Skerry Point and the north pier</a></p>'
    new = '<p><a href="https://lake.example/max">The tides of the south pier, day by day</a></p>'

    def stories(letter: str, count: int, footer: str) -> list[Story]:
        names = [f"{letter}{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}" for n in range(count)]
        return [Story(name, body=f"{Story(name).html()}{footer}") for name in names]

    spec = SourceSpec("lake", "feed", origin.feed("/lake", rss(*stories("x", 12, old))))
    with open_house(spec) as parts:
        ingest(parts)
        for letter in "yz":
            origin.feed("/lake", rss(*stories(letter, 40, new)))
            clock.pass_by(hours=1)
            ingest(parts)
        done = parts.redo.rebuild("lake", "tester", dry_run=True)
        assert (done.articles, done.differences) == (92, ())
        assert all("tide" not in p.article.text for p in parts.store.newest("all", 100))


def test_rebuild_works_on_fetched_pages(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """An article that came as a teaser with a page is rebuilt from its page, with what its feed said of it."""
    story = Story("pier", title="The pier closes", teaser=True, link=f"{origin.url}/pier")
    origin.feed("/pier", with_notice("pier").page(), "text/html")
    spec = SourceSpec("lake", "feed", origin.feed("/feed", rss(story)), full_text=True)
    with open_house(spec) as parts:
        ingest(parts)
        before = parts.store.newest("all", 1)
        assert before[0].article.text == "\n".join(sentences("pier"))
        done = parts.redo.rebuild("lake", "tester", dry_run=False)
        assert (done.articles, done.differences, done.failures) == (1, (), ())
        assert parts.store.newest("all", 1) == before


def test_what_is_not_taken_in_stays_in_quarantine(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """An entry that breaks off does so at a replay, too, and waits on; its neighbour goes through all the same."""
    whole = rss("pier", "mill")
    spec = SourceSpec("lake", "feed", origin.feed("/lake", whole[: whole.index("News of the mill") + 30]))
    with open_house(spec) as parts:
        ingest(parts)
        reject(parts, "News of the pier", clock)
        items = {item.rejected.where: item.id for item in parts.store.quarantine("waiting")}
        [failure] = parts.redo.replay(items["News of the mill"], "tester")
        assert (failure.where, "breaks off" in failure.reason) == ("News of the mill", True)
        assert parts.store.quarantined(items["News of the mill"]).state == "waiting"
        assert parts.redo.replay(items["News of the pier"], "tester") == ()
        assert parts.store.quarantined(items["News of the pier"]).state == "replayed"
        assert len(parts.store.newest("all", 10)) == 1


def test_what_cost_no_entry_waits_for_nobody(origin: Origin, open_house: OpenHouse) -> None:
    """That a feed is not well-formed is told in the report; while its entries go through, nobody has to act on it."""
    spec = SourceSpec("lake", "feed", origin.feed("/lake", rss("pier", "mill") + "<oops"))
    with open_house(spec) as parts:
        line = ingest(parts).report[0]
        assert (line["new"], ["not well-formed" in f["reason"] for f in line["failures"]]) == (2, [True])
        assert parts.store.quarantine() == ()
        origin.feed("/lake", rss() + "<oops")
        assert ingest(parts).report[0]["outcome"] == "failed"
        assert len(parts.store.quarantine("waiting")) == 1


def test_a_replay_takes_no_correction_back(origin: Origin, open_house: OpenHouse, clock: Clock) -> None:
    """What the source has corrected since stays corrected when the feed that said otherwise is replayed."""
    wrong, right = Story("pier", title="Mayor convicted"), Story("pier", title="Mayor acquitted", body="<p>New.</p>")
    spec = SourceSpec("lake", "feed", origin.feed("/lake", rss(wrong, "mill")))
    with open_house(spec) as parts:
        ingest(parts)
        reject(parts, "Mayor convicted", clock)
        clock.pass_by(hours=1)
        origin.feed("/lake", rss(right, "mill"))
        ingest(parts)
        before = parts.store.newest("all", 10)
        clock.pass_by(hours=1)
        [item] = parts.store.quarantine("waiting")
        parts.redo.replay(item.id, "tester")
        assert parts.store.newest("all", 10) == before
        assert "Mayor acquitted" in {p.article.title for p in before}


def test_a_replay_brings_a_correction_that_came_last(
    origin: Origin, open_house: OpenHouse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A correction that could not be stored goes through at its replay, even of a payload long forgotten."""
    spec = SourceSpec("lake", "feed", origin.feed("/lake", rss("pier")))
    with open_house(spec) as parts:
        ingest(parts)
        clock.pass_by(days=40)
        parts.store.prune(clock(), 30, 30)
        origin.feed("/lake", rss(Story("pier", title="Pier closes")))
        with monkeypatch.context() as patched:
            patched.setattr(Steps, "plan", lambda *_: Plan())
            ingest(parts)
        reject(parts, "Pier closes", clock)
        [item] = parts.store.quarantine("waiting")
        assert parts.redo.replay(item.id, "tester") == ()
        assert [p.article.title for p in parts.store.newest("all", 10)] == ["Pier closes"]


def test_a_replay_leaves_what_polls_remember(
    source: SourceSpec, open_house: OpenHouse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a poll wrote of its source until a moment ago is not overwritten with what was true before."""

    def after_a_poll(act: Callable[..., Any]) -> Callable[..., Any]:
        def later(store: Store, *rest: Any) -> Any:
            monkeypatch.undo()
            epoch = take(parts, clock)
            store.save_state(replace(store.source("lake"), etag='"new"', payload="part 3"), epoch, release=True)
            return act(store, *rest)

        return later

    with open_house(source) as parts:
        ingest(parts)
        reject(parts, "News of the pier", clock)
        [item] = parts.store.quarantine("waiting")
        for act in (Store.acquire, Store.take_source):
            monkeypatch.setattr(Store, act.__name__, after_a_poll(act))
        assert parts.redo.replay(item.id, "tester") == ()
        state = parts.store.source("lake")
        assert (state.etag, state.payload) == ('"new"', "part 3")


def test_redo_keeps_off_a_source_in_work(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """While a source is polled, nobody rebuilds it, and what waits of it waits on; an unknown one is named."""
    with open_house(source) as parts:
        ingest(parts)
        reject(parts, "News of the pier", clock)
        take(parts, clock)
        done = parts.redo.rebuild("lake", "tester", dry_run=False)
        assert (done.articles, done.error) == (0, "another worker is polling it just now")
        [item] = parts.store.quarantine("waiting")
        [failure] = parts.redo.replay(item.id, "tester")
        assert failure.reason == "source 'lake' is being polled just now; try again in a moment"
        assert parts.store.quarantine("waiting") == (item,)
        with pytest.raises(UsageError, match="no such source"):
            parts.redo.rebuild("sea", "tester", dry_run=True)
        with pytest.raises(UsageError, match="no such item"):
            parts.redo.replay(99, "tester")


def test_what_a_source_still_gives_can_be_rebuilt(
    source: SourceSpec, origin: Origin, open_house: OpenHouse, clock: Clock
) -> None:
    """However long ago it came: articles are rebuilt from the last document that had them, unchanged as they were."""
    with open_house(source) as parts:
        ingest(parts)
        clock.pass_by(days=31)
        origin.feed("/lake", rss(Story("barn"), with_notice("pier"), with_notice("mill")))
        ingest(parts)
        clock.pass_by(days=31)
        ingest(parts)
        parts.store.prune(clock(), 30, 30)
        parts.store.rule(Ruling("lake", fingerprint(NOTICE, "News of the pier"), "keep", NOTICE, clock()))
        done = parts.redo.rebuild("lake", "tester", dry_run=False)
        assert (len(done.differences), done.failures) == (2, ())


def test_what_a_quiet_source_still_gives_can_be_rebuilt(
    source: SourceSpec, origin: Origin, open_house: OpenHouse, clock: Clock
) -> None:
    """What came within hours before a source fell silent is rebuilt years later, as long as the source gives it."""
    with open_house(source) as parts:
        ingest(parts)
        clock.pass_by(hours=6)
        origin.feed("/lake", rss(with_notice("barn"), with_notice("pier"), with_notice("mill")))
        ingest(parts)
        for _ in range(3):
            clock.pass_by(days=250)
            assert ingest(parts).report[0]["outcome"] == "unchanged"
            parts.store.prune(clock(), 30, 30)
        done = parts.redo.rebuild("lake", "tester", dry_run=True)
        assert (done.articles, done.failures) == (3, ())


def test_files_that_stay_can_be_rebuilt(tmp_path: Path, open_house: OpenHouse, clock: Clock) -> None:
    """Articles of files that stay in their folder are rebuilt years later, from the files as they were read."""
    folder = tmp_path / "in"
    folder.mkdir()
    with open_house(SourceSpec("lake", "folder", str(folder), keep_files=True)) as parts:
        for name in ("pier", "mill"):
            (folder / f"{name}.txt").write_text(f"News of the {name}\n\n" + "\n\n".join(sentences(name)))
            clock.pass_by(days=250)
            assert ingest(parts).report[0]["new"] == 1
            parts.store.prune(clock(), 30, 30)
        clock.pass_by(days=250)
        parts.store.prune(clock(), 30, 30)
        done = parts.redo.rebuild("lake", "tester", dry_run=True)
        assert (done.articles, done.failures) == (2, ())


def test_forgotten_payloads_are_said_to_be(
    source: SourceSpec, origin: Origin, open_house: OpenHouse, clock: Clock
) -> None:
    """Articles whose payload is no longer kept stay as they are, and the rebuild says so."""
    with open_house(source) as parts:
        ingest(parts)
        clock.pass_by(days=2)
        origin.feed("/lake", rss(with_notice("barn")))
        ingest(parts)
        clock.pass_by(days=31)
        parts.store.prune(clock(), 30, 30)
        done = parts.redo.rebuild("lake", "tester", dry_run=False)
        assert (done.articles, done.forgotten, done.failures) == (3, 2, ())
        assert len(texts(parts)) == 3


WATER = TopicSpec("water", "Water", any_of=("pier",))


def test_changed_rules_apply_to_what_is_stored(source: SourceSpec, open_house: OpenHouse) -> None:
    """At the next start articles move between topics by the new rules; feeds of topics that are gone go."""
    with open_house(source, topics=(WATER, TopicSpec("old", "Old", any_of=("mill",)))) as parts:
        ingest(parts)
        assert set(bodies(parts, "old")) == set(FEED_FORMATS)
        assert parts.store.topic_counts()["water"] == 1
    everything = TopicSpec("water", "Water", sources=("lake",))
    with open_house(source, topics=(everything,)) as parts:
        parts.publish()
        assert bodies(parts, "old") == {}
        assert parts.store.topic_counts()["water"] == 2
        assert bodies(parts, "water")["rss"][1].count(b"<item>") == 2


def test_a_new_address_is_published(source: SourceSpec, open_house: OpenHouse) -> None:
    """When base address or title change, feeds are built again; articles keep their guids for ever."""
    with open_house(source) as parts:
        ingest(parts)
        guids = [p.guid for p in parts.store.newest("all", 10)]
        versions = {name: version for name, (version, _) in bodies(parts).items()}
    with open_house(source, base_url="https://new.example.org", title="New name") as parts:
        parts.publish()
        assert all(b"https://new.example.org/feeds/all" in body for _, body in bodies(parts).values())
        assert all(version > versions[name] for name, (version, _) in bodies(parts).items())
        assert [p.guid for p in parts.store.newest("all", 10)] == guids


def test_the_same_rules_do_nothing(source: SourceSpec, open_house: OpenHouse, tmp_path: Path) -> None:
    """A start under unchanged rules asks for no feed and changes no byte."""
    with open_house(source, topics=(WATER,)) as parts:
        ingest(parts)
        before = bodies(parts)
    with open_house(source, topics=(WATER,)) as parts:
        assert parts.store.pending_topics(10) == ()
        assert bodies(parts) == before
