"""Which articles a feed holds. Pure."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape

from syndicate.model import Published

_OVERHEAD = 4_000  # bytes of an ordinary entry besides body, title and pictures: addresses, dates, names, summary
_PICTURE = 600
_ELEMENT = 20  # bytes around a category, the shortest of elements


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles of a feed, newest first, and the ids of those that would take more than half of what it may hold."""

    articles: tuple[Published, ...]
    oversized: tuple[str, ...] = ()


def select(candidates: Iterable[Published], items: int, source_share: float, budget: int) -> Selection:
    """Choose a feed's articles from candidates that come newest first; no more are taken than needed.

    At most `items`, at most the share `source_share` (0 to 1, but at least one article) of these from one source,
    and at most about `budget` bytes. An article that alone would take more than half of these is passed over, so that
    it can't empty the feed.
    """
    share = max(1, int(round(items * source_share, 6)))  # 0.29 of 100 is 29, not 28.99...
    chosen: dict[str, Published] = {}
    oversized: list[str] = []
    taken: Counter[str] = Counter()
    left = budget
    for candidate in candidates:
        size = weight(candidate)
        if 2 * size > budget:
            oversized.append(candidate.article.id)
        elif size > left:
            break  # an older, smaller one in its place would leave a hole in the feed's time
        elif taken[candidate.article.source] < share and candidate.guid not in chosen:
            chosen[candidate.guid] = candidate
            taken[candidate.article.source] += 1
            left -= size
        if len(chosen) == items:
            break
    return Selection(tuple(sorted(chosen.values(), key=_newest_first)), tuple(oversized))


def weight(published: Published) -> int:
    """About how many bytes the article adds to a feed, in its largest format."""
    article = published.article
    ordinary = len(article.title.encode(errors="replace")) + _PICTURE * len(article.images) + _OVERHEAD
    # Whatever field a source swells counts, those included that nobody has thought of.
    told = repr(replace(article, html="", text="", cuts=(), doubts=()))
    notes = "".join(one.note for one in published.corrections)
    return _size(article.html + notes) + max(
        ordinary, _size(told) + _ELEMENT * (len(article.categories) + len(article.enclosures))
    )


def _size(text: str) -> int:
    """How many bytes the text takes in XML or in JSON, whichever is more."""
    written = (escape(text, quote=False), json.dumps(text, ensure_ascii=False))
    return max(len(one.encode(errors="replace")) for one in written)


def _newest_first(published: Published) -> tuple[float, str]:
    return -published.ranked.timestamp(), published.article.id
