"""Feeds, notices of new ones and counts, as they lie in Redis."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Literal, cast

from lxml import etree
from redis import Redis
from redis.client import PubSub

from syndicate.cache.link import AWAY, Link
from syndicate.cache.values import CachedFeed, Changes, FeedMark, mark_of
from syndicate.codings import CODINGS, Coding, encode
from syndicate.delta import DIGEST_BYTES, digests
from syndicate.model import FEED_FORMATS, FeedFormat
from syndicate.records import FeedRow

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


PushedTo = Literal["subscribers", "webhooks"]
_PUSHED: Mapping[PushedTo, str] = {"subscribers": "pushed", "webhooks": "posted"}
_PUSHES_COUNTED = 30 * 86_400  # seconds after the last


class Cache(Link):
    """The fast copy of the store's feeds."""

    # --- feeds -------------------------------------------------------------------------------------------------

    def put_feed(self, row: FeedRow, *, force: bool = False) -> bool:
        """Keep a feed in every coding and tell all web processes at once; False if that could not be done.

        An older version never replaces a newer one, except with `force`: when the store itself has gone back
        (restored, or begun anew).
        """
        member = f"{row.topic} {row.format}"
        feed = self._feed_key(row.topic, row.format)
        keys = (feed, *(self.key(name) for name in ("changes", "sequence", "versions")), f"{feed}:past")
        fields: list[bytes | str | float] = ["built", row.built.timestamp(), "digests", _digests(row)]
        for coding in CODINGS:
            fields += [coding, encode(row.body, coding)]
        arguments = (int(force), row.version, row.etag, member, f"{row.version} {row.etag}", self.key("feeds"))

        def put(redis: "Redis") -> bool:
            redis.eval(_PUT, len(keys), *keys, *arguments, *fields)
            return True

        return self.ask(put, what="put_feed", otherwise=False)

    def drop_feeds(self, topics: Collection[str]) -> bool:
        """Forget the feeds of these topics."""
        members = [f"{topic} {format_}" for topic in topics for format_ in FEED_FORMATS]
        if not members:
            return True

        def drop(redis: "Redis") -> bool:
            with redis.pipeline(transaction=True) as pipe:
                feeds = [self._feed_key(*member.split(" ")) for member in members]
                pipe.delete(*feeds, *(f"{feed}:past" for feed in feeds))
                pipe.zrem(self.key("changes"), *members)
                pipe.hdel(self.key("versions"), *members)
                pipe.execute()
            return True

        return self.ask(drop, what="drop_feeds", otherwise=False)

    def get_feed(
        self, topic: str, format_: FeedFormat, codings: Collection[Coding], *, quick: bool = True
    ) -> CachedFeed | None:
        """The feed as it was put, with these codings' bodies; None when it is not there or Redis is away."""
        wanted = list(codings)

        def get(redis: "Redis") -> list[bytes | None]:
            fields = ["version", "etag", "built", *wanted]
            return cast("list[bytes | None]", redis.hmget(self._feed_key(topic, format_), fields))

        values = self.ask(get, what="get_feed", otherwise=None, quick=quick)
        if not values or values[0] is None or values[1] is None or values[2] is None:
            return None
        mark = FeedMark(topic, format_, int(values[0]), values[1].decode())
        bodies = {coding: body for coding, body in zip(wanted, values[3:], strict=True) if body is not None}
        return CachedFeed(mark, datetime.fromtimestamp(float(values[2]), UTC), bodies)

    def past(self, topic: str, format_: FeedFormat) -> dict[str, frozenset[bytes]]:
        """The digests of the articles of earlier versions, by ETag; empty when Redis is away."""
        key = f"{self._feed_key(topic, format_)}:past"
        lines = self.ask(
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
            sequence = int(redis.get(self.key("sequence")) or 0)
            if sequence == since:
                return sequence, {}
            first = since if since < sequence else 0
            members = cast("list[bytes]", redis.zrange(self.key("changes"), f"({first}", "+inf", byscore=True))
            versions = cast("list[bytes | None]", redis.hmget(self.key("versions"), members)) if members else []
            return sequence, {m: v for m, v in zip(members, versions, strict=True) if v is not None}

        answer = self.ask(read, what="changes", otherwise=None)
        if answer is None:
            return None
        marks = (mark_of(member + b" " + version) for member, version in answer[1].items())
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
                key = self.key(f"counts:{name}")
                for what in counted:
                    pipe.hincrby(key, what, counts[what])
                pipe.expire(key, seconds)
                return cast("list[int]", pipe.execute())

        totals = self.ask(add, what="add_counts", otherwise=None)
        return None if totals is None else dict(zip(counted, totals, strict=False))

    def count_push(self, outcome: str, *, to: PushedTo = "subscribers") -> None:
        """Count one delivery."""
        self.add_counts(_PUSHED[to], {outcome: 1}, _PUSHES_COUNTED)

    def pushes(self, outcomes: Collection[str], *, to: PushedTo = "subscribers") -> dict[str, int]:
        """How many deliveries had these outcomes, whoever made them; none are known when Redis is away."""
        return self.add_counts(_PUSHED[to], dict.fromkeys(outcomes, 0), _PUSHES_COUNTED) or {}

    def count_told(self, outcome: str) -> None:
        """Count one word of a source's hub that came to us."""
        self.add_counts("told", {outcome: 1}, _PUSHES_COUNTED)

    def told(self, outcomes: Collection[str]) -> dict[str, int]:
        """How many of these words had these outcomes, whoever heard them; none are known when Redis is away."""
        return self.add_counts("told", dict.fromkeys(outcomes, 0), _PUSHES_COUNTED) or {}

    def _feed_key(self, topic: str, format_: str) -> str:
        return self.key(f"feed:{topic}:{format_}")


class Listener:
    """Hears of new feeds. Belongs to one thread."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._pubsub: PubSub | None = None

    def wait(self, seconds: float) -> FeedMark | None:
        """The next notice; None when none came in time, or at once when Redis is away."""
        return self._cache.ask(lambda redis: self._next(redis, seconds), what="listen", otherwise=None)

    def close(self) -> None:
        """End the subscription."""
        if self._pubsub is not None:
            self._pubsub.close()
            self._pubsub = None

    def _next(self, redis: "Redis", seconds: float) -> FeedMark | None:
        if self._pubsub is None:
            self._pubsub = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis-py has no type for it
            self._pubsub.subscribe(self._cache.key("feeds"))
        try:
            message = self._pubsub.get_message(timeout=seconds)
        except AWAY:
            self.close()
            raise
        return mark_of(message["data"]) if message else None


def _digests(row: FeedRow) -> bytes:
    """The articles' digests in one; nothing for a body that is not a feed: it is served, but has no deltas."""
    try:
        return b"".join(digests(row.body, row.format))
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError):
        return b""
