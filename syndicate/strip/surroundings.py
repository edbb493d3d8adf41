"""What the second reading is told of a block: a few numbers of its own, and how the article sounds around it.

The first reading (`features.py`, `scorer.py`) meets a block when what stands around it is still open. When it is
through, it is known what went and how everything sounds: a line below which nothing sounds like the article is seen
otherwise than one with paragraphs on either side.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

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
    *(f"{name} {at:+}" for name in ("loudness", "linked", "chance", "cut") for at in _REACH),
)
_OUTSIDE = (SILENT - 1, 0.0, 0.0, 1.0)  # what stands beyond the first and the last block: nothing, and none of it stays


class Surroundings:
    """An article's blocks as the first reading left them, from which a view of each can be had."""

    def __init__(
        self, judged: Sequence[Judged], described: Sequence[Mapping[str, float]], chances: Sequence[float]
    ) -> None:
        """Take what the scorer is told of each block, and what it made of it (a chance from 0 to 1)."""
        self.chances = chances
        self._judged = judged
        self._described = described
        cut = [float(bool(item.family)) for item in judged]
        loud = [item.loudness for item in judged]
        linked = [item.block.linked for item in judged]
        self._near = list(zip(loud, linked, chances, cut, strict=True))
        self._summed, self._gone = list(accumulate(loud, initial=0.0)), list(accumulate(cut, initial=0.0))
        self._loudest = list(accumulate(reversed(loud), max, initial=SILENT - 1))[::-1]
        self._often = Counter(item.block.text.casefold() for item in judged)

    def cut_below(self, at: int) -> float:
        """Return the share (0 to 1) of the blocks below a block that went; 1 where there is none."""
        below = len(self._judged) - at - 1
        return (self._gone[-1] - self._gone[at + 1]) / below if below else 1.0

    def view(self, at: int) -> View:
        """Return the view of the block at a position, in the order of `NAMES`."""
        item, told, last = self._judged[at], self._described[at].get, len(self._judged) - 1
        beside = [self._near[at + step] if 0 <= at + step <= last else _OUTSIDE for step in _REACH]
        return (
            *[told(name, 0.0) for name in _OWN],
            item.loudness,
            float(item.reading.size),
            self.chances[at],
            float(bool(item.family)),
            float(bool(item.family) and not item.reason.startswith("scorer")),
            float(item.sure),
            float(item.before),
            float(item.after),
            float(self._often[item.block.text.casefold()] > 1),
            self._gone[at] / at if at else 1.0,
            self.cut_below(at),
            self._loudest[at + 1],
            self._summed[at] / at if at else SILENT - 1,
            (self._summed[-1] - self._summed[at + 1]) / (last - at) if at < last else SILENT - 1,
            *[value for values in zip(*beside, strict=True) for value in values],
        )
