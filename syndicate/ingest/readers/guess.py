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

# Of old Macs and of DOS, which the detector does not know, as browsers don't; written where these letters are enough.
_OLD, _WESTERN = ("mac_roman", "cp850"), re.compile(r"[À-ÖØ-öø-ÿŒœŸ]")
# Signs where none is written: a control, what is no letter amid letters, a capital amid small ones, a letter behind a
# stop, a capital before a capital that a small letter follows.
_MISPLACED = re.compile(
    r"[\x80-\x9f\ufffd]|(?<=[^\W\d_])[^\w\s\x00-\x7f·’‘'\xad\u2010-\u2014](?=[^\W\d_])"
    r"|(?<=[a-z])[À-ÖØ-ÞŠŽŸŒ]|(?<=[,.;!?])(?![\x00-\x7f])[^\W\d_]|[À-ÖØ-Þ](?=[A-Z][a-z])"
)
_PROVEN = 3  # such signs


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
    if old := _old(sample, text):
        return old, False
    home = _HOMES.get(detect(" ".join(_LINES.findall(text))))
    if home is None:
        return found, False
    there = _likeliest(sample, home)
    if sample.decode(there, "replace") == text:
        return found, True
    return (found if {found, there} == _ALIKE else there), False


def _old(sample: bytes, text: str) -> str:
    """The one old encoding in which each sign of the bytes has its place, where most have none as they are read."""
    signs = sum(sign > "\x7f" for sign in text)
    if 2 * len(_MISPLACED.findall(text)) < max(signs, 2 * _PROVEN):
        return ""
    fit = [name for name in _OLD if _is_at_home(sample.decode(name))]
    return fit[0] if len(fit) == 1 else ""


def _is_at_home(text: str) -> bool:
    strange = any(sign > "\x7f" and sign.isalnum() and not _WESTERN.match(sign) for sign in set(text))
    return not strange and _MISPLACED.search(text) is None


def _likeliest(sample: bytes, home: str | None = None) -> str:
    detector = EncodingDetector()
    detector.feed(sample, last=False)  # it may end within a character
    return str(detector.guess(tld=home.encode() if home else None, allow_utf8=False))
