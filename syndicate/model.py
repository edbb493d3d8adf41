"""The values that travel through Syndicate: frozen, slotted, and free of I/O.

All datetimes are timezone-aware and in UTC. All text is `str` without XML-illegal characters (the readers see
to that). URLs are absolute.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import ClassVar, Literal

SourceKind = Literal["feed", "folder", "page", "wordpress"]
BodyKind = Literal["html", "text"]
FeedFormat = Literal["rss", "atom", "json"]
FEED_FORMATS: tuple[FeedFormat, ...] = ("rss", "atom", "json")

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

# --- what an administrator declares ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One place that articles come from, as declared in configuration or by an admin.

    `location` is a URL (feed, page, wordpress) or a folder's path. `every` (seconds) fixes the interval, `cron`
    (five fields, UTC) fixes the times; with neither, the interval is learned from the source's own rhythm.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    key: str
    kind: SourceKind
    location: str
    title: str = ""
    language: str = ""
    rights: str = ""
    full_text: bool = False
    every: int | None = None
    cron: str = ""
    keep_files: bool = False
    article_pattern: str = ""
    push: bool = True
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """The rule by which an article belongs to a topic.

    An article matches when one of `sources`, one of `categories`, or the words match. Words and phrases match
    whole and without case: at least one of `any_of`, every one of `all_of`, and none of `none_of`; `where` says
    in which part. `none_of` also refuses an article that source or category would let in.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    key: str
    title: str
    description: str = ""
    language: str = ""
    sources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    where: Literal["title", "body", "both"] = "both"

    @property
    def rule(self) -> "TopicSpec":
        """What decides which articles belong to it, without the words that only tell people of it."""
        return replace(self, title="", description="", language="")


@dataclass(frozen=True, slots=True)
class HouseRule:
    """A block that a house wants cut or kept wherever it stands, by its text; `*` stands for any words.

    It is for all sources, or for those named. `family` is what the record of a cut calls it.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    key: str
    text: str
    verdict: Literal["cut", "keep"] = "cut"
    family: str = "house"
    sources: tuple[str, ...] = ()


# --- what comes in -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes as they came from a source, before anybody read them.

    `url` is the final address (a `file:` URL for a folder's file), `content_type` the declared media type with
    its parameters or "", `modified` the file's or the response's modification time if it gave one. `parts` is of how
    many parts the answer said that it is one (WordPress does), 0 where it said nothing. `links` is its `Link` header.
    """

    body: bytes
    url: str
    content_type: str = ""
    modified: datetime | None = None
    parts: int = 0
    links: str = ""

    @property
    def digest(self) -> str:
        """The SHA-256 of the body, in hexadecimal: the payload's name in the store."""
        return sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who made the article: "By NAME, ROLE ORGANIZATION"."""

    name: str
    role: str = ""
    organization: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where the article was written and for which agency: "CITY/CITY (AGENCY) -"."""

    places: tuple[str, ...]
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that belongs to the article; width and height in pixels where known."""

    url: str
    caption: str = ""
    credit: str = ""
    alt: str = ""
    width: int | None = None
    height: int | None = None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An attached file that is not a picture; `length` in bytes, 0 where unknown."""

    url: str
    type: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class Original:
    """Where an article first appeared, when its source is not the first."""

    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """Something taken out of an article's body, and why.

    `family` is the sort of boilerplate (share, copyright, newsletter ...), `reason` the rule or the kind of
    evidence that decided, `evidence` what exactly was seen. `start` and `end` are offsets into the text of the
    body before anything was cut: what is left and what was cut, byline and repeated headline included, block by
    block, joined by newlines. A headline that a file opens with is the title, and no part of it; both are 0 for what
    was no text of the body. `html` is the markup that was removed.
    """

    text: str
    family: str
    reason: str
    evidence: str = ""
    start: int = 0
    end: int = 0
    html: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a reader found it: nothing is cleaned yet, but nothing is lost either.

    `key` is the source's own id for it ("" if it gave none). `title` is plain text. `body` is HTML or plain text, as
    `body_kind` says; `summary` is HTML. `excerpt_only` says that the source gave a teaser, not the article. `cuts` is
    what a page's reader left out of the body, because it stood inside the article's container. `goes_on` is the address
    of the article's next page, if one was not read. `doubt` says what is not sure of how it was read, or "".
    `nameless` says that somebody wrote it whose name is not told, so that the source's own authors did not. `presumed`
    counts as the author where nobody is named: who sent the mail, or whose computer it was written on.
    """

    key: str = ""
    link: str = ""
    title: str = ""
    body: str = ""
    body_kind: BodyKind = "html"
    base_url: str = ""
    summary: str = ""
    excerpt_only: bool = False
    authors: tuple[Person, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    categories: tuple[str, ...] = ()
    language: str = ""
    rights: str = ""
    original: Original | None = None
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    cuts: tuple[Cut, ...] = ()
    goes_on: str = ""
    doubt: str = ""
    nameless: bool = False
    presumed: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that did not go through: where it was (title, link, position or file) and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hub:
    """Where a document says that its changes are told (WebSub), and what it is called there; "" for nowhere."""

    url: str = ""
    topic: str = ""


NO_HUB = Hub()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one payload.

    `keys` are the entries' names within their source. `announced` are articles still to be fetched, with all that the
    listing tells of them. `follow` is the address of an API's next part. `authors` wrote the entries that nobody else
    is named for. `ttl` (seconds) and `skip_hours` (0 to 23, UTC) are the source's wishes about polling.
    """

    format: str
    entries: tuple[Entry, ...] = ()
    keys: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    announced: tuple[Entry, ...] = ()
    follow: tuple[str, ...] = ()
    title: str = ""
    link: str = ""
    language: str = ""
    rights: str = ""
    authors: tuple[Person, ...] = ()
    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    hub: Hub = NO_HUB


