"""The way from a client's connection to the full HTTP server: what the client sent goes there unchanged."""

import asyncio
import re
from typing import Protocol, cast

_LONGEST_HEAD = 65_536
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LENGTH = re.compile(rb"\r\n(?:content-length:[ \t]*(\d{1,15})[ \t]*(?=\r\n)|transfer-encoding:)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:[ \t]*close[ \t]*\r\n", re.IGNORECASE)
_EMPTY = (204, 304)


class Near(Protocol):
    """The client's side of a tunnel."""

    def came_back(self, data: bytes) -> None:
        """Bytes came from the server behind."""

    def tunnel_ended(self, *, reached: bool) -> None:
        """Nothing more will come; perhaps the server behind was never reached."""

    def hold(self, *, full: bool) -> None:
        """The server behind takes no more for now, or does so again."""


class Tunnel(asyncio.Protocol):
    """The far side. What is written before it is connected waits, and the client has to wait with more."""

    def __init__(self, near: Near) -> None:
        self._near = near
        self._waiting: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._closed = False
        self._held = False
        near.hold(full=True)

    def write(self, data: bytes) -> None:
        """Send this to the server behind."""
        if self._transport is None:
            self._waiting.append(data)
        else:
            self._transport.write(data)

    def hold(self, *, full: bool) -> None:
        """Read no more from the server behind while the client takes nothing."""
        if self._transport is not None and not self._transport.is_closing() and full != self._held:
            if full:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()
        self._held = full

    def close(self) -> None:
        """Nobody listens any more."""
        self._closed = True
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send what waits."""
        self._transport = cast("asyncio.Transport", transport)
        if self._closed:
            self._transport.abort()
        else:
            if self._held:
                self._transport.pause_reading()
            self._transport.write(b"".join(self._waiting))
            self._waiting.clear()
            self._near.hold(full=False)

    def data_received(self, data: bytes) -> None:
        """Give it to the client."""
        self._near.came_back(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server behind is done with us, or gone, or never was there."""
        del exc
        if not self._closed:
            self._closed = True
            self._near.tunnel_ended(reached=self._transport is not None)

    def pause_writing(self) -> None:
        """The server behind takes no more for now."""
        self._near.hold(full=True)

    def resume_writing(self) -> None:
        """It takes more again."""
        self._near.hold(full=False)


class Answer:
    """Follows one answer of the server behind, to know when it is over.

    Only an answer that says its length is `measured`; the end of any other is the end of the connection.
    """

    def __init__(self, *, is_head: bool = False, closes: bool = False) -> None:
        self.is_head = is_head
        self.closes = closes
        self.begun = False
        self.measured = True
        self._head = b""
        self._left: int | None = None

    @property
    def over(self) -> bool:
        """Whether all of it has come."""
        return self._left == 0

    def made_last(self, beginning: bytes) -> bytes:
        """Let this beginning of the answer say that the connection is closed after it."""
        status, end, rest = beginning.partition(b"\r\n")
        if not end:
            return beginning
        self.closes = True
        return status + b"\r\nConnection: close\r\n" + rest

    def add(self, data: bytes) -> None:
        """Take note of what came; not to be told of more once it is not measured."""
        if self._left is None:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                self.measured = len(self._head) <= _LONGEST_HEAD
                return
            self._read(head + b"\r\n")
        if self._left is not None:
            self._left -= len(data)
            self.measured = self._left >= 0

    def _read(self, head: bytes) -> None:
        status, length = _STATUS.match(head), _LENGTH.findall(head)
        self.closes = self.closes or _CLOSE.search(head) is not None
        if status is None or int(status[1]) < 200:
            self.measured = False
        elif self.is_head or int(status[1]) in _EMPTY:
            self._left = 0
        elif len(length) == 1 and length[0]:
            self._left = int(length[0])
        else:
            self.measured = False
