"""Words and phrases by which boilerplate is known, and a quick way to find them in a text.

A lexicon (`lexicon.toml`) names concepts ("subscribe", "newsletter", "network") and lists, language by language, the
phrases that express them. A phrase is a row of words; a word that ends in `*` stands for every word that begins so.
Text and phrases are folded alike: no case, no accents, no vowel points; Chinese, Japanese and Thai signs are words.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate, chain
from typing import NamedTuple

from syndicate.strip.phrases import Mention, Phrases

_SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
# Scripts of India and South East Asia write vowels as marks, which `\w` does not know.
_MARKED = r"\u0900-\u0963\u0966-\u0dff\u1000-\u1049\u104c-\u109f\u1780-\u17d3"
_WORD = re.compile(rf"[{_SIGNS}]|(?:[^\W_{_SIGNS}]|[{_MARKED}])+|[©%]")
_SIGN = re.compile(rf"[{_SIGNS}\uac00-\ud7af]")
_SEPARATORS = re.compile(r"[\W_]+")
_CLAUSE = re.compile(r"[.!?:;|,…。！？：，、؟،।۔።။၊។]+")
# What parts sentences: the white space behind their last sign.
SENTENCE = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+(?=\S)|(?<=[。！？])(?=\S)")
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u3099\u309a]+"
)
_PRINT = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"), ("\u00a0", " "), ("\xad", ""))
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"}
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None, "\u200b": None, "\u200d": None}
)


# Tables for `translate`, as long as all that stands in a text is ASCII: only words, and only words and clauses' ends.
_BLANKS = "".join(sign if sign.isalnum() else " " for sign in map(chr, range(128)))
_CLAUSES = "".join("." if _CLAUSE.match(chr(code)) else blank for code, blank in enumerate(_BLANKS))


def fold(text: str) -> str:
    """Return the text without case, accents, vowel points and compatibility forms."""
    if not text.isascii():
        for sign, plain in _PRINT:
            text = text.replace(sign, plain)
        if not text.isascii():
            bare = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
            return unicodedata.normalize("NFC", _MARKS.sub("", bare))
    return text.lower()


def split(folded: str) -> list[str]:
    """Return the words of a text that is folded already."""
    if folded.isascii() and "%" not in folded:
        return folded.translate(_BLANKS).split()  # the same, four times as fast
    return _WORD.findall(folded)


def breadth(text: str) -> int:
    """Return how long a text is in characters of a script with letters: a sign that is a word counts two and a half."""
    return len(text) if text.isascii() else len(text) + 3 * len(_SIGN.findall(text)) // 2


def bare(folded: str) -> str:
    """Return the letters and digits of a text that is folded already, with one space for everything between them."""
    if folded.isascii():
        return " ".join(folded.translate(_BLANKS).split())
    return _SEPARATORS.sub(" ", folded).strip()


def clause_starts(folded: str) -> set[int]:
    """Return the words at which clauses begin in a text that is folded already."""
    if folded.isascii() and "%" not in folded:
        sizes = [len(clause.split()) for clause in folded.translate(_CLAUSES).split(".")]
    else:
        sizes = [len(split(clause)) for clause in _CLAUSE.split(folded)]
    return set(accumulate(sizes[:-1], initial=0))


def words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return split(fold(text))


PLAIN = frozenset(
    {"filler", "button", "article", "you", "us", "notice", "agency", "nav", "form", "thisarticle", "friends", "event"}
    | {"said", "control"}
)
_NOTES = frozenset({"keep", "prayer"})


class Mentions(NamedTuple):
    """The concepts that a text mentions: boilerplate's own, those of plain language, and those that protect."""

    cues: list[Mention]
    plain: list[Mention]
    notes: list[Mention]


class Lexicon:
    """All phrases of all languages, and the names of the concepts that they express."""

    def __init__(self, concepts: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        self.notes = frozenset(_NOTES & concepts.keys())
        self.plain = frozenset(PLAIN & concepts.keys())
        self.cues = frozenset(concepts.keys() - self.notes - self.plain)
        keys = cache(_keys)  # most words stand in many phrases

        def split_up(phrase: str) -> list[str]:
            return list(chain.from_iterable(map(keys, phrase.split())))

        phrases = {name: list(map(split_up, chain.from_iterable(found.values()))) for name, found in concepts.items()}
        groups = (self.cues, self.plain, self.notes)
        self._phrases = Phrases([{name: phrases[name] for name in concepts if name in group} for group in groups])

    def mentions(self, text_words: Sequence[str]) -> Mentions:
        """Return every mention of a concept, also where they overlap."""
        return Mentions(*self._phrases.mentions(text_words))


def _keys(part: str) -> list[str]:
    """Return the words of a phrase's part as a text has them; what ends in `*` keeps it."""
    found = words(part.rstrip("*"))
    if part.endswith("*"):
        found[-1] += "*"
    return found


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that comes with the package."""
    return Lexicon(tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8")))
