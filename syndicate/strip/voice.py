"""How much a text sounds like boilerplate: a sum of weights of its words, its concepts and its looks.

Rules describe how families of boilerplate are worded; the voice knows which words, pairs of words and pairs of concepts
are heard in boilerplate and which in articles, in any language that it was trained on. It is logistic regression over
`voice.tsv` (a weight and a feature a line), made by `tools/train_strip.py`. It is no verdict: it can put a rule's cut
in doubt, and it is one of the numbers that the scorer adds up.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise, repeat

from syndicate.strip.scorer import BIAS
from syndicate.strip.wording import Wording
from syndicate.strip.words import PLAIN, split

LOUDEST = 8.0
_WORDS = 120  # what a text is about shows in its first words
_STEM = 5
_LOOKS = 0.35  # weight of one sign of the looks, beside all words together, which weigh 1
_CONCEPTS = 10
_REMEMBERED = 50_000  # words; beyond that they are looked up anew, so that memory stays small
_SIZES = (1, 2, 4, 8, 14, 25, 45, 80)
_NOTHING = repeat(0.0)
_UNTOLD = frozenset({"filler", "control", "button", "nav", "form", "agency"})  # of plain language, too common to tell
_ENDS = frozenset(".!?…:,;。！？：»→|")
_SIGNS = {
    "?": "?？",
    "!": "!！",
    "@": "@",
    "©": "©",
    "quote": '"“”«»„「',
    "pipe": "|•·",
    "arrow": "»›→⟶>➔▶",
    "money": "$€£¥",
    "comma": ",",
    "semicolon": ";",
}
_TOLD_BY: dict[str, tuple[str, ...]] = {
    sign: tuple(f"#{name}" for name, those in _SIGNS.items() if sign in those) for sign in "".join(_SIGNS.values())
}
_TELLING = frozenset(_TOLD_BY)
_ADDRESS = re.compile(r"https?:|www\.|\w\.(?:com|org|net|de|fr|uk|example)\b")
_ADDRESSED = ("http", "www.", ".com", ".org", ".net", ".de", ".fr", ".uk", ".example")  # else no search is worth while
_HASH, _DIGIT, _YEAR = re.compile(r"#\w"), re.compile(r"\d"), re.compile(r"\b(?:19|20)\d\d\b")
_DIGITS = frozenset("0123456789")
_PATTERNS: tuple[tuple[str, frozenset[str], Callable[[str], object]], ...] = (
    ("#url", frozenset(":."), lambda text: any(map(text.__contains__, _ADDRESSED)) and _ADDRESS.search(text)),
    ("#hash", frozenset("#"), _HASH.search),
    ("#ellipsis", frozenset("…."), lambda text: "…" in text or "..." in text),
)
_CALLED = re.compile(r"([\w.+-]{1,64})?@[\w.-]{2,80}")  # a person's address is no word of a language
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


# What a word weighs for itself, for its stem as well, how many features that is, and what it weighs before others.
_Heard = tuple[float, int, Mapping[str, float]]


class _Words:
    """What words and pairs of words weigh, each word looked up once.

    A text has three features for each of its words. Few pairs weigh anything, so they stand under their first word.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._pairs: dict[str, dict[str, float]] = {}
        for name, weight in weights.items():
            first, blank, second = name.partition(" ")
            if blank:
                self._pairs.setdefault(first, {})[second] = weight
        self._known: dict[str, _Heard] = {}

    def of(self, reading: Wording) -> float:
        """Return what a text's words weigh together, by the root of how many features they are."""
        words = _first_words(reading)
        if not words:
            return 0.0
        weigh, known = self._weights.get, self._known
        total = weigh(f"^{words[0]}", 0.0) + weigh(f"{words[-1]}$", 0.0)
        count = 1 + len(words)
        for three in _threes(reading, words):
            total += weigh(three, 0.0)
            count += 1
        before: Mapping[str, float] = {}
        for word in words:
            heard = known.get(word) or self._hear(word)
            weight, features, following = heard
            total += weight
            count += features
            if before and word in before:
                total += before[word]
            before = following
        return total / math.sqrt(count)

    def _hear(self, word: str) -> _Heard:
        weight, features = self._weights.get(word, 0.0), 1
        if len(word) > _STEM + 1:
            weight, features = weight + self._weights.get(f"{word[:_STEM]}*", 0.0), 2
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        heard = self._known[word] = weight, features, self._pairs.get(word, {})
        return heard


