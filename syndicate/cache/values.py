"""What is known of feeds in Redis, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syndicate.codings import Coding
from syndicate.model import FEED_FORMATS, FeedFormat


@dataclass(frozen=True, slots=True)
class FeedMark:
    """Which version of a feed there is, without its bytes."""

    topic: str
    format: FeedFormat
    version: int
    etag: str


@dataclass(frozen=True, slots=True)
class CachedFeed:
    """One version of a feed with those of its codings that were asked for and there."""

    mark: FeedMark
    built: datetime
    bodies: Mapping[Coding, bytes]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after a given number; a `sequence` below it says that Redis has lost data or is older."""

    sequence: int
    marks: tuple[FeedMark, ...]


def mark_of(words: bytes) -> FeedMark | None:
    """`topic format version etag` as a value; None if somebody else wrote it."""
    parts = words.decode(errors="replace").split(" ", 3)
    if len(parts) != 4 or parts[1] not in FEED_FORMATS or not parts[2].isdigit():
        return None
    return FeedMark(parts[0], parts[1], int(parts[2]), parts[3])
