"""Words and phrases by which boilerplate is known, and a quick way to find them in a text.

A lexicon (`lexicon.toml`) names concepts ("subscribe", "newsletter", "network") and lists, language by language, the
phrases that express them. A phrase is a row of words; a word that ends in `*` stands for every word that begins so.
Text and phrases are folded alike: no case, no accents, no vowel points; Chinese, Japanese and Thai signs are words.
"""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

_SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_SIGNS}]|[^\W_{_SIGNS}]+|[©%]")
_SIGN = re.compile(rf"[{_SIGNS}\uac00-\ud7af]")
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u3099\u309a]+"
)
_PRINT = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"), ("\u00a0", " "), ("\xad", ""))
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"}
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None, "\u200b": None}
)


_REMEMBERED = 20_000  # words whose place in the tree is looked up only once


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
    return _WORD.findall(folded)


def breadth(text: str) -> int:
    """Return how long a text is in characters of a script with letters: a sign that is a word counts two and a half."""
    return len(text) if text.isascii() else len(text) + 3 * len(_SIGN.findall(text)) // 2


def words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return split(fold(text))


@dataclass(slots=True)
class _Node:
    following: dict[str, "_Node"] = field(default_factory=dict)
    concepts: tuple[str, ...] = ()


class Mention(NamedTuple):
    """A concept found in a text: its words `start` to `end`."""

    concept: str
    start: int
    end: int


class Lexicon:
    """All phrases of all languages in one tree of words."""

    def __init__(self, concepts: dict[str, dict[str, list[str]]]) -> None:
        self._tree = _Node()
        self._stems: set[str] = set()
        self.names = frozenset(concepts)
        for concept, languages in concepts.items():
            for phrases in languages.values():
                for phrase in phrases:
                    self._add(concept, phrase)
        self._longest = max(map(len, self._stems), default=0)
        self._keys = lru_cache(maxsize=_REMEMBERED)(self._keys_of)
        self._roots: dict[str, tuple[_Node, ...]] = {}

    def mentions(self, text_words: Sequence[str]) -> list[Mention]:
        """Return every mention of a concept, also where they overlap."""
        found: list[Mention] = []
        roots, keys, length = self._roots, self._keys, len(text_words)
        for start, word in enumerate(text_words):
            nodes = roots.get(word)
            if nodes is None:
                nodes = self._root(word)
            end = start + 1
            while nodes:
                for node in nodes:
                    found.extend([Mention(concept, start, end) for concept in node.concepts])
                nodes = _next(nodes, keys(text_words[end])) if end < length else ()
                end += 1
        return found

    def _add(self, concept: str, phrase: str) -> None:
        node = self._tree
        for part in phrase.split():
            keys = words(part.rstrip("*"))
            if part.endswith("*"):
                keys[-1] += "*"
                self._stems.add(keys[-1])
            for key in keys:
                node = node.following.setdefault(key, _Node())
        if concept not in node.concepts:
            node.concepts += (concept,)

    def _keys_of(self, word: str) -> tuple[str, ...]:
        lengths = range(1, min(len(word) + 1, self._longest))
        return (word, *(stem for end in lengths if (stem := word[:end] + "*") in self._stems))

    def _root(self, word: str) -> tuple[_Node, ...]:
        found = _next((self._tree,), self._keys(word))
        if len(self._roots) < _REMEMBERED:
            self._roots[word] = found
        return found


def _next(nodes: tuple[_Node, ...], keys: tuple[str, ...]) -> tuple[_Node, ...]:
    if len(nodes) == len(keys) == 1:
        found = nodes[0].following.get(keys[0])
        return (found,) if found is not None else ()
    return tuple([found for node in nodes for key in keys if (found := node.following.get(key)) is not None])


PLAIN = frozenset(
    {"filler", "button", "article", "you", "us", "notice", "agency", "nav", "form", "thisarticle", "friends", "event"}
    | {"said"}
)


class Lexicons(NamedTuple):
    """The lexicon in three, as most paragraphs need not be read for all of it.

    `cues` are boilerplate's own concepts, `plain` those of plain language, `notes` the words that protect a block.
    """

    cues: Lexicon
    plain: Lexicon
    notes: Lexicon


@cache
def lexicons() -> Lexicons:
    """Return the lexicon that comes with the package."""
    concepts = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8"))
    notes = {"keep": concepts.pop("keep")}
    plain = {name: concepts.pop(name) for name in PLAIN & concepts.keys()}
    return Lexicons(Lexicon(concepts), Lexicon(plain), Lexicon(notes))
