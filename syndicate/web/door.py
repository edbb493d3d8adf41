"""The door between the processes that serve feeds and the one that runs Flask: a folder that only we may enter.

In it stands the socket where Flask listens. A feed process that passes a client on gives its own end of the
connection the client's address as its name. The server behind hands that name on as REMOTE_ADDR; so the bytes of
the client pass unchanged, and nothing in them can pretend to be somebody else.
"""

import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

_LONGEST_FOLDER = 50  # bytes; with the longest name in it a socket's address stays under the kernel's 107
_PREFIX = "syndicate."
_LISTENER = "pages"
_HELD = "held"
_numbers = count()


@contextmanager
def made() -> Iterator[Path]:
    """A new door, taken away at the end; the doors of processes that were killed go before."""
    usual = tempfile.gettempdir()
    place = Path(usual if len(os.fsencode(usual)) < _LONGEST_FOLDER else "/tmp")  # noqa: S108 - a new folder of our own
    for mark in place.glob(f"{_PREFIX}*/{_HELD}"):
        _take_away_if_dead(mark.parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel gives it back when this process ends, however it does
        (folder / _HELD).touch()  # from here on a door without its lock is a dead one's
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _take_away_if_dead(folder: Path) -> None:
    with suppress(OSError):  # it is held, somebody else's, or gone by now
        lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


def listener(door: Path) -> Path:
    """The socket where Flask is to listen."""
    return door / _LISTENER


def passed(door: Path, client: str) -> socket.socket:
    """A connection through the door on behalf of this client; raises OSError when nobody listens or all are busy."""
    name = door / f"{os.getpid()}.{next(_numbers)},{client}"
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.setblocking(False)
        connection.bind(str(name))
        name.unlink()  # the connection keeps it
        connection.connect(str(listener(door)))
    except BaseException:
        connection.close()
        raise
    return connection


def client_behind(remote: str) -> str:
    """The client for whom a connection came through the door; the address itself if it did not."""
    return remote.rpartition(",")[2] if remote.startswith("/") else remote
