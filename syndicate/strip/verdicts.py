"""A block on its way to a verdict, and what is known beside it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from syndicate.strip.blocks import Block
from syndicate.strip.families import Rule
from syndicate.strip.links import is_player
from syndicate.strip.memory import Memory, Trace
from syndicate.strip.rulings import Rulings
from syndicate.strip.scorer import Scorer
from syndicate.strip.voice import LOUDEST, Voice
from syndicate.strip.wording import Slots, Wording
from syndicate.strip.words import breadth

if TYPE_CHECKING:
    from syndicate.strip.forest import Forest

_ENDS = tuple(".!?…。！？।۔؟։።។៕။")
# Families that stand inside of articles, too (and no family): they say nothing of what stands beside them.
INNER = frozenset({"", "ui", "credit", "byline", "template"})
CUT_OFF = ("…", "...", "[…]", "[...]")
_CLOSERS = "\"'”“’»«)]』」*"
SILENT = -LOUDEST  # log odds of what nobody listened to
_APPEAL = 3.0  # log odds: what sounds so is no note, whatever it calls itself
_LOUD = 1.0  # log odds: what sounds so is no paragraph of the article
_SHORTEST = 60  # characters: no paragraph of prose is shorter
_LINKED = 0.6  # share of links, from which a block is one
_ITEM = 160  # characters: no item of a list of links or tags is longer


def is_sentence(text: str) -> bool:
    """Whether a text ends as sentences do."""
    return text.rstrip(_CLOSERS).endswith(_ENDS)


# Who or what speaks against a block: an admin (a ruling, or a rule of the house), its `markup`, a `rule`, the source's
# `memory`, its own `form` or that of the lines it stands among, its being a second `copy` or standing `beside` one, a
# `heading` that went above it, a `box` or `neighbours` that went around it, the `scorer` or the `forest`. This is what
# code asks for; the reason on record is for people. "" as long as nobody has spoken.
By = Literal[
    "",
    "admin",
    "markup",
    "rule",
    "memory",
    "form",
    "copy",
    "beside",
    "heading",
    "box",
    "neighbours",
    "scorer",
    "forest",
]
HEARD: frozenset[By] = frozenset({"scorer", "forest"})  # those that judge by the sound


class Doubt(NamedTuple):
    """What speaks against a block that stays, and, as evidence, why it is not certain."""

    family: str = ""
    by: By = ""
    reason: str = ""
    evidence: str = ""


NO_DOUBT = Doubt()


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known beside the blocks: the article's title and address, its source's ways, an admin's word."""

    title: str
    slots: Slots
    memory: Memory
    rulings: Rulings
    voice: Voice
    scorer: Scorer
    forest: "Forest"


_Described = tuple[dict[str, float], dict[str, float]]


@dataclass(slots=True)
class Judged:
    """A block, or the characters `start` to `end` of its raw text, on the way to a verdict.

    `family` is "" as long as it stays. `by` tells code what gave it up last; `reason` and `evidence` tell people.
    """

    block: Block
    reading: Wording
    rules: tuple[Rule, ...] = ()
    kept: bool = False  # an admin put it back
    before: int = 0  # paragraphs of prose above
    after: int = 0  # and below
    family: str = ""
    by: By = ""
    reason: str = ""
    evidence: str = ""
    section: bool = False  # it takes the list below it along
    label: bool = False  # it says nothing without the list below it
    pitch: bool = False  # it takes the one paragraph below it along
    sure: bool = False  # no second opinion is asked for
    raw: bool = False  # it is code, or longer than any boilerplate
    plain: bool = False  # it stands in a body without any link
    beyond: bool = False  # it follows boilerplate that closes an article
    fact: bool = False  # it is a line of a box of facts, a point of a lettered list, a cell of a table of data
    piece: bool = (
        False  # it is part of something that is not judged line by line: a sentence, a letter's end, a refrain
    )
    stopgap: bool = False  # it came back only because nothing else would be left
    standing: bool = False  # it stands around nearly every article of its source
    loudness: float = SILENT  # what the voice says of it (log odds)
    doubt: Doubt = NO_DOUBT
    start: int = 0
    end: int | None = None
    trace: Trace | None = None  # what the source's memory knows of it, once somebody asked
    told: dict[str, float] | None = None  # what the scorer is told of it alone, once somebody asked
    described: _Described | None = None  # what it is told with the block's neighbours, and what those were
    formed: bool | None = None  # its form tells that it is the article's own, once somebody asked
    player: bool = field(init=False)  # it is a link made of a frame
    breadth: int = field(init=False)  # characters
    sentence: bool = field(init=False)  # it ends as sentences do
    whole: bool = field(init=False)  # it does, and is not cut off

    def __post_init__(self) -> None:
        text = self.block.text
        self.player = is_player(self.block.container)
        self.breadth, self.sentence = breadth(text), is_sentence(text)
        self.whole = self.sentence and not text.endswith(CUT_OFF)

    @property
    def text(self) -> str:
        """The text that it stands for, white space collapsed."""
        return " ".join(self.block.raw[self.start : self.end].split())

    @property
    def protected(self) -> bool:
        """Whether it has to stay: an admin said so, or it is a correction, a note, a reporter's credit, a player."""
        reading = self.reading
        noted = reading.protected and (self.loudness < _APPEAL or reading.quoting or reading.praying)
        return self.kept or self.player or noted

    @property
    def is_link(self) -> bool:
        """Whether it is, but for a few words, a link or a row of links."""
        return self.block.linked > _LINKED

    @property
    def announces(self) -> bool:
        """Whether it ends in a colon: it introduces what follows."""
        return self.block.text.endswith((":", "："))

    @property
    def greets(self) -> bool:
        """Whether it ends as a greeting does above the name that a letter is signed with."""
        return self.block.text.endswith((",", "،", "，"))

    @property
    def prose(self) -> bool:
        """Whether it looks like a paragraph of the article, not like anything around it."""
        long = self.whole and self.breadth > _SHORTEST and self.block.linked < 0.5
        return long and not self.standing and self.loudness < (0 if self.rules else _LOUD)

    def cut(self, family: str, by: By, reason: str = "", evidence: str = "") -> None:
        """Give it up, for a reason (by default, the name of what gives it up)."""
        self.family, self.by, self.reason, self.evidence = family, by, reason or by, evidence

    def ask(self, family: str, by: By, reason: str = "", evidence: str = "") -> None:
        """Put it before an admin: it stays, although it could be cut so."""
        self.doubt = Doubt(family, by, reason or by, evidence)

    def take_back(self, why: str) -> None:
        """Let it stay although it was cut, and put it before an admin."""
        self.doubt, self.family = Doubt(self.family, self.by, self.reason, why), ""

    @property
    def listable(self) -> bool:
        """Whether it could be an item of a list of links or tags, or a label."""
        short = self.breadth < _ITEM and not self.sentence and self.after == 0
        return not self.prose and not self.fact and (self.is_link or short)


def trace_of(item: Judged, scene: Scene) -> Trace:
    """Return what the source's memory knows of a block; nothing of one that says something else each time.

    What a rule describes, or is a link, may do so: the year of a copyright line, the number of comments.
    """
    if item.trace is None:
        trace = scene.memory.of(item.block.text, scene.title) if scene.memory.articles else Trace()
        told = item.is_link or not all(rule.row for rule in item.rules)
        item.trace = Trace() if trace.varies and not told else trace
    return item.trace