@dataclass(frozen=True, slots=True)
class Voice:
    """Weights by feature; a feature that it has never heard weighs nothing."""

    weights: Mapping[str, float]
    _words: _Words = field(init=False, repr=False, compare=False)
    _others: Mapping[str, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the weights: a small table for concepts and looks is quicker than the one of all."""
        object.__setattr__(self, "_words", _Words(self.weights))
        others = {name: weight for name, weight in self.weights.items() if name[0] in "#@"}
        object.__setattr__(self, "_others", others)

    def of(self, reading: Wording) -> float:
        """Return how much a text sounds like boilerplate: log odds, 0 for even chances, from -8 to 8."""
        weigh = self._others.get
        total = weigh(BIAS, 0.0) + _LOOKS * sum(map(weigh, _looks(reading), _NOTHING))
        total += self._words.of(reading)
        if meaning := _meaning(reading):
            total += sum(map(weigh, meaning, _NOTHING)) / math.sqrt(len(meaning))
        return max(-LOUDEST, min(LOUDEST, total))


def features(reading: Wording) -> dict[str, float]:
    """Describe a text: its words and pairs of words, the concepts in it, its looks; what `Voice.of` weighs."""
    found: dict[str, float] = {}
    for group in (_wording(reading), _meaning(reading)):
        for name in group:
            found[name] = found.get(name, 0.0) + 1 / math.sqrt(len(group))
    found.update(dict.fromkeys(_looks(reading), _LOOKS))
    return found


def _wording(reading: Wording) -> list[str]:
    words = _first_words(reading)
    if not words:
        return []
    found = [f"^{words[0]}", f"{words[-1]}$", *words]
    found += [f"{word} {following}" for word, following in pairwise(words)]
    found += [f"{word[:_STEM]}*" for word in words if len(word) > _STEM + 1]
    return [*found, *_threes(reading, words)]


def _first_words(reading: Wording) -> list[str]:
    """Return what is listened to; all numbers are one word, and all addresses, and all names on a network."""
    words = split(_CALLED.sub(_called, reading.folded)) if "@" in reading.folded else reading.words
    return ["0" if word.isdigit() else word for word in words[:_WORDS]]


def _called(found: re.Match[str]) -> str:
    return " mailaddress " if found[1] else " networkname "


def _threes(reading: Wording, words: Sequence[str]) -> Iterable[str]:
    """Return words on end where a script's signs are words, else nothing."""
    if reading.folded.isascii() or not any(len(word) == 1 and word > "\u0e00" for word in words):
        return ()
    return map(" ".join, zip(words, words[1:], words[2:], strict=False))


def _meaning(reading: Wording) -> list[str]:
    cues = sorted({concept for concept, _, _ in reading.cues})
    plain = sorted({concept for concept, _, _ in reading.mentions} & PLAIN - _UNTOLD)
    opening = {concept for concept, start, _ in reading.cues if start in reading.openings} if cues else ()
    found = [f"@{concept}" for concept in (*cues, *plain)]
    found += [f"@^{concept}" for concept in sorted(opening)]
    found += [f"@{one}&{two}" for one, two in combinations([*cues, *plain][:_CONCEPTS], 2)]
    return found


def _looks(reading: Wording) -> list[str]:
    text, signs = reading.text, set(reading.text)
    found = [f"#size{bisect_left(_SIZES, reading.size)}", f"#dense{int(min(reading.density, 0.6) * 10)}"]
    if marks := signs & _TELLING:
        found += {name for sign in marks for name in _TOLD_BY[sign]}
    found += [name for name, needed, looks in _PATTERNS if not needed.isdisjoint(signs) and looks(text)]
    if not signs.isdisjoint(_DIGITS) or (not text.isascii() and _DIGIT.search(text)):
        found.append("#digit")
        if ("19" in text or "20" in text) and _YEAR.search(text):
            found.append("#year")
    if not text.isascii() and _EMOJI.search(text):
        found.append("#emoji")
    found.append(f"#end{_end(text)}")
    initials = [part[0] for part in text.split()]
    if text.isupper() and len(text) > 3:
        found.append("#capitals")
    elif len(initials) > 2 and sum(map(str.isupper, initials)) > 0.7 * len(initials):
        found.append("#title")
    return found


def _end(text: str) -> str:
    """Return the first mark behind the last word."""
    last = len(text)
    while last and not (text[last - 1].isalnum() or text[last - 1] == "_"):
        last -= 1
    return next((sign for sign in text[last:] if sign in _ENDS), "")


@cache
def shipped_voice() -> Voice:
    """Return the voice that comes with the package."""
    lines = files(__package__).joinpath("voice.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("# "))
    number = cache(float)  # weights are written with two decimals: few numbers, which stay near at hand
    return Voice({feature: number(weight) for weight, feature in pairs})
