"""What the sandbox's tests run in its children."""

import os
import resource
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from syndicate.errors import FetchError, UnreadableError
from syndicate.model import Failure

Job = Callable[[], Any]


def echo(value: Any) -> Any:
    return value


def pid() -> int:
    return os.getpid()


def spin() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(3_600)


def hog() -> int:
    return len(bytearray(2_000_000_000))


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def unreadable() -> None:
    raise UnreadableError("not a feed")


def fetch_error() -> None:
    raise FetchError("no", status=503, retry_after=30.0)


def bug() -> None:
    raise ZeroDivisionError("a bug")


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def leave(status: int) -> None:
    os._exit(status)


def surroundings() -> dict[str, Any]:
    return {
        "environment": dict(os.environ),
        "descriptors": sorted(int(entry.name) for entry in Path("/proc/self/fd").glob("*")),
        "parent": os.getppid(),
    }


def core_limits() -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_CORE)


def write(path: str) -> None:
    Path(path).write_bytes(b"x")


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("true",)


def evil() -> Evil:
    return Evil()


def failure() -> Failure:
    return Failure("here", "why")


def spin_in_c() -> int:
    return pow(7, 10**9).bit_length()


def work(seconds: float) -> None:
    ends = time.process_time() + seconds
    while time.process_time() < ends:
        pass


def unpicklable() -> Any:
    return lambda: None


def evil_bytes() -> None:
    """Write nonsense to the parent, as a child that was taken over could."""
    for descriptor in range(3, 10):
        try:
            with socket.socket(fileno=os.dup(descriptor)) as channel:
                channel.sendall(b"\xff" * 64)
        except OSError:
            continue
