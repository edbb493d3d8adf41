"""How Redis is asked: what counts as its being away, for how long it is then left alone, and what is said of it."""

import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

import structlog
from redis import ConnectionError as RedisConnectionError
from redis import Redis, RedisError
from redis import TimeoutError as RedisTimeoutError
from redis.backoff import NoBackoff
from redis.retry import Retry

from syndicate.breaker import Breaker

log = structlog.get_logger(__name__)
T = TypeVar("T")

QUICK_SECONDS = 0.02  # what a request may lose once, before the breaker opens
PROBE_SECONDS = 0.2  # for health: probes have short time-outs of their own
PATIENT_SECONDS = 1.0  # for publishing and for background threads
COOLDOWN_SECONDS = 1.0

AWAY = (RedisConnectionError, RedisTimeoutError, OSError)


class Link:
    """The way to one Redis. `url` is `redis://`, `rediss://` or `unix://`.

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
        return bool(self.ask(lambda redis: redis.ping(), what="ping", otherwise=False, seconds=PROBE_SECONDS))

    def takes(self) -> bool:
        """Whether Redis answers and would take what is to be written: it may be full, or the copy of another.

        Nothing is written: nothing is put in the place of nothing.
        """
        write = self.key("nothing")
        return self.ask(
            lambda redis: redis.setrange(write, 0, "") == 0, what="write", otherwise=False, seconds=PROBE_SECONDS
        )

    def close(self) -> None:
        """Give the connections back; a later call opens new ones."""
        while self._clients:
            self._clients.popitem()[1].close()

    def ask(
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
        except AWAY as error:
            self._lost(what, error)
            return cast("T", otherwise)
        except RedisError as error:  # it is there, but will not do this: out of memory, read-only, no permission
            self._was_refused(what, error)
            return cast("T", otherwise)
        self._answered(what)
        return result

    def key(self, name: str) -> str:
        """What a thing of ours is called in Redis."""
        return f"{self._prefix}:{name}"

    def _lost(self, what: str, error: Exception) -> None:
        if self._breaker.closed:
            log.warning("redis is away", call=what, error=type(error).__name__)
        self._breaker.failed()
        self.failure = str(error)[:120]

    def _was_refused(self, what: str, error: RedisError) -> None:
        if what not in self._refused:  # said once, not at every try until it is mended
            log.warning("redis refused", call=what, error=str(error)[:120])
        self._refused.add(what)
        self.failure = str(error)[:120]

    def _answered(self, what: str) -> None:
        if not self._breaker.closed:
            log.info("redis is back", call=what)
        self._breaker.succeeded()
        self._refused.discard(what)
        self.failure = ""

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
