"""Where the sentences of a block begin, and which of them stand at an article's edges."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from syndicate.strip.blocks import Block
from syndicate.strip.words import SENTENCE

# What parts sentences, and an ellipsis to which a button is glued.
ENDING = re.compile(rf"{SENTENCE.pattern}|(?<=…)(?=[^\W\d_])|(?<=\.\.\.)(?=[^\W\d_])|(?<=[…\.]\])\s*(?=[^\W\d_])")
_HEAD, _TAIL = 3, 8  # blocks at either end of an article that are looked at
_BLOCKS = 2  # of these at its tail, whose sentences are told apart
_SENTENCES = 3  # at an edge


def starts(raw: str, title: str, ending: re.Pattern[str] = ENDING) -> list[int]:
    """Return where sentences begin behind the first; those of the article's title that it names are none."""
    named = title if title and title in raw else ""
    masked = raw.replace(named, "_" * len(named)) if named else raw
    return [match.end() for match in ending.finditer(masked)]


def edges(blocks: Sequence[Block], title: str) -> Iterator[tuple[str, bool]]:
    """Yield the sentences at the edges of an article, each with whether it is at the head; blocks of one are none."""
    above = next(_parted(blocks[:_HEAD], title), [])
    yield from ((text, True) for text in above[:_SENTENCES])
    below = _parted(blocks[: -_TAIL - 1 : -1], title)
    for _, texts in zip(range(_BLOCKS), below, strict=False):
        yield from ((text, False) for text in texts[-_SENTENCES:])


def _parted(blocks: Sequence[Block], title: str) -> Iterator[list[str]]:
    """Yield the sentences of each block that has several."""
    for block in blocks:
        marks = [0, *starts(block.raw, title), len(block.raw)]
        if len(marks) > 2:
            texts = (" ".join(block.raw[start:end].split()) for start, end in pairwise(marks))
            yield [text for text in texts if text]
