"""Publishing on a real store: what is built, saved, announced, left alone."""

import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from syndicate.cache import Cache
from syndicate.errors import PublishError, StoreError
from syndicate.model import FEED_FORMATS, TopicSpec
from syndicate.publish import drain, flow, insist, publish
from syndicate.publish.build import build
from syndicate.settings import PublishSettings, Settings
from syndicate.store import Store
from syndicate.store.topics import feed_lease
from tests.contract.building import NOW, article, change, declare, ingest
from tests.publish.swollen import SWOLLEN

WATER = TopicSpec("water", "Water")
WOOD = TopicSpec("wood", "Wood")
SETTINGS = Settings(base_url="https://wire.example", title="The Wire", topics=(WATER, WOOD))
LATER = NOW + timedelta(hours=1)


class Notices:
    """A cache that only notes which feeds it was told of."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, int]] = []

    def put_feed(self, row) -> None:
        self.told.append((row.topic, row.format, row.version))


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """An empty SQLite store with two sources."""
    opened = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'wire.db')}")
    declare(opened, "lake", "forest")
    yield opened
    opened.close()


@pytest.fixture
def notices() -> Notices:
    return Notices()


def keys(store: Store, topic: str) -> list[str]:
    """The titles in a topic's saved JSON Feed."""
    row = store.feed(topic, "json")
    assert row is not None
    return [item["title"] for item in json.loads(row.body)["items"]]


def test_new_articles_are_published_in_every_format(store: Store, notices: Notices):
    """A waiting topic's feeds are built, saved and announced, and leave the outbox."""
    ingest(store, change())
    report = drain(store, notices, SETTINGS, NOW)
    assert report.topics("published") == ("all", "water")
    assert keys(store, "water") == keys(store, "all") == ["The one"]
    assert notices.told == [(topic, name, 1) for topic in ("all", "water") for name in FEED_FORMATS]
    assert store.pending_topics(10) == ()


def test_the_same_articles_change_nothing(store: Store, notices: Notices):
    """A second build an hour later keeps bytes, versions, dates, and announces nothing."""
    ingest(store, change())
    publish([WATER], store, notices, SETTINGS, NOW)
    before = [store.feed("water", name) for name in FEED_FORMATS]
    notices.told.clear()
    report = publish([WATER], store, notices, SETTINGS, LATER)
    assert report.topics("unchanged") == ("water",)
    assert [store.feed("water", name) for name in FEED_FORMATS] == before
    assert notices.told == []


def test_a_correction_raises_every_version(store: Store, notices: Notices):
    """One changed word gives new bytes in each format, with the newer date."""
    ingest(store, change())
    publish([WATER], store, notices, SETTINGS, NOW)
    corrected = change(article(html="<p>Water fell.</p>"), kind="edited")
    ingest(store, replace(corrected, published=replace(corrected.published, revised=LATER)))
    assert publish([WATER], store, notices, SETTINGS, LATER).outcomes[0].formats == FEED_FORMATS
    row = store.feed("water", "rss")
    assert row is not None
    assert (row.version, row.updated) == (2, LATER.replace(microsecond=0))


def test_an_empty_topic_has_a_valid_feed(store: Store, notices: Notices):
    """A topic without articles is published too, dated by no clock."""
    publish([WOOD], store, notices, SETTINGS, NOW)
    first = store.feed("wood", "atom")
    publish([WOOD], store, notices, SETTINGS, LATER)
    assert first is not None
    assert store.feed("wood", "atom") == first
    assert keys(store, "wood") == []


