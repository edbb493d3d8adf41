"""What the scorer is told of a block that no rule has judged: a few numbers, each from 0 to 1."""

import math
from collections.abc import Sequence

from syndicate.strip.memory import Memory, Trace
from syndicate.strip.verdicts import Judged, is_sentence
from syndicate.strip.words import PLAIN

_SAID = ("you", "us", "said")  # of plain language, only who speaks to whom


def features(judged: Sequence[Judged], at: int, memory: Memory, trace: Trace) -> dict[str, float]:
    """Describe the block at a position: its words, its place, its links, its neighbours, and how often it came back."""
    item = judged[at]
    reading, text = item.reading, item.block.text
    above = judged[at - 1] if at else None
    below = judged[at + 1] if at + 1 < len(judged) else None
    found = {
        "bias": 1.0,
        "density": reading.density,
        "coverage": reading.coverage if reading.density else 0.0,
        "cue at opening": float(any(start in reading.openings for _, start, _ in reading.cues)),
        "linked": item.block.linked,
        "last": float(item.after == 0),
        "first": float(item.before == 0),
        "near end": 1 / (1 + item.after),
        "length": min(math.log1p(reading.size) / 6, 1.0),
        "short": float(reading.size <= 8),
        "sentence": float(is_sentence(text)),
        "asks or shouts": float("?" in text or "!" in text),
        "address": float("@" in text or "www." in text or "http" in text),
        "speech": float(reading.speech),
        "links in": float("in" in reading.kinds or "self" in reading.kinds),
        "links out": float(reading.kinds == {"out"}),
        "links to act": float(bool(reading.kinds - {"in", "out", "self"})),
        "cut above": float(above is not None and bool(above.family)),
        "cut below": float(below is not None and bool(below.family)),
        "end below": float(below is None),
        "seen again": float(trace.seen > 1),
        "seen often": memory.share(trace) if trace.seen > 2 else 0.0,
        "same tail": min(trace.tail, 4) / 4 if item.after == 0 and trace.seen > 1 else 0.0,
    }
    found.update({f"says {name}": 1.0 for name in reading.concepts if name not in PLAIN or name in _SAID})
    return {name: value for name, value in found.items() if value}
