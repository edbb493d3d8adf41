"""Plain text for feeds: characters that every parser takes, one-line titles, summaries, dates. Pure."""

import html
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from syndicate.text import legal, shorten

_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_NEWLINES = re.compile("\r\n?|\u0085")
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*(?=\s)|[。！？][」』]?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

# What RFC 3986 lets stand behind a host, and "%" where it encodes something: that stays so. Brackets may not.
_URI = "/?#@!$&'()*+,;=:%~-._"
_NO_CODE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# A backslash before the "@" ends the host for browsers, who would be led elsewhere than who reads it by the RFC.
_USER = r"(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%(?!5[Cc]))+@)?"
_NAME = r"(?:(?!-)[A-Za-z0-9_-]{1,63}(?:\.(?!-)[A-Za-z0-9_-]{1,63})*\.?)"
_HOST = re.compile(rf"{_USER}(?:{_NAME}|\[[0-9A-Fa-f:.]+\])(?::\d{{0,5}})?")

SUMMARY_LEAST = 300  # Flipboard wants a description of at least so many characters
SUMMARY_MOST = 600
_EXCERPT = 40  # letters and digits by which a piece of the text is known


def printable(text: str) -> str:
    """The text without characters that XML 1.0 (section 2.2) forbids or advises against, newlines as one sort."""
    return legal(_NEWLINES.sub("\n", text))


def line(text: str) -> str:
    """The text on one line: printable, runs of white space made one space, and inert.

    Many importers put titles, names and categories into their pages as if they were markup. What could begin a tag
    there begins with "‹" instead; a mere "a < b" stays.
    """
    return _TAG_START.sub("‹", " ".join(printable(text).split()))


def web_address(url: str) -> str:
    """The URL if it is an absolute http or https one, otherwise "".

    Characters outside ASCII, and those that no URI may hold (RFC 3986), are percent-encoded, names of hosts
    put into their IDNA form: not every importer takes IRIs.
    """
    url = printable(url).strip()
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or any(space in url for space in " \t\n"):
            return ""
        _ = parts.port  # raises for one that there can't be
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    except ValueError:  # an unfinished IPv6 host, a name that IDNA can't hold, port 99999
        return ""
    if not _HOST.fullmatch(host):
        return ""
    rest = url.split("//", 1)[1][len(parts.netloc) :]
    return f"{parts.scheme}://{host}{quote(_NO_CODE.sub('%25', rest), safe=_URI)}"


def feed_language(tag: str) -> str:
    """The tag if it has the shape of a BCP 47 one ("_" taken as "-"), otherwise ""."""
    tag = tag.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""


def introduction(summary: str, text: str) -> str:
    """A plain text of 300 to 600 characters, where there is that much, that introduces the article.

    It begins with the publisher's own summary (plain text) if there is one and goes on with the article's text; it ends
    with a sentence, or failing that with a whole word and an ellipsis. Nothing is said twice where the summary is a
    piece of the text's beginning.
    """
    summary, text = line(summary), line(text[: 4 * SUMMARY_MOST])
    start = _place(summary, text)
    if start is not None:
        return _shorten(text[start:])
    return _shorten(summary if len(summary) >= SUMMARY_LEAST else f"{summary} {text}")


def _place(summary: str, text: str) -> int | None:
    """Where a text begins to say what a summary says, however either is spaced; None if it does nowhere near."""
    told = "".join(filter(str.isalnum, summary))[:_EXCERPT]
    places = [at for at, sign in enumerate(text[:SUMMARY_MOST]) if sign.isalnum()]
    found = "".join(text[at] for at in places).find(told)
    if found > 0 and len(told) == _EXCERPT:
        return places[found]
    return 0 if found == 0 and (told or not summary) else None  # a shorter one may be said by chance


def _shorten(text: str) -> str:
    if len(text) <= SUMMARY_MOST:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text, SUMMARY_LEAST - 1, SUMMARY_MOST + 1)]
    ends = [end for end in ends if end <= SUMMARY_MOST]
    if ends:
        return text[: ends[0]]
    return shorten(text, SUMMARY_MOST)


def as_markup(text: str) -> str:
    """Plain text where a reader expects HTML (RSS descriptions), escaped so that it says the same there."""
    return html.escape(text, quote=False)


def second(moment: datetime) -> datetime:
    """The moment in UTC, to the second: feeds carry no finer times."""
    return moment.astimezone(UTC).replace(microsecond=0)


def rfc3339(moment: datetime) -> str:
    """The moment as RFC 3339 has it, in UTC: 2026-11-23T08:00:00+00:00."""
    return moment.isoformat()


def rfc822(moment: datetime) -> str:
    """The moment as RFC 822 has it, with a four-digit year: Mon, 23 Nov 2026 08:00:00 +0000."""
    return format_datetime(moment)
