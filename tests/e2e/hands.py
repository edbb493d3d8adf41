"""What the steps of the machine are made of: polls, rebuilds and rulings, with what the model takes note of."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from syndicate.model import SourceSpec, TopicSpec
from syndicate.records import Corrected
from tests.e2e.audit import Audit
from tests.e2e.chronicle import LINES, TRACKING, Chronicle, Entry, Paper
from tests.e2e.newsroom import Newsroom, Web

Place = Callable[[Path], Any]  # a context: the address of an empty store with all tables

TOPICS = (
    (TopicSpec("water", "Water", categories=("harbour",)), TopicSpec("quay", "Quay", sources=("quay",))),
    (
        TopicSpec("water", "Water", categories=("harbour", "choir")),
        TopicSpec("quay", "Quay", sources=("quay2", "mill")),
    ),
    (TopicSpec("songs", "Songs", categories=("choir",)),),
)
_MINUTE = timedelta(minutes=1)


class Hands(RuleBasedStateMachine):
    """One life of a house. `store_at` gives the context of its store."""

    store_at: Place

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(tempfile.mkdtemp(prefix="life-"))
        self.stack.callback(shutil.rmtree, folder, ignore_errors=True)
        self.chronicle = Chronicle()
        papers = {paper.url: paper for paper in self.chronicle.papers}
        declared = {p.name: SourceSpec(p.name, "feed", p.url) for p in self.chronicle.papers}
        url = self.stack.enter_context(type(self).store_at(folder))
        self.room = Newsroom(folder, url, Web(papers), declared, TOPICS[0])
        self.audit = Audit(self.room, self.chronicle)
        self.room.open()

    def teardown(self) -> None:
        self.room.close()
        self.stack.close()

    def _keys(self) -> list[str]:
        """The sources that are polled."""
        return sorted(self.room.declared)

    def _key(self, number: int) -> str:
        return self._keys()[number % len(self.room.declared)]

    def _paper(self, number: int) -> Paper:
        return self.chronicle.papers[number % len(self.chronicle.papers)]

    def _paper_of(self, key: str) -> Paper:
        return self.room.web.papers[self.room.declared[key].location]

    def _entry(self, paper: int, number: int) -> Entry | None:
        entries = self._paper(paper).entries
        return entries[number % len(entries)] if entries else None

    def _poll(self, key: str) -> None:
        paper = self._paper_of(key)
        report = self.room.ingest(key)
        assert report.outcome != "busy", report
        if paper.answers == "fine":
            assert report.outcome in {"changed", "unchanged"}, report
            waits = [i.rejected.where for i in self.room.store.quarantine("waiting") if i.rejected.source == key]
            unsure = {name for name in self.chronicle.stories if any(name in where for where in waits)}
            self.chronicle.take(key, paper, surely=True, but=unsure)
        elif paper.answers == "truncated":
            self.chronicle.take(key, paper, surely=False)

    def _kill(self, pick: int) -> None:
        """Withdraw a story by one of its articles, whichever."""
        stored = [a.published.article for a in self.room.store.each_article() if a.status != "killed"]
        if stored:
            article = stored[pick % len(stored)]
            self.room.later(minutes=1)
            done = self.room.store.kill(article.id, "A wrong name", self.room.now)
            self.audit.kills(self.audit.story_of(article), done)

    def _correct(self, article_id: str, now: datetime) -> Corrected:
        return self.room.store.correct(article_id, f"the year was wrong ({now:%H:%M on %m-%d}).", now)

    def _publish(self) -> None:
        once = all(times == 1 for times in self.room.worked.values())
        self.room.publish()
        self.audit.items(in_one_step=once)

    def _rebuild(self, key: str) -> None:
        """Rebuild a source: what was foretold comes true, and a second time nothing is left to do."""
        self._publish()
        stored = self.room.tables()
        foretold = self.room.rebuild(key, dry_run=True)
        assert self.room.tables() == stored, "a dry run has changed something"
        done = self.room.rebuild(key, dry_run=False)
        assert (done.differences, done.failures, done.error) == (foretold.differences, foretold.failures, "")
        again = self.room.rebuild(key, dry_run=True)
        assert again.differences == (), again
        self._look_for_stale({key}, only_mend=True)

    def _rebuild_all(self) -> None:
        for state in self.room.store.sources():
            self._rebuild(state.spec.key)

    def _rule(self, scope: str, block: str, text: str, verdict: str) -> None:
        line = next(name for name, told in LINES.items() if told == text)
        self._publish()
        self.room.rule(scope, block, verdict, text)
        self._publish()
        self.audit.rulings.pop((scope, line), None)
        if verdict:
            self.audit.rulings[scope, line] = verdict
        self._look_for_stale({s.spec.key for s in self.room.store.sources() if scope in ("*", s.spec.key)})

    def _look_for_stale(self, keys: set[str], *, only_mend: bool = False) -> None:
        """Note which articles no ruling could reach, their payloads being forgotten."""
        for key in keys:
            for stored in self.room.store.each_article(source=key):
                kept = self.room.store.payload(stored.payload, key) is not None
                if kept:
                    self.audit.stale.discard(stored.published.article.id)
                elif not only_mend:
                    self.audit.stale.add(stored.published.article.id)

    def _disguise(self, paper: Paper, what: str) -> None:
        """Tell the same in another way."""
        match what:
            case "reorder":
                paper.entries.reverse()
            case "https":
                paper.scheme = "http" if paper.scheme == "https" else "https"
            case "tracking":
                paper.tracking = "" if paper.tracking else TRACKING
            case "renumber":
                self.chronicle.renumber(paper)
            case "date":
                for entry in paper.entries:
                    entry.moved += _MINUTE

    def _make(self, noise: str) -> None:
        match noise:
            case "restart":
                self.room.restart()
            case "prune":
                self.room.store.prune(self.room.now, 30, 30)
            case "rebuild":
                self._rebuild_all()
            case "dry run":
                for key in self._keys():
                    assert self.room.rebuild(key, dry_run=True).differences == ()
            case "day":
                self.room.later(days=1)
            case "poll":
                self.check()
            case _:
                for paper in self.chronicle.papers:
                    self._disguise(paper, noise)
