"""How we behave towards one host: few requests at a time, and a pause between their starts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic as system_monotonic

from syndicate.errors import CrowdedError

_REMEMBERED = 256


@dataclass(slots=True)
class _Host:
    running: int = 0
    next_start: float = 0.0


class Manners:
    """Lets at most `per_host` requests run at one host, starting at least `pause` seconds after each other.

    It holds for the threads of one process. `wait` and `monotonic` can be replaced in tests.
    """

    def __init__(
        self,
        per_host: int,
        pause: float,
        *,
        monotonic: Callable[[], float] = system_monotonic,
        wait: Callable[[threading.Condition, float], object] = threading.Condition.wait,
    ) -> None:
        self._per_host = per_host
        self._pause = pause
        self._monotonic = monotonic
        self._wait = wait
        self._hosts: dict[str, _Host] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, host: str, patience: float, *, pause: bool = True) -> Iterator[None]:
        """Wait for our turn at `host`, and hold it within the block.

        `pause=False` goes on with what was begun (a redirect). Raises CrowdedError when our turn doesn't come within
        `patience` seconds: one slow host must not gather all workers.
        """
        self._begin(host, patience, pause=pause)
        try:
            yield
        finally:
            self._end(host)

    def _begin(self, host: str, patience: float, *, pause: bool) -> None:
        with self._changed:
            gives_up = self._monotonic() + patience
            while True:
                state = self._hosts.setdefault(host, _Host())
                now = self._monotonic()
                full = state.running >= self._per_host
                if not full and (not pause or now >= state.next_start):
                    state.running += 1
                    state.next_start = max(state.next_start, now + self._pause)
                    return
                if now >= gives_up:
                    raise CrowdedError(
                        f"{host} is busy with our other requests; not asked", retry_after=max(self._pause, 1.0)
                    )
                self._wait(self._changed, (gives_up if full else min(gives_up, state.next_start)) - now)

    def _end(self, host: str) -> None:
        with self._changed:
            self._hosts[host].running -= 1
            if len(self._hosts) > _REMEMBERED:
                now = self._monotonic()
                self._hosts = {k: v for k, v in self._hosts.items() if v.running or v.next_start > now}
            self._changed.notify_all()
