"""An HTTP origin that misbehaves on purpose, and a TCP proxy that breaks connections: asyncio in a thread, on loopback.

    with Origin() as origin:
        origin.serve("/feed", Reply(b"<rss/>", headers={"ETag": '"1"'}))
        origin.serve("/slow", drip(b"<rss/>", 0.05))
        fetcher.get(origin.url("/feed"))
        assert origin.requests[0].headers["user-agent"]

A behaviour is an async function of the request and the writer; `behaviour` makes one of a function from request to
`Reply`. Whatever is not served answers 404.
"""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """A well-behaved answer; `Content-Length` is added unless it is given."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None

    def head(self) -> bytes:
        """The status line and the headers, with the empty line after them."""
        names = {name.lower() for name in self.headers}
        extra = {} if "content-length" in names or "transfer-encoding" in names else {"Content-Length": len(self.body)}
        try:
            reason = self.reason if self.reason is not None else HTTPStatus(self.status).phrase
        except ValueError:
            reason = "Odd"
        lines = [f"HTTP/1.1 {self.status} {reason}", *(f"{k}: {v}" for k, v in {**self.headers, **extra}.items())]
        return "\r\n".join((*lines, "", "")).encode("latin-1")


Writer = asyncio.StreamWriter
Behaviour = Callable[[Request, Writer], Awaitable[None]]
Served = Reply | Behaviour


class _Server:
    """A server on loopback, in a thread with a loop of its own; counts connections."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.connections = 0
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._writers: set[Writer] = set()
        self.port = 0

    def __enter__(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name=type(self).__name__, daemon=True)
        self._thread.start()
        started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls, limit=1 << 20)
        )
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        # Who was let in just now has to arrive before the door is shut: asyncio would forget to close its socket.
        for listening in server.sockets:
            self._loop.remove_reader(listening.fileno())
        self._loop.run_until_complete(_some_turns())
        server.close()
        self._loop.run_until_complete(self._end_tasks())
        self._loop.close()

    async def _end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()  # closing alone would wait for somebody to read what is left
        await _some_turns()

    async def _connected(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        self.connections += 1
        self._writers = {known for known in self._writers if not _closed(known)} | {writer}
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError, TimeoutError):
            async with _closing(writer):
                await self._serve(reader, writer)
        if task is not None:
            self._tasks.discard(task)

    def _serve(self, reader: asyncio.StreamReader, writer: Writer) -> Coroutine[Any, Any, None]:
        raise NotImplementedError


async def _some_turns() -> None:
    """Let the loop do what is ready, and what that leads to."""
    for _ in range(5):
        await asyncio.sleep(0)


def _closed(writer: Writer) -> bool:
    sock = writer.get_extra_info("socket")
    return sock is None or sock.fileno() == -1


@asynccontextmanager
async def _closing(writer: Writer) -> AsyncIterator[None]:
    try:
        yield
    finally:
        with suppress(ConnectionError, RuntimeError):
            writer.close()


class Origin(_Server):
    """The fault-making origin; `requests` keeps what came, `connections` counts even those that said nothing."""

    def __init__(self, tls: ssl.SSLContext | None = None, name: str = "127.0.0.1") -> None:
        super().__init__(tls)
        self.name = name
        self.requests: list[Request] = []
        self.greeting = b""  # sent to whoever connects, before a request is read
        self._served: dict[str, Served] = {}
        self._otherwise: Served = Reply(b"nothing here", 404)

    def url(self, path: str = "/") -> str:
        """The address of `path` here."""
        return f"{'https' if self._tls else 'http'}://{self.name}:{self.port}{path}"

    def serve(self, path: str, what: Served) -> str:
        """Answer requests for `path` (its query apart) like this from now on; returns its address."""
        self._served[path] = what
        return self.url(path)

    def serve_otherwise(self, what: Served) -> None:
        """Answer requests for every other path like this."""
        self._otherwise = what

    async def _serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        if self.greeting:
            writer.write(self.greeting)
        while request := await _read_request(reader):
            self.requests.append(request)
            served = self._served.get(request.path.partition("?")[0], self._otherwise)
            if not isinstance(served, Reply):
                await served(request, writer)
                return
            writer.write(served.head() + (b"" if request.method == "HEAD" else served.body))
            await writer.drain()
            if request.headers.get("connection", "").lower() == "close":
                return


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body)


