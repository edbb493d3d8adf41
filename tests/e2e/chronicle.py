"""The model of the life of articles: what papers print, what was taken in of it, and what is promised of that. No I/O.

Every sentence holds a word that stands nowhere else, so that it can be told which of them a feed shows.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import count
from random import Random

START = datetime(2026, 11, 2, 6, tzinfo=UTC)
TRACKING = "?utm_source=feed"
SUBJECTS = ("harbour", "school", "choir")

# What stands below articles: cut at once by rules; never but by a person's word; or once it has come back.
LINES = {
    "copyright": "Copyright 2026 The Lake Papers. All rights reserved.",
    "newsletter": "Subscribe to our newsletter and never miss a story.",
    "lake": "The lake freezes over in most winters, and the ferry then rests in its shed.",
    "pier": "Every evening the lamp on the long pier was lit by the keeper and his daughter.",
}
ALWAYS_CUT = frozenset({"copyright", "newsletter"})
DESIGNS = (
    ("copyright",),
    ("copyright", "lake"),
    ("newsletter", "pier"),
    ("lake",),
    (),
    ("lake", "newsletter", "copyright"),
)
_NOTHING_BUT_BOILERPLATE = ("copyright", "newsletter") * 3

_SYLLABLES = ["ba", "ke", "lo", "mi", "nu", "pa", "re", "so", "ti", "vu", "da", "fe", "go", "hi", "ju"]
_WHO = "harbour master,village teacher,old captain,parish council,river farmer,librarian,baker,painter,young doctor"
_DID = "told the meeting that,said on Tuesday that,remembered how,explained why,heard that,wrote to the mayor that"
_WHAT = (
    "the bridge at {} would open before winter,the boats of {} had come home early,the school in {} needed a new roof,"
    "the mill beside {} was sold for little money,the orchard of {} gave more fruit than ever,"
    "the road to {} had been under water,the bell of {} was heard across the valley,the old engine at {} ran again"
)
_END = (
    "after a long dry summer,while children watched from the wall,and nobody had expected it,"
    "because the engine was too weak,for the first time in years,as the rain began to fall,with help from both villages"
)
_NOUNS = ["bridge", "ferry", "orchard", "market", "garden", "window", "mountain", "station", "kitchen", "lantern"]


def mark(number: int) -> str:
    """A word of its own for each number below 50,625; none is part of another."""
    number = number * 7_919 % 50_625
    return "".join(_SYLLABLES[number // 15**place % 15] for place in range(4)).capitalize()


@dataclass(slots=True)
class Story:
    """One story; `sentences` are what it says now, by their marks. A `thin` one is hardly more than boilerplate."""

    name: str
    subject: str
    date: datetime
    sentences: dict[str, str]
    noun: str
    thin: bool = False
    repeats: bool = False

    @property
    def title(self) -> str:
        """The headline, in which the story's own word stays whatever is edited."""
        return f"News of {self.name} and the {self.noun}"

    @property
    def version(self) -> tuple[str, ...]:
        """What it says now: the headline's last word, and the marks of its sentences."""
        return (self.noun, *self.sentences)

    def paragraphs(self) -> Iterator[str]:
        """Two sentences each; the first paragraph may come twice."""
        said = list(self.sentences.values())
        parts = [" ".join(said[at : at + 2]) for at in range(0, len(said), 2)]
        yield from parts
        if self.repeats:
            yield parts[0]


