"""A circuit breaker: after a failure nobody waits for the same failure again until some time has passed."""

from collections.abc import Callable
from threading import Lock


class Breaker:
    """Says whether a dependency may be asked; `cooldown` is in seconds of `clock`.

    Closed: everybody may ask. Open: nobody, until the cooldown is over; then one caller at a time may probe, and
    its word decides. Callers that must not wait ask `closed` and never probe.
    """

    def __init__(self, cooldown: float, clock: Callable[[], float]) -> None:
        self._cooldown = cooldown
        self._clock = clock
        self._lock = Lock()
        self._probe_at: float | None = None

    @property
    def closed(self) -> bool:
        """Whether the last word was a success (or nobody has tried yet)."""
        return self._probe_at is None

    def may_try(self) -> bool:
        """Whether this caller may ask now: always while closed, once per cooldown while open."""
        if self._probe_at is None:
            return True
        with self._lock:
            now = self._clock()
            if self._probe_at is None or now < self._probe_at:
                return self._probe_at is None
            self._probe_at = now + self._cooldown
            return True

    def succeeded(self) -> None:
        """Close: the dependency answers."""
        self._probe_at = None

    def failed(self) -> None:
        """Open for one cooldown from now."""
        with self._lock:
            self._probe_at = self._clock() + self._cooldown
