"""One version of one feed as the edge gives it out: headers ready, bodies in memory or to be had."""

from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.cache import CachedFeed, FeedMark
from syndicate.codings import CODINGS, Coding, decode, encode
from syndicate.formats import content_type, feed_path, link_header
from syndicate.records import FeedRow
from syndicate.settings import Settings
from syndicate.web.conditional import imf_fixdate
from syndicate.web.problems import Headers
from syndicate.web.reply import Head
from syndicate.web.scripts import for_scripts

SECURITY = [("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'")]
_OVERHEAD = 1536  # bytes of heads and objects that a rendition costs besides its body


@dataclass(frozen=True, slots=True)
class Policy:
    """The headers by which caches between us and a partner live (RFC 9111, RFC 5861), and what the feeds' hub is.

    `base` is what public addresses begin with; `hub` is "" where there is none.
    """

    headers: tuple[tuple[str, str], ...]
    base: str = ""
    hub: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "Policy":
        """The policy that the settings ask for."""
        serve = settings.serve
        cache_control = (
            f"public, max-age={serve.max_age_seconds}, s-maxage={serve.shared_max_age_seconds}, "
            f"stale-while-revalidate={serve.stale_seconds}, stale-if-error={serve.stale_seconds}"
        )
        headers = (("Cache-Control", cache_control), ("Vary", "Accept-Encoding"))
        return cls(headers, settings.public_url, settings.hub_url)

    def links(self, path: str) -> Headers:
        """The header that tells subscribers of the hub, and under which address the feed is known to it."""
        return [("Link", link_header(self.hub, self.base + path))] if self.hub else []


class Rendition:
    """An edition in one coding; not frozen, because its body comes and goes.

    `body` is None when memory was needed for others; the validators stay, so a client that has it needs no body.
    `whole` is the head of a 200, `unmodified` that of a 304. `used` is when it was last asked for, by the
    shelf's count.
    """

    __slots__ = ("body", "etag", "modified", "unmodified", "used", "whole")

    def __init__(self, etag: str, modified: int, whole: Head, unmodified: Head, body: bytes) -> None:
        self.etag = etag
        self.modified = modified
        self.whole = whole
        self.unmodified = unmodified
        self.body: list[bytes] | None = [body]
        self.used = 0

    @property
    def size(self) -> int:
        """The bytes that it takes up, about."""
        return _OVERHEAD + (len(self.body[0]) if self.body else 0)


class Edition:
    """One version of one feed in one format, with its renditions as far as anybody asked for them.

    Last-Modified is the time when these bytes were built, not the newest article's: a feed that loses an article
    changes too, and a client that goes by dates alone has to hear of it.
    """

    __slots__ = ("mark", "renditions")

    def __init__(self, mark: FeedMark) -> None:
        self.mark = mark
        self.renditions: dict[Coding, Rendition] = {}

    @property
    def path(self) -> str:
        """Where the edge gives it out."""
        return feed_path(self.mark.topic, self.mark.format)

    def make(self, coding: Coding, body: bytes, built: datetime, policy: Policy) -> Rendition:
        """The edition in one coding, with the heads of a full response and of a 304."""
        etag = etag_of(self.mark.etag, coding)
        modified = int(built.timestamp())
        validators = [("ETag", etag), *policy.headers, *for_scripts(self.path)]
        headers = [
            ("Content-Type", content_type(self.mark.format)),
            ("Content-Length", str(len(body))),
        ]
        if coding != "identity":
            headers.append(("Content-Encoding", coding))
        headers += [*validators, ("Last-Modified", imf_fixdate(modified)), *policy.links(self.path), *SECURITY]
        return Rendition(etag, modified, Head("200 OK", headers), Head("304 Not Modified", validators), body)

    def remade(self, coding: Coding, policy: Policy) -> Rendition | None:
        """The rendition in this coding, made from whichever other is in memory; None if none is."""
        for other in CODINGS:
            held = self.renditions.get(other)
            body = held and held.body
            if held and body:
                built = datetime.fromtimestamp(held.modified, UTC)
                return self.make(coding, encode(decode(body[0], other), coding), built, policy)
        return None


def etag_of(etag: str, coding: Coding) -> str:
    """The strong ETag of one representation: every coding has its own (RFC 9110, section 8.8.3.3)."""
    opaque = etag.removeprefix("W/").strip('"')
    return f'"{opaque}"' if coding == "identity" else f'"{opaque}-{coding}"'


def from_row(row: FeedRow, codings: tuple[Coding, ...], policy: Policy) -> Edition:
    """The edition of a stored feed in these codings."""
    edition = Edition(FeedMark(row.topic, row.format, row.version, row.etag))
    for coding in codings:
        edition.renditions[coding] = edition.make(coding, encode(row.body, coding), row.built, policy)
    return edition


def from_cache(feed: CachedFeed, policy: Policy) -> Edition:
    """The edition of a cached feed, with the bodies that came along."""
    edition = Edition(feed.mark)
    for coding, body in feed.bodies.items():
        edition.renditions[coding] = edition.make(coding, body, feed.built, policy)
    return edition
