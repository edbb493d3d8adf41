"""What the store gives and takes: plain values, so that no flow ever sees a row or a connection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from syndicate.model import NO_HUB, Article, FeedFormat, Hub, Published, SourceSpec, Tombstone

SourceStatus = Literal["active", "paused", "gone", "retired"]
Stage = Literal["read", "normalize", "strip", "store"]
ArticleStatus = Literal["live", "held", "discarded", "duplicate", "killed"]
_TOGETHER, _NIGHT = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and all that is remembered of polling it.

    `location` is where it is polled now (a permanent redirect moves it away from `spec.location`); `etag`, `modified`
    and `payload` (a digest; "part N" where part N of an API's answer is still missing) let the next poll be cheap;
    `interval` is in seconds; `rhythm` holds the times (newest last) at which its latest articles were published; `ttl`
    (seconds) and `skip_hours` (UTC) are what its last document asked for, and `hub` is where that said that its changes
    are told.
    """

    spec: SourceSpec
    location: str
    origin: Literal["config", "admin"] = "config"
    status: SourceStatus = "active"
    etag: str = ""
    modified: str = ""
    payload: str = ""
    due: datetime | None = None
    interval: float = 0.0
    failures: int = 0
    last_checked: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    last_error: str = ""
    rhythm: tuple[datetime, ...] = ()
    ttl: float = 0.0
    skip_hours: tuple[int, ...] = ()
    hub: Hub = NO_HUB

    def is_silent(self, now: datetime) -> bool:
        """Whether nothing new came for a day, and five times the longest usual pause; without a rhythm it never is.

        What came within an hour came together: a folder's files do so by the dozen.
        """
        pauses = [pause for earlier, later in pairwise(self.rhythm) if (pause := later - earlier) >= _TOGETHER]
        return len(pauses) >= 3 and now - self.rhythm[-1] > max(5 * max(pauses), _NIGHT)


@dataclass(frozen=True, slots=True)
class Known:
    """What planning has to know of an article that is stored already.

    `raw` is the fingerprint of what the source gave (before stripping), `fingerprint` that of what is published.
    `sketch` is a bottom-k MinHash sketch of the text, 16 signed 64-bit integers at most: near-identical texts share
    most of its values, so that the store finds twins by any shared value. `location` is where its source is polled,
    `retired` says that it isn't any more.
    """

    id: str
    key: str
    link: str
    title: str
    raw: str
    fingerprint: str
    guid: str
    received: datetime
    revised: datetime
    sketch: tuple[int, ...]
    status: ArticleStatus
    source: str = ""
    duplicate_of: str = ""
    location: str = ""
    released: bool = False
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One article to be written, decided by the plan: new, or really edited.

    `payload` is the digest of the raw payload it was read from. `duplicate_of` names (by id) another article that says
    the same; this one is then stored but not published. `retold` says that the source says word for word what it said:
    what a person decided of the article still holds.
    """

    kind: Literal["new", "edited"]
    published: Published
    raw: str
    fingerprint: str
    sketch: tuple[int, ...]
    topics: frozenset[str]
    payload: str
    duplicate_of: str = ""
    retold: bool = False

    @property
    def article(self) -> Article:
        """The article itself."""
        return self.published.article


@dataclass(frozen=True, slots=True)
class Renewal:
    """A stored article whose published content is as it was, while its source gives something else around it.

    `article` is what is stored, with the cuts and doubts of now, and why it is held now; `raw` and `payload` are as in
    `Change`.
    """

    article: Article
    raw: str
    payload: str


@dataclass(frozen=True, slots=True)
class Orphan:
    """A stored copy whose original has changed: now that of `duplicate_of` (an id), or with "" nobody's copy."""

    article: str
    duplicate_of: str


@dataclass(frozen=True, slots=True)
class Heir:
    """An article (an id) that takes over from that `of` a retired source, or from one that it corrects as its copy.

    It gets its guid, its arrival and its copies. The other becomes its copy, and gets the guid `own` that the heir had,
    or would have had.
    """

    article: str
    of: str
    own: str


