"""Redis: rendered feeds, notices of new ones, and counters for rate limits. Everything here fails open.

The store is the truth, this is its fast copy: no method raises because of Redis, each says in its return value
that it could not help. Importing and constructing open no connection.

Keys, all under one prefix:
    feed:{topic}:{format}        hash: version, etag, built, digests of its articles, one field for each coding
    feed:{topic}:{format}:past   list: "etag digests" of the ten versions before, newest first (for RFC 3229)
    changes, sequence, versions  sorted set of "topic format" by the number of its last change; that number;
                                 hash of "version etag" by "topic format"
    counts:{name}                hash: requests counted, by client or by status
    feeds                        channel: the same words, told at once
"""

from syndicate.cache.feeds import Cache, Listener
from syndicate.cache.link import PATIENT_SECONDS
from syndicate.cache.values import CachedFeed, Changes, FeedMark

__all__ = ["PATIENT_SECONDS", "Cache", "CachedFeed", "Changes", "FeedMark", "Listener"]
