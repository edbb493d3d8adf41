"""Bytes of unknown or wrongly declared encoding become text.

What the bytes themselves prove wins: a byte order mark, the NULs of UTF-16 and the escapes of ISO-2022-JP, which no
other text has, then valid UTF-8 that uses more than ASCII (text in another encoding practically never is). Only then
come the declarations, each dropped when the bytes contradict it. What is left is guessed, and told where that is not
sure.
"""

import codecs
import re
from dataclasses import dataclass

from syndicate.ingest.readers.guess import guess
from syndicate.text import legal

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<?" or "<r" begin in EBCDIC and the wide encodings (XML 1.0, appendix F).
_STARTS = (
    (b"\x4c\x6f\xa7\x94", "cp037"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_XML_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:\-]{1,40})[\"']")
_META_DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:\-]{1,40})", re.IGNORECASE)
_HTTP_DECLARED = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:\-]{1,40})", re.IGNORECASE)

# Browsers' reading of labels (WHATWG Encoding): who says Latin-1 or ASCII sends Windows' superset of it.
_SUPERSETS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "utf8": "utf-8",
}
_JAPANESE = re.compile(rb"\x1b\$[@B]")
_PIECE = re.compile(rb"(?<=[\n>])")  # a line, or a text between two tags


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was read; `override` says which declaration was wrong, `doubt` what is not sure ("" if none)."""

    text: str
    encoding: str
    override: str = ""
    doubt: str = ""


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Read bytes as text; characters that XML can't carry are dropped. Never fails: the last resort replaces."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return Decoded(_lenient(body[len(mark) :], encoding), encoding)
    if encoding := next((encoding for start, encoding in _STARTS if body.startswith(start)), ""):
        return Decoded(_lenient(body, encoding), encoding)
    if proven := _proven(body):
        return proven
    labels = _declared(body, content_type)
    text = _strict(body, "utf-8")
    if text is not None and (not body.isascii() or not _seven_bit(labels)):
        wrong = next((label for label in labels if not body.isascii() and not _is_utf8(label)), "")
        return Decoded(text, "utf-8", wrong)
    for label in labels:
        encoding = _SUPERSETS.get(label.lower(), label)
        if not _is_utf8(encoding) and (read := _strict(body, encoding)) is not None:
            return Decoded(read, encoding, labels[0] if label != labels[0] else "")
    return _guess(body, labels) if text is None else Decoded(text, "utf-8", labels[0])


def _proven(body: bytes) -> Decoded | None:
    """The text in wide characters without a mark, every second byte of which is often 0, or in Japanese escapes."""
    head = body[:4096]
    encoding = ""
    if _JAPANESE.search(body) and body.isascii():
        encoding = "iso2022_jp"
    elif head.count(0) * 10 > len(head):
        encoding = {(True, False): "utf-16-be", (False, True): "utf-16-le"}.get((0 in head[::2], 0 in head[1::2]), "")
    text = _strict(body, encoding) if encoding else None
    return Decoded(text, encoding) if text else None


def _guess(body: bytes, labels: tuple[str, ...]) -> Decoded:
    declared = labels[0] if labels else ""
    text, pieces = _in_pieces(body)
    if text:
        return Decoded(text, "utf-8", declared, f"not all of it is UTF-8; {pieces} lines or pieces were guessed")
    if _is_damaged(body):
        return Decoded(_lenient(body, "utf-8"), "utf-8", declared, "some characters of its UTF-8 are damaged")
    encoding, sure = _guessed(body)
    doubt = "" if sure else f"its encoding had to be guessed; {encoding} is not sure"
    return Decoded(_lenient(body, encoding), encoding, declared, doubt)


def _in_pieces(body: bytes) -> tuple[str, int]:
    """Text into which something was pasted in another encoding, and the number of such pieces; ("", 0) for other text.

    Of text in another encoding hardly a line is UTF-8 by chance.
    """
    pieces = _PIECE.split(body)
    texts = [_strict(piece, "utf-8") for piece in pieces]
    broken = [piece for piece, text in zip(pieces, texts, strict=True) if text is None]
    whole = sum(text is not None and not text.isascii() for text in texts)
    if 2 * whole < len(broken):
        return "", 0
    encoding, _ = _guessed(b"\n".join(broken))
    both = zip(pieces, texts, strict=True)
    told = (_lenient(one, "utf-8" if _is_damaged(one) else encoding) if text is None else text for one, text in both)
    return "".join(told), len(broken)


def _guessed(body: bytes) -> tuple[str, bool]:
    label, sure = guess(body)
    return _SUPERSETS.get(label.lower(), label.lower()), sure


def _is_damaged(body: bytes) -> bool:
    """Whether this is UTF-8 in which a few bytes are missing or wrong."""
    repaired = body.decode("utf-8", "replace")
    return repaired.count("\ufffd") * 4 <= len(body) - len(repaired)


def _declared(body: bytes, content_type: str) -> tuple[str, ...]:
    """The labels in order of authority: the protocol's, then the document's own (RFC 7303, section 3)."""
    head = body[:2048]
    found = []
    if match := _HTTP_DECLARED.search(content_type):
        found.append(match[1])
    inside = (pattern.search(head) for pattern in (_XML_DECLARED, _META_DECLARED))
    found.extend(match[1].decode("ascii") for match in inside if match)
    return tuple(dict.fromkeys(found))


def _seven_bit(labels: tuple[str, ...]) -> bool:
    """Whether a declared encoding hides its letters behind ASCII bytes, so that valid UTF-8 proves nothing."""
    return any(label.lower().startswith(("iso-2022", "utf-7", "hz")) for label in labels)


def _is_utf8(label: str) -> bool:
    return label.lower().replace("_", "-") in {"utf-8", "utf8"}


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        # Not codecs.decode: that knows rot13 and zip, too, and a label must not unpack anything.
        return legal(body.decode(encoding))
    except (UnicodeError, LookupError, ValueError, AssertionError):
        return None  # an unknown label, one that is no text encoding, or the wrong one


def _lenient(body: bytes, encoding: str) -> str:
    return legal(body.decode(encoding, "replace"))
