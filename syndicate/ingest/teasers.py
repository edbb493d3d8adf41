"""What is remembered from poll to poll of pages that a source points to, and which are worth fetching. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from syndicate.ingest.likeness import is_at_home
from syndicate.ingest.readers.bodies import SHORT
from syndicate.model import Entry
from syndicate.normalize.urls import link_key
from syndicate.records import Known
from syndicate.text import plain, squeeze

PATIENCE = timedelta(hours=6)  # then a teaser is published without its page: better late and short than never
_MARKED_UP = 10  # times the words of a short text; what has more markup is no short one
HOPE = timedelta(hours=48)  # and for so long its page is still asked for


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of a link: whether its page was had, and since when that fails.

    `mark` is what its teaser said when it was last followed; of an article in a listing, the address that its page
    gives itself where that is another one.
    """

    mark: str = ""
    whole: bool = False
    failing: datetime | None = None

    def fails(self, now: datetime) -> "Seen":
        """The same after one more failure; a clock that was ahead does not count."""
        return replace(self, failing=min(self.failing or now, now))

    def is_overdue(self, now: datetime) -> bool:
        """Whether the teaser has waited for its page long enough."""
        return self.failing is not None and now - self.failing >= PATIENCE

    def is_hopeless(self, now: datetime) -> bool:
        """Whether the page need not be asked for any more, unless the teaser changes."""
        return self.failing is not None and now - self.failing >= HOPE


def is_teaser(entry: Entry, location: str) -> bool:
    """Whether the article is, or may be, elsewhere: also a short one of the house that is polled at `location`.

    Somebody else's page, on which a short entry remarks, is not its article.
    """
    if entry.excerpt_only or not entry.link:
        return bool(entry.link)
    is_short = len(entry.body) < _MARKED_UP * SHORT and len(plain(entry.body)) < SHORT
    return is_short and is_at_home(entry.link, location)


def mark(entry: Entry) -> str:
    """What the feed says of an article, in a few signs: another mark means that its page is worth a look."""
    said = (squeeze(entry.title), squeeze(plain(entry.body)), entry.updated and entry.updated.isoformat())
    return blake2b(repr(said).encode("utf-8", "replace"), digest_size=8).hexdigest()


def known(stored: Mapping[str, Known], given: Mapping[str, str], seen: Mapping[str, Seen]) -> dict[str, Known]:
    """What is stored of teasers, by the address that their feed gives them; `stored` and `given` are by and with keys.

    Their pages may have given them other addresses: of what was seen before the key tells.
    """
    linked = {link_key(one.link): one for one in stored.values()}
    found = {link: linked.get(link) or (stored.get(key) if link in seen else None) for link, key in given.items()}
    return {link: one for link, one in found.items() if one is not None}


def urgency(entry: Entry, before: Known | None, seen: Seen | None) -> int | None:
    """How urgently a teaser's page is wanted, 0 first; None for not at all. What failed before comes last."""
    if seen is not None and seen.failing is not None:
        return 2
    if before is None:
        return 0
    if seen is None:  # it was taken in before teasers were remembered
        return 1 if entry.updated is not None and entry.updated > before.revised else None
    return None if seen.mark == mark(entry) else 1


def note(source: str) -> str:
    """The name of the note in which a source's teasers are remembered."""
    return f"teasers:{source}"


def dump(seen: Mapping[str, Seen]) -> str:
    """What was seen, by link, as a note."""
    plainly = {k: [s.mark, s.whole, s.failing.isoformat() if s.failing else ""] for k, s in sorted(seen.items())}
    return json.dumps(plainly, separators=(",", ":"))


def parse(text: str | None) -> dict[str, Seen]:
    """What a note says; nothing where there is none."""
    read = json.loads(text) if text else {}
    return {k: Seen(m, w, datetime.fromisoformat(at) if at else None) for k, (m, w, at) in read.items()}
