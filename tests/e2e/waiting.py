"""Waiting for what another thread or process does: until it is so, or a deadline that only a failure reaches."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LONGEST = 180.0
_pause = threading.Event()


def until(look: Callable[[], T], seconds: float = LONGEST) -> T:
    """Look again and again until what is seen is true; give it back. Fails with what was seen last."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r} after {seconds} seconds"
        _pause.wait(0.02)
    return seen
