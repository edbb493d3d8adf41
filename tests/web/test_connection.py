"""How long a connection may take for what; the clock goes when the test says so."""

import asyncio

import pytest

from syndicate.web.connection import (
    BEHIND_SECONDS,
    HEAD_SECONDS,
    IDLE_SECONDS,
    LINGER_SECONDS,
    STALLED_SECONDS,
    Connection,
)
from syndicate.web.feeds import Feeds
from syndicate.web.tunnel import Tunnel
from tests.web.wire import Wire

GET = b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\n"
BODY = b"<rss><channel/></rss>"


class Pipe(asyncio.Transport):
    """A client's end that takes what it is told to take."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 1)})
        self.sent = bytearray()
        self.unsent = 0
        self.ended = self.aborted = self.closed = False
        self.reading = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += data

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def write_eof(self) -> None:
        self.ended = True

    def is_closing(self) -> bool:
        return self.closed or self.aborted

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


class Street:
    """A lane whose threads find nothing and whose tunnels lead nowhere."""

    def __init__(self, feeds: Feeds) -> None:
        self.feeds = feeds
        self.now = 1_000.0
        self.stopping = False
        self.tunnels: list[Tunnel] = []

    def enter(self, connection: Connection) -> None:
        """A client came."""

    def leave(self, connection: Connection) -> None:
        """A client went."""

    def ending(self, *, closes: bool) -> bytes:
        return b"Connection: close\r\n\r\n" if closes else b"\r\n"

    def look(self, asked: object, tell: object) -> None:
        """Somebody looks, for ever."""

    def tunnel(self, connection: Connection, client: str) -> Tunnel:
        assert client == "192.0.2.1"
        self.tunnels.append(Tunnel(connection))
        return self.tunnels[-1]


@pytest.fixture
def street(wire: Wire) -> Street:
    """A lane with one feed in memory."""
    wire.publish(BODY)
    assert wire.client.get("/feeds/all.rss").status_code == 200
    return Street(wire.edge.feeds)


@pytest.fixture
def pipe() -> Pipe:
    """The client."""
    return Pipe()


@pytest.fixture
def connection(street: Street, pipe: Pipe) -> Connection:
    """The client's connection."""
    made = Connection(street)
    made.connection_made(pipe)
    return made


def lives_for(connection: Connection, pipe: Pipe, street: Street, seconds: float) -> None:
    """It is left alone for so long, and ended after it."""
    connection.check(street.now + seconds)
    assert not pipe.aborted
    connection.check(street.now + seconds + 0.1)
    assert pipe.aborted


def test_idle(connection: Connection, pipe: Pipe, street: Street) -> None:
    """A connection may be idle for a while after its last answer, and for less when its server ends."""
    street.now += 60
    connection.data_received(GET + b"\r\n")
    assert pipe.sent.endswith(BODY)
    connection.check(street.now + 1.5, idle_seconds=2.0)
    assert not pipe.aborted
    lives_for(connection, pipe, street, IDLE_SECONDS)


def test_drip(connection: Connection, pipe: Pipe, street: Street) -> None:
    """A head has to be complete in time; dripping on wins no more of it."""
    street.now += 60
    connection.data_received(GET[:10])
    began = street.now
    for position in range(10, 19):
        street.now += 1
        connection.data_received(GET[position : position + 1])
    street.now = began
    lives_for(connection, pipe, street, HEAD_SECONDS)


def test_deaf(connection: Connection, pipe: Pipe, street: Street) -> None:
    """A client that takes nothing is given up; one that takes little is not."""
    connection.data_received(GET + b"\r\n")
    pipe.unsent = 3_000
    for _ in range(10):
        connection.check(street.now)
        street.now += STALLED_SECONDS - 1
        pipe.unsent -= 100
    connection.check(street.now)
    lives_for(connection, pipe, street, STALLED_SECONDS)


def test_slow_page(connection: Connection, pipe: Pipe, street: Street) -> None:
    """A page may take long, and each of its pieces too."""
    connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    connection.check(street.now + BEHIND_SECONDS)
    assert not pipe.aborted
    street.now += BEHIND_SECONDS
    connection.came_back(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")
    lives_for(connection, pipe, street, BEHIND_SECONDS)


def test_lingering(connection: Connection, pipe: Pipe, street: Street) -> None:
    """After the last answer the client is given a moment to close its side; what it still says is not heard."""
    connection.data_received(GET + b"Connection: close\r\n\r\n" + GET + b"\r\n")
    assert pipe.sent.count(b"HTTP/1.1") == 1
    assert pipe.ended
    connection.data_received(GET + b"\r\n")
    assert pipe.sent.count(b"HTTP/1.1") == 1
    lives_for(connection, pipe, street, LINGER_SECONDS)


def test_one_at_a_time(connection: Connection, pipe: Pipe, street: Street) -> None:
    """While one request is under way those after it wait, a bounded number of bytes, in their order."""
    connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + GET + b"\r\n")
    assert not pipe.sent
    connection.data_received((GET + b"\r\n") * 2_000)
    assert not pipe.reading
    connection.came_back(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
    assert pipe.sent.count(b"HTTP/1.1 ") == 1 + 2_001
    assert pipe.reading
    assert len(street.tunnels) == 1


def test_clogged(connection: Connection, pipe: Pipe) -> None:
    """No request is answered while the client takes nothing; it goes on where it stopped."""
    connection.pause_writing()
    connection.data_received((GET + b"\r\n") * 3)
    assert not pipe.sent
    connection.resume_writing()
    assert pipe.sent.count(BODY) == 3


def test_cut_page(connection: Connection, pipe: Pipe) -> None:
    """An answer that breaks off behind us is broken off for the client, never completed by another one's bytes."""
    connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + GET + b"\r\n")
    connection.came_back(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf of it")
    connection.tunnel_ended(reached=True)
    assert pipe.aborted
    assert pipe.sent.endswith(b"half of it")


def test_idle_tunnel_ends(connection: Connection, pipe: Pipe, street: Street) -> None:
    """A tunnel that the server behind closes just as it is used again is made anew, once."""
    page = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    connection.data_received(page)
    connection.came_back(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
    connection.data_received(page)
    connection.tunnel_ended(reached=True)
    assert len(street.tunnels) == 2
    assert not pipe.aborted
    connection.tunnel_ended(reached=True)
    assert len(street.tunnels) == 2
    assert b"503 Service Unavailable" in pipe.sent
    assert pipe.ended


def test_nobody_asked(connection: Connection, pipe: Pipe, street: Street) -> None:
    """What the server behind says without being asked is never given to the client as an answer."""
    connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    connection.came_back(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
    connection.came_back(b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n")
    connection.data_received(GET + b"\r\n")
    assert b"408" not in pipe.sent
    assert pipe.sent.endswith(BODY)


def test_nobody_behind(connection: Connection, pipe: Pipe) -> None:
    """With nobody behind, a page is 503 with Retry-After; the HEAD of one has no body."""
    connection.data_received(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    connection.tunnel_ended(reached=False)
    assert pipe.sent.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 5\r\n" in pipe.sent
    assert pipe.sent.endswith(b"\r\n\r\n")


def test_last_page(connection: Connection, pipe: Pipe, street: Street) -> None:
    """When the server ends, the answer to a request that is under way says that it is the last."""
    connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    street.stopping = True
    connection.came_back(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
    assert pipe.sent == b"HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 2\r\n\r\nok"
    assert pipe.ended