# --- what goes out -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Article:
    """An article ready to be given to partners.

    `html` is the clean, sanitized body; `text` the same as plain text, one block a line. `cuts` were taken out,
    `doubts` were left in but may be boilerplate: an admin decides. `held` says why a person has to look at the
    article before it is published ("" if nobody has to).
    """

    source: str
    key: str
    link: str
    title: str
    html: str
    text: str
    summary: str = ""
    authors: tuple[Person, ...] = ()
    dateline: Dateline | None = None
    published: datetime | None = None
    updated: datetime | None = None
    categories: tuple[str, ...] = ()
    language: str = ""
    rights: str = ""
    bio: str = ""
    original: Original | None = None
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    cuts: tuple[Cut, ...] = ()
    doubts: tuple[Cut, ...] = ()
    held: str = ""

    @property
    def id(self) -> str:
        """The article's name everywhere in Syndicate; made of source and key, so no source can take another's."""
        return sha256(f"{self.source}\n{self.key}".encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Correction:
    """What an admin has put right of an article, in a note for its readers, and when."""

    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Published:
    """An article as partners see it: with the guid it keeps for ever and the times that only real changes move.

    `received` is when it was first taken in, `revised` when its content last really changed, by the source's
    word or, failing that, when we saw it. `corrections` stand below what the source says, the first one first.
    """

    article: Article
    guid: str
    received: datetime
    revised: datetime
    corrections: tuple[Correction, ...] = ()

    @property
    def ranked(self) -> datetime:
        """The time that orders feeds: the source's date, but never later than when we received it.

        Dates before there was a web to publish on are mistakes of the source, and don't count.
        """
        published = self.article.published
        return min(published, self.received) if published and published >= EARLIEST else self.received


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What partners are told of an article that was withdrawn: its guid and address, when, and why."""

    guid: str
    link: str
    at: datetime
    reason: str
