"""Which heads of requests the fast lane answers by itself, and what it reads in them."""

from http.client import parse_headers
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.web import heads

PLAIN = b"GET /feeds/all.rss HTTP/1.1\r\nHost: wire.example.org\r\n"


def test_plain() -> None:
    """A plain request is read whole: names in any case, lines of one name joined, blanks around values gone."""
    request = heads.read(
        b"GET /feeds/all.rss?utm=1 HTTP/1.1\r\nhOST: x\r\nACCEPT-encoding:\t gzip \r\naccept: a/b\r\n"
        b'If-None-Match: "a"\r\nif-none-match:"b"\r\nA-IM: feed\r\nX-Forwarded-For: 192.0.2.1\r\n'
        b"If-Modified-Since: never\r\nConnection: Close\r\n\r\n"
    )
    assert request is not None
    assert request.closes
    assert not request.is_head
    asked = request.asked
    assert asked is not None
    assert (asked.method, asked.path, asked.fault, asked.coding) == ("GET", "/feeds/all.rss", 0, "gzip")
    assert (asked.accept, asked.none_match, asked.since) == ("a/b", '"a","b"', "never")
    assert (asked.a_im, asked.forwarded) == ("feed", "192.0.2.1")


def test_old_protocol() -> None:
    """HTTP/1.0 needs no Host, and its connection is closed."""
    request = heads.read(b"HEAD /feeds/all.rss HTTP/1.0\r\n\r\n")
    assert request is not None
    assert request.closes
    assert request.is_head
    assert request.asked is not None


@pytest.mark.parametrize("path", ["/", "/feeds/all.xml", "/feeds/%61ll.rss", "/feeds/a/b.rss", "/health", "/feeds/"])
def test_not_for_a_feed(path: str) -> None:
    """A plain request for anything but a feed is known to have no body, and is not answered here."""
    request = heads.read(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert request is not None
    assert request.asked is None


@pytest.mark.parametrize(
    "head",
    [
        PLAIN + b"Content-Length: 0\r\n\r\n",
        PLAIN + b"content-length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        PLAIN + b"Transfer-Encoding: chunked\r\n\r\n",
        PLAIN + b"Expect: 100-continue\r\n\r\n",
        PLAIN + b"Upgrade: h2c\r\n\r\n",
        PLAIN + b"Connection: upgrade\r\n\r\n",
        PLAIN + b"Connection: close, x-forwarded-for\r\n\r\n",
        PLAIN + b"Host: other\r\n\r\n",
        PLAIN + b"X: 1\r\n folded\r\n\r\n",
        PLAIN + b"X : 1\r\n\r\n",
        PLAIN + b"X\r\n\r\n",
        PLAIN + b": 1\r\n\r\n",
        PLAIN + b"X: 1\n\r\n",
        PLAIN + b"X: a\rb\r\n\r\n",
        PLAIN + b"X: a\0b\r\n\r\n",
        PLAIN + b"X\xe4: 1\r\n\r\n",
        PLAIN + b"\r\nGET / HTTP/1.1\r\n\r\n",
        PLAIN + b"X: " + b"a" * heads.LONGEST + b"\r\n\r\n",
        PLAIN,
        PLAIN + b"\r",
        b"",
        b"\r\n" + PLAIN + b"\r\n",
        b"GET /feeds/all.rss HTTP/1.1\r\n\r\n",
        b"GET /feeds/all.rss HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET /feeds/all.rss HTTP/2.0\r\nHost: x\r\n\r\n",
        b"GET /feeds/all.rss HTTP/1.1 \r\nHost: x\r\n\r\n",
        b"GET  /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /feeds/all .rss HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://x/feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"get /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /feeds/all.rss\r\n\r\n",
        b"GET /feeds/\xff.rss HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_not_plain(head: bytes) -> None:
    """What could have a body, could be read in two ways, or is wrong, is left to the full server."""
    assert heads.read(head) is None


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_what_is_read_is_a_whole_head(before: bytes, after: bytes) -> None:
    """Whatever bytes are mixed into a head: if it is read, it is one head that another parser reads alike."""
    head = PLAIN[:-2] + before + b"\r\nAccept: " + after + b"\r\n\r\n"
    request = heads.read(head)
    if request is not None and request.asked is not None:
        assert head.count(b"\r\n\r\n") == 1
        assert head.endswith(b"\r\n\r\n")
        theirs = parse_headers(BytesIO(head.partition(b"\r\n")[2]))
        assert theirs.get_all("Host") is not None
        assert len(theirs.get_all("Host") or ()) == 1
        assert "Content-Length" not in theirs
        assert "Transfer-Encoding" not in theirs
        assert ",".join(value.strip(" \t") for value in theirs.get_all("Accept") or ()) == request.asked.accept


@pytest.mark.parametrize("size", range(1, len(PLAIN)))
def test_hope(size: int) -> None:
    """However little of a plain head has come, its end is waited for."""
    assert not heads.hopeless(bytearray(PLAIN[:size]))


@pytest.mark.parametrize(
    "beginning",
    [
        b"P",
        b"GEX",
        b"\x16\x03\x01",
        b"get ",
        b"HEADS",
        b"\r\n",
        b"GET / HTTP/1.1\n",
        PLAIN + b"X: " + b"a" * heads.LONGEST,
    ],
)
def test_no_hope(beginning: bytes) -> None:
    """What can't become a plain head is passed on at once."""
    assert heads.hopeless(bytearray(beginning))


def test_memory_is_bounded() -> None:
    """Requests of ever other bytes are remembered up to a number, and long ones not at all."""
    for number in range(5_000):
        assert heads.read(PLAIN + b"X: %d\r\n\r\n" % number) is not None
    full = heads._remembered.cache_info()
    assert full.currsize == full.maxsize
    assert heads.read(PLAIN + b"X: " + b"a" * 2_000 + b"\r\n\r\n") is not None
    assert heads._remembered.cache_info() == full
