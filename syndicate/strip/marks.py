"""The copyright sign as it is typed: "(c)" stands for it, or for the third of something: a point, a church year."""

import re

from syndicate.strip.words import fold

_TYPED = re.compile(r"\([cC]\)")
_NEAR = 300  # characters
_LISTED = re.compile(r"\([abAB]\)")
# What it follows, where it can be nothing else: nothing, the word, the year, a sign.
_LEADING = re.compile(r"(?:^|copyright|copr\.?|\b(?:19|20)\d\d|[^\w\s,])\s*$", re.IGNORECASE)
_NUMBERED = re.compile(r"\s?[-–—,.:;|]?\s?\w")
_YEAR = re.compile(
    r"\s?\W?\s?(?:19|20)\d\d\b(?:\s?[-–]\s?\d{2,4}\b)?(?:\W*$|\s?[^\w\s(]|\s(?:by|all)\b|\s(?=(\w)))",
    re.IGNORECASE,
)
# What has a third of its kind: years and Sundays of churches, paragraphs of laws.
_THIRDS = re.compile(r"(?:year|cycle|sunday|lent|advent|easter|time|section|jahr|ano|anno|annee)\W?$")


def signed(text: str) -> str:
    """Return the text with © in place of each "(c)" that means it."""
    return _TYPED.sub(lambda found: "©" if _is_meant(found) else found[0], text) if "(" in text else text


def _is_meant(found: re.Match[str]) -> bool:
    before = found.string[max(found.start() - _NEAR, 0) : found.start()]
    after = found.string[found.end() : found.end() + _NEAR]
    if _LISTED.search(before) or not _NUMBERED.match(after) or after.lstrip().startswith("("):
        return False
    if _LEADING.search(before):
        return True
    year = _YEAR.match(after)
    owned = year is not None and (year[1] is None or year[1].isupper())
    return owned and before[-1].isspace() and _THIRDS.search(fold(before.rstrip())) is None