def test_a_failing_topic_keeps_its_last_good_feed(store: Store, notices: Notices, monkeypatch: pytest.MonkeyPatch):
    """The failure is reported and stays in the outbox, the old bytes stay, other topics are published."""
    ingest(store, change())
    drain(store, notices, SETTINGS, NOW)
    good = store.feed("water", "rss")
    ingest(store, change(article(key="two", title="Second")))

    def failing(topic, *rest):
        if topic.key == "water":
            raise PublishError("water.rss: torn")
        return build(topic, *rest)

    monkeypatch.setattr(flow, "build", failing)
    report = drain(store, notices, SETTINGS, LATER)
    assert [(o.topic, o.state, o.reason) for o in report.outcomes] == [
        ("all", "published", ""),
        ("water", "failed", "water.rss: torn"),
    ]
    assert store.feed("water", "rss") == good
    assert [topic for _, topic in store.pending_topics(10)] == ["water"]
    monkeypatch.undo()
    assert drain(store, notices, SETTINGS, LATER).topics("published") == ("water",)


@pytest.mark.parametrize("name", FEED_FORMATS)
def test_a_feed_that_cannot_be_read_back_is_not_published(
    name: str, store: Store, notices: Notices, monkeypatch: pytest.MonkeyPatch
):
    """When a renderer writes half a feed, in whichever format, the topic fails and its last good feeds stay."""
    ingest(store, change())
    drain(store, notices, SETTINGS, NOW)
    good = {format_: store.feed("water", format_) for format_ in FEED_FORMATS}
    ingest(store, change(article(key="two", title="Second")))
    module = sys.modules[build.__module__]
    render = module.render
    monkeypatch.setattr(module, "render", lambda feed, one: render(feed, one)[: -40 if one == name else None])
    assert set(drain(store, notices, SETTINGS, LATER).topics("failed")) == {"all", "water"}
    assert {format_: store.feed("water", format_) for format_ in FEED_FORMATS} == good
    monkeypatch.undo()
    assert "water" in drain(store, notices, SETTINGS, LATER).topics("published")


def test_a_bug_in_one_topic_stops_no_other(store: Store, notices: Notices, monkeypatch: pytest.MonkeyPatch):
    """An unexpected error is logged and reported, and the next topic is built."""

    def buggy(topic, *rest):
        if topic.key == "water":
            raise ZeroDivisionError
        return build(topic, *rest)

    monkeypatch.setattr(flow, "build", buggy)
    report = publish([WATER, WOOD], store, notices, SETTINGS, NOW)
    assert [o.state for o in report.outcomes] == ["failed", "published"]


def test_a_failing_store_is_loud(store: Store, notices: Notices, monkeypatch: pytest.MonkeyPatch):
    """Nothing is reported as published when the store can't keep it."""

    def broken(*_args, **_kwargs):
        raise StoreError("disk full")

    monkeypatch.setattr(store, "save_feed", broken)
    with pytest.raises(StoreError, match="disk full"):
        publish([WATER], store, notices, SETTINGS, NOW)


def test_only_one_builds_a_feed_at_a_time(store: Store, notices: Notices):
    """While somebody holds a topic's lease it is left alone and stays in the outbox; afterwards it is built."""
    ingest(store, change())
    epoch = store.acquire(feed_lease("water"), "somebody", NOW, 60)
    assert epoch is not None
    assert drain(store, notices, SETTINGS, NOW).topics("busy") == ("water",)
    assert store.feed("water", "rss") is None
    assert [topic for _, topic in store.pending_topics(10)] == ["water"]
    store.release(feed_lease("water"), epoch)
    assert drain(store, notices, SETTINGS, NOW).topics("published") == ("water",)


_KILLED = """
import os, signal, sys
from datetime import datetime
from syndicate.cache import Cache
from syndicate.publish import drain, flow
from syndicate.settings import Settings
from syndicate.store import Store
flow.build = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
drain(Store(sys.argv[1]), Cache("unix:///nobody"), Settings(), datetime.fromisoformat(sys.argv[2]))
"""


def test_a_builder_that_was_killed_holds_up_no_feed(store: Store, notices: Notices, tmp_path: Path):
    """What it was building is built by the next who comes, at once."""
    ingest(store, change())
    arguments = ("-c", _KILLED, f"sqlite:///{tmp_path / 'wire.db'}", NOW.isoformat())
    assert subprocess.run((sys.executable, *arguments), check=False).returncode == -signal.SIGKILL
    assert drain(store, notices, SETTINGS, NOW).topics("published") == ("all", "water")


