"""What leaves a feed stands in its archive: together they hold everything, whatever becomes of articles and feeds."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree

from syndicate.model import FEED_FORMATS, TopicSpec
from syndicate.publish import drain
from syndicate.publish.archive import archive_of
from syndicate.publish.check import check
from syndicate.publish.lint import lint
from syndicate.publish.select import select
from syndicate.render import render
from syndicate.settings import PublishSettings, Settings
from syndicate.store import Store
from tests.contract.building import HOUR, NOW, article, change, declare, ingest
from tests.faults.one_ingest import NoCache

WATER = TopicSpec("water", "Water")
SETTINGS = Settings(
    base_url="https://wire.example", title="The Wire", topics=(WATER,), publish=PublishSettings(items=3)
)


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty SQLite store with two sources, and archives of small pages."""
    monkeypatch.setattr("syndicate.store.places.PAGE", 2)
    opened = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'wire.db')}")
    declare(opened, "lake", "forest")
    yield opened
    opened.close()


def new(number: int, **fields):
    """An article that is the newer the higher its number."""
    return change(article(key=str(number), published=NOW - timedelta(days=20 - number), **fields))


def publish(store: Store, **limits):
    chosen = SETTINGS.model_copy(update={"publish": PublishSettings(**{"items": 3, **limits})})
    return drain(store, NoCache(), chosen, NOW)


def bodies(store: Store) -> dict[str, bytes]:
    """The topic's saved feed in each format."""
    return {name: row.body for name in FEED_FORMATS if (row := store.feed("water", name))}


def page(store: Store, number: int, settings: Settings = SETTINGS):
    found = store.archive_page("water", number)
    assert found is not None
    return archive_of(WATER, found, {"lake": "Lake News"}, settings)


def ids(body: bytes) -> list[str]:
    """The articles in a feed, by the ends of their links."""
    return [urlsplit(entry.link).path[1:] for entry in feedparser.parse(BytesIO(body)).entries]


def walk(store: Store) -> list[list[str]]:
    """The articles of the feed and of each page behind it, as feedparser finds them by prev-archive."""
    documents = [bodies(store)["atom"]]
    while older := [link.href for link in feedparser.parse(documents[-1]).feed.links if link.rel == "prev-archive"]:
        assert len(older) == 1
        number = int(older[0].removeprefix("https://wire.example/feeds/water/archive/").removesuffix(".atom"))
        documents.append(render(page(store, number), "atom"))
    return [ids(body) for body in documents]


def test_a_feed_leads_to_what_has_left_it(store: Store):
    """As long as nothing has left, no feed says a word of archives; then each of its formats leads to the last page."""
    ingest(store, *map(new, range(3)))
    publish(store)
    assert not any(b"archive" in body or b"next_url" in body for body in bodies(store).values())
    assert (store.archive_pages("water"), store.archive_pages("all")) == (0, 0)
    ingest(store, *map(new, range(3, 8)))
    publish(store)
    for name, body in bodies(store).items():
        assert body.count(f"https://wire.example/feeds/water/archive/3.{name}".encode()) == 1
        assert lint(body, "any", NOW) == lint(body.replace(b"prev-archive", b"via"), "any", NOW)
    assert walk(store) == [["7", "6", "5"], ["4"], ["3", "2"], ["1", "0"]]
    before = bodies(store)
    ingest(store, new(8))
    publish(store)
    assert walk(store) == [["8", "7", "6"], ["5", "4"], ["3", "2"], ["1", "0"]]
    assert all(body.count(b"archive/3.") == before[name].count(b"archive/3.") for name, body in bodies(store).items())


