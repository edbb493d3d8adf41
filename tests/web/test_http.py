"""HTTP as it goes over the wire: the real server on loopback, requests byte by byte."""

import gzip
import os
import signal
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import feedparser
import pytest
from redis import Redis

from syndicate.codings import CODINGS, decode
from syndicate.model import SourceSpec
from syndicate.private_redis import PrivateRedis
from syndicate.publish.build import build, etag_of
from syndicate.settings import PublishSettings, Settings
from syndicate.store import Store
from tests.contract.building import article, change, ingest
from tests.web.server import NOW, Desk, Server, parse, serving

FEED = b"<rss><channel>" + b"<item><title>Words, words</title></item>" * 400 + b"</channel></rss>"
TOKEN = "syn_of-anna"
OWN = FEED.replace(b"<channel>", b"<channel><link>http://wire/p/-/all.rss</link>")
PATIENCE = 45.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server of this file has its data."""
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """One server for this file, with one feed."""
    with PrivateRedis(folder / "redis") as redis:
        desk = Desk(folder, redis.url)
        desk.publish(FEED, "first")
        desk.add_partner("anna", TOKEN, OWN)
        desk.close()
        with serving(folder, redis.url, SYNDICATE_ADMIN_TOKEN="a-token") as running:
            yield running


def test_a_feed(server: Server) -> None:
    """A feed arrives whole, with its exact length, one Date, and no header twice."""
    answer = server.ask()
    assert answer.status == 200
    assert answer.body == FEED
    assert answer.headers["content-length"] == str(len(FEED))
    assert "transfer-encoding" not in answer.headers
    assert len(set(answer.names)) == len(answer.names)
    assert parsedate_to_datetime(answer.headers["date"]) >= parsedate_to_datetime(answer.headers["last-modified"])


@pytest.mark.parametrize("coding", CODINGS[1:])
def test_codings(server: Server, coding: str) -> None:
    """Each coding arrives whole and decodes to the feed."""
    answer = server.ask("/feeds/all.rss", f"Accept-Encoding: {coding}")
    assert answer.headers["content-encoding"] == coding
    assert decode(answer.body, coding) == FEED


def test_a_partners_feed(server: Server) -> None:
    """It arrives whole and addressed to the partner, by token in a header, as a password, or behind the address."""
    wanted = OWN.replace(b"/p/-/", b"/p/anna/")
    password = b64encode(f"wordpress:{TOKEN}".encode()).decode()
    for path, *line in (
        ("/p/anna/all.rss", f"Authorization: Bearer {TOKEN}"),
        ("/p/anna/all.rss", f"Authorization: Basic {password}"),
        (f"/p/anna/all.rss?key={TOKEN}",),
    ):
        answer = server.ask(path, *line)
        assert (answer.status, answer.body) == (200, wanted)
        assert answer.headers["content-length"] == str(len(wanted))
        assert answer.headers["cache-control"].startswith("private, ")
        assert len(set(answer.names)) == len(answer.names)
        again = server.ask(path, *line, f"If-None-Match: {answer.headers['etag']}")
        assert (again.status, again.body) == (304, b"")
        head = server.ask(path, *line, method="HEAD")
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", answer.headers["etag"])
    for path in ("/p/anna/all.rss", f"/p/anna/all.rss?key={TOKEN}x", f"/p/bert/all.rss?key={TOKEN}"):
        assert server.ask(path).status == 401


def test_several_lines_of_tags(server: Server) -> None:
    """If-None-Match counts over all its lines, weak tags too."""
    answer = server.ask("/feeds/all.rss", 'If-None-Match: "x", "y"', 'If-None-Match: W/"first"')
    assert answer.status == 304
    assert answer.body == b""
    assert answer.headers["etag"] == '"first"'
    assert {"cache-control", "vary", "date"} <= set(answer.names)
    assert "content-length" not in answer.names or answer.headers["content-length"] != "0"


def test_since(server: Server) -> None:
    """If-Modified-Since with the Last-Modified that was given is 304."""
    modified = server.ask().headers["last-modified"]
    assert server.ask("/feeds/all.rss", f"If-Modified-Since: {modified}").status == 304


def test_head(server: Server) -> None:
    """HEAD has the GET's headers and length, and not a byte of body, on a connection that stays usable."""
    answer = server.ask(method="HEAD")
    assert answer.body == b""
    assert answer.headers["content-length"] == str(len(FEED))
    request = (
        b"HEAD /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n"
        b"GET /feeds/none.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    both = server.raw(request)
    assert both.count(b"HTTP/1.1 ") == 2
    assert b"404 Not Found" in both


def test_pipelined(server: Server) -> None:
    """Requests sent in one go are answered in their order."""
    lines = b"Host: x\r\nAccept-Encoding: gzip\r\n"
    request = b"GET /feeds/all.rss HTTP/1.1\r\n" + lines + b"\r\n"
    last = b"GET /feeds/all.rss HTTP/1.1\r\n" + lines + b'If-None-Match: "first-gzip"\r\nConnection: close\r\n\r\n'
    received = server.raw(request * 3 + last)
    assert [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"200", b"304"]


@pytest.mark.parametrize(
    "line",
    [
        "If-None-Match: first",
        'If-None-Match: "first',
        "If-None-Match: " + '"a",' * 2000,
        "If-None-Match:",
        'If-None-Match: "\xff\xfe"',
        "If-Modified-Since: 99999999999999999999",
        "If-Modified-Since: Thu, 99 Foo 9999 99:99:99 GMT",
        "If-Modified-Since:",
        "Accept-Encoding: " + "gzip;q=0.0001," * 1000,
        "Accept-Encoding: \xff",
        "Accept-Encoding: ;;q=;=q,",
        "Accept: " + "a/b;" * 3000 + ", */*",
        "A-IM: feed",
        "A-IM: " + "x," * 5000,
        "Range: bytes=0-10",
        "X-Forwarded-For: " + "1," * 5000,
    ],
)
def test_malformed_headers(server: Server, line: str) -> None:
    """Malformed and absurd headers are ignored: the client gets the feed."""
    answer = server.ask("/feeds/all.rss", line)
    assert answer.status == 200
    body = gzip.decompress(answer.body) if answer.headers.get("content-encoding") == "gzip" else answer.body
    assert body == FEED


@pytest.mark.parametrize("size", [64_000, 300_000, 2_000_000])
def test_many_headers(server: Server, size: int) -> None:
    """64 KB of headers and far more are either served or refused as too large; the server lives on."""
    answer = parse(
        server.raw(
            b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: " + b"a" * size + b"\r\n\r\n"
        )
    )
    assert answer.status in ((200,) if size < 65_536 else (200, 431, 0))
    many = b"".join(b"X-%d: y\r\n" % n for n in range(size // 20))
    answer = parse(server.raw(b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + many + b"\r\n"))
    assert answer.status in (200, 400, 431, 0)
    assert server.ask().status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/a%2Fb.rss",
        "/feeds/..%2f..%2fetc%2fpasswd.rss",
        "/feeds/%00.rss",
        "/feeds/%ff%fe.rss",
        "/feeds/" + "a" * 60_000 + ".rss",
        "/feeds//all.rss",
        "/feeds/all.rss%20",
        "/feeds/%zz.rss",
        "//feeds/all.rss/..",
        "/feeds/all.RSS",
    ],
)
def test_odd_paths(server: Server, path: str) -> None:
    """Odd addresses are 404 (or refused as too long), as short problem documents that repeat nothing."""
    answer = server.ask(path)
    assert answer.status in (404, 414, 431)
    if answer.status == 404:
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.body) < 400


