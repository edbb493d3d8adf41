"""The fast lane over the wire: odd requests, odd clients, and the way to the full server and back."""

import os
import re
import select
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from random import Random
from time import monotonic
from unittest.mock import Mock

import pytest

from syndicate.codings import CODINGS
from syndicate.errors import SyndicateError
from syndicate.private_redis import PrivateRedis
from syndicate.settings import ServeSettings
from syndicate.web.lane import Lane
from tests.web.server import Desk, Server, parse, serving

FEED = b"<rss><channel>" + b"<item><title>Words, words</title></item>" * 1_500 + b"</channel></rss>"
GET = b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\n"
LAST = GET + b"Connection: close\r\n\r\n"
PAGE = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"
PATIENCE = 60.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server of this file has its data."""
    return tmp_path_factory.mktemp("lane")


@contextmanager
def serving_a_feed(folder: Path, **environment: str) -> Iterator[Server]:
    """Run the program with a Redis and one feed."""
    with PrivateRedis(folder / "redis") as redis:
        with closing(Desk(folder, redis.url)) as desk:
            desk.publish(FEED, "first")
        with serving(folder, redis.url, **environment) as running:
            yield running


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """One server for this file."""
    with serving_a_feed(folder) as running:
        yield running


@contextmanager
def connected(server: Server, *, receive_buffer: int = 0) -> Iterator[socket.socket]:
    """A connection that is kept."""
    with socket.socket() as connection:
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", server.port))
        yield connection


def answer(connection: socket.socket) -> bytes:
    """Read one answer that says its length, and no byte more."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += some(connection, 1)
    match = re.search(rb"(?i)\r\ncontent-length: (\d+)\r\n", received)
    left = int(match[1]) if match else 0
    while left:
        piece = some(connection, left)
        received, left = received + piece, left - len(piece)
    return received


def some(connection: socket.socket, most: int) -> bytes:
    """Some bytes; it is an error if there are none."""
    piece = connection.recv(most)
    assert piece, "closed too early"
    return piece