@dataclass(slots=True)
class Entry:
    """A story as a paper prints it; `pending` is what was changed of it since the paper was last taken in."""

    story: Story
    guid: str
    link: str
    moved: timedelta = timedelta()
    pending: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Paper:
    """A feed at an address; `guids` says what its guids are, `answers` what it does when it is asked."""

    name: str
    guids: str
    design: tuple[str, ...] = DESIGNS[0]
    entries: list[Entry] = field(default_factory=list)
    away: list[Entry] = field(default_factory=list)
    answers: str = "fine"
    scheme: str = "http"
    tracking: str = ""
    validates: bool = True

    @property
    def url(self) -> str:
        """Where it is polled."""
        return f"https://{self.name}.example/feed"

    def footer(self, story: Story) -> tuple[str, ...]:
        """The names of the lines below a story."""
        return (*self.design, *(_NOTHING_BUT_BOILERPLATE if story.thin else ()))

    def rss(self) -> bytes:
        """The feed as it stands now."""
        items = "".join(self._item(place, entry) for place, entry in enumerate(self.entries, start=1))
        head = (
            f"<title>{self.name.title()}</title><link>https://{self.name}.example/</link><description>d</description>"
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel>{head}{items}</channel></rss>".encode()

    def _item(self, place: int, entry: Entry) -> str:
        story = entry.story
        paragraphs = (*story.paragraphs(), *(LINES[line] for line in self.footer(story)))
        body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
        guid = {"own": entry.guid, "position": str(place)}.get(self.guids, "")
        named = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
        return (
            f"<item><title>{story.title}</title>{named}<link>{self.scheme}://{entry.link}{self.tracking}</link>"
            f"<category>{story.subject}</category><pubDate>{format_datetime(story.date + entry.moved)}</pubDate>"
            f"<description>{escape(body)}</description></item>"
        )


Told = tuple[tuple[str, ...], tuple[str, ...]]  # a version of a story, and the lines below it


@dataclass(frozen=True, slots=True)
class Taken:
    """What a source brought of a story: more than one thing, or nothing (not `surely`), where a poll was disturbed."""

    told: frozenset[Told]
    surely: bool = True

    @property
    def versions(self) -> frozenset[tuple[str, ...]]:
        """What it may have said."""
        return frozenset(version for version, _ in self.told)

    def with_line(self, line: str) -> set[bool]:
        """Whether a line may have stood below it, and may not."""
        return {line in footer for _, footer in self.told}


class Chronicle:
    """All papers and stories, and by source what was taken in."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.papers = [Paper("quay", "own"), Paper("mill", "none", ("copyright", "lake")), Paper("isle", "position")]
        self.stories: dict[str, Story] = {}
        self.taken: dict[str, dict[str, Taken]] = {}

    def write(self, paper: Paper, subject: int, *, thin: bool = False, repeats: bool = False) -> Story:
        """A new story on top of a paper."""
        name = mark(next(self.numbers))
        chance = Random(name)
        date = START + timedelta(hours=len(self.stories), minutes=chance.randrange(50))
        story = Story(name, SUBJECTS[subject % 3], date, {}, chance.choice(_NOUNS), thin, repeats)
        for _ in range(1 if thin else chance.randint(9, 11)):
            self.say(story)
        self.stories[name] = story
        self.reprint(paper, story)
        return story

    def reprint(self, paper: Paper, story: Story) -> None:
        """Print a story in a paper, under a guid and an address of that paper's."""
        number = next(self.numbers)
        link = f"{paper.name}.example/{number}/{story.name.lower()}"
        paper.entries.insert(0, Entry(story, f"{paper.name}-{number}", link))

    def say(self, story: Story) -> None:
        """One more sentence at the end of a story."""
        word = mark(next(self.numbers))
        chance = Random(word)
        who, did, what, end = (chance.choice(words.split(",")) for words in (_WHO, _DID, _WHAT, _END))
        story.sentences[word] = f"The {who} {did} {what.format(word)} {end}."

    def printed(self, story: Story) -> list[Entry]:
        """Where a story stands, or stood."""
        return [e for paper in self.papers for e in (*paper.entries, *paper.away) if e.story is story]

    def edit(self, story: Story, kind: str) -> None:
        """Change a story wherever it is printed, as little at once as keeps it the same story.

        What two papers print stays near-identical also while only one of them was taken in.
        """
        entries = self.printed(story)
        pending = [what for entry in entries for what in entry.pending]
        shared = len(entries) > 1
        most = 0 if shared else 2
        if pending.count("text") > most or "guid" in pending or "title" in pending or (pending and kind == "title"):
            return
        words = list(story.sentences)
        if kind == "title":
            story.noun = _NOUNS[(_NOUNS.index(story.noun) + 1) % len(_NOUNS)]
        elif kind == "add" or len(words) < 8 or (shared and kind == "replace"):
            self.say(story)
        elif kind == "drop":
            del story.sentences[words[-1]]
        else:
            del story.sentences[words[len(words) // 2]]
            self.say(story)
        for entry in entries:
            entry.pending.append("title" if kind == "title" else "text")

    def renumber(self, paper: Paper) -> None:
        """Give all that a paper prints new guids, but for what was edited and not taken in yet."""
        for entry in paper.entries:
            if paper.guids == "own" and not entry.pending:
                entry.guid = f"{paper.name}-{next(self.numbers)}"
                entry.pending.append("guid")

    def take(self, source: str, paper: Paper, *, surely: bool, but: Collection[str] = ()) -> None:
        """Note that a source was polled: what its paper prints was taken in, or, not `surely`, may have been.

        So may what is named in `but`.
        """
        brought = self.taken.setdefault(source, {})
        for entry in paper.entries:
            name, now = entry.story.name, (entry.story.version, paper.footer(entry.story))
            before = brought.get(name, Taken(frozenset(), surely=False))
            if surely and name not in but:
                brought[name] = Taken(frozenset({now}))
                entry.pending.clear()
            else:
                brought[name] = Taken(before.told | {now}, surely=before.surely)
