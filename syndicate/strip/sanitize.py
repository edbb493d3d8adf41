"""The last step: only markup that is safe and useful in a partner's page leaves this room.

nh3 decides, by a list of what is allowed. It comes after everything else so that nothing can be put together
behind its back. Its time grows with depth as well as with size: `Document` has capped both before.
"""

import re
from functools import cache
from itertools import pairwise

import nh3
from lxml.html import HtmlElement

from syndicate.normalize.tree import BLOCK_TAGS, INLINE
from syndicate.strip.links import markup

_GONE_WITH_CONTENT = {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "select"}

# To write these two, nh3 takes the square of their number in one text. Where there are many, characters stand in for
# them that Unicode keeps for such use.
_MANY = 10_000
_STAND_INS = (("\ufdd0", "&amp;"), ("\ufdd1", "&nbsp;"))

_CITES = re.compile(rb"\bcite\s*=")
_WEB = re.compile(r"https?:", re.IGNORECASE)
# A parser drops one newline behind this tag, so that where text begins with one, two have to be written.
_PRE = re.compile(r'<pre(?: [^<>"]*"[^"]*")*>(?=\n)')
_HEADING = re.compile(r"<(/?)h[1-6]\b")
_LISTED = re.compile(r"<(/?[uod]l|/?(?:li|d[td]))\b")
_ITEMS = frozenset({"li", "dt", "dd"})
_ROWS = frozenset({"table", "thead", "tbody", "tfoot", "tr"})  # in which nothing but rows and cells may stand
# Inside these a paragraph goes on in spite of blocks (HTML, 13.2.4.2), which end it where they are unwrapped.
_SCOPED = re.compile(rb"<(?:button|marquee|applet|object)\b")
_SETTLING = 4  # times that a misplaced element is looked at again
_OTHER_SCHEME = re.compile(r"(?:^|,\s|[wx]\s*,)\s*(?!https?:)[^\s,/?#]*:", re.IGNORECASE)


def part(root: HtmlElement) -> None:
    """Make paragraphs of the blocks that may not leave (addresses, footers) and hold text of their own.

    nh3 unwraps them, so that their words would run into those beside them.
    """
    for element in list(root.iterdescendants(*(BLOCK_TAGS - _allowed()))):
        holds = bool((element.text or "").strip()) or any(_is_text(child) for child in element)
        if holds and element.getparent().tag not in _ROWS:
            element.tag = "div" if next(element.iterdescendants(*BLOCK_TAGS), None) is not None else "p"


def _is_text(child: HtmlElement) -> bool:
    """Whether a child is inline, or followed by text."""
    return child.tag in INLINE or bool((child.tail or "").strip())


@cache
def _allowed() -> frozenset[str]:
    return frozenset(markup().allowed["tags"].split())


@cache
def _cleaner(*, judging: bool) -> nh3.Cleaner:
    allowed = markup().allowed
    return nh3.Cleaner(
        tags=set(_allowed()),
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes={tag: set(names.split()) for tag, names in allowed["attributes"].items()},
        url_schemes=set(allowed["schemes"].split()),
        link_rel="noopener noreferrer",
        strip_comments=True,
        attribute_filter=_judge if judging else None,
    )


def _judge(_: str, name: str, value: str) -> str | None:
    """nh3 looks at the schemes of most addresses, not of those in a set of pictures nor of what is cited."""
    if name == "srcset":
        return None if _OTHER_SCHEME.search(value) else value
    return value if name != "cite" or _WEB.match(value) else None


def sanitize(html: str) -> str:
    """Return the HTML with only what is allowed; running it again changes nothing."""
    lowered = html.encode("utf-8", "replace").lower()  # ten times as fast as lower case of all letters
    cleaner = _cleaner(judging=b"srcset" in lowered or _CITES.search(lowered) is not None)
    cleaned = _clean(cleaner, html)
    for _ in range(_SETTLING if _is_shifty(cleaned) or _SCOPED.search(lowered) else 0):
        before, cleaned = cleaned, _clean(cleaner, cleaned)
        if cleaned == before:
            break
    return cleaned


def _clean(cleaner: nh3.Cleaner, html: str) -> str:
    """Return what nh3 makes of the HTML, in time that grows with its length."""
    if html.count("&") + html.count("\xa0") <= _MANY:
        return _PRE.sub(r"\g<0>\n", cleaner.clean(html)).strip()
    html = html.replace("\xa0", "&nbsp;")
    for stand_in, written in _STAND_INS:
        html = html.replace(stand_in, "").replace(written, stand_in)
    html = _PRE.sub(r"\g<0>\n", cleaner.clean(html)).strip()
    for stand_in, written in _STAND_INS:
        html = html.replace(stand_in, written)
    return html


def _is_shifty(html: str) -> bool:
    """Whether a parser of HTML may read it otherwise than the one that wrote it.

    What is misplaced in a table is put before it (HTML, 13.2.6.1), and a heading, or an item of a list, ends one that
    is open (13.2.6.4.7).
    """
    headings, listed = _HEADING.findall(html), _LISTED.findall(html)
    return (
        "<table" in html
        or any(not one and not other for one, other in pairwise(headings))
        or any(one in _ITEMS and other in _ITEMS for one, other in pairwise(listed))
    )