def processes(server: Server, word: str) -> set[int]:
    """The processes of this server with this word on their command line."""
    parents, lines = {}, {}
    for pid in (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
        with suppress(OSError):
            parents[pid] = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            lines[pid] = Path(f"/proc/{pid}/cmdline").read_text()
    family, before = {server.process.pid}, set()
    while family != before:
        before = family
        family = family | {pid for pid, parent in parents.items() if parent in family}
    return {pid for pid in family if word in lines.get(pid, "")}


def runs(pid: int) -> bool:
    """Whether a process has not ended; one that nobody has taken notice of since has no command line left."""
    with suppress(OSError):
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    return False


def stop(pids: set[int]) -> None:
    """Make these processes stand still, and see that they do."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    until = monotonic() + PATIENCE
    for pid in pids:
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
            assert monotonic() < until


def test_byte_by_byte(server: Server) -> None:
    """A head that comes byte by byte is answered when its last byte is there, and the connection goes on."""
    with connected(server) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(2):
            for byte in GET + b"\r\n":
                assert not select.select([connection], [], [], 0)[0]
                connection.sendall(bytes([byte]))
            assert parse(answer(connection)).body == FEED


def test_kept_and_closed(server: Server) -> None:
    """A connection is kept for any number of requests, until one of them asks for its end."""
    with connected(server) as connection:
        for _ in range(3):
            connection.sendall(GET + b"\r\n")
            kept = parse(answer(connection))
            assert kept.body == FEED
            assert "connection" not in kept.headers
        connection.sendall(LAST)
        last = parse(answer(connection))
        assert last.body == FEED
        assert last.headers["connection"] == "close"
        assert connection.recv(1) == b""


def test_old_clients(server: Server) -> None:
    """An HTTP/1.0 client gets feeds and pages, and its connection closed after them."""
    for path, length in ((b"/feeds/all.rss", len(FEED)), (b"/robots.txt", None)):
        old = parse(server.raw(b"GET " + path + b" HTTP/1.0\r\n\r\n"))
        assert old.status == 200
        assert "transfer-encoding" not in old.headers
        assert length is None or len(old.body) == length


def test_half_closed(server: Server) -> None:
    """Who says that nothing more comes is answered all the same, a feed as well as a page, and then let go."""
    for request in (GET + b"\r\n", PAGE, GET + b"Accept-Encoding: br\r\n\r\n" + PAGE + GET + b"\r\n"):
        with connected(server) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            for _ in range(request.count(b"GET ")):
                assert parse(answer(connection)).status == 200
            assert connection.recv(1) == b""


def test_pages_and_back(server: Server) -> None:
    """Requests for pages and feeds may take turns on one connection, pipelined or not; each gets its own answer."""
    turns = [GET + b"\r\n", PAGE, PAGE, GET + b'If-None-Match: "first"\r\n\r\n', PAGE, GET + b"\r\n"]
    with connected(server) as connection:
        for at_once in (1, 2, 6):
            for position in range(0, len(turns), at_once):
                batch = turns[position : position + at_once]
                connection.sendall(b"".join(batch))
                for request in batch:
                    got = parse(answer(connection))
                    if request is PAGE:
                        assert got.body.startswith(b"User-agent")
                    else:
                        assert (got.status, got.headers["etag"]) == (304 if b"None" in request else 200, '"first"')


def test_pages_have_no_own_word_on_feeds(server: Server) -> None:
    """A HEAD of a page is no GET: the feed that is asked for after it is not taken for its body."""
    with connected(server) as connection:
        connection.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + LAST)
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    page, _, rest = received.partition(b"\r\n\r\n")
    assert page.startswith(b"HTTP/1.1 200")
    assert parse(rest).body == FEED


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/feeds/all.rss", "/feeds/none.rss"])
@pytest.mark.parametrize(
    "line",
    [
        "X: y",
        'If-None-Match: "first"',
        'If-None-Match: W/"first", "other"',
        "If-None-Match: *",
        'If-None-Match: "first',
        "If-None-Match:",
        "If-Modified-Since: Mon, 23 Nov 2026 12:00:00 GMT",
        "If-Modified-Since: yesterday",
        "Accept-Encoding: br;q=0.5, gzip",
        "Accept-Encoding: *;q=0",
        "Accept: image/png",
        "Accept: */*",
        "A-IM: feed",
    ],
)
def test_both_ways_say_the_same(server: Server, method: str, path: str, line: str) -> None:
    """The lane and the full server (which a needless Content-Length leads to) give one and the same answer."""
    own = server.ask(path, line, method=method)
    other = server.ask(path, line, "Content-Length: 0", method=method)
    of_the_way = ("date", "server", "connection")
    assert own.status == other.status
    assert own.body == other.body
    assert {n: v for n, v in own.headers.items() if n not in of_the_way} == {
        n: v for n, v in other.headers.items() if n not in of_the_way
    }
    assert "date" in own.headers
    assert len(set(own.names)) == len(own.names)


@pytest.mark.parametrize(
    "request_",
    [
        GET.replace(b"\r\n", b"\n") + b"Connection: close\n\n",
        GET + b"X: 1\r\n folded\r\nConnection: close\r\n\r\n",
        GET + b"Host: y\r\nConnection: close\r\n\r\n",
        GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        GET + b"Content-Length: 5\r\nConnection: close\r\n\r\nhello",
        GET + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        GET + b"Content-Length: x\r\nConnection: close\r\n\r\n",
        GET + b"Expect: 100-continue\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        GET + b"X\0: 1\r\nConnection: close\r\n\r\n",
        GET + b"X : 1\r\nConnection: close\r\n\r\n",
        b"GET http://x/feeds/all.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_doubtful_requests(server: Server, request_: bytes) -> None:
    """What could be read in two ways is read once, by the full server: one answer at most, and the end."""
    received = server.raw(request_)
    final = [line for line in re.findall(rb"HTTP/1\.[01] (\d+)", received) if line != b"100"]
    assert len(final) <= 1
    assert not final or final[0] in (b"200", b"400", b"431", b"505")
    assert server.ask().body == FEED


def test_smuggled_requests(server: Server) -> None:
    """A request inside a body is never answered, however the body's length is given."""
    inner = b"GET /feeds/none.rss HTTP/1.1\r\nHost: x\r\n\r\n"
    length, chunk = b"%d" % len(inner), b"%x\r\n" % len(inner) + inner + b"\r\n0\r\n\r\n"
    for framing, body in (
        (b"Content-Length: " + length, inner),
        (b"Transfer-Encoding: chunked", chunk),
        (b"Content-Length: " + length + b"\r\nTransfer-Encoding: chunked", chunk),
        (b"Content-Length : " + length, inner),
        (b"Content-Length: " + length + b"\r\nContent-Length: 0", inner),
    ):
        for path in (b"/feeds/all.rss", b"/health/live", b"/robots.txt"):
            head = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\nConnection: close\r\n\r\n"
            assert b"404" not in server.raw(head + body)


def test_forged_addresses(folder: Path) -> None:
    """Whatever a client writes into its request, it is counted as who it is, for feeds, pages and odd requests."""
    forged = (
        b"X-Forwarded-For: 198.51.100.%d\r\n",
        b"Forwarded: for=198.51.100.%d\r\n",
        b"Remote-Addr: 198.51.100.%d\r\n",
    )
    with (
        PrivateRedis(folder / "redis-forged") as redis,
        serving(folder, redis.url, SYNDICATE_SERVE_REQUESTS_PER_MINUTE="5") as server,
    ):
        for request in (GET, b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n", b"GET /robots.txt HTTP/1.1\nHost: x\n"):
            statuses = [
                parse(server.raw(request + line % number + b"Connection: close\r\n\r\n")).status
                for number in range(5)
                for line in forged
            ]
            assert statuses[-1] == 429 or statuses.count(200) <= 10, "two minutes' worth at most"
            assert 429 in statuses


def test_slow_reader(server: Server) -> None:
    """A client that asks for much and reads late gets everything in order; meanwhile nobody else waits."""
    count = 100
    with connected(server, receive_buffer=4_096) as slow:
        slow.setblocking(False)
        requests = memoryview((GET + b"\r\n") * count + PAGE + LAST)
        sent = slow.send(requests)
        for _ in range(10):
            assert server.ask().body == FEED
        slow.settimeout(PATIENCE)
        received = bytearray()
        while sent < len(requests) or select.select([slow], [], [], PATIENCE)[0]:
            ready = select.select([slow], [slow] if sent < len(requests) else [], [], PATIENCE)
            if ready[1]:
                sent += slow.send(requests[sent:])
            if ready[0]:
                piece = slow.recv(65_536)
                if not piece:
                    break
                received += piece
    assert received.count(b"HTTP/1.1 200 OK\r\n") == count + 2
    assert received.count(FEED) == count + 1


def test_deaf_clients_cost_little(server: Server) -> None:
    """Clients that ask for thousands of feeds and read nothing make the server keep a few answers each, not all."""
    (lane,) = processes(server, "serve-feeds")
    with ExitStack() as stack:
        for _ in range(20):
            deaf = stack.enter_context(connected(server, receive_buffer=4_096))
            deaf.setblocking(False)
            flood = memoryview((GET + b"\r\n") * 5_000)
            while flood:
                try:
                    flood = flood[deaf.send(flood) :]
                except BlockingIOError:
                    break
        for _ in range(10):
            assert server.ask().body == FEED
        memory = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{lane}/status").read_text())[1])
    assert memory < 250_000, "kB; all the answers would be 6 GB"


def test_gone_midway(server: Server) -> None:
    """Clients that go away at any moment, rudely too, leave the server well."""
    for request in (GET[:20], GET + b"\r\n", (GET + b"\r\n") * 200, PAGE, b"POST /x HTTP/1.1\r\nContent-Length: 9\r\n"):
        for rude in (False, True):
            with connected(server, receive_buffer=4_096) as connection:
                connection.sendall(request)
                if rude:  # with a reset instead of an end
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert server.ask().body == FEED
    assert server.ask("/robots.txt").status == 200


def test_rubbish(server: Server) -> None:
    """Requests of all kinds, cut, mixed and spoilt by chance, harm nobody: the same process serves on."""
    assert server.ask("/robots.txt").status == 200
    before = processes(server, "syndicate")
    chance = Random(20261126)
    kinds = (GET + b"\r\n", LAST, PAGE, b"HEAD / HTTP/1.0\r\n\r\n", b"POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")
    for _ in range(15):
        with ExitStack() as stack:
            for _ in range(20):
                said = bytearray(
                    b"".join(chance.choices((*kinds, b"\r\n", b"\n", b": ", b"\0"), k=chance.randint(1, 6)))
                )
                for _ in range(chance.randint(0, 3)):
                    at = chance.randrange(len(said) + 1)
                    said[at : at + chance.randint(0, 4)] = chance.choice((b"", chance.randbytes(2), *kinds))
                connection = stack.enter_context(connected(server))
                with suppress(OSError):  # the server has had enough
                    for start in range(0, len(said), 40):
                        connection.sendall(said[start : start + 40])
                    if chance.random() < 0.5:
                        connection.shutdown(socket.SHUT_WR)
        assert server.ask().body == FEED
    assert server.ask("/robots.txt").status == 200
    assert processes(server, "syndicate") == before


def test_unknown_topics_flood(server: Server) -> None:
    """Thousands of unknown topics are refused one by one, and leave nothing behind in memory."""

    def memory() -> int:
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{lane}/status").read_text())[1])

    def flood(name: str) -> int:
        batch = [b"GET /feeds/%s-%d.rss HTTP/1.1\r\nHost: x\r\n\r\n" % (name.encode(), n) for n in range(100)]
        with connected(server) as connection:
            connection.sendall(b"".join(batch))
            return sum(parse(answer(connection)).status == 404 for _ in batch)

    assert sum(flood(f"warm-{n}") for n in range(20)) == 2_000
    (lane,) = processes(server, "serve-feeds")
    before = memory()
    assert sum(flood(f"more-{n}") for n in range(25)) == 2_500
    assert memory() - before < 2_000


def test_too_many_connections(tmp_path: Path) -> None:
    """Beyond the limit the oldest idle connection makes way for a newcomer."""
    with serving_a_feed(tmp_path, SYNDICATE_SERVE_CONNECTIONS="8") as server, ExitStack() as stack:
        crowd = [stack.enter_context(connected(server)) for _ in range(8)]
        for connection in crowd:
            connection.sendall(GET + b"\r\n")
            assert parse(answer(connection)).body == FEED
        for _ in range(3):
            newcomer = stack.enter_context(connected(server))
            newcomer.sendall(GET + b"\r\n")
            assert parse(answer(newcomer)).body == FEED
        assert [connection.recv(1) for connection in crowd[:3]] == [b""] * 3
        crowd[-1].sendall(GET + b"\r\n")
        assert parse(answer(crowd[-1])).body == FEED


def test_pages_stand_still(server: Server) -> None:
    """While every process that runs Flask stands still, all feeds are served, warm, cold and unknown, by any client.

    So is whether we live: who asks for that would else end processes that serve feeds well.
    """
    assert server.ask("/robots.txt").status == 200
    pages = processes(server, "serve-pages")
    with connected(server) as waiting, connected(server) as kept:
        try:
            stop(pages)
            waiting.sendall(PAGE + GET + b"\r\n")
            for coding in CODINGS:
                assert server.ask("/feeds/all.rss", f"Accept-Encoding: {coding}").status == 200
            assert server.ask("/feeds/none.rss").status == 404
            assert server.ask(method="HEAD").status == 200
            assert server.ask("/health/live").body == b'{"status": "alive", "following": true}'
            kept.sendall(GET + b"\r\n")
            assert parse(answer(kept)).body == FEED
            assert not select.select([waiting], [], [], 0)[0], "the page stands still, and what was asked after it"
        finally:
            for pid in pages:
                os.kill(pid, signal.SIGCONT)
        assert parse(answer(waiting)).body.startswith(b"User-agent")
        assert parse(answer(waiting)).body == FEED


def test_pages_are_killed(server: Server) -> None:
    """When the processes that run Flask are killed, feeds are served on, and pages are there again after a while."""
    with connected(server) as kept:
        kept.sendall(PAGE)
        assert parse(answer(kept)).status == 200
        killed = processes(server, "serve-pages")
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        until = monotonic() + PATIENCE
        while any(map(runs, killed)) or server.ask("/robots.txt").status != 200:
            assert server.ask().body == FEED
            assert monotonic() < until
        kept.sendall(PAGE)
        assert parse(answer(kept)).status == 200


def test_feeds_are_killed(server: Server) -> None:
    """A process that serves feeds and is killed is there again after a while, and no client is refused meanwhile."""
    (lane,) = processes(server, "serve-feeds")
    os.kill(lane, signal.SIGKILL)
    assert server.ask().body == FEED
    assert processes(server, "serve-feeds") - {lane}


def test_end_under_way(tmp_path: Path) -> None:
    """When it is told to end, every request that was sent is answered, also of clients that were not let in yet."""
    with serving_a_feed(tmp_path) as server, ExitStack() as stack:
        kept = [stack.enter_context(connected(server)) for _ in range(20)]
        for connection in kept:
            connection.sendall(GET + b"\r\n")
            assert parse(answer(connection)).status == 200
        assert server.ask("/robots.txt").status == 200
        (lane,) = processes(server, "serve-feeds")
        stop({lane})
        knocking = [stack.enter_context(connected(server)) for _ in range(20)]
        for connection in (*kept, *knocking):
            connection.sendall(GET + b"\r\n")
        page = stack.enter_context(connected(server))
        page.sendall(PAGE)
        began = monotonic()
        server.process.send_signal(signal.SIGTERM)
        os.kill(lane, signal.SIGCONT)
        for connection in (*kept, *knocking):
            assert parse(answer(connection)).body == FEED
        assert parse(answer(page)).status == 200
        assert server.process.wait(PATIENCE) == 0
        assert monotonic() - began < PATIENCE / 2
        assert not processes(server, "syndicate")


def test_too_few_files_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where so few files may be open that no client could be let in, nothing is served in silence."""
    monkeypatch.setattr("syndicate.web.lane.resource.getrlimit", lambda _: (256, 256))
    with pytest.raises(SyndicateError, match="only 256 files may be open; raise the limit"):
        Lane(Mock(), ServeSettings(), folder)
