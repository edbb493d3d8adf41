"""The language of an article: as declared when that makes sense, else as its words say."""

import re
import threading
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
_LOOK_AT = 1_200
_GLANCE = 200  # the cost grows with the length, and a sixth of it tells nearly always
_CERTAIN = 0.99
_SURE = 0.85

_lock = threading.Lock()
_identifier: Any = None


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
    model = _model()
    language, confidence = model.classify(sample[:_GLANCE])
    if confidence < _CERTAIN:
        language, confidence = model.classify(sample)
    return str(language) if confidence >= _SURE else ""


def _model() -> Any:
    """The model, loaded when first needed: it costs 0.3 s, and most articles declare their language."""
    global _identifier  # noqa: PLW0603 - a cache of constant data, filled once
    with _lock:
        if _identifier is None:
            from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - loads numpy

            _identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        return _identifier