def test_an_added_topic_is_built_as_it_is_under_the_lease(store: Store, notices: Notices):
    """What was changed since the list was read counts, what was removed is not built, and waits no more."""
    piers = TopicSpec("piers", "Piers", any_of=("pier",))
    store.add_topic(piers, 9)
    store.change_topic(replace(piers, title="Quays"))
    publish([piers], store, notices, SETTINGS, NOW)
    assert b"Quays" in store.feed("piers", "rss").body
    assert drain(store, notices, SETTINGS, NOW).topics("unchanged", "published") == ("piers",)
    store.remove_topic("piers")
    assert publish([piers], store, notices, SETTINGS, NOW).topics("removed") == ("piers",)
    assert store.feed("piers", "rss") is None
    assert store.pending_topics(9) == ()


def test_a_builder_that_lost_its_lease_saves_nothing(store: Store, notices: Notices, monkeypatch: pytest.MonkeyPatch):
    """Whoever wakes up after another has taken over leaves the newer feed alone."""

    def slow(*arguments):
        built = build(*arguments)
        assert store.acquire(feed_lease("water"), "another", NOW + timedelta(hours=1), 60) is not None
        return built

    monkeypatch.setattr(flow, "build", slow)
    assert publish([WATER], store, notices, SETTINGS, NOW).topics("busy") == ("water",)
    assert store.feed("water", "rss") is None
    assert notices.told == []


def test_a_builder_that_slept_before_it_wrote_puts_nothing_old_over_newer(store: Store, notices: Notices):
    """It wakes between building and writing: the feed that another has built meanwhile stays, byte for byte."""
    ingest(store, change())
    newest = []

    class Slept(Notices):
        """Hears of the first format's feed, and sleeps there until another has published newer articles."""

        def put_feed(self, row):
            super().put_feed(row)
            if not newest:
                ingest(store, change(article(key="late", title="Late news")))
                later = NOW + timedelta(hours=1)
                newest.append(drain(store, notices, SETTINGS, later).topics("published"))
                newest.append({name: store.feed("water", name) for name in FEED_FORMATS})

    publish([WATER], store, Slept(), SETTINGS, NOW)
    assert "water" in newest[0]
    assert {name: store.feed("water", name) for name in FEED_FORMATS} == newest[1]
    assert store.pending_topics(10) == ()


def withdrawn(store: Store, topic: str) -> dict[str, list[tuple[str, str]]]:
    """Which articles a topic's saved feeds tell to be withdrawn, and why, by format."""
    rows = {name: store.feed(topic, name) for name in ("rss", "atom")}
    told = {
        name: [(e.get("ref"), e.findtext("{*}comment")) for e in etree.fromstring(row.body).iter("{*}deleted-entry")]
        for name, row in rows.items()
        if row is not None
    }
    row = store.feed(topic, "json")
    assert row is not None
    items = [i for i in json.loads(row.body)["items"] if i.get("_syndicate", {}).get("status") == "withdrawn"]
    return {**told, "json": [(i["id"], i["_syndicate"]["reason"]) for i in items]}


def _in_all(*told: tuple[str, str]) -> dict[str, list[tuple[str, str]]]:
    return {name: list(told) for name in FEED_FORMATS}


