"""The queue between doors and workers: Dramatiq on Redis for the message, the store for the truth.

A run is written down before it is sent. If Redis loses the message, the scheduler sends it again, because the run
still waits in the store; if it comes twice, the second finds it finished, or its sources leased.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from dramatiq import Actor, Broker, Message, actor
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import DramatiqError
from dramatiq.middleware import Retries, TimeLimit
from redis import ConnectionError as RedisConnectionError
from redis import Redis, RedisError
from redis import TimeoutError as RedisTimeoutError
from redis.exceptions import OutOfMemoryError, ReadOnlyError, ResponseError

from syndicate.errors import QueueFullError
from syndicate.ingest.orders import AGAIN, new_run
from syndicate.records import Run
from syndicate.store import Store

log = structlog.get_logger()

QUEUE = "syndicate"
ACTOR = "run"
RUN_LIMIT = 3_600_000  # milliseconds; a run of many slow sources is long, an endless one is a bug
PATIENCE_SECONDS = 2.0  # with a Redis that takes connections and never answers
_REFUSALS = ("MISCONF", "OOM", "READONLY", "NOREPLICAS")  # as it words them where a script of the queue meets them


class Queue:
    """Puts runs into the queue; constructing it opens no connection."""

    def __init__(self, redis_url: str, store: Store, limit: int, now: Callable[[], datetime]) -> None:
        self.broker = _broker(redis_url)
        self.broker.declare_queue(QUEUE)
        self._store = store
        self._limit = limit
        self._now = now

    def enqueue(self, sources: Sequence[str], trigger: str, *, lease: tuple[str, int] | None = None) -> Run:
        """Write a run down and send it to the workers; under a lease (its name and epoch) if one is given.

        What is to be done again, and waits already, is not queued twice: it will go by what is true when it begins.
        Raises UsageError for an unknown source, QueueFullError when as many runs wait as may, LeaseLostError.
        """
        open_runs = self._store.open_runs()
        run = new_run(self._store, sources, trigger, self._now())
        for other in open_runs if trigger in AGAIN else ():
            if (other.state, other.trigger, other.sources) == ("queued", trigger, run.sources):
                return other
        if len(open_runs) >= self._limit:
            raise QueueFullError(f"{len(open_runs)} runs wait already, at most {self._limit} may")
        self._store.start_run(run, lease=lease)
        self.send(run)
        return run

    def send(self, run: Run) -> bool:
        """Send a run that is written down; says whether Redis took it."""
        try:
            self.broker.enqueue(Message(QUEUE, ACTOR, (run.id,), {}, {}))
        except (RedisError, DramatiqError, OSError) as error:
            log.warning("queue away", run=run.id, reason=str(error))
            return False
        return True


def declare(broker: Broker, work: Callable[[str], None]) -> Actor[[str], None]:
    """The one kind of message: carry out the run of this id."""
    decorate = actor(
        broker=broker,
        actor_name=ACTOR,
        queue_name=QUEUE,
        max_retries=3,
        min_backoff=15_000,
        time_limit=RUN_LIMIT,
    )
    return decorate(work)


class _Impatient(Redis):
    """A client for which a Redis that hangs, or has no room, is one that is gone: only that Dramatiq bears in peace."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """As Redis does, in time."""
        try:
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # redis-py's own gap
        except RedisTimeoutError as error:
            raise RedisConnectionError(f"no answer in time ({error})") from error
        except ResponseError as error:
            if not _takes_nothing(error):
                raise
            raise RedisConnectionError(f"it takes nothing ({error})") from error


def _takes_nothing(error: ResponseError) -> bool:
    """Whether Redis refuses whatever is to be written for now: no room in memory or on its disk, or it is a copy."""
    return isinstance(error, OutOfMemoryError | ReadOnlyError) or any(word in str(error) for word in _REFUSALS)


def _broker(redis_url: str) -> RedisBroker:
    # Given an address, the broker makes a client of its own and passes on no time-outs.
    client = _Impatient.from_url(redis_url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS)
    return RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq types its actors, not this broker
        client=client,
        middleware=[TimeLimit(), Retries()],
        namespace=QUEUE,
    )
