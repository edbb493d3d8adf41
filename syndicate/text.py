"""Small functions on characters that several rooms share; it holds no rules about articles."""

import html
import re

# XML 1.0 section 2.2 allows tab, newline, carriage return and everything from space up, but no surrogates and
# not U+FFFE and U+FFFF. C1 controls are legal but never meant; U+FEFF inside text is a stray byte order mark.
# Written as what is allowed, which the engine tests twice as fast.
_ALLOWED = "\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_ILLEGAL = re.compile(f"[^{_ALLOWED}]")
_ENDS = str.maketrans("\v\f", "\n\n")  # a word processor's soft return, a converter's page break: words stay apart
_LEGAL = re.compile(f"[{_ALLOWED}]*+")  # a whole text is matched in half the time that a search through it takes
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,2000}|!--[^<>]{0,2000}--)>")
_BREAKING_TAG = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|p|div|li|tr|td)\b[^<>]{0,2000}>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]{0,2000})?/?>")
_BLOCK_FIRST = re.compile(r"\s*<(?:(?:p|div|h[1-6]|ul|ol|table|figure|article|section)\b|!--)", re.IGNORECASE)
_LEFT_OPEN = frozenset({"br", "hr", "img", "li", "p"})
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TELLING_TAG = re.compile(r"</[a-zA-Z][a-zA-Z0-9]*\s*>|<(?:br|hr|p|img)\b[^<>]{0,2000}>", re.IGNORECASE)


def legal(text: str) -> str:
    """The text without characters that XML 1.0 can't carry and without stray control characters."""
    return text if _LEGAL.fullmatch(text) else _ILLEGAL.sub("", text.translate(_ENDS))


def unseen(text: str) -> str:
    """The text without the signs inside words that can't be seen: soft hyphens, zero-width spaces, word joiners."""
    if not text.isascii():
        for sign in _UNSEEN:  # each look through the text is quicker than one look at each of its characters
            text = text.replace(sign, "")
    return text


_UNSEEN = "\u00ad\u200b\u2060\ufeff"


def squeeze(text: str) -> str:
    """The text on one line: every run of white space becomes one space, none at the ends."""
    return " ".join(text.split())


def unescape(text: str) -> str:
    """The text with its HTML character references resolved, legal again afterwards."""
    return legal(html.unescape(text)) if "&" in text else text


def plain(markup: str) -> str:
    """What a reader would see of a piece of markup, on one line.

    Good for names, summaries, and titles of no declared type: tags go, references are resolved, also when they were
    escaped twice. Text that merely holds "<" ("a < b") keeps it.
    """
    text = unescape(_without_tags(markup))
    if _ENTITY.search(text) or looks_like_markup(text):
        text = _TAG.sub("", unescape(text))
    return squeeze(text)


def plain_markup(markup: str) -> str:
    """What a reader would see of what was declared as markup, on one line: "&lt;b&gt;" in it shows as "<b>"."""
    return plain_text(unescape(_without_tags(markup)))


def plain_text(text: str) -> str:
    """What was declared as plain text, on one line; "<b>" in it is words.

    Unless it is markup under a wrong label.
    """
    return plain(text) if is_mislabelled(text) else squeeze(resolved(text))


def resolved(text: str) -> str:
    """What was declared as plain text with its references resolved: nobody means to show them."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def exported(text: str) -> str:
    """A plain text with the references that a system left in it resolved: most of them are parts of words.

    Who writes about references shows them as words of their own; angle brackets are meant to be shown.
    """
    found = len(_SIGN.findall(text)) if "&" in text else 0
    return _SIGN.sub(lambda sign: unescape(sign[0]), text) if 0 < found < 2 * len(_IN_WORD.findall(text)) else text


_SIGN = re.compile(rf"(?!&(?:lt|gt|#60|#62);){_ENTITY.pattern}")
_IN_WORD = re.compile(rf"(?<=\w){_SIGN.pattern}|{_SIGN.pattern}(?=\w)")


def is_mislabelled(text: str) -> bool:
    """Whether what was declared as plain text is markup: it opens with a block, or has HTML's tags alone, and closed.

    Who writes of a `List<String>`, or of the `<script>` tag, closes none.
    """
    if "<" not in text:
        return False
    if _BLOCK_FIRST.match(text):
        return True
    opened: set[str] = set()
    closed: set[str] = set()
    for tag in _ANY_TAG.finditer(text):
        if not _KNOWN_TAG.fullmatch(tag[0]):
            return False
        (closed if tag[1] else opened).add(tag[2].lower())
    telling = opened & closed or "br" in opened
    return bool(telling) and opened - _LEFT_OPEN <= closed


def _without_tags(markup: str) -> str:
    return _TAG.sub("", _BREAKING_TAG.sub(" ", _HIDDEN.sub(" ", markup))) if "<" in markup else markup


def looks_like_markup(text: str) -> bool:
    """Whether the text holds at least one HTML tag."""
    return "<" in text and _KNOWN_TAG.search(text) is not None


_KNOWN_TAG = re.compile(
    r"</?(?:a|abbr|article|aside|audio|b|blockquote|body|br|center|cite|code|dd|del|div|dl|dt|em|embed|figcaption|"
    r"figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|li|link|main|mark|noscript|object|ol|p|"
    r"pre|q|s|script|section|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|tt|u|ul|"
    r"video)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def escaped_twice(markup: str) -> bool:
    """Whether HTML arrived with its tags still escaped: it has none of its own, only `&lt;p&gt;`.

    A text may show a tag, or a word in angle brackets ("press &lt;Enter&gt;"): markup closes one, or breaks a line.
    """
    if "&lt;" not in markup or looks_like_markup(markup):
        return False
    shown = html.unescape(markup)
    return looks_like_markup(shown) and _TELLING_TAG.search(shown) is not None


def uncased(markup: str) -> str:
    """The markup without the marks of CDATA sections, which only those see who escape or double them."""
    return _CASE.sub("", markup) if "<![CDATA[" in markup else markup


_CASE = re.compile(r"<!\[CDATA\[|\]\]>")


def shorten(text: str, length: int) -> str:
    """The text cut on a word border to at most `length` characters, with an ellipsis where something is missing."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    border = head.rfind(" ")
    if border > length // 2:
        head = head[:border]
    return head.rstrip(" ,;:–—-") + "…"


# UTF-8 that somebody read as Windows-1252 and wrote out again: "â€™" for an apostrophe.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]{1,3}"
)


def repair(text: str) -> str:
    """The text with such doubly encoded characters made right; untouched unless their unmistakable mark is in it."""
    if "â€" not in text and "Ã¢â‚¬" not in text:
        return text
    return _MOJIBAKE.sub(_repaired, text)


def _repaired(match: re.Match[str]) -> str:
    try:
        return match[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return match[0]
