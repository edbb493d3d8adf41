"""What partners are promised of the life of articles, looked at in what is published: the model beside the feeds."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from syndicate.formats import feed_path
from syndicate.model import FEED_FORMATS, Article
from syndicate.records import Corrected, StoredArticle, Withdrawal
from syndicate.store.tables import leases
from tests.e2e.chronicle import ALWAYS_CUT, LINES, TRACKING, Chronicle, Story, Taken, Told
from tests.e2e.newsroom import Newsroom
from tests.faults.world import NOON

_WORD = re.compile(r"\b[A-Z][a-z]{7}\b")
_HUB = re.compile(rb'<(?:atom:)?link href="[^"]*/hub" rel="hub"\s*/>|"hubs":\[[^]]*\],')
_TELLING = {"copyright": "All rights", "newsletter": "newsletter", "lake": "freezes", "pier": "long pier"}
assert all(_TELLING[name] in line for name, line in LINES.items())


@dataclass(slots=True)
class Audit:
    """What was seen and decided so far. `rulings` are by scope and line; `decided` holds, by article, the status
    that a person gave it, and what stayed of it and what its source said then. `killed` holds, by a withdrawn story's
    name, what partners were told then, and in which topics; `revived` names those that were taken back. `notes` counts
    what was put right, by story.

    `stale` names what could not be brought up to a ruling, since its payload is not kept.
    """

    room: Newsroom
    chronicle: Chronicle
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    guids: dict[str, str] = field(default_factory=dict)
    known_by: dict[str, str] = field(default_factory=dict)
    rulings: dict[tuple[str, str], str] = field(default_factory=dict)
    decided: dict[str, tuple[str, str, frozenset[Told]]] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    killed: dict[str, Withdrawal] = field(default_factory=dict)
    revived: set[str] = field(default_factory=set)
    notes: Counter[str] = field(default_factory=Counter)
    _stored: tuple[StoredArticle, ...] = ()

    def items(self, *, in_one_step: bool = True) -> list[dict[str, Any]]:
        """What everything shows, after what holds of any feed at any time was looked at.

        Unless `in_one_step`, an article may have changed, and changed back, since it was seen last.
        """
        items = self.room.items("all")
        seen: set[str] = set()
        for item in items:
            guid, story = item["id"], self._story(item)
            assert guid not in seen, f"{guid} stands twice"
            assert story.name not in self.killed, f"{story.title} was withdrawn, and is back"
            assert self.guids.setdefault(guid, story.name) == story.name, f"{guid} was of another story"
            if len(self.chronicle.printed(story)) == 1 and not story.thin:
                assert self.known_by.setdefault(story.name, guid) == guid, f"{story.title} had another guid"
                notes = item.get("_syndicate", {}).get("corrections", ())
                assert len(notes) == self.notes[story.name], f"{story.title} has other notes"
            seen.add(guid)
            self._moves(item, in_one_step=in_one_step)
        return items

    def _moves(self, item: dict[str, Any], *, in_one_step: bool) -> None:
        """`date_modified` moves with what is said, and only then, and only on.

        A source's new date is none; it comes along with what else is written anew, as under another source's key.
        """
        before = self.shown.get(item["id"])
        self.shown[item["id"]] = item
        if before is None:
            return
        then, now = (datetime.fromisoformat(one["date_modified"]) for one in (before, item))
        assert then <= now, f"{item['title']} is older than before"
        if _said(before) == _said(item):
            assert then == now or not in_one_step, f"{item['title']} was told to be changed, and is not"
        elif _spelled(before["content_html"]) != _spelled(item["content_html"]):
            assert then < now, f"{item['title']} was changed, and nobody told"

    def _story(self, item: dict[str, Any]) -> Story:
        names = [word for word in _WORD.findall(item["title"]) if word in self.chronicle.stories]
        assert len(names) == 1, item["title"]
        return self.chronicle.stories[names[0]]

    def settled(self) -> None:
        """What holds when all sources are well, and were polled and published."""
        shown: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for item in self.items():
            shown[self._story(item).name].append(item)
        self._stored = tuple(self.room.store.each_article())
        stored = {a.published.guid: a for a in self._stored if a.status == "live"}
        for name, story in self.chronicle.stories.items():
            brought = {key: taken[name] for key, taken in self.chronicle.taken.items() if name in taken}
            assert len(shown[name]) <= 1, f"{story.title} stands twice"
            for item in shown[name]:
                self._is_told_right(story, item, stored[item["id"]], brought)
            if name in self.killed:
                assert not any(a.status == "live" for a in self._of(story)), f"{story.title} is live, and was killed"
            elif any(taken.surely for taken in brought.values()) and not shown[name]:
                self._is_missing_rightly(story)
        self._topics()
        self._withdrawals()
        self._partners()
        self._places()
        self._nothing_is_left_over()

    def _is_told_right(
        self, story: Story, item: dict[str, Any], stored: StoredArticle, brought: dict[str, Taken]
    ) -> None:
        """It says what its source says, and below it stands what people want there."""
        told = tuple(_WORD.findall(re.sub("<[^>]*>", " ", item["content_html"])))
        noun = item["title"].rpartition(" ")[2]
        givers = brought if story.thin or story.name in self.revived else self._in_office(brought)
        expected = {version for taken in givers.values() for version in taken.versions}
        told = tuple(word for word in told if word != story.name)
        assert (noun, *told) in expected, f"{story.title}: {told}, not {expected}"
        source = stored.published.article.source
        if stored.published.article.id in self.stale or source not in brought or story.thin:
            return
        for line, sign in _TELLING.items():
            there = sign in item["content_html"]
            ruled = self.rulings.get((source, line)) or self.rulings.get(("*", line), "")
            if ruled == "cut" or (not ruled and line in ALWAYS_CUT):
                assert not there, f"{story.title} of {source} shows: {LINES[line]}"
            elif ruled == "keep":
                assert there in brought[source].with_line(line), f"{story.title} of {source}: {LINES[line]} ({there})"

    def _in_office(self, brought: dict[str, Taken]) -> dict[str, Taken]:
        """Those whose word counts: what a retired source brought passes to the one that goes on with its paper."""
        states = {state.spec.key: state for state in self.room.store.sources()}
        active = {key for key, taken in brought.items() if states[key].status != "retired" and taken.surely}
        heirs = {states[key].spec.location for key in active}
        return {key: told for key, told in brought.items() if key in active or states[key].spec.location not in heirs}

    def _is_missing_rightly(self, story: Story) -> None:
        """It waits for a person, or was refused by one, as thin stories may; others always stand there."""
        assert story.thin, f"{story.title} is missing: {self._of(story)}"
        for article in self._of(story):
            assert article.status != "live", "live, and not in the feeds"
            assert article.published.article.held or article.status != "held", "held without a reason"

    def _of(self, story: Story) -> list[StoredArticle]:
        """All that is stored of a story."""
        return [a for a in self._stored if story.name in a.published.article.title]

    def _topics(self) -> None:
        """Each topic shows the articles of its rule, in the order of everything."""
        everything = [item["id"] for item in self.room.items("all")]
        brought = self.chronicle.taken
        for topic in self.room.topics:
            items = self.room.items(topic.key)
            ids = [item["id"] for item in items]
            assert ids == [id_ for id_ in everything if id_ in set(ids)]
            wanted = {
                name
                for name, story in self.chronicle.stories.items()
                if story.subject in topic.categories
                or any(name in brought.get(key, {}) and brought[key][name].surely for key in topic.sources)
            }
            unsure = {n for key in topic.sources for n, taken in brought.get(key, {}).items() if not taken.surely}
            live = {self.guids[id_] for id_ in everything}
            found = {self.guids[id_] for id_ in ids}
            thin = {name for name, story in self.chronicle.stories.items() if story.thin}
            assert found - unsure - thin == (wanted & live) - unsure - thin, topic.key

    def _withdrawals(self) -> None:
        """Each topic tells of the stories that stood in it when they were withdrawn, and of nothing that stands."""
        assert {one.id for one in self.room.store.killed(1_000)} == {w.articles[0] for w in self.killed.values()}
        for topic in self.room.settings.all_topics:
            told = set(self.room.withdrawn(topic.key))
            expected = {guid for w in self.killed.values() if topic.key in w.topics for guid in w.told}
            assert expected <= told, topic.key
            assert {self.guids[guid] for guid in told & self.guids.keys()} <= self.killed.keys()

    def _partners(self) -> None:
        """What partners are served is what everybody is, but for its address and the hub."""
        for partner in self.room.store.partners():
            for key, name in self.room.etags():
                mine, public = self.room.store.edition(key, partner.contract, name), self.room.store.feed(key, name)
                assert mine is not None, f"{partner.key} has no {key}.{name}"
                assert public is not None
                own = f"/p/-/{key}.{name}".encode()
                assert mine.body.replace(own, feed_path(key, name).encode()) == _HUB.sub(b"", public.body), (
                    f"{key}.{name} differs"
                )

    def _places(self) -> None:
        """Whoever is live waits for the archive of each of its topics; these feeds hold all, so that none has begun."""
        store = self.room.store
        for topic in self.room.settings.all_topics:
            live = {published.article.id for published in store.newest(topic.key, 1_000)}
            assert set(store.unplaced(topic.key)) == live, topic.key
            assert store.archive_pages(topic.key) == 0, f"nothing has left {topic.key}"

    def kills(self, story: Story, done: Withdrawal) -> None:
        """A person has withdrawn a story; it was told under all guids under which partners were given it."""
        self.killed[story.name] = done
        seen = {guid for guid in self.shown if self.guids[guid] == story.name}
        now = {guid for guid in seen if self.known_by.get(story.name) == guid}
        assert now <= set(done.told), f"{story.title} was shown, and nobody is told"
        for id_ in done.articles:
            if self.decided.get(id_, ("",))[0] == "discarded":
                del self.decided[id_]

    def revives(self, story: Story) -> None:
        """A person has taken that back: partners see it as revised."""
        del self.killed[story.name]
        self.revived.add(story.name)
        for guid in [guid for guid in self.shown if self.guids[guid] == story.name]:
            del self.shown[guid]

    def corrects(self, done: Corrected, article: Article) -> None:
        """A person has put a note below a story, or taken one back."""
        stored = self.room.store.article(done.article)
        assert stored is not None
        self.notes[self.story_of(article).name] = len(stored.published.corrections)

    def story_of(self, article: Article) -> Story:
        """The story that a stored article tells."""
        return self._story({"title": article.title})

    def _nothing_is_left_over(self) -> None:
        """No topic waits, nobody holds anything, and whoever counts counts the same."""
        store = self.room.store
        assert store.pending_topics(10) == ()
        with store.reading("leases") as connection:
            held = connection.execute(select(leases.c.name).where(leases.c.holder != "")).scalars().all()
        assert held == []
        counts = store.topic_counts()
        for topic in self.room.settings.all_topics:
            assert len(self.room.items(topic.key)) == counts.get(topic.key, 0), topic.key
        assert {*self.room.etags()} == {(t.key, name) for t in self.room.settings.all_topics for name in FEED_FORMATS}
        health = store.health()
        assert (health.articles, health.waiting_topics) == (len(self._stored), 0)
        assert health.quarantined == len(store.quarantine("waiting", 1_000))
        assert store.count("held") == len(store.articles(status="held", limit=1_000))
        assert counts["all"] == store.count("live")
        assert self.room.now >= NOON

    def word_holds(self) -> None:
        """What people decided of held articles holds for as long as these say the same."""
        for id_, (status, text, told) in list(self.decided.items()):
            stored = self.room.store.article(id_)
            assert stored is not None
            article = stored.published.article
            if article.text != text and self.told(article) != told:
                del self.decided[id_]
                continue
            self.decided[id_] = (status, article.text, self.told(article))
            if stored.status not in {"duplicate", "killed"}:
                assert stored.status == status, f"{article.title} is {stored.status}, not {status}"
        for stored in self.room.store.articles(status="live", limit=1_000):
            article = stored.published.article
            released = self.decided.get(article.id, ("", "", ""))[0] == "live"
            assert released or not article.held, f"{article.title} is live, though {article.held}"

    def told(self, article: Article) -> frozenset[Told]:
        """What the source of a stored article may have said of it last."""
        brought = self.chronicle.taken.get(article.source, {})
        return frozenset().union(*(taken.told for name, taken in brought.items() if name in article.title))


def _spelled(html: str) -> str:
    """The same for addresses that say the same."""
    return html.replace("https://", "http://").replace(TRACKING, "")


def _said(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "date_modified"}
