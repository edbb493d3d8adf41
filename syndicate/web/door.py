"""The door between the processes that serve feeds and the one that runs Flask: a folder that only we may enter.

In it stands the socket where Flask listens. A feed process that passes a client on gives its own end of the
connection the client's address as its name. The server behind hands that name on as REMOTE_ADDR; so the bytes of
the client pass unchanged, and nothing in them can pretend to be somebody else.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

_LONGEST_FOLDER = 50  # bytes; with the longest name in it a socket's address stays under the kernel's 107
_LISTENER = "pages"
_numbers = count()


@contextmanager
def made() -> Iterator[Path]:
    """A new door, taken away at the end."""
    usual = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="syndicate-", dir=usual if len(os.fsencode(usual)) < _LONGEST_FOLDER else "/tmp")  # noqa: S108 - a new folder of our own
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
