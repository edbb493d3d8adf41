"""Who holds a lease: a thread of a process of a machine, by a name that tells whether that process is still there."""

import os
import socket
import threading
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")


def holder() -> str:
    """A name for this thread of this process of this machine."""
    return f"{process()}{threading.get_ident()}"


def process() -> str:
    """What the names of all of this process's threads begin with."""
    return f"{_machine()}:{os.getpid()}:"


def is_dead(name: str) -> bool:
    """Whether a holder's process has ended, as far as this machine can tell: it knows only its own processes."""
    machine, _, rest = name.rpartition(":")[0].rpartition(":")
    if not rest.isdecimal() or "/" not in machine or machine != _machine():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False  # it belongs to another user
    return False


@cache
def _machine() -> str:
    """Name this machine since it was started, and the numbering of its processes: containers may share all but that."""
    try:
        boot, namespace = _BOOT.read_text().strip(), _NAMESPACE.stat().st_ino
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}/{boot}/{namespace}"
