"""What the second reading is told of a block: a few numbers of its own, and how the article sounds around it.

The first reading (`features.py`, `scorer.py`) meets a block when what stands around it is still open. When it is
through, it is known what went and how everything sounds: a line below which nothing sounds like the article is seen
otherwise than one with paragraphs on either side.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from syndicate.strip.dress import NAMES as DRESS
from syndicate.strip.dress import Dress
from syndicate.strip.memory import Memory
from syndicate.strip.verdicts import SILENT, Judged

View = tuple[float, ...]

_OWN = (
    "density",
    "coverage",
    "cue at opening",
    "address",
    "asks or shouts",
    "cut off",
    "sentence",
    "heading",
    "list item",
    "quote",
    "table",
    "speech",
    "linked",
    "links in",
    "links out",
    "links to act",
    "plain",
    "beyond",
)
_MEMORY = ("seen", "seen often", "articles", "seen above", "seen below", "prose seen")
_REACH = (-2, -1, 1, 2)
NAMES = (
    *_OWN,
    "loudness",
    "words",
    "chance",
    "cut",
    "cut by rule",
    "cut for sure",
    "prose before",
    "prose after",
    "said again",
    "share cut before",
    "share cut after",
    "loudest after",
    "loudness before",
    "loudness after",
    "place",
    "title case",
    "date or time",
    "new words",
    "run",
    "place in run",
    "run to the end",
    "run from the start",
    "run cut",
    "run loudness",
    "run of sentences",
    "length in run",
    "run inward",
    "run outward",
    *_MEMORY,
    *DRESS,
    *(f"{name} {at:+}" for name in ("loudness", "linked", "chance", "cut") for at in _REACH),
)
_DATE = re.compile(r"\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:19|20)\d\d\b")
_LINKED, _INWARD = 0.8, frozenset({"in", "self", "place", "tag"})
_MANY = 40  # articles: more tell no more
_TELLING = 4  # articles
_TOLD = 4  # letters: shorter words are in every text
_SOFTEST = -4.0  # log odds
_OUTSIDE = (SILENT - 1, 0.0, 0.0, 1.0)  # what stands beyond the first and the last block: nothing, and none of it stays


class _Run(NamedTuple):
    """Blocks on end of which none looks like a paragraph of the article, or one that does: where, and what they are."""

    start: int
    size: int
    cut: float
    loudness: float
    sentences: float
    length: float
    inward: float
    outward: float

    def view(self, at: int, item: Judged, last: int) -> Iterator[float]:
        """Give what is told of a block of the run: how it fits in."""
        yield float(self.size)
        yield (at - self.start) / max(self.size, 1)
        yield float(self.start + self.size > last)
        yield float(self.start == 0)
        yield from (self.cut, self.loudness, self.sentences)
        yield math.log1p(item.breadth) - self.length
        yield from (self.inward, self.outward)


def _runs(judged: Sequence[Judged]) -> Iterator[_Run]:
    """Give the run of each block; a paragraph of prose is a run of no size."""
    start = 0
    for prose, group in groupby(judged, key=lambda item: item.prose):
        items = list(group)
        for at in range(start, start + len(items)) if prose else ():
            yield _Run(at, 0, 0.0, 0.0, 1.0, math.log1p(judged[at].breadth), 0.0, 0.0)
        if not prose:
            yield from [_measured(start, items)] * len(items)
        start += len(items)


def _measured(start: int, items: Sequence[Judged]) -> _Run:
    size = len(items)
    return _Run(
        start,
        size,
        sum([bool(item.family) for item in items]) / size,
        sum([max(item.loudness, _SOFTEST) for item in items]) / size,
        sum([item.sentence for item in items]) / size,
        sum([math.log1p(item.breadth) for item in items]) / size,
        sum([item.block.linked > _LINKED and item.reading.kinds <= _INWARD for item in items]) / size,
        sum([item.block.linked > _LINKED and "out" in item.reading.kinds for item in items]) / size,
    )


def _seen(item: Judged) -> int:
    """In how many articles of its source a block stood, as far as anybody asked."""
    return min(item.trace.seen, _MANY) if item.trace is not None else 0


def _telling(item: Judged) -> list[str]:
    """Return the words that tell what a block is about; where signs are words, the signs and their pairs."""
    words = item.reading.words
    found = [word for word in words if len(word) >= _TOLD]
    if item.reading.folded.isascii():
        return found
    signs = [word if len(word) == 1 and word > "\u0e00" else "" for word in words]
    return [*found, *filter(None, signs), *(one + two for one, two in pairwise(signs) if one and two)]


class Surroundings:
    """An article's blocks as the first reading left them, from which a view of each can be had."""

    def __init__(
        self,
        judged: Sequence[Judged],
        described: Sequence[Mapping[str, float]],
        chances: Sequence[float],
        memory: Memory,
    ) -> None:
        """Take what the scorer is told of each block, and what it made of it (a chance from 0 to 1)."""
        self.chances = chances
        self._memory = memory
        self._judged = judged
        self._described = described
        cut = [float(bool(item.family)) for item in judged]
        loud = [item.loudness for item in judged]
        linked = [item.block.linked for item in judged]
        self._near = list(zip(loud, linked, chances, cut, strict=True))
        self._summed, self._gone = list(accumulate(loud, initial=0.0)), list(accumulate(cut, initial=0.0))
        self._loudest = list(accumulate(reversed(loud), max, initial=SILENT - 1))[::-1]
        self._often = Counter(item.block.text.casefold() for item in judged)
        self._runs = list(_runs(judged))
        self._dress = Dress(judged)

    @cached_property
    def _told(self) -> frozenset[str]:
        """The words of the article's paragraphs."""
        prose = [_telling(item) for item in self._judged if item.prose and not item.family]
        return frozenset(word for words in prose for word in words)

    def new_words(self, item: Judged) -> float:
        """Return the share of a block's words that no paragraph has, -1 where it has no words."""
        words = [word for word in _telling(item) if not word.isdigit()]
        return sum([word not in self._told for word in words]) / len(words) if words else -1.0

    @cached_property
    def _prose_seen(self) -> float:
        """The share of the article's paragraphs that its source has in other articles: high for a second version."""
        seen = [_seen(item) > 1 for item in self._judged if item.prose]
        return sum(seen) / len(seen) if seen else 0.0

    def _coming_back(self, at: int) -> Iterator[float]:
        """Give what the source's memory tells of a block and of those beside it.

        That a block does not come back tells nothing yet when a few articles are known.
        """
        item, last = self._judged[at], len(self._judged) - 1
        if self._memory.articles < _TELLING and _seen(item) <= 1:
            yield from [0.0] * len(_MEMORY)
            return
        yield float(_seen(item))
        yield self._memory.share(item.trace) if item.trace is not None and _seen(item) > 1 else 0.0
        yield float(min(self._memory.articles, _MANY))
        yield float(at > 0 and _seen(self._judged[at - 1]) > 1)
        yield float(at < last and _seen(self._judged[at + 1]) > 1)
        yield self._prose_seen if self._memory.articles > 1 else 0.0

    def cut_below(self, at: int) -> float:
        """Return the share (0 to 1) of the blocks below a block that went; 1 where there is none."""
        below = len(self._judged) - at - 1
        return (self._gone[-1] - self._gone[at + 1]) / below if below else 1.0

    def view(self, at: int) -> View:
        """Return the view of the block at a position, in the order of `NAMES`."""
        item, told, last = self._judged[at], self._described[at].get, len(self._judged) - 1
        text, parts = item.block.text, item.block.text.split()
        beside = [self._near[at + step] if 0 <= at + step <= last else _OUTSIDE for step in _REACH]
        return (
            *[told(name, 0.0) for name in _OWN],
            item.loudness,
            float(item.reading.size),
            self.chances[at],
            float(bool(item.family)),
            float(bool(item.family) and item.by != "scorer"),
            float(item.sure),
            float(item.before),
            float(item.after),
            float(self._often[item.block.text.casefold()] > 1),
            self._gone[at] / at if at else 1.0,
            self.cut_below(at),
            self._loudest[at + 1],
            self._summed[at] / at if at else SILENT - 1,
            (self._summed[-1] - self._summed[at + 1]) / (last - at) if at < last else SILENT - 1,
            at / (last + 1),
            sum([part[:1].isupper() for part in parts]) / max(len(parts), 1),
            float(_DATE.search(text) is not None),
            self.new_words(item),
            *self._runs[at].view(at, item, last),
            *self._coming_back(at),
            *self._dress.view(at),
            *[value for values in zip(*beside, strict=True) for value in values],
        )
