"""Room for what only reads: requests that change something may hang.

Where the store takes nothing they wait for it half a minute, and a form that is sent byte by byte is waited for, too,
each with a thread. Were these all the threads, then partners' feeds and probes would wait with them, for as long as
anybody sends forms to the hub.
"""

import time
from collections.abc import Callable
from threading import Condition

from flask import Flask, request
from werkzeug.exceptions import ServiceUnavailable

PATIENCE = 5.0  # seconds that the eldest change may take before those for whom there is no room are sent away
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_NUMBER = "syndicate.room"
_CROWDED = "Too many changes wait for the store just now. Nothing was changed: try again in a moment."


class Room:
    """How many changes are under way, and since when: at most one less than there are threads."""

    def __init__(self, threads: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = max(1, threads - 1)
        self._clock = clock
        self._began: dict[int, float] = {}
        self._number = 0
        self._left = Condition()

    def enter(self) -> int | None:
        """The number to leave with, once there is room; None where it is taken by changes that get nowhere."""
        with self._left:
            while len(self._began) >= self._most:
                patience = next(iter(self._began.values())) + PATIENCE - self._clock()
                if patience <= 0:
                    return None
                self._left.wait(patience)
            self._number += 1
            self._began[self._number] = self._clock()
            return self._number

    def leave(self, number: int) -> None:
        """Make room."""
        with self._left:
            del self._began[number]
            self._left.notify()


def keep_room(app: Flask, threads: int) -> None:
    """Keep a thread of `threads` free of requests that change something."""
    room = Room(threads)

    @app.before_request
    def enter() -> None:
        if request.method in _READING:
            return
        number = room.enter()
        if number is None:
            raise ServiceUnavailable(_CROWDED, retry_after=5)
        request.environ[_NUMBER] = number

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        if (number := request.environ.pop(_NUMBER, None)) is not None:
            room.leave(number)