def test_a_killed_story_leaves_its_feeds_and_is_told(store: Store, notices: Notices):
    """In every format its words go and its withdrawal stands; that stays byte for byte, until somebody revives it."""
    story, other = article(title="The wrong name"), article(key="other", title="Other news")
    ingest(store, change(story), change(other))
    drain(store, notices, SETTINGS, NOW)
    store.kill(story.id, "a wrong name", LATER)
    assert drain(store, notices, SETTINGS, LATER).topics("published") == ("all", "water")
    for topic in ("all", "water"):
        assert withdrawn(store, topic) == _in_all((change(story).published.guid, "a wrong name"))
        bodies = [row.body for name in FEED_FORMATS if (row := store.feed(topic, name))]
        assert not any(b"The wrong name" in body for body in bodies)
        assert all(b"Other news" in body for body in bodies)
    row = store.feed("water", "atom")
    assert row is not None
    assert row.updated == LATER.replace(microsecond=0)
    ingest(store, change(replace(story, title="Another"), kind="edited"))
    store.touch_topics(["all", "water"])
    assert drain(store, notices, SETTINGS, LATER).topics("unchanged") == ("all", "water")
    store.revive(story.id, LATER)
    drain(store, notices, SETTINGS, LATER)
    assert sorted(keys(store, "water")) == ["Another", "Other news"]
    assert withdrawn(store, "water") == _in_all()


def test_a_builder_that_read_before_a_kill_has_not_the_last_word(store: Store, notices: Notices):
    """It holds the feed while the story is killed, and saves what it read: the next drain publishes without it."""
    story = article(title="The wrong name")
    ingest(store, change(story))
    seen = []

    class Slow(Notices):
        """Is told of the first format's feed, and meanwhile the story is killed."""

        def put_feed(self, row):
            super().put_feed(row)
            if row.topic == "water" and not seen:
                store.kill(story.id, "libel", LATER)
                seen.append(drain(store, notices, SETTINGS, NOW))

    drain(store, Slow(), SETTINGS, NOW)
    assert (seen[0].topics("busy"), keys(store, "water")) == (("water",), ["The wrong name"])
    assert [topic for _, topic in store.pending_topics(9)] == ["water"]
    assert drain(store, notices, SETTINGS, LATER).topics("published") == ("water",)
    assert all(b"The wrong name" not in row.body for name in FEED_FORMATS if (row := store.feed("water", name)))


def test_who_insists_waits_for_who_is_building(store: Store, notices: Notices):
    """What somebody else was building is built again once they are done; what fails, or takes too long, is named."""
    ingest(store, change())
    epoch = store.acquire(feed_lease("water"), "somebody", NOW, 60)
    assert epoch is not None

    def again():
        return drain(store, notices, SETTINGS, NOW)

    waited = []
    assert insist(again, {"water"}, 2, waited.append) == {"water": "somebody else is building it"}
    assert sum(waited) == 2
    assert insist(again, {"all"}, 2, waited.append) == {}
    assert insist(again, {"water"}, 2, lambda _: store.release(feed_lease("water"), epoch)) == {}
    assert keys(store, "water") == ["The one"]