def test_percent_encoded_name(server: Server) -> None:
    """An address that is spelt with needless percent-encoding is the same address."""
    assert server.ask("/feeds/%61ll.rss?cache=buster").status == 200


@pytest.mark.parametrize("path", ["/feeds/all.rss", "/", "/health/live", "/robots.txt", "/a/nothing"])
@pytest.mark.parametrize(
    "lines",
    ["", "Host:\r\n", "Host: x\r\nHost: y\r\n", "Host: x\r\nHost: x\r\n", "Host: a<script>\r\n", "Host: x,y\r\n"]
    + [f"Host: {host}\r\n" for host in ("[::1", "x:80:80", "x:y", "x/y", "u@x", "\xe4", "x" * 300, ":80")],
)
def test_wrong_host(server: Server, path: str, lines: str) -> None:
    """HTTP/1.1 without Host, with two, or with one that can't be a server's is 400, whatever it asks for."""
    answer = server.raw(f"GET {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode("latin-1"))
    assert parse(answer).status == 400


@pytest.mark.parametrize(
    "host", ["wire.example.org", "WIRE_1.internal.:8080", "192.0.2.1:80", "[2001:db8::1]:80", "x:"]
)
def test_right_host(server: Server, host: str) -> None:
    """Names, and addresses of either kind, with or without a port, are fine for pages and feeds."""
    for path in ("/feeds/all.rss", "/health/live", "/robots.txt"):
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        assert parse(server.raw(request.encode())).status == 200


def test_old_protocol(server: Server) -> None:
    """HTTP/1.0 may leave Host out, and gets nothing chunked."""
    old = parse(server.raw(b"GET /feeds/all.rss HTTP/1.0\r\n\r\n"))
    assert old.status == 200
    assert "transfer-encoding" not in old.headers
    assert old.body == FEED


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
    ],
)
def test_not_http(server: Server, request_: bytes) -> None:
    """What is not HTTP is refused or cut off; the server lives on."""
    status = parse(server.raw(request_ + b"\r\n\r\n")).status
    assert status in (0, 400, 505)
    assert server.ask().status == 200


