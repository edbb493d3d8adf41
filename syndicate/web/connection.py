"""One client's connection: feeds are answered here, everything else by the full HTTP server behind a tunnel."""

import asyncio
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, cast

from syndicate.web import heads
from syndicate.web.asked import LIVE_PATH
from syndicate.web.heads import Request
from syndicate.web.reply import Reply
from syndicate.web.tunnel import Answer, Tunnel

if TYPE_CHECKING:
    from syndicate.web.lane import Lane

_END = b"\r\n\r\n"
_ONE_PIECE = 65_536  # bytes; up to here copying is cheaper than sending in parts
_READ_AHEAD = 65_536  # bytes of later requests that may wait for their turn


HEAD_SECONDS = 10.0  # from a head's first byte to its last
IDLE_SECONDS = 75.0
STALLED_SECONDS = 30.0  # a client that takes nothing of what waits for it
BEHIND_SECONDS = 300.0  # the slowest page
LINGER_SECONDS = 2.0  # for a client to close its side after we closed ours


class Stage(Enum):
    """What a connection is at."""

    READING = auto()  # waits for a request
    LOOKING = auto()  # a thread looks for a feed
    PASSING = auto()  # the server behind answers one request
    TUNNEL = auto()  # the server behind has the connection for good
    CLOSING = auto()  # all is said; what still comes in is thrown away


_READING, _PASSING, _TUNNEL, _CLOSING = Stage.READING, Stage.PASSING, Stage.TUNNEL, Stage.CLOSING