def test_many_at_once_build_each_version_once(store: Store, notices: Notices):
    """Four threads draining the same outbox end with one version of each feed and nothing waiting."""
    ingest(store, change())
    threads = [threading.Thread(target=drain, args=(store, notices, SETTINGS, NOW)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain(store, notices, SETTINGS, NOW)
    assert sorted(set(notices.told)) == sorted((t, f, 1) for t in ("all", "water") for f in FEED_FORMATS)
    assert {version for version, _ in store.feed_versions().values()} == {1}
    assert store.pending_topics(10) == ()


def test_topics_no_longer_declared_leave_the_outbox(store: Store, notices: Notices):
    """They have no feed to build."""
    ingest(store, change(topics=frozenset({"gone"})))
    assert drain(store, notices, SETTINGS, NOW).topics("published") == ("all",)
    assert store.pending_topics(10) == ()
    assert store.feed("gone", "rss") is None


def test_flood_of_one_moment_does_not_hide_other_sources(store: Store, notices: Notices):
    """300 articles of one source with one date take their share; the other source's older ones fill the page."""
    ingest(store, *(change(article(key=f"k{n:03}", title=f"Flood {n:03}", published=NOW)) for n in range(300)))
    ingest(
        store,
        *(
            change(article("forest", f"t{n}", title=f"Tree {n}", published=NOW - timedelta(days=n + 1)))
            for n in range(4)
        ),
        source="forest",
    )
    limits = SETTINGS.model_copy(update={"publish": PublishSettings(items=6, source_share=0.5)})
    publish([WATER], store, notices, limits, NOW)
    assert [title.split()[0] for title in keys(store, "water")] == ["Flood"] * 3 + ["Tree"] * 3


def test_feeds_stay_within_their_bytes(store: Store, notices: Notices):
    """No format exceeds the limit, all hold the same articles, and an oversized article is named."""
    big = article(key="big", html="x" * 200_000, published=NOW)
    ingest(store, change(big), *(change(article(key=f"k{n}", html="<p>é</p>" * 900)) for n in range(30)))
    limits = SETTINGS.model_copy(update={"publish": PublishSettings(feed_bytes=100_000)})
    (outcome,) = publish([WATER], store, notices, limits, NOW).outcomes
    rows = [store.feed("water", name) for name in FEED_FORMATS]
    assert all(row is not None and len(row.body) <= 100_000 for row in rows)
    assert outcome.oversized == (big.id,)
    assert 3 < outcome.items == len(keys(store, "water")) < 30


@pytest.mark.parametrize("fields", SWOLLEN, ids=lambda fields: next(iter(fields)))
def test_one_swollen_article_empties_no_feed(fields, store: Store, notices: Notices):
    """Its neighbours stay in every feed, it is named, whatever of it is absurdly long."""
    ingest(store, *(change(article(key=f"k{n}", title=f"Good {n}")) for n in range(6)))
    limits = SETTINGS.model_copy(update={"publish": PublishSettings(feed_bytes=200_000)})
    publish([WATER], store, notices, limits, NOW)
    good = store.feed("water", "rss")
    swollen = article("forest", **{"published": NOW, **fields})
    ingest(store, change(swollen), source="forest")
    (outcome,) = publish([WATER], store, notices, limits, LATER).outcomes
    assert (outcome.state, outcome.items, outcome.oversized) == ("unchanged", 6, (swollen.id,))
    assert store.feed("water", "rss") == good


def test_what_comes_out_larger_than_reckoned_goes_alone():
    """An article that takes more than half of a feed leaves it, however new; its neighbours stay."""
    swollen = change(article(key="new", rights="&" * 5_000)).published
    wire = (swollen, *(change(article(key=f"k{n}")).published for n in range(4)))
    limits = SETTINGS.model_copy(update={"publish": PublishSettings(feed_bytes=20_000)})
    built = build(WATER, wire, {}, limits)
    assert [item.id for item in built.feed.items] == [one.guid for one in wire[1:]]
    assert built.oversized == (swollen.article.id,)


def test_oldest_articles_go_when_rendering_exceeds_the_limit():
    """If a format comes out larger than was reckoned, the oldest articles leave every format."""
    wire = tuple(change(article(key=f"k{n}", summary="&" * 500)).published for n in range(20))
    limits = SETTINGS.model_copy(update={"publish": PublishSettings(feed_bytes=20_000)})
    built = build(WATER, wire, {}, limits)
    assert max(map(len, built.bodies.values())) <= 20_000
    assert 0 < len(built.feed.items) < 20
    assert built.feed.items[0].id == wire[0].guid


def test_self_links_come_from_the_settings_only(store: Store, notices: Notices):
    """Every feed names itself by the configured public address."""
    publish([WATER], store, notices, SETTINGS, NOW)
    for name in FEED_FORMATS:
        row = store.feed("water", name)
        assert row is not None
        assert f"https://wire.example/feeds/water.{name}".encode() in row.body


def test_publishing_goes_on_without_redis(store: Store, tmp_path: Path):
    """With no Redis at all the feeds are in the store, and nothing is raised."""
    cache = Cache(f"unix://{tmp_path / 'nobody.sock'}")
    ingest(store, change())
    assert drain(store, cache, SETTINGS, NOW).topics("published") == ("all", "water")
    assert keys(store, "water") == ["The one"]
