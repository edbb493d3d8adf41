"""Messages between the sandbox and its children: a length, then a pickle of our own values.

A child has read bytes from outside with libraries written in C; what it says is therefore not trusted either. The
reading side makes nothing but dataclasses, enumerations and errors of this package and a few of Python's own values.
"""

import array
import dataclasses
import enum
import io
import pickle
import socket
import struct
from functools import lru_cache
from importlib import import_module
from typing import Any

from syndicate import errors

_LENGTH = struct.Struct("!Q")
_MOST = 512 * 1024 * 1024
_CHUNK = 1024 * 1024
_PLAIN = {
    "builtins": frozenset(("bytearray", "complex", "frozenset", "set", "slice", "range")),
    "datetime": frozenset(("date", "datetime", "time", "timedelta", "timezone")),
    "collections": frozenset(("OrderedDict", "defaultdict", "deque", "Counter")),
    "pathlib": frozenset(("PurePosixPath", "PosixPath")),
}


def send(channel: socket.socket, message: bytes, descriptor: int | None = None) -> None:
    """Send one message, with a file descriptor beside it if one is given."""
    head = _LENGTH.pack(len(message))
    if descriptor is None:
        channel.sendall(head + message if len(message) < _CHUNK else head)
        if len(message) >= _CHUNK:
            channel.sendall(message)
    else:
        socket.send_fds(channel, [head], [descriptor])
        channel.sendall(message)


def receive(channel: socket.socket) -> bytes:
    """Receive one message; raises EOFError if the other side is gone, OSError as sockets do."""
    return receive_with_descriptor(channel)[0]


def receive_with_descriptor(channel: socket.socket) -> tuple[bytes, int | None]:
    """Receive one message and the file descriptor that came with it, if one did."""
    head, ancillary, _, _ = channel.recvmsg(_LENGTH.size, socket.CMSG_LEN(array.array("i").itemsize))
    if len(head) < _LENGTH.size:
        head += _exactly(channel, _LENGTH.size - len(head)) if head else b""
    if not head:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    if length > _MOST:
        raise EOFError("a message of impossible length")
    descriptors = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    return _exactly(channel, length), descriptors[0] if descriptors else None


def _exactly(channel: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        part = channel.recv(min(length, _CHUNK))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def loads(message: bytes) -> Any:
    """Unpickle values of our own and nothing else; raises pickle.UnpicklingError for what is not one."""
    return _OurValues(io.BytesIO(message)).load()


class _OurValues(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Allow what can only be a value; called for every class that a message names."""
        return _allowed(module, name)


@lru_cache(maxsize=512)
def _allowed(module: str, name: str) -> Any:
    if name in _PLAIN.get(module, ()):
        return getattr(import_module(module), name)
    if (module, name) == ("syndicate.errors", "_rebuild_fetch_error"):
        return errors._rebuild_fetch_error
    if module.partition(".")[0] in _OUR_PACKAGES and "." not in name:
        found = getattr(import_module(module), name, None)
        if isinstance(found, type) and (
            dataclasses.is_dataclass(found) or issubclass(found, (errors.SyndicateError, enum.Enum, tuple))
        ):
            return found
    # How dataclasses with slots, and objects in general, are put together again.
    if (module, name) == ("copyreg", "__newobj__"):
        return import_module(module).__newobj__
    raise pickle.UnpicklingError(f"{module}.{name} is not a value")


_OUR_PACKAGES = frozenset(("syndicate",))
