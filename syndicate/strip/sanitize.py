"""The last step: only markup that is safe and useful in a partner's page leaves this room.

nh3 decides, by a list of what is allowed. It comes after everything else so that nothing can be put together
behind its back. Its time grows with depth as well as with size: `Document` has capped both before.
"""

import re
from functools import cache
from itertools import pairwise

import nh3

from syndicate.strip.links import markup

_GONE_WITH_CONTENT = {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "select"}

_HEADING = re.compile(r"<(/?)h[1-6]\b")
_SETTLING = 4  # times that a misplaced element is looked at again
_OTHER_SCHEME = re.compile(r"(?:^|,\s|[wx]\s*,)\s*(?!https?:)[^\s,/?#]*:", re.IGNORECASE)


@cache
def _cleaner(*, with_sets: bool) -> nh3.Cleaner:
    allowed = markup().allowed
    return nh3.Cleaner(
        tags=set(allowed["tags"].split()),
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes={tag: set(names.split()) for tag, names in allowed["attributes"].items()},
        url_schemes=set(allowed["schemes"].split()),
        link_rel="noopener noreferrer",
        strip_comments=True,
        attribute_filter=_judge_set if with_sets else None,
    )


def _judge_set(_: str, name: str, value: str) -> str | None:
    """nh3 knows the schemes of single addresses, not of those in a set of pictures."""
    return value if name != "srcset" or not _OTHER_SCHEME.search(value) else None


def sanitize(html: str) -> str:
    """Return the HTML with only what is allowed; running it again changes nothing."""
    has_sets = b"srcset" in html.encode("utf-8", "replace").lower()  # ten times as fast as lower case of all letters
    clean = _cleaner(with_sets=has_sets).clean
    cleaned = clean(html).strip()
    for _ in range(_SETTLING if _is_shifty(cleaned) else 0):
        before, cleaned = cleaned, clean(cleaned).strip()
        if cleaned == before:
            break
    return cleaned


def _is_shifty(html: str) -> bool:
    """Whether a parser of HTML may read it otherwise than the one that wrote it.

    What is misplaced in a table is put before it (HTML, 13.2.6.1), and a heading ends one that is open (13.2.6.4.7).
    """
    headings = _HEADING.findall(html)
    return "<table" in html or any(not one and not other for one, other in pairwise(headings))
