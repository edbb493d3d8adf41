"""A sandbox that keeps count of what its children need; it decides nothing."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from syndicate.errors import KilledError, SyndicateError
from syndicate.ingest.sandbox import Sandbox

CPU_SECONDS = 2.0
MEGABYTES = 512


@dataclass(slots=True)
class Metered:
    """Passes calls on to a real sandbox; `calls` holds the CPU seconds of each, `peak` the most memory (MB) of any child.

    A call that was killed counts with the whole limit.
    """

    sandbox: Sandbox
    calls: list[float] = field(default_factory=list)
    kills: int = 0
    peak: float = 0.0

    @property
    def seconds(self) -> float:
        """All CPU time so far."""
        return sum(self.calls)

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """As `Sandbox.run` does."""
        try:
            value, refusal, seconds, megabytes = self.sandbox.run(_measured, function, args)
        except KilledError:
            self.calls.append(CPU_SECONDS)
            self.kills += 1
            raise
        self.calls.append(seconds)
        self.peak = max(self.peak, megabytes)
        if refusal is not None:
            raise refusal
        return value


def _measured(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, SyndicateError | None, float, float]:
    """In the child: what the function gives or why it refuses, its cost, the most memory that this child ever had."""
    value, refusal = None, None
    began = time.process_time()
    try:
        value = function(*args)
    except SyndicateError as error:
        refusal = error.with_traceback(None)
    return value, refusal, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
