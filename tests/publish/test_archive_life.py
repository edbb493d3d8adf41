"""The life of archives by the dice: in any order of what happens, everything stands in the feed or on a page."""

import shutil
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest

from syndicate.model import TopicSpec
from syndicate.publish import drain
from syndicate.records import Change, Heir, StoredArticle
from syndicate.settings import PublishSettings, Settings
from syndicate.store import Store
from tests.contract.building import NOW, article, change, declare, ingest
from tests.faults.one_ingest import NoCache

TOPICS = ("all", "water", "sport")
STEPS = 70
SETTINGS = Settings(
    base_url="https://wire.example",
    topics=tuple(TopicSpec(key, key.title()) for key in TOPICS[1:]),
    publish=PublishSettings(items=3, source_share=0.7),
)


class Life:
    """A store with feeds of three articles, and what happens to it; `places` are the pages that partners saw."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.chance = store, Random(seed)
        self.numbers = count()
        self.places: dict[tuple[str, str], int] = {}

    def step(self) -> None:
        """Let something happen; more comes than goes."""
        steps = (self.write, self.edit, self.classify, self.copy, self.inherit, self.kill, self.revive, self.decide)
        self.chance.choices(steps, (8, 2, 2, 2, 2, 2, 1, 2))[0]()

    def write(self) -> None:
        """A new article, young or old, perhaps one that waits for a person."""
        source = self.chance.choice(("lake", "river"))
        ingest(self.store, self._new(source, "wait" * (self.chance.random() < 0.2)), source=source)

    def edit(self) -> None:
        if stored := self._any():
            again = replace(stored.published.article, title=f"Edit {next(self.numbers)}")
            ingest(
                self.store, change(again, kind="edited", topics=self._topics(), raw=again.title), source=again.source
            )

    def classify(self) -> None:
        if stored := self._any():
            self.store.set_topics({stored.published.article.id: self._topics()})

    def copy(self) -> None:
        if stored := self._any("live"):
            ingest(self.store, replace(self._new("river"), duplicate_of=stored.published.article.id), source="river")

    def inherit(self) -> None:
        """A copy takes the place of its original."""
        if (heir := self._any("duplicate")) and (of := self.store.article(heir.duplicate_of)) and of.status == "live":
            told, left = heir.published.article, of.published.article.id
            own = f"https://wire.example/own/{next(self.numbers)}"
            edited = change(told, kind="edited", topics=heir.topics)
            ingest(self.store, edited, source=told.source, heirs=(Heir(told.id, left, own),))
            other = {told.id: left, left: told.id}
            self.places = {(topic, other.get(id_, id_)): page for (topic, id_), page in self.places.items()}

    def kill(self) -> None:
        if stored := self._any("live", "held", "discarded", "duplicate"):
            self.store.kill(stored.published.article.id, "libel", NOW)

    def revive(self) -> None:
        if stored := self._any("killed"):
            self.store.revive(stored.published.article.id, NOW)

    def decide(self) -> None:
        if stored := self._any("held", "live", "discarded"):
            self.store.set_status(stored.published.article.id, self.chance.choice(("live", "discarded")))

    def publish(self) -> None:
        """Build what waits: whoever is live in a topic is in its feed then, or in the archive that it leads to."""
        drain(self.store, NoCache(), SETTINGS, NOW)
        for topic in TOPICS:
            row = self.store.feed(topic, "json")
            feed = "" if row is None else row.body.decode()
            pages = self.store.archive_pages(topic)
            assert (f"{topic}/archive/{pages}.json" in feed) == bool(pages), topic
            archived = self._look(topic)
            for published in self.store.newest(topic, 999):
                there = f'"id":"{published.guid}"' in feed or published.article.id in archived
                assert there, f"{published.article.title} is nowhere in {topic}"

    def look(self) -> None:
        """Only who is live stands on a page, and where it stood."""
        for topic in TOPICS:
            live = {one.article.id for one in self.store.newest(topic, 999)}
            for id_, number in self._look(topic).items():
                assert id_ in live, f"{id_} is on a page of {topic}, and not live"
                before = self.places.setdefault((topic, id_), number)
                assert number == before, f"{id_} was on page {before} of {topic}"

    def _look(self, topic: str) -> dict[str, int]:
        numbers = range(1, self.store.archive_pages(topic) + 1)
        pages = [page for number in numbers if (page := self.store.archive_page(topic, number))]
        found = [(one.article.id, page.number) for page in pages for one in page.articles]
        assert len(dict(found)) == len(found), "one stands twice"
        return dict(found)

    def _new(self, source: str, held: str = "") -> Change:
        key = f"n{next(self.numbers)}"
        published = NOW - timedelta(hours=self.chance.randrange(400))
        return change(article(source, key, published=published, held=held), topics=self._topics(), raw=key)

    def _topics(self) -> frozenset[str]:
        return frozenset(self.chance.sample(TOPICS[1:], self.chance.choice((0, 1, 1, 2))))

    def _any(self, *statuses: str) -> StoredArticle | None:
        found = [one for one in self.store.each_article() if not statuses or one.status in statuses]
        return self.chance.choice(found) if found else None


def test_everything_is_in_one_of_the_two(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever happens: who is live is in the feed or on a page, and no page ever shifts."""
    monkeypatch.setattr("syndicate.store.places.PAGE", 4)
    monkeypatch.setattr("syndicate.publish.build.FEED_FORMATS", ("json",))  # the others say the same
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'wire.db')}")
    declare(store, "lake", "river")
    life = Life(store, seed=1)
    for _ in range(STEPS):
        life.step()
        if life.chance.random() < 0.3:
            life.publish()
        life.look()
    life.publish()
    assert store.archive_pages("all") > 2
    store.close()
