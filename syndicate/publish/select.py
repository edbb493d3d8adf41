"""Which articles a feed holds. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from syndicate.model import Published

_OVERHEAD = 4_000  # bytes of an entry besides body, title and pictures: addresses, dates, names, summary
_PICTURE = 600


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles of a feed, newest first, and the ids of those that are larger than a whole feed may be."""

    articles: tuple[Published, ...]
    oversized: tuple[str, ...] = ()


def select(candidates: Iterable[Published], items: int, source_share: float, budget: int) -> Selection:
    """Choose a feed's articles from candidates that come newest first; no more are taken than needed.

    At most `items`, at most the share `source_share` (0 to 1, but at least one article) of these from one source,
    and at most about `budget` bytes. An article that alone exceeds the budget is passed over, so that it
    can't empty the feed.
    """
    share = max(1, int(items * source_share))
    chosen: dict[str, Published] = {}
    oversized: list[str] = []
    taken: Counter[str] = Counter()
    left = budget
    for candidate in candidates:
        size = weight(candidate)
        if size > budget:
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
    body = len(escape(article.html, quote=False).encode(errors="replace"))
    return body + len(article.title.encode(errors="replace")) + _PICTURE * len(article.images) + _OVERHEAD


def _newest_first(published: Published) -> tuple[float, str]:
    return -published.ranked.timestamp(), published.article.id
