"""Which encoding bytes are in that nobody declared, or that are not in the one declared; and whether that is sure."""

import re

from chardetng_py.detector import EncodingDetector

from syndicate.normalize.language import detect

_LOOK_AT = 200_000
_BEFORE = 1_000
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_LINES = re.compile(r"[^<>{}\n]*[^\x00-\x7f<>{}\n][^<>{}\n]*")
# Where a language is at home, as the last part of a host's name: the detector knows what was usual there.
_HOMES = {
    "ar": "eg", "be": "by", "bg": "bg", "bs": "ba", "ca": "es", "cs": "cz", "da": "dk", "de": "de", "el": "gr",
    "en": "us", "es": "es", "et": "ee", "fa": "ir", "fi": "fi", "fr": "fr", "he": "il", "hr": "hr", "hu": "hu",
    "is": "is", "it": "it", "ja": "jp", "ko": "kr", "lt": "lt", "lv": "lv", "mk": "mk", "nl": "nl", "no": "no",
    "pl": "pl", "pt": "pt", "ro": "ro", "ru": "ru", "sk": "sk", "sl": "si", "sr": "rs", "sv": "se", "th": "th",
    "tr": "tr", "uk": "ua", "vi": "vn", "zh": "com",
}  # fmt: skip
_ALIKE = {"windows-1250", "ISO-8859-2"}  # used side by side in one country, so that the language tells nothing


def guess(body: bytes) -> tuple[str, bool]:
    """The likeliest encoding of bytes that are no UTF-8, and whether it is sure.

    It is where the language that comes out of it speaks for the same. Where it speaks for another one that wins:
    few letters of a language are easily taken for those of its neighbours.
    """
    first = _NOT_ASCII.search(body)
    start = max(0, first.start() - _BEFORE) if first else 0  # where a character begins: all before it are ASCII
    sample = body[start : start + _LOOK_AT]
    found = _likeliest(sample)
    text = sample.decode(found, "replace")
    home = _HOMES.get(detect(" ".join(_LINES.findall(text))))
    if home is None:
        return found, False
    there = _likeliest(sample, home)
    if sample.decode(there, "replace") == text:
        return found, True
    return (found if {found, there} == _ALIKE else there), False


def _likeliest(sample: bytes, home: str | None = None) -> str:
    detector = EncodingDetector()
    detector.feed(sample, last=False)  # it may end within a character
    return str(detector.guess(tld=home.encode() if home else None, allow_utf8=False))