def test_host_in_nothing(server: Server) -> None:
    """No page repeats the Host it was asked under."""
    for path in ("/", "/opml.xml", "/feeds/all.rss", "/nothing"):
        request = (
            f"GET {path} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n"
        )
        assert b"evil" not in server.raw(request.encode())


def test_post_with_body(server: Server) -> None:
    """A POST to a feed is refused with Allow, also when it brings a body."""
    answer = server.ask("/feeds/all.rss", "Content-Length: 5", "\r\nhello", method="POST")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_workers_follow_and_end(tmp_path: Path) -> None:
    """Two worker processes serve each new version soon, never an older one again, and end when they are told to."""
    with PrivateRedis(tmp_path / "redis") as redis:
        desk = Desk(tmp_path, redis.url)
        desk.publish(FEED, "0")
        with serving(tmp_path, redis.url, SYNDICATE_SERVE_WORKERS="2") as server:
            for version in range(1, 6):
                desk.publish(FEED + b"<!-- -->" * version, str(version))
                until = monotonic() + PATIENCE
                run = 0
                while run < 20:  # both workers have accepted some of so many connections
                    run = run + 1 if server.ask().headers["etag"] == f'"{version}"' else 0
                    assert monotonic() < until
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(15) == 0
        desk.close()


def test_redis_hangs(tmp_path: Path) -> None:
    """While Redis takes connections and never answers, warm and cold feeds are served, new versions too."""
    with PrivateRedis(tmp_path / "redis") as redis:
        desk = Desk(tmp_path, redis.url)
        desk.publish(FEED, "0")
        with serving(tmp_path, redis.url) as server, Redis.from_url(redis.url) as client:
            assert server.ask().status == 200
            pid = client.info("server")["process_id"]
            os.kill(pid, signal.SIGSTOP)
            try:
                began = monotonic()
                answers = [
                    server.ask("/feeds/all.rss", f"Accept-Encoding: {coding}") for coding in CODINGS for _ in range(25)
                ]
                assert monotonic() - began < PATIENCE / 3, "no request waits for Redis"
                assert {answer.status for answer in answers} == {200}
                assert server.ask("/health/ready").status == 200
                desk.publish(FEED + b" ", "1")
                until = monotonic() + PATIENCE
                while server.ask().headers["etag"] != '"1"':
                    assert monotonic() < until
            finally:
                os.kill(pid, signal.SIGCONT)
        desk.close()


def test_an_editor_signs_in(server: Server) -> None:
    """Form, cookie and page pass the processes that serve feeds; nobody else gets more than the form."""
    assert server.ask("/admin/").status == 401
    form = ("Content-Type: application/x-www-form-urlencoded", "Content-Length: 21", "")
    answer = server.ask("/admin/sign-in", *form, "token=a-token&to=runs", method="POST")
    assert (answer.status, answer.headers["location"]) == (303, "./runs")
    cookie = answer.headers["set-cookie"].partition(";")[0]
    page = server.ask("/admin/runs", f"Cookie: {cookie}")
    assert (page.status, b"<h1>Runs</h1>" in page.body) == (200, True)
    assert page.headers["cache-control"] == "no-store"


def test_an_archive_is_walked(server: Server, folder: Path) -> None:
    """From the feed back by prev-archive every article is found once, and each page leads back to the feed."""
    store, topic = Store(f"sqlite:///{folder / 'syndicate.db'}"), Settings().all_topics[0]
    store.add_source(SourceSpec("lake", "feed", "https://lake.example/feed"), NOW)
    stories = [article(key=f"{n}", published=NOW - timedelta(minutes=n)) for n in range(110)]
    ingest(store, *map(change, stories))
    settings = Settings(base_url="https://wire.example.org", publish=PublishSettings(items=5))
    lease = ("feed:all", store.acquire("feed:all", "builder", NOW, 60) or 0)
    store.place("all", store.unplaced("all")[:105], lease)
    built = build(topic, store.newest("all", 5), {}, settings, (), store.archive_pages("all"))
    row = store.save_feed("all", "atom", built.bodies["atom"], etag_of(built.bodies["atom"]), NOW, NOW, lease=lease)
    store.close()
    until = monotonic() + PATIENCE
    while server.ask("/feeds/all.atom").headers.get("etag") != f'"{row.etag}"' and monotonic() < until:
        sleep(0.1)
    found, path = [], "/feeds/all.atom"
    while path:
        answer = server.ask(path)
        assert answer.status == 200, path
        read = feedparser.parse(BytesIO(answer.body))
        links = {link.rel: link.href.removeprefix("https://wire.example.org") for link in read.feed.links}
        assert (links["self"], links.get("current", "/feeds/all.atom")) == (path, "/feeds/all.atom")
        found.append([entry.id for entry in read.entries])
        path = links.get("prev-archive", "")
    assert [len(ids) for ids in found] == [5, 5, 50, 50]
    assert sorted(id_ for ids in found for id_ in ids) == sorted(change(one).published.guid for one in stories)
