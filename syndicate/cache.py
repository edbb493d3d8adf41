"""Redis: rendered feeds, notices of new ones, and counters for rate limits. Everything here fails open.

The store is the truth, this is its fast copy: no method raises because of Redis, each says in its return value
that it could not help. What counts as Redis being away, and for how long it is then left alone, is decided once,
in `Cache._ask`. Importing and constructing open no connection.

Keys, all under one prefix:
    feed:{topic}:{format}        hash: version, etag, built, digests of its articles, one field for each coding
    feed:{topic}:{format}:past   list: "etag digests" of the ten versions before, newest first (for RFC 3229)
    changes, sequence, versions  sorted set of "topic format" by the number of its last change; that number;
                                 hash of "version etag" by "topic format"
    counts:{name}                hash: requests counted, by client or by status
    feeds                        channel: the same words, told at once
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import structlog
from lxml import etree
from redis import ConnectionError as RedisConnectionError
from redis import Redis, RedisError
from redis import TimeoutError as RedisTimeoutError
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.retry import Retry

from syndicate.breaker import Breaker
from syndicate.codings import CODINGS, Coding, encode
from syndicate.delta import DIGEST_BYTES, digests
from syndicate.model import FEED_FORMATS, FeedFormat
from syndicate.records import FeedRow

log = structlog.get_logger(__name__)
T = TypeVar("T")

QUICK_SECONDS = 0.02  # what a request may lose once, before the breaker opens
PROBE_SECONDS = 0.2  # for health: probes have short time-outs of their own
PATIENT_SECONDS = 1.0  # for publishing and for background threads
COOLDOWN_SECONDS = 1.0

_AWAY = (RedisConnectionError, RedisTimeoutError, OSError)

# Bodies have a time to live, so that a Redis with a memory limit drops them rather than queued jobs.
# Never puts an older version over a newer one, unless told that the store says so (ARGV[1] = "1").
_PUT = """
local held = redis.call('HMGET', KEYS[1], 'version', 'etag', 'digests')
if held[1] then
    if held[1] == ARGV[2] and held[2] == ARGV[3] then return 0 end
    if tonumber(held[1]) > tonumber(ARGV[2]) and ARGV[1] ~= '1' then return 0 end
    if held[2] ~= ARGV[3] then
        redis.call('LPUSH', KEYS[5], held[2] .. ' ' .. (held[3] or ''))
        redis.call('LTRIM', KEYS[5], 0, 9)
        redis.call('EXPIRE', KEYS[5], 2592000)
    end
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'etag', ARGV[3], unpack(ARGV, 7))
redis.call('EXPIRE', KEYS[1], 2592000)
local sequence = redis.call('INCR', KEYS[3])
redis.call('ZADD', KEYS[2], sequence, ARGV[4])
redis.call('HSET', KEYS[4], ARGV[4], ARGV[5])
redis.call('PUBLISH', ARGV[6], ARGV[4] .. ' ' .. ARGV[5])
return 1
"""


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


class Cache:
    """The fast copy of the store's feeds. `url` is `redis://`, `rediss://` or `unix://`.

    `quick` calls are for requests: they wait 20 ms at most and never probe a Redis that is away. The others wait a
    second at most and find out when it is back.
    """

    def __init__(self, url: str, *, prefix: str = "syndicate", clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._prefix = prefix
        self._breaker = Breaker(COOLDOWN_SECONDS, clock)
        self._clients: dict[float, Redis] = {}
        self._refused: set[str] = set()
        self.failure = ""  # why Redis could not help when it was last asked, in its own words

    @property
    def available(self) -> bool:
        """Whether Redis answered when it was last asked."""
        return self._breaker.closed

    def ping(self) -> bool:
        """Whether Redis answers now."""
        return bool(self._ask(lambda redis: redis.ping(), what="ping", otherwise=False, seconds=PROBE_SECONDS))

    def close(self) -> None:
        """Give the connections back; a later call opens new ones."""
        while self._clients:
            self._clients.popitem()[1].close()

    # --- feeds -------------------------------------------------------------------------------------------------

    def put_feed(self, row: FeedRow, *, force: bool = False) -> bool:
        """Keep a feed in every coding and tell all web processes at once; False if that could not be done.

        An older version never replaces a newer one, except with `force`: when the store itself has gone back
        (restored, or begun anew).
        """
        member = f"{row.topic} {row.format}"
        feed = self._feed_key(row.topic, row.format)
        keys = (feed, *(self._key(name) for name in ("changes", "sequence", "versions")), f"{feed}:past")
        fields: list[bytes | str | float] = ["built", row.built.timestamp(), "digests", _digests(row)]
        for coding in CODINGS:
            fields += [coding, encode(row.body, coding)]
        arguments = (int(force), row.version, row.etag, member, f"{row.version} {row.etag}", self._key("feeds"))

        def put(redis: "Redis") -> bool:
            redis.eval(_PUT, len(keys), *keys, *arguments, *fields)
            return True

        return self._ask(put, what="put_feed", otherwise=False)

    def drop_feeds(self, topics: Collection[str]) -> bool:
        """Forget the feeds of these topics."""
        members = [f"{topic} {format_}" for topic in topics for format_ in FEED_FORMATS]
        if not members:
            return True

        def drop(redis: "Redis") -> bool:
            with redis.pipeline(transaction=True) as pipe:
                feeds = [self._feed_key(*member.split(" ")) for member in members]
                pipe.delete(*feeds, *(f"{feed}:past" for feed in feeds))
                pipe.zrem(self._key("changes"), *members)
                pipe.hdel(self._key("versions"), *members)
                pipe.execute()
            return True

        return self._ask(drop, what="drop_feeds", otherwise=False)

    def get_feed(
        self, topic: str, format_: FeedFormat, codings: Collection[Coding], *, quick: bool = True
    ) -> CachedFeed | None:
        """The feed as it was put, with these codings' bodies; None when it is not there or Redis is away."""
        wanted = list(codings)

        def get(redis: "Redis") -> list[bytes | None]:
            fields = ["version", "etag", "built", *wanted]
            return cast("list[bytes | None]", redis.hmget(self._feed_key(topic, format_), fields))

        values = self._ask(get, what="get_feed", otherwise=None, quick=quick)
        if not values or values[0] is None or values[1] is None or values[2] is None:
            return None
        mark = FeedMark(topic, format_, int(values[0]), values[1].decode())
        bodies = {coding: body for coding, body in zip(wanted, values[3:], strict=True) if body is not None}
        return CachedFeed(mark, datetime.fromtimestamp(float(values[2]), UTC), bodies)

    def past(self, topic: str, format_: FeedFormat) -> dict[str, frozenset[bytes]]:
        """The digests of the articles of earlier versions, by ETag; empty when Redis is away."""
        key = f"{self._feed_key(topic, format_)}:past"
        lines = self._ask(
            lambda redis: cast("list[bytes]", redis.lrange(key, 0, -1)), what="past", otherwise=[], quick=True
        )
        earlier = {}
        for line in lines:
            etag, _, digests_ = line.partition(b" ")
            steps = range(0, len(digests_), DIGEST_BYTES)
            earlier[etag.decode()] = frozenset(digests_[at : at + DIGEST_BYTES] for at in steps)
        return earlier

    def changes(self, since: int) -> Changes | None:
        """The feeds that were put after change number `since`; None when Redis is away."""

        def read(redis: "Redis") -> tuple[int, dict[bytes, bytes]]:
            sequence = int(redis.get(self._key("sequence")) or 0)
            if sequence == since:
                return sequence, {}
            first = since if since < sequence else 0
            members = cast("list[bytes]", redis.zrange(self._key("changes"), f"({first}", "+inf", byscore=True))
            versions = cast("list[bytes | None]", redis.hmget(self._key("versions"), members)) if members else []
            return sequence, {m: v for m, v in zip(members, versions, strict=True) if v is not None}

        answer = self._ask(read, what="changes", otherwise=None)
        if answer is None:
            return None
        marks = (_mark(member + b" " + version) for member, version in answer[1].items())
        return Changes(answer[0], tuple(mark for mark in marks if mark))

    def listen(self) -> "Listener":
        """A subscription to the notices of new feeds; it connects at its first `wait`."""
        return Listener(self)

    # --- counts ------------------------------------------------------------------------------------------------

    def add_counts(self, name: str, counts: Mapping[str, int], seconds: int) -> dict[str, int] | None:
        """Add to the counts of this name and return the totals of all processes; None when Redis is away.

        `seconds` is how long they are of use after the last addition.
        """
        counted = list(counts)

        def add(redis: "Redis") -> list[int]:
            with redis.pipeline(transaction=False) as pipe:
                key = self._key(f"counts:{name}")
                for what in counted:
                    pipe.hincrby(key, what, counts[what])
                pipe.expire(key, seconds)
                return cast("list[int]", pipe.execute())

        totals = self._ask(add, what="add_counts", otherwise=None)
        return None if totals is None else dict(zip(counted, totals, strict=False))

    # --- how Redis is asked ------------------------------------------------------------------------------------

    def _ask(
        self,
        call: "Callable[[Redis], T]",
        *,
        what: str,
        otherwise: Any,
        quick: bool = False,
        seconds: float = PATIENT_SECONDS,
    ) -> T:
        """Do it if Redis may be asked, and say `otherwise` if it can't: the one place where failures are survived."""
        allowed = self._breaker.closed if quick else self._breaker.may_try()
        if not allowed:
            return cast("T", otherwise)
        try:
            result = call(self._client(QUICK_SECONDS if quick else seconds))
        except _AWAY as error:
            if self._breaker.closed:
                log.warning("redis is away", call=what, error=type(error).__name__)
            self._breaker.failed()
            self.failure = str(error)[:120]
            return cast("T", otherwise)
        except RedisError as error:  # it is there, but will not do this: out of memory, read-only, no permission
            if what not in self._refused:  # said once, not at every try until it is mended
                log.warning("redis refused", call=what, error=str(error)[:120])
            self._refused.add(what)
            self.failure = str(error)[:120]
            return cast("T", otherwise)
        if not self._breaker.closed:
            log.info("redis is back", call=what)
        self._breaker.succeeded()
        self._refused.discard(what)
        self.failure = ""
        return result

    def _client(self, seconds: float) -> "Redis":
        client = self._clients.get(seconds)
        if client is None:
            client = Redis.from_url(
                self._url,
                socket_timeout=seconds,
                socket_connect_timeout=seconds,
                retry=Retry(NoBackoff(), 0),
            )
            client = self._clients.setdefault(seconds, client)
        return client

    def _key(self, name: str) -> str:
        return f"{self._prefix}:{name}"

    def _feed_key(self, topic: str, format_: str) -> str:
        return self._key(f"feed:{topic}:{format_}")


