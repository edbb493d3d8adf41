"""The machine that lives the life of articles: what sources, people, time and bad luck do, in any order."""

import os
from dataclasses import replace

import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from syndicate.model import SourceSpec
from syndicate.strip.memory import fingerprint
from tests.e2e.chronicle import DESIGNS, LINES
from tests.e2e.hands import TOPICS, Hands
from tests.e2e.newsroom import SEAMS

NOISE = ("reorder", "https", "tracking", "date", "poll", "restart", "prune", "rebuild", "renumber", "dry run", "day")
ANSWERS = ("missing", "gone", "broken", "garbage", "empty", "truncated", "offline")
ANY = some.integers(0, 59)

SHORT = settings(
    max_examples=3,
    stateful_step_count=6,
    derandomize=True,
    phases=(Phase.generate,),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(
    SHORT,
    max_examples=int(os.environ.get("LIVES", "200")),
    stateful_step_count=40,
    derandomize=False,
    phases=(Phase.generate, Phase.shrink),
)


def live(machine: type["Lifecycle"], how: settings) -> None:
    """Let a machine live, with its logs kept to itself."""
    with structlog.testing.capture_logs():
        run_state_machine_as_test(machine, settings=how)


class Lifecycle(Hands):
    """The rules of the game: each is a step that may come at any time."""

    @initialize(number=some.integers(1, 6))
    def begin(self, number: int) -> None:
        for place in range(number):
            self.chronicle.write(self._paper(place), place)
        self.check()

    # --- what sources do ---
    @rule(paper=ANY, subject=ANY, shape=some.sampled_from(["plain", "plain", "repeats", "thin"]))
    def write(self, paper: int, subject: int, shape: str) -> None:
        self.chronicle.write(self._paper(paper), subject, thin=shape == "thin", repeats=shape == "repeats")

    @rule(paper=ANY, number=some.integers(3, 7))
    def write_many(self, paper: int, number: int) -> None:
        for subject in range(number):
            self.chronicle.write(self._paper(paper), subject)

    @rule(paper=ANY, entry=ANY)
    def print_elsewhere(self, paper: int, entry: int) -> None:
        found, other = self._entry(paper, entry), self._paper(paper + 1)
        if (
            found
            and not (found.story.thin or found.pending)
            and found.story not in [e.story for e in (*other.entries, *other.away)]
        ):
            self.chronicle.reprint(other, found.story)

    @rule(paper=ANY, entry=ANY, kind=some.sampled_from(["add", "drop", "replace", "title"]))
    def edit(self, paper: int, entry: int, kind: str) -> None:
        if found := self._entry(paper, entry):
            self.chronicle.edit(found.story, kind)

    @rule(paper=ANY, entry=ANY)
    def remove(self, paper: int, entry: int) -> None:
        if found := self._entry(paper, entry):
            self._paper(paper).entries.remove(found)
            self._paper(paper).away.append(found)

    @rule(paper=ANY)
    def bring_back(self, paper: int) -> None:
        there = self._paper(paper)
        there.entries += there.away
        there.away.clear()

    @rule(paper=ANY, what=some.sampled_from(["reorder", "https", "tracking", "date", "renumber"]))
    def reprint(self, paper: int, what: str) -> None:
        self._disguise(self._paper(paper), what)

    @rule(paper=ANY, design=some.sampled_from(DESIGNS))
    def redesign(self, paper: int, design: tuple[str, ...]) -> None:
        self._paper(paper).design = design

    @rule(paper=ANY, answers=some.sampled_from(ANSWERS), key=ANY)
    def fall_ill(self, paper: int, answers: str, key: int) -> None:
        """It is polled while it is ill; it is well again by the next check."""
        self._paper(paper).answers = answers
        self._poll(self._key(key))

    # --- what the house does ---
    @rule(key=ANY, publish=some.booleans())
    def poll(self, key: int, publish: bool) -> None:
        self._poll(self._key(key))
        if publish:
            self._publish()

    @rule(hours=some.sampled_from([1, 5, 26, 24 * 8, 24 * 35]))
    def pass_time(self, hours: int) -> None:
        self.room.later(hours=hours)
        self.room.store.prune(self.room.now, 30, 30)

    @rule()
    def check(self) -> None:
        """All are well, are polled, and what is touched is published; then all promises are kept."""
        for paper in self.chronicle.papers:
            paper.answers = "fine"
        for key in self._keys():
            self._poll(key)
        self._publish()
        self.audit.word_holds()
        self.audit.settled()

    @rule(noise=some.lists(some.sampled_from(NOISE), min_size=1, max_size=4))
    def keep_still(self, noise: list[str]) -> None:
        """Whatever happens without a word being changed, no feed changes by a byte."""
        self.check()
        self.room.replay()  # what was poisoned comes with the next payload, however little that says
        self.check()
        self._rebuild_all()
        self._publish()
        before = self.room.etags()
        for what in noise:
            self._make(what)
            self.check()
            assert self.room.etags() == before, what

    @rule(key=ANY)
    def rebuild(self, key: int) -> None:
        self._rebuild(self._key(key))
        self._publish()

    # --- what people do ---
    @rule(pick=ANY, word=some.sampled_from(["live", "discarded"]))
    def decide(self, pick: int, word: str) -> None:
        """Release or discard what is held."""
        held = sorted(self.room.store.articles(status="held"), key=lambda one: one.published.article.id)
        if held:
            article = held[pick % len(held)].published.article
            self.room.store.set_status(article.id, word, of=("held",))  # type: ignore[arg-type] # see sampled_from
            self.audit.decided[article.id] = (word, article.text, self.audit.told(article))

    @rule(pick=ANY, publish=some.booleans())
    def kill(self, pick: int, publish: bool) -> None:
        """Withdraw a story; what dies before it has published is made up for by whoever publishes next."""
        self._kill(pick)
        if publish:
            self._publish()

    @rule(pick=ANY)
    def correct(self, pick: int) -> None:
        """Put a note below a story that is published, or take the last one back."""
        live = sorted(self.room.store.articles(status="live", limit=1_000), key=lambda one: one.published.article.id)
        if live:
            chosen = live[pick % len(live)].published
            self.room.later(minutes=1)
            act = self.room.store.uncorrect if len(chosen.corrections) > 1 else self._correct
            self.audit.corrects(act(chosen.article.id, self.room.now), chosen.article)

    @rule(key=ANY, pick=ANY)
    def kill_meanwhile(self, key: int, pick: int) -> None:
        """A story is withdrawn while a source is polled, which may bring it."""
        self.room.web.meanwhile = lambda: self._kill(pick)
        self._poll(self._key(key))
        self.room.web.meanwhile = None

    @rule(pick=ANY)
    def revive(self, pick: int) -> None:
        """Take back that a story was withdrawn."""
        if names := sorted(self.audit.killed):
            name = names[pick % len(names)]
            self.room.later(minutes=1)
            self.room.store.revive(self.audit.killed[name].articles[-1], self.room.now)
            self.audit.revives(self.chronicle.stories[name])

    @rule(pick=ANY, everywhere=some.booleans())
    def restore(self, pick: int, everywhere: bool) -> None:
        """Rule that a line that was cut stays."""
        cuts = [(i, c) for i, c in self.room.store.cuts(limit=1_000) if c.text in LINES.values()]
        if cuts:
            id_, cut = cuts[pick % len(cuts)]
            stored = self.room.store.article(id_)
            assert stored is not None
            source, title = stored.published.article.source, stored.published.article.title
            self._rule("*" if everywhere else source, fingerprint(cut.text, title), cut.text, "keep")

    @rule(pick=ANY, verdict=some.sampled_from(["cut", "keep"]), everywhere=some.booleans())
    def answer_a_proposal(self, pick: int, verdict: str, everywhere: bool) -> None:
        found = [p for p in self.room.store.proposals() if p.text in LINES.values()]
        if found:
            proposal = found[pick % len(found)]
            self._rule("*" if everywhere else proposal.source, proposal.block, proposal.text, verdict)

    @rule(pick=ANY)
    def take_back(self, pick: int) -> None:
        if found := self.room.store.rulings():
            ruling = found[pick % len(found)]
            self._rule(ruling.scope, ruling.block, ruling.text, "")

    @rule(key=ANY, what=some.sampled_from(["pause", "resume", "remove", "rename"]))
    def manage(self, key: int, what: str) -> None:
        """A source is paused, goes on, leaves the configuration, or goes on under another key."""
        here = self._key(key)
        if what == "pause":
            self.room.store.set_source_status(here, "paused")
        elif what == "resume":
            self.room.store.set_source_status(here, "active")
        elif len(self.room.declared) > 1:
            spec = self.room.declared.pop(here)
            if what == "rename":
                other = here.removesuffix("2") if here.endswith("2") else f"{here}2"
                self.room.declared.setdefault(other, replace(spec, key=other))
            self.room.restart()

    @rule(paper=ANY, second=some.booleans())
    def declare(self, paper: int, second: bool) -> None:
        """A source comes back into the configuration, or comes in a second time."""
        there = self._paper(paper)
        key = f"{there.name}2" if second else there.name
        self.room.declared.setdefault(key, SourceSpec(key, "feed", there.url))
        self.room.restart()

    @rule(topics=some.integers(0, len(TOPICS) - 1))
    def change_topics(self, topics: int) -> None:
        self.room.topics = TOPICS[topics]
        self.room.restart()

    @rule(discard=some.booleans())
    def empty_quarantine(self, discard: bool) -> None:
        """Replay what waits; what was only poisoned for a while goes through."""
        through = self.room.replay()
        for item in self.room.store.quarantine("waiting"):
            assert item.id in through
            assert not item.rejected.reason.startswith("killed"), item
            if discard:
                self.room.store.settle(item.id, "discarded")

    # --- bad luck ---
    @rule(key=ANY, entry=ANY)
    def poison(self, key: int, entry: int) -> None:
        """An entry kills whoever reads it, for this poll."""
        here = self._key(key)
        paper = self._paper_of(here)
        if paper.entries and paper.answers == "fine":
            word = paper.entries[entry % len(paper.entries)].story.name
            self.room.bench.poison.add(word)
            report = self.room.ingest(here)
            self.room.bench.poison.clear()
            self.chronicle.take(here, paper, surely=report.outcome in {"changed", "unchanged"}, but={word})

    @rule(key=ANY, seam=some.sampled_from(SEAMS))
    def die(self, key: int, seam: tuple[str, str]) -> None:
        """The process is killed in the middle of a poll, or of publishing."""
        here = self._key(key)
        paper = self._paper_of(here)

        def work() -> None:
            self.room.ingest(here)
            self.room.publish()

        self.room.killed(seam, work)
        self.chronicle.take(here, paper, surely=False)

    @rule(key=ANY)
    def oversleep(self, key: int) -> None:
        """While a worker is asked to wait, its lease runs out, and another does the work."""
        here = self._key(key)

        def other() -> None:
            self.room.later(minutes=10)
            self._poll(here)

        self.room.web.meanwhile = other
        report = self.room.ingest(here)
        if self.room.web.meanwhile is None and self._paper_of(here).answers == "fine":
            assert report.outcome == "busy", report
        self.room.web.meanwhile = None
