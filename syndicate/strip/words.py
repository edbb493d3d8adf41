"""Words and phrases by which boilerplate is known, and a quick way to find them in a text.

A lexicon (`lexicon.toml`) names concepts ("subscribe", "newsletter", "network") and lists, language by language, the
phrases that express them. A phrase is a row of words; a word that ends in `*` stands for every word that begins so.
Text and phrases are folded alike: no case, no accents, no vowel points; Chinese and Japanese signs are words.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

_WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿]|[^\W_぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿]+|[©®№%]")
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u3099\u309a]+"
)
_PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "…": " ",
        "\u00a0": " ",
        "•": " ",
        "\xad": None,
        "\u200b": None,
    }
    | {
        "ı": "i",
        "ł": "l",
        "Ł": "l",
        "ø": "o",
        "Ø": "o",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
    }
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None}
)


def fold(text: str) -> str:
    """Return the text without case, accents, vowel points and compatibility forms."""
    if not text.isascii():
        text = text.translate(_PLAIN)
        if not text.isascii():
            bare = unicodedata.normalize("NFKD", text.lower())
            return unicodedata.normalize("NFC", _MARKS.sub("", bare))
    return text.lower()


def words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return _WORD.findall(fold(text))


@dataclass(slots=True)
class _Node:
    following: dict[str, "_Node"] = field(default_factory=dict)
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
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
        self._longest = max((len(stem) for stem in self._stems), default=0)
        self._keys = lru_cache(maxsize=50_000)(self._keys_of)

    def _add(self, concept: str, phrase: str) -> None:
        node = self._tree
        parts = phrase.split()
        keys: list[str] = []
        for part in parts:
            split = words(part.rstrip("*"))
            if part.endswith("*"):
                split[-1] += "*"
                self._stems.add(split[-1])
            keys.extend(split)
        for key in keys:
            node = node.following.setdefault(key, _Node())
        if concept not in node.concepts:
            node.concepts += (concept,)

    def _keys_of(self, word: str) -> tuple[str, ...]:
        stems = self._stems
        length = min(len(word), self._longest)
        return (word, *(stem for end in range(1, length + 1) if (stem := word[:end] + "*") in stems))

    def mentions(self, text_words: list[str]) -> list[Mention]:
        """Return every mention of a concept, also where they overlap."""
        found: list[Mention] = []
        keys = [self._keys(word) for word in text_words]
        for start in range(len(keys)):
            nodes = [self._tree]
            for end in range(start, len(keys)):
                nodes = [nxt for node in nodes for key in keys[end] if (nxt := node.following.get(key)) is not None]
                if not nodes:
                    break
                found.extend(Mention(name, start, end + 1) for node in nodes for name in node.concepts)
        return found


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that comes with the package."""
    return Lexicon(tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8")))
