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
_WORDY = 3  # words of a line in capitals that is more than a place, a role or an author's name
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
        and not text.endswith((",", ":", ";", "。", "।", "۔"))
        and headline(text)[1]
        and not byline(text)
    )


def heads_all(found: list[Block]) -> bool:
    """Whether a line, the first block, heads all that follows, rather than one of several items below a rubric."""
    signed = any(byline(block.text) or dateline(block.text) for block in found[1 : 1 + _NEAR])
    return signed or not any(map(can_be_headline, found[1 : 1 + _FAR]))


def headline_lines(found: list[Block]) -> list[str]:
    """The lines of a headline that was set on several: those right below the first, if a blank line follows them.

    A byline may follow before that. They go on in a small letter, or with capitals as the first has them; below a
    headline that has those, small letters are no part of it. What stands below is longer, or they are verse.
    """
    group = [found[0], *takewhile(lambda block: block.attached, found[1:])]
    lines = [group[0].text, *takewhile(lambda line: not byline(line), (block.text for block in group[1:]))]
    text = " ".join(lines)
    if not 1 < len(lines) <= _LINES or len(text) > _LENGTH or not all(headline(block.text)[1] for block in group):
        return lines[:1]
    signed = any(byline(block.text) for block in found[len(lines) : len(lines) + _NEAR])
    words = _WORDY if signed else _WORDY + 1  # a name may have three
    goes_on = all(_continues(above, line, words) for above, line in pairwise(lines))
    return lines if goes_on and any(len(block.text) > len(text) for block in found[len(group) :]) else lines[:1]


def _continues(above: str, line: str, words: int) -> bool:
    """Whether a headline goes on in the line below; one in capitals has so many words at least, and no figure."""
    if len(above) < _BROKEN or above.endswith(SENTENCE_END):
        return False
    if _has_capitals(above) and not above.endswith(","):
        return _has_capitals(line) and len(line.split()) >= words and not any(map(str.isdigit, line))
    return line[:1].islower()


def _has_capitals(line: str) -> bool:
    """Whether most long words of a line have capitals, as in English headlines."""
    words = [word for word in _WORDS.findall(line) if len(word) > _SMALL]
    return bool(words) and 4 * sum(not word[0].islower() for word in words) >= 3 * len(words)