@dataclass(frozen=True, slots=True)
class Looked:
    """Where a plan looked for twins (links and sketch values), and what it found: ids and fingerprints of `state`.

    `topics` is the mark of the added topics that it went by.
    """

    links: frozenset[str]
    values: frozenset[int]
    found: frozenset[tuple[str, ...]]
    topics: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One entry that could not be taken in; it waits in quarantine with its reason and its payload."""

    source: str
    where: str
    reason: str
    payload: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Ingested:
    """Everything that one ingest of one source changes: written in one transaction or not at all.

    `epoch` is the lease under which the work was done. `memory` is the stripper's memory of the source, None to leave
    it as it is, `notes` are what else is remembered of it, by key. The doubts of the changes' and the
    renewals' articles are put before an admin along with them. With `looked`, nothing is written if other twins are
    stored by now than those that were planned by. `given` says in which payload unchanged articles (by id) came.
    """

    source: str
    epoch: int
    state: SourceState
    at: datetime
    changes: tuple[Change, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    memory: bytes | None = None
    orphans: tuple[Orphan, ...] = ()
    heirs: tuple[Heir, ...] = ()
    looked: Looked | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """What really was written: topics whose feeds have to be built again, and entries that failed on the way."""

    new: int
    edited: int
    topics: frozenset[str]
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run of ingestion and its report, one item per source."""

    id: str
    trigger: str
    sources: tuple[str, ...]
    started: datetime
    finished: datetime | None = None
    state: Literal["queued", "running", "done", "failed"] = "queued"
    report: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class FeedRow:
    """The last good bytes of one feed in one format; `version` only grows."""

    topic: str
    format: FeedFormat
    version: int
    etag: str
    body: bytes
    updated: datetime
    built: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with everything that the store knows of it; `withdrawn` is why it was killed, "" unless it was."""

    published: Published
    status: ArticleStatus
    topics: frozenset[str]
    payload: str
    duplicate_of: str = ""
    withdrawn: str = ""


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """One of the `last` pages of a topic's archive: what is live there, newest first, and what was withdrawn."""

    number: int
    last: int
    articles: tuple[Published, ...]
    withdrawn: tuple[Tombstone, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list: where it stands and, if it was killed, or is or was held for a person, why.

    `share` (0 to 1) of all that the source gave was cut: boxes of its page, byline and repeated headline count, too.
    """

    id: str
    source: str
    title: str
    status: ArticleStatus
    why: str
    share: float
    received: datetime

    @classmethod
    def of(cls, stored: StoredArticle) -> "Listed":
        """The article as a list shows it."""
        article = stored.published.article
        cut = sum(len(cut.text) for cut in article.cuts)
        share = round(cut / (cut + len(article.text)), 2) if cut else 0.0
        received = stored.published.received
        why = stored.withdrawn or article.held
        return cls(article.id, article.source, article.title, stored.status, why, share, received)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A story that a person has withdrawn, or took back: its original, all that goes with it, and where it stood.

    `articles` are the ids of all copies and of the original, which comes first; `topics` those whose feeds change.
    `told` are the guids that partners have heard of.
    """

    articles: tuple[str, ...]
    topics: frozenset[str]
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrected:
    """An article (an id) that a person has put right, the original where a copy was named, and its topics."""

    article: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Killed:
    """A withdrawn story in a list, by its original: when it was killed, and the reason, which partners read."""

    id: str
    source: str
    title: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An entry or a whole payload that waits for a person or for a replay."""

    id: int
    rejected: Rejected
    at: datetime
    state: Literal["waiting", "replayed", "discarded"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """An admin's word on a block: cut it or keep it, in one source or ("*") in all.

    `block` is the fingerprint that the stripper computes of the block's text.
    """

    scope: str
    block: str
    verdict: Literal["cut", "keep"]
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A block that may be boilerplate and waits for an admin's ruling."""

    source: str
    block: str
    text: str
    family: str
    evidence: str
    seen: int
    first: datetime


@dataclass(frozen=True, slots=True)
class StoreReport:
    """How the store is: `problems` is empty when all is well, else "what: what to do" for each.

    Sizes are in bytes, None where they can't be told; `written` is the latest time at which anything was stored.
    """

    kind: Literal["sqlite", "postgresql"]
    where: str
    revision: str
    head: str
    journal: str
    size: int | None
    free: int | None
    written: datetime | None
    sources: int
    articles: int
    waiting_topics: int
    quarantined: int
    problems: tuple[str, ...]
