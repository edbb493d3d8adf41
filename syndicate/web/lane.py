"""The fast lane: an event loop that answers feeds from memory and passes everything else on.

It reads nothing but plain heads (`heads.py`), decides nothing (`feeds.py`), and never interprets a body: what it
does not recognize goes unchanged to the full HTTP server behind the door. A page that is slow there, or a store
that is locked, holds up no feed.
"""

import asyncio
import resource
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import time

import structlog
import uvloop

from syndicate.errors import SyndicateError
from syndicate.settings import ServeSettings
from syndicate.web import door
from syndicate.web.asked import Asked
from syndicate.web.conditional import imf_fixdate
from syndicate.web.connection import IDLE_SECONDS, Connection, Stage
from syndicate.web.feeds import Feeds
from syndicate.web.reply import Reply
from syndicate.web.tunnel import Tunnel

log = structlog.get_logger(__name__)

BACKLOG = 1_024
KNOCKS = 200  # how often a door is knocked at that nobody opens, such as while Flask is started
KNOCK_SECONDS = 0.1
GRACE_SECONDS = 1.0  # how long a kept connection may take for one last request when we end
STOP_SECONDS = 4.0
_SPARE_FILES = 128  # for Redis, the store and the rest of the process
_MANY_FILES = 65_536
_FEWEST_FILES = 320  # with less there is hardly room for a client, and each would be sent away without a word
_SWITCH_SECONDS = 0.0005  # how long a thread that computes may keep the event loop waiting


class Lane:
    """All connections of one process. `now` is the loop's time, as of a moment ago."""

    def __init__(self, feeds: Feeds, settings: ServeSettings, behind: Path) -> None:
        self.feeds = feeds
        self.now = 0.0
        self.stopping = False
        self._behind = behind
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="look")
        self._most = min(settings.connections, _files() // 2 - _SPARE_FILES)
        self._connections: dict[Connection, None] = {}
        self._dials: set[asyncio.Task[None]] = set()
        self._turns = 0
        self._endings = (b"", b"")

    # --- for connections

    def ending(self, *, closes: bool) -> bytes:
        """The last lines of an answer's head: what only this moment knows."""
        now = time()
        if now >= self._turns:
            self._turns = int(now) + 1
            date = f"Date: {imf_fixdate(int(now))}\r\n".encode("ascii")
            self._endings = (date + b"\r\n", date + b"Connection: close\r\n\r\n")
        return self._endings[closes]

    def enter(self, connection: Connection) -> None:
        """A client has come; where there is no room, the oldest that is asking for nothing makes way."""
        self._connections[connection] = None
        if len(self._connections) > self._most:
            idle = (c for c in self._connections if c.stage is Stage.READING)
            next(idle).end()

    def leave(self, connection: Connection) -> None:
        """A client has gone."""
        self._connections.pop(connection, None)

    def look(self, asked: Asked, tell: Callable[[Reply], None]) -> None:
        """Let a thread look for a feed that is not in memory."""
        looking = asyncio.get_running_loop().run_in_executor(self._pool, self.feeds.slowly, asked)
        looking.add_done_callback(lambda done: tell(self._found(asked, done)))

    def _found(self, asked: Asked, done: "asyncio.Future[Reply]") -> Reply:
        error = done.exception()
        if error is None:
            return done.result()
        log.error("feed not served", exc_info=error)
        return self.feeds.unavailable(asked.path)

    def tunnel(self, connection: Connection, client: str) -> Tunnel:
        """A tunnel for this client's connection; it opens by and by."""
        tunnel = Tunnel(connection)
        dial = asyncio.get_running_loop().create_task(self._dial(tunnel, client))
        self._dials.add(dial)
        dial.add_done_callback(self._dials.discard)
        return tunnel

    async def _dial(self, tunnel: Tunnel, client: str) -> None:
        for _ in range(KNOCKS):
            try:
                passage = door.passed(self._behind, client)
            except OSError:
                await asyncio.sleep(KNOCK_SECONDS)
            else:
                loop = asyncio.get_running_loop()
                transport, _ = await loop.create_unix_connection(lambda: tunnel, sock=passage)
                _settle(transport, passage)
                return
        log.error("nobody answers behind the door")
        tunnel.connection_lost(None)

    # --- its life

    async def run(self, listener: socket.socket, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; then answer what is under way, and what comes within a moment."""
        loop = asyncio.get_running_loop()
        self.now = loop.time()
        loop.run_in_executor(self._pool, self.feeds.start)
        server = await loop.create_server(lambda: Connection(self), sock=listener, backlog=BACKLOG)
        while not await _within(stop, 1.0):
            self._check(loop.time())
        self.stopping = True
        with listener.dup() as spare:  # whoever knocked and was not let in yet would be sent away with the server
            server.close()
            last = _waiting(spare)
        await asyncio.gather(*map(self._let_in, last), return_exceptions=True)
        began = loop.time()
        while self._connections and self.now < began + STOP_SECONDS:
            await asyncio.sleep(0.05)
            self._check(loop.time(), IDLE_SECONDS if self.now < began + GRACE_SECONDS else 0.0)
        for connection in list(self._connections):
            connection.end()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _let_in(self, client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_accepted_socket(lambda: Connection(self), client)
        _settle(transport, client)

    def _check(self, now: float, idle_seconds: float = IDLE_SECONDS) -> None:
        self.now = now
        for connection in list(self._connections):
            connection.check(now, idle_seconds)


def serve(feeds: Feeds, settings: ServeSettings, listener: socket.socket, behind: Path) -> None:
    """Serve on this socket until SIGTERM or SIGINT, then end in peace."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    uvloop.run(_serve(Lane(feeds, settings, behind), listener))


async def _serve(lane: Lane, listener: socket.socket) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await lane.run(listener, stop)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event happens before so many seconds are over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


def _settle(transport: asyncio.BaseTransport, connection: socket.socket) -> None:
    """Leave the file to the transport that was made of the socket.

    If that has ended before it was complete, uvloop has closed the file without telling the socket, which would
    close whatever has got the file's number by then.
    """
    if transport.is_closing():
        connection.detach()


def _waiting(listener: socket.socket) -> list[socket.socket]:
    """The clients that have connected and were not accepted yet."""
    found = []
    listener.setblocking(False)
    with suppress(OSError):  # there is no more
        while True:
            found.append(listener.accept()[0])
    return found


def _files() -> int:
    """How many files this process may have open, once its soft limit is raised to the hard one.

    Raises SyndicateError if these are too few to serve anybody.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = hard if hard != resource.RLIM_INFINITY else _MANY_FILES
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if max(soft, most) < _FEWEST_FILES:
        limit = f"only {max(soft, most)} files may be open; raise the limit to {_FEWEST_FILES} at least"
        raise SyndicateError(f"{limit} (`ulimit -Hn`, LimitNOFILE= of systemd, `--ulimit nofile=` of Docker)")
    return max(soft, most)
