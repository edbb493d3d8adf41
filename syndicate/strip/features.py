"""What the scorer is told of a block that no rule has judged: a few numbers, each about from 0 to 1."""

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from syndicate.normalize.tree import HEADINGS
from syndicate.strip.memory import Memory, Trace
from syndicate.strip.verdicts import CUT_OFF, SILENT, Judged
from syndicate.strip.words import PLAIN

_SAID = ("you", "us", "said")  # of plain language, only who speaks to whom
_NEAR = 4  # blocks on either side that are looked at


def features(judged: Sequence[Judged], at: int, memory: Memory, trace: Trace) -> Mapping[str, float]:
    """Describe the block at a position: its words, its place, its links, its neighbours, and how often it came back."""
    item = judged[at]
    if item.told is None:  # of these, only the neighbours change on the way to a verdict
        own = {**_of_text(item), **_of_place(item), **_of_links(item), **_of_memory(item, memory, trace)}
        item.told = _some(own)
    beside = _of_neighbours(judged, at)
    if item.described is None or item.described[0] != beside:  # and those seldom
        found = item.told | _some(beside)
        found.update(_together(found))
        item.described = beside, found
    return item.described[1]


def _some(found: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in found.items() if value}


def _of_text(item: Judged) -> dict[str, float]:
    reading, text = item.reading, item.block.text
    found = {
        "loud": max(item.loudness, 0.0) / 4,
        "silent": max(-item.loudness, 0.0) / 4,
        "density": reading.density,
        "coverage": reading.coverage if reading.density else 0.0,
        "cue at opening": float(any(start in reading.openings for _, start, _ in reading.cues)),
        "length": min(math.log1p(reading.size) / 6, 1.0),
        "short": float(reading.size <= 8),
        "sentence": float(item.sentence),
        "cut off": float(text.endswith(CUT_OFF)),
        "asks or shouts": float("?" in text or "!" in text),
        "address": float("@" in text or "www." in text or "http" in text),
        "speech": float(reading.speech),
    }
    found.update({f"says {name}": 1.0 for name in reading.concepts if name not in PLAIN or name in _SAID})
    return found


def _of_place(item: Judged) -> dict[str, float]:
    return {
        "last": float(item.after == 0),
        "first": float(item.before == 0),
        "near end": 1 / (1 + item.after),
        "beyond": float(item.beyond),
        "inside": float(min(item.before, item.after) > 0 and not item.beyond),
        "heading": float(item.block.tag in HEADINGS),
        "list item": float("li" in item.block.tags),
        "quote": float("blockquote" in item.block.tags),
        "table": float("td" in item.block.tags),
    }


def _of_links(item: Judged) -> dict[str, float]:
    kinds = item.reading.kinds
    return {
        "linked": item.block.linked,
        "links in": float(not kinds.isdisjoint(("in", "self", "place"))),
        "links out": float(kinds == {"out"}),
        "links to act": float(bool(kinds - {"in", "out", "self", "place"})),
        "plain": float(item.plain),
    }


def _of_neighbours(judged: Sequence[Judged], at: int) -> dict[str, float]:
    above, below = judged[max(at - _NEAR, 0) : at], judged[at + 1 : at + 1 + _NEAR]
    return {
        "cut above": float(bool(above) and bool(above[-1].family)),
        "cut below": float(bool(below) and bool(below[0].family)),
        "cuts above": sum([bool(item.family) for item in above]) / _NEAR,
        "cuts below": sum([bool(item.family) for item in below]) / _NEAR,
        "loud above": _heard(above[-1].loudness) if above else 0.0,
        "loud below": _heard(below[0].loudness) if below else 0.0,
        "end above": float(not above),
        "end below": float(not below),
    }


def _heard(loudness: float) -> float:
    return max(-1.0, min(1.0, loudness / 4)) if loudness > SILENT else 0.0


def _of_memory(item: Judged, memory: Memory, trace: Trace) -> dict[str, float]:
    return {
        "seen again": float(trace.seen > 1),
        "seen often": memory.share(trace) if trace.seen > 2 else 0.0,
        "same tail": min(trace.tail, 4) / 4 if item.after == 0 and trace.seen > 1 else 0.0,
    }


_PAIRS = (
    ("short", "cut above"),
    ("short", "cut below"),
    ("short", "beyond"),
    ("short", "plain"),
    ("short", "last"),
    ("sentence", "last"),
    ("sentence", "cut above"),
    ("sentence", "beyond"),
    ("linked", "cut above"),
    ("linked", "last"),
    ("links in", "last"),
    ("plain", "beyond"),
    ("plain", "cut above"),
    ("loud", "last"),
    ("loud", "first"),
    ("loud", "short"),
    ("loud", "sentence"),
    ("loud", "cut above"),
    ("silent", "cut above"),
    ("silent", "beyond"),
    ("seen again", "loud"),
    ("seen again", "linked"),
    ("seen again", "last"),
    ("seen often", "last"),
    ("list item", "linked"),
    ("loud", "inside"),
    ("short", "inside"),
    ("sentence", "inside"),
    ("linked", "inside"),
    ("links in", "inside"),
    ("cut above", "inside"),
    ("end above", "end below"),
    ("cut above", "cut below"),
    ("cut above", "end below"),
)


# The same with what each is called, by what comes first: most of that is not there.
_PARTNERS = tuple(
    (one, tuple((two, f"{one}, {two}") for _, two in pairs)) for one, pairs in groupby(_PAIRS, key=itemgetter(0))
)


def _together(found: Mapping[str, float]) -> dict[str, float]:
    return {
        name: found[one] * found[two]
        for one, partners in _PARTNERS
        if one in found
        for two, name in partners
        if two in found
    }