class Connection(asyncio.Protocol):
    """Answers in the order of the requests, one at a time, and no faster than the client takes the answers."""

    __slots__ = (
        "_answer",
        "_clogged",
        "_ended",
        "_lane",
        "_passed",
        "_paused",
        "_pending",
        "_remote",
        "_seen",
        "_transport",
        "_tunnel",
        "_unsent",
        "stage",
    )

    _transport: asyncio.Transport

    def __init__(self, lane: "Lane") -> None:
        self._lane = lane
        self._remote = ""
        self.stage = _READING
        self._seen = lane.now  # when it last got on
        self._pending = bytearray()
        self._paused = False  # we read no more for now
        self._clogged = False  # the client takes no more for now
        self._ended = False  # the client will say nothing more
        self._unsent = 0
        self._tunnel: Tunnel | None = None
        self._passed = b""  # what a tunnel from an earlier request was given, as long as nothing came back
        self._answer = Answer()

    # --- what the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._remote = str(peer[0]) if peer else ""
        self._lane.enter(self)

    def data_received(self, data: bytes) -> None:
        """The client sent something: mostly, exactly one request."""
        if self.stage is _READING and not self._pending and not self._clogged:
            request = heads.read(data)
            if request is not None:
                self._take(request, data)
                return
        if self.stage is _TUNNEL and self._tunnel is not None:
            self._seen = self._lane.now
            self._tunnel.write(data)
        elif self.stage is not _CLOSING:
            if not self._pending:
                self._seen = self._lane.now  # from here on the head has to be complete in time
            self._pending += data
            self._go_on()

    def eof_received(self) -> bool:
        """The client says nothing more, but may still listen: what it asked is answered."""
        self._ended = True
        return self.stage is not _CLOSING and (self.stage is not _READING or self._clogged)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        del exc
        self.stage = _CLOSING
        self._drop_tunnel()
        self._lane.leave(self)

    def pause_writing(self) -> None:
        """The client takes no more for now."""
        self._clogged = True
        if self._tunnel is not None:
            self._tunnel.hold(full=True)

    def resume_writing(self) -> None:
        """It takes more again."""
        self._clogged = False
        if self._tunnel is not None:
            self._tunnel.hold(full=False)
        self._go_on()

    # --- what the lane tells

    def found(self, request: Request, reply: Reply) -> None:
        """A thread found what was looked for."""
        if self.stage is Stage.LOOKING:
            self.stage = _READING
            self._send(request, reply)
            self._go_on()

    def check(self, now: float, idle_seconds: float = IDLE_SECONDS) -> None:
        """End the connection if it does not get on."""
        unsent = self._transport.get_write_buffer_size()
        if unsent != self._unsent:
            self._unsent, self._seen = unsent, now
        if unsent:
            limit = STALLED_SECONDS
        elif self.stage is _READING:
            limit = HEAD_SECONDS if self._pending else idle_seconds
        else:
            limit = LINGER_SECONDS if self.stage is _CLOSING else BEHIND_SECONDS
        if now - self._seen > limit:
            self.end()

    def end(self) -> None:
        """End the connection whatever it is at."""
        self._transport.abort()

    # --- what the tunnel tells

    def came_back(self, data: bytes) -> None:
        """Bytes of an answer came from the server behind."""
        if self.stage not in (_PASSING, _TUNNEL):
            self._drop_tunnel()  # nobody asked: this must not be taken for the answer to what comes next
            return
        self._seen = self._lane.now
        if self._lane.stopping and self.stage is _PASSING and not self._answer.begun:
            data = self._answer.made_last(data)
        self._transport.write(data)
        self._answer.begun = True
        if self.stage is not _PASSING:
            return
        self._answer.add(data)
        if not self._answer.measured:
            self._tunnel_for_good()
        elif self._answer.over:
            self.stage = _READING
            if self._answer.closes:
                self._finish()
            else:
                self._go_on()

    def tunnel_ended(self, *, reached: bool) -> None:
        """The server behind closed the tunnel, or there is no such server."""
        self._tunnel = None
        if self.stage is _PASSING and self._answer.begun:
            self.end()  # so that the client sees that something is missing
        elif self.stage is _PASSING and self._passed:
            again, self._passed = self._passed, b""
            self._into_tunnel(again)  # it was closed for being idle, just when it was used
        elif self.stage is _PASSING or (self.stage is _TUNNEL and not reached):
            self._send(Request(None, self._answer.is_head, closes=True), self._lane.feeds.unavailable(""))
        elif self.stage is _TUNNEL:
            self._finish()

    def hold(self, *, full: bool) -> None:
        """Read no more from the client while the server behind takes nothing; or do so again."""
        if full != self._paused and not self._transport.is_closing():
            self._paused = full
            if full:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    # --- what follows from it

    def _take(self, request: Request, head: bytes) -> None:
        """Answer a request, or see to it that it is answered."""
        lane = self._lane
        self._seen = lane.now
        asked = request.asked
        if asked is None:
            self._pass(request, head)
            return
        feeds = lane.feeds
        if asked.path == LIVE_PATH:
            self._send(request, feeds.live(asked))
            return
        reply = feeds.turned_away(asked.path, self._remote, asked.forwarded) or feeds.at_once(asked)
        if reply is None:
            self.stage = Stage.LOOKING
            lane.look(asked, partial(self.found, request))
        else:
            self._send(request, reply)

    def _send(self, request: Request, reply: Reply) -> None:
        head, body = reply
        closes = request.closes or self._lane.stopping
        parts = (head.block, self._lane.ending(closes=closes), *(() if request.is_head else body))
        if not body or len(body[0]) <= _ONE_PIECE:
            self._transport.write(b"".join(parts))
        else:
            self._transport.writelines(parts)
        if closes:
            self._finish()

    def _pass(self, request: Request, head: bytes) -> None:
        self.stage = _PASSING
        self._answer = Answer(is_head=request.is_head, closes=request.closes)
        self._passed = head if self._tunnel is not None else b""
        self._into_tunnel(head)

    def _into_tunnel(self, data: bytes) -> None:
        if self._tunnel is None:
            self._tunnel = self._lane.tunnel(self, self._remote)
            self._tunnel.hold(full=self._clogged)
        self._tunnel.write(data)

    def _tunnel_for_good(self) -> None:
        """Whatever this is, the full server shall read it, and all that follows."""
        if self.stage is not _PASSING:
            self._answer = Answer()
        self.stage = _TUNNEL
        self.hold(full=False)
        self._into_tunnel(bytes(self._pending))
        self._pending.clear()

    def _go_on(self) -> None:
        """Take the requests that wait, as far as it is their turn."""
        while self.stage is _READING and self._pending and not self._clogged:
            end = self._pending.find(_END) + len(_END)
            if end < len(_END):
                if heads.hopeless(self._pending):
                    self._tunnel_for_good()
                break
            head = bytes(self._pending[:end])
            request = heads.read(head)
            if request is None:
                self._tunnel_for_good()
            else:
                del self._pending[:end]
                self._take(request, head)
        if self.stage is _READING and self._ended and not self._clogged:
            self._finish()
        elif self.stage is not _TUNNEL:
            self.hold(full=len(self._pending) > _READ_AHEAD)

    def _finish(self) -> None:
        """Say that nothing more comes, and let the client hear it: closing at once could lose our last words."""
        self.stage = _CLOSING
        self._pending.clear()
        self._drop_tunnel()
        if self._ended:
            self._transport.close()
        elif not self._transport.is_closing():
            self.hold(full=False)
            self._transport.write_eof()

    def _drop_tunnel(self) -> None:
        if self._tunnel is not None:
            self._tunnel.close()
            self._tunnel = None