# --- behaviours ------------------------------------------------------------------------------------------------


def behaviour(function: Callable[[Request], Reply]) -> Behaviour:
    """Make a behaviour of a function from request to reply."""

    async def reply(request: Request, writer: Writer) -> None:
        made = function(request)
        writer.write(made.head() + made.body)
        await writer.drain()

    return reply


def raw(data: bytes) -> Behaviour:
    """Write exactly these bytes and close."""

    async def write(_: Request, writer: Writer) -> None:
        writer.write(data)
        await writer.drain()

    return write


def drip(data: bytes, pause: float, *, headers_too: bool = False) -> Behaviour:
    """Send a byte every `pause` seconds: the body, or the headers as well."""

    async def write(_: Request, writer: Writer) -> None:
        head = Reply(data).head()
        if not headers_too:
            writer.write(head)
        for byte in head + data if headers_too else data:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(pause)

    return write


def endless(chunk: bytes, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Send `chunk` for ever, without a length."""

    async def write(_: Request, writer: Writer) -> None:
        lines = "".join(f"{k}: {v}\r\n" for k, v in (headers or {}).items())
        writer.write(f"HTTP/1.1 200 OK\r\n{lines}Connection: close\r\n\r\n".encode("latin-1"))
        while True:
            writer.write(chunk)
            await writer.drain()

    return write


def endless_headers() -> Behaviour:
    """Send headers for ever."""

    async def write(_: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        number = 0
        while True:
            number += 1
            writer.write(f"X-{number}: {'y' * 1000}\r\n".encode())
            await writer.drain()

    return write


def endless_interim(status: bytes) -> Behaviour:
    """Say for ever that the answer is yet to come."""

    async def write(_: Request, writer: Writer) -> None:
        while True:
            writer.write(b"HTTP/1.1 %b\r\n\r\n" % status * 100)
            await writer.drain()

    return write


def hang() -> Behaviour:
    """Take the request and say nothing."""

    async def wait(_: Request, __: Writer) -> None:
        await asyncio.sleep(3_600)

    return wait


def short(body: bytes, missing: int) -> Behaviour:
    """Announce `missing` bytes more than are sent."""
    return raw(Reply(body, headers={"Content-Length": str(len(body) + missing)}).head() + body)


def reset(after: bytes = b"") -> Behaviour:
    """Send `after`, then break the connection with a TCP reset."""

    async def abort(_: Request, writer: Writer) -> None:
        if after:
            writer.write(after)
            await writer.drain()
            await asyncio.sleep(0.05)  # the bytes are to arrive before the reset discards them
        writer.transport.abort()

    return abort


def redirect(to: str, status: int = 302) -> Reply:
    """Send the client elsewhere."""
    return Reply(status=status, headers={"Location": to})


def endless_redirect(status: int = 302) -> Behaviour:
    """Redirect to a new address each time."""

    def onward(request: Request) -> Reply:
        path, _, number = request.path.partition("?")
        return redirect(f"{path}?{int(number or 0) + 1}", status)

    return behaviour(onward)


def slow_redirect(pause: float) -> Behaviour:
    """Redirect to a new address each time, after a pause."""

    async def onward(request: Request, writer: Writer) -> None:
        await asyncio.sleep(pause)
        await endless_redirect()(request, writer)

    return onward


def drip_chunks(pause: float) -> Behaviour:
    """Send chunks of one byte for ever."""

    async def write(_: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1\r\nx\r\n")
            await writer.drain()
            await asyncio.sleep(pause)

    return write