def test_pages_say_what_they_are(store: Store):
    """Each is an archive of the feed, of its id, with the pages beside it and nothing of a clock; readers read it."""
    ingest(store, *map(new, range(9)))
    publish(store)
    for number, beside in (
        (1, {"next-archive": 2}),
        (2, {"prev-archive": 1, "next-archive": 3}),
        (3, {"prev-archive": 2}),
    ):
        feed = page(store, number)
        base = "https://wire.example/feeds/water"
        for name in ("atom", "rss"):
            body = render(feed, name)
            check(feed, name, body)
            root = etree.fromstring(body)
            head = root if name == "atom" else root[0]
            assert len(head.findall("{http://purl.org/syndication/history/1.0}archive")) == 1
            links = [(one.get("rel"), one.get("href")) for one in head.findall("{http://www.w3.org/2005/Atom}link")]
            assert sorted(link for link in links if link[1] != "https://wire.example/") == sorted(
                [
                    *((relation, f"{base}/archive/{there}.{name}") for relation, there in beside.items()),
                    ("self", f"{base}/archive/{number}.{name}"),
                    ("current", f"{base}.{name}"),
                ]
            )
            assert not [found for found in lint(body, "any", NOW) if found.level == "error"]
        assert etree.fromstring(render(feed, "atom")).findtext("{*}id") == f"{base}.atom"
        assert feed.updated == feed.items[0].updated


def test_a_page_without_articles_is_a_page(store: Store):
    """When all of it is withdrawn, it tells of that, and the walk goes on behind it."""
    ingest(store, *map(new, range(7)))
    publish(store)
    for number in (2, 3):
        store.kill(new(number).article.id, "libel", NOW)
    assert walk(store) == [["6", "5", "4"], [], ["1", "0"]]
    feed = page(store, 2)
    for name in FEED_FORMATS:
        check(feed, name, render(feed, name))
    assert [stone.reason for stone in feed.withdrawn] == ["libel", "libel"]


def test_what_comes_while_a_feed_is_built_has_not_left_it(store: Store, monkeypatch: pytest.MonkeyPatch):
    """It is no reason to begin an archive, and stands in the next feed."""

    def slow(*given):
        found = select(*given)
        monkeypatch.undo()
        ingest(store, new(2))
        return found

    ingest(store, *map(new, range(2)))
    monkeypatch.setattr("syndicate.publish.flow.select", slow)
    for expected in (["1", "0"], ["2", "1", "0"]):
        publish(store)
        assert ids(store.feed("all", "atom").body) == expected
        assert store.archive_pages("all") == 0


def test_who_is_passed_over_stands_in_the_archive(store: Store):
    """Be it for its source's share or for the feed's bytes; what no feed can hold is on no page either."""
    ingest(store, *map(new, range(4)))
    ingest(store, change(article("forest", published=NOW - HOUR)), source="forest")
    publish(store, source_share=0.4)
    assert walk(store) == [["one", "3"], ["2"], ["1", "0"]]
    large, huge = ("<p>" + "x" * size for size in (45_000, 60_000))
    ingest(store, new(4, html=large), new(5, html=large), new(6, html=huge))
    reports = publish(store, feed_bytes=100_000).outcomes
    assert [one.oversized for one in reports] == [(new(6).article.id,)] * 2
    assert walk(store) == [["one", "5"], ["4"], ["3", "2"], ["1", "0"]]
    bounded = SETTINGS.model_copy(update={"publish": PublishSettings(feed_bytes=100_000)})
    store.touch_topics(["water"])
    publish(store, items=1)
    assert [[item.link[-1] for item in page(store, 4, chosen).items] for chosen in (SETTINGS, bounded)] == [["6"], []]


def test_a_feed_that_turns_out_too_large_leads_to_what_it_lost(store: Store, monkeypatch: pytest.MonkeyPatch):
    """What is taken from it at the last moment has its place, too, before the feed says where the archive is."""
    monkeypatch.setattr("syndicate.publish.select.weight", lambda _: 1)
    ingest(store, *(new(n, html="<p>" + "x" * 5_000 + "</p>") for n in range(3)))
    publish(store, feed_bytes=16_000)
    assert walk(store) == [["2", "1"], ["0"]]
