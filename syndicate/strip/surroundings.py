"""What the second reading is told of a block: a few numbers of its own, and how the article sounds around it.

The first reading (`features.py`, `scorer.py`) meets a block when what stands around it is still open. When it is
through, it is known what went and how everything sounds: a line below which nothing sounds like the article is seen
otherwise than one with paragraphs on either side.
"""

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


def views(judged: Sequence[Judged], described: Sequence[Mapping[str, float]], chances: Sequence[float]) -> list[View]:
    """Return a view of each block, in the order of `NAMES`.

    `described` are the features that the scorer is told, `chances` what it made of them (0 to 1).
    """
    near = [
        (item.loudness, item.block.linked, chance, float(bool(item.family)))
        for item, chance in zip(judged, chances, strict=True)
    ]
    loud = [item.loudness for item in judged]
    cut = [float(bool(item.family)) for item in judged]
    summed, gone = list(accumulate(loud, initial=0.0)), list(accumulate(cut, initial=0.0))
    loudest = list(accumulate(reversed(loud), max, initial=SILENT - 1))[::-1]
    texts = [item.block.text.casefold() for item in judged]
    often = {text: texts.count(text) > 1 for text in set(texts)}
    found = []
    for at, item in enumerate(judged):
        after = len(judged) - at - 1
        told = described[at].get
        beside = [near[at + step] if 0 <= at + step < len(judged) else _OUTSIDE for step in _REACH]
        found.append(
            (
                *[told(name, 0.0) for name in _OWN],
                item.loudness,
                float(item.reading.size),
                chances[at],
                cut[at],
                float(bool(item.family) and not item.reason.startswith("scorer")),
                float(item.sure),
                float(item.before),
                float(item.after),
                float(often[texts[at]]),
                gone[at] / at if at else 1.0,
                (gone[-1] - gone[at + 1]) / after if after else 1.0,
                loudest[at + 1],
                summed[at] / at if at else SILENT - 1,
                (summed[-1] - summed[at + 1]) / after if after else SILENT - 1,
                *[value for values in zip(*beside, strict=True) for value in values],
            )
        )
    return found