class Listener:
    """Hears of new feeds. Belongs to one thread."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._pubsub: PubSub | None = None

    def wait(self, seconds: float) -> FeedMark | None:
        """The next notice; None when none came in time, or at once when Redis is away."""
        return self._cache._ask(lambda redis: self._next(redis, seconds), what="listen", otherwise=None)

    def close(self) -> None:
        """End the subscription."""
        if self._pubsub is not None:
            self._pubsub.close()
            self._pubsub = None

    def _next(self, redis: "Redis", seconds: float) -> FeedMark | None:
        if self._pubsub is None:
            self._pubsub = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis-py has no type for it
            self._pubsub.subscribe(self._cache._key("feeds"))
        try:
            message = self._pubsub.get_message(timeout=seconds)
        except _AWAY:
            self.close()
            raise
        return _mark(message["data"]) if message else None


def _digests(row: FeedRow) -> bytes:
    """The articles' digests in one; nothing for a body that is not a feed: it is served, but has no deltas."""
    try:
        return b"".join(digests(row.body, row.format))
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError):
        return b""


def _mark(words: bytes) -> FeedMark | None:
    """`topic format version etag` as a value; None if somebody else wrote it."""
    parts = words.decode(errors="replace").split(" ", 3)
    if len(parts) != 4 or parts[1] not in FEED_FORMATS or not parts[2].isdigit():
        return None
    return FeedMark(parts[0], parts[1], int(parts[2]), parts[3])
