"""Which coding and which type a client accepts (RFC 9110, section 12). Pure."""

import re
from functools import lru_cache

from syndicate.codings import Coding
from syndicate.formats import MEDIA_TYPES
from syndicate.model import FeedFormat

# What a client may call the thing and still get it: importers ask for feeds by many names.
_XML = frozenset({"application/xml", "text/xml", "application/*", "text/*", "*/*"})
_NAMES: dict[FeedFormat, frozenset[str]] = {
    "rss": _XML | {MEDIA_TYPES["rss"], "application/rdf+xml"},
    "atom": _XML | {MEDIA_TYPES["atom"]},
    "json": frozenset({MEDIA_TYPES["json"], "application/json", "application/*", "*/*"}),
}

_PREFERENCE: tuple[Coding, ...] = ("br", "zstd", "gzip", "identity")  # smallest first, for equal wishes
_WEIGHT = re.compile(r"[ \t]*q[ \t]*=[ \t]*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*", re.ASCII | re.IGNORECASE)
_CACHED_LENGTH = 200  # longer headers are nobody's habit: they are read each time, never remembered
_MEMBERS = 64  # what stands after so many members is not read


def coding_for(header: str) -> Coding | None:
    """The coding to send for this Accept-Encoding; None if the client refuses every one, identity too."""
    return _coding_cached(header) if len(header) <= _CACHED_LENGTH else _coding(header)


def accepts(header: str, format_: FeedFormat) -> bool:
    """Whether this Accept leaves room for the format; an empty one accepts everything."""
    return _accepts_cached(header, format_) if len(header) <= _CACHED_LENGTH else _accepts(header, format_)


def weights(header: str) -> dict[str, float]:
    """The members of a list with their q; one without, or with one that is no number, counts as 1.

    Of a member that stands twice the higher weight counts.
    """
    found: dict[str, float] = {}
    for member in header.split(",", _MEMBERS)[:_MEMBERS]:
        name, *parameters = member.split(";", 8)
        weight = next((float(m[1]) for p in parameters if (m := _WEIGHT.fullmatch(p))), 1.0)
        if key := name.strip(" \t").lower():
            found[key] = max(weight, found.get(key, 0.0))
    return found


def _coding(header: str) -> Coding | None:
    wishes = weights(header)
    if "x-gzip" in wishes:  # an old name for the same (section 8.4.1.3)
        wishes.setdefault("gzip", wishes["x-gzip"])
    rest = wishes.get("*")
    best: Coding | None = None
    best_weight = 0.0
    for coding in _PREFERENCE:
        weight = wishes.get(coding, rest)
        if weight is None:
            weight = 0.0005 if coding == "identity" else 0.0  # unnamed, identity is acceptable, but liked least
        if weight > best_weight:
            best, best_weight = coding, weight
    return best


def _accepts(header: str, format_: FeedFormat) -> bool:
    wishes = weights(header)
    return not wishes or any(weight > 0 and name in _NAMES[format_] for name, weight in wishes.items())


_coding_cached = lru_cache(maxsize=512)(_coding)
_accepts_cached = lru_cache(maxsize=512)(_accepts)
