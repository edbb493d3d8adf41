"""Which lines at the top of a plain-text article are its headline."""

import re
from itertools import pairwise, takewhile

from syndicate.normalize.byline import byline
from syndicate.normalize.datelines import dateline
from syndicate.normalize.shape import Block
from syndicate.text import shorten

SENTENCE_END = (".", "!", "?", "…", ":", ";", "”", '"')
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Jr|Sr|St|Inc|Corp|Co|Ltd|etc|vs|No)\.$")
_WORDS = re.compile(r"\w+")
_LENGTH, _LINES = 200, 3  # of a headline: its characters, its lines
_BROKEN = 16  # characters of a line at which a headline may be broken into two
_SMALL = 3  # letters of words that have no capitals in headlines
_NEAR, _FAR = 3, 6  # blocks below a headline: where it is signed, where it is one of several


def headline(text: str) -> tuple[str, bool]:
    """A headline out of the first block, and whether the block is nothing but that: headlines are no sentences."""
    is_sentence = text.endswith((".", "…")) and not _ABBREVIATION.search(text)
    if len(text) <= _LENGTH and not is_sentence and dateline(text) is None:
        return text, True
    first = re.split(r"(?<=[.!?…])\s", text, maxsplit=1)[0]
    return shorten(first, 110), False


def can_be_headline(block: Block) -> bool:
    """Whether a block below a rubric may be the headline: no sentence, byline or address to somebody."""
    text = block.text
    return (
        block.kind in {"p", "h2"}
        and not text[:1].islower()
        and not text.endswith((",", ":", ";"))
        and headline(text)[1]
        and not byline(text)
    )


def heads_all(found: list[Block]) -> bool:
    """Whether a line, the first block, heads all that follows, rather than one of several items below a rubric."""
    signed = any(byline(block.text) or dateline(block.text) for block in found[1 : 1 + _NEAR])
    return signed or not any(map(can_be_headline, found[1 : 1 + _FAR]))


def headline_lines(found: list[Block]) -> list[str]:
    """The lines of a headline that was set on several: those right below the first, if a blank line follows them.

    They go on in a small letter, or with capitals as the first has them; below a headline that has those, small letters
    are no part of it. Such lines stand above paragraphs longer than they are, or they are verse.
    """
    lines = [found[0].text, *(block.text for block in takewhile(lambda block: block.attached, found[1:]))]
    lines = list(takewhile(lambda line: not byline(line), lines)) or lines[:1]
    text, rest = " ".join(lines), found[len(lines) :]
    goes_on = all(_continues(above, line) for above, line in pairwise(lines))
    short = 1 < len(lines) <= _LINES and len(text) <= _LENGTH and any(len(block.text) > len(text) for block in rest)
    return lines if short and goes_on and headline(text)[1] else lines[:1]


def _continues(above: str, line: str) -> bool:
    """Whether a headline goes on in the line below."""
    if len(above) < _BROKEN or above.endswith(SENTENCE_END) or dateline(line):
        return False
    if _has_capitals(above) and not above.endswith(","):
        return _has_capitals(line)
    return line[:1].islower()


def _has_capitals(line: str) -> bool:
    """Whether most long words of a line have capitals, as in English headlines."""
    words = [word for word in _WORDS.findall(line) if len(word) > _SMALL]
    return bool(words) and 4 * sum(not word[0].islower() for word in words) >= 3 * len(words)
