"""The web server that feeds are fetched from: one process of its own on loopback, cheap enough not to be the limit.

Every second feed has an ETag and a Last-Modified and answers 304; the others send their whole body each time, as many
real sites do. `/grow/...` feeds hold one more article at every request.
"""

import argparse
import asyncio
import json
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

from ingest_feeds import Generated, Site

STORIES = (8, 12, 20, 30, 40)  # that a generated feed holds, in turn
GROWING = 3  # stories in a growing feed

Answer = Callable[[bytes], bytes]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--feeds", type=int, default=0)
    options.add_argument("--growing", type=int, default=0)
    options.add_argument("--captures", type=Path)
    asyncio.run(_serve(options.parse_args()))


async def _serve(options: argparse.Namespace) -> None:
    answers: dict[bytes, Answer] = {}
    for number, feed in enumerate((*_generated(options.feeds), *_captured(options.captures))):
        answers[feed.path.encode()] = _fixed(feed, validators=number % 2 == 0)
    for number in range(options.growing):
        answers[b"/grow/%d" % number] = _growing(Site(number))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(_Connection, answers), "127.0.0.1", 0, backlog=256)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps([f"http://127.0.0.1:{port}{path.decode()}" for path in answers]), flush=True)
    async with server:
        await server.serve_forever()


def _generated(count: int) -> Iterator[Generated]:
    for number in range(count):
        yield Site(number).feed(0, STORIES[number % len(STORIES)])


def _captured(folder: Path | None) -> Iterator[Generated]:
    for file in sorted(folder.glob("*.xml")) if folder else ():
        yield Generated(f"/captured/{file.name}", "application/xml", file.read_bytes())


def _fixed(feed: Generated, *, validators: bool) -> Answer:
    head = f"Content-Type: {feed.content_type}\r\n"
    if not validators:
        whole = _answer("200 OK", head, feed.body)
        return lambda _: whole
    etag = f'"{sha256(feed.body).hexdigest()[:20]}"'
    head += f"ETag: {etag}\r\nLast-Modified: Sun, 22 Nov 2026 06:00:00 GMT\r\n"
    whole, unchanged = _answer("200 OK", head, feed.body), _answer("304 Not Modified", head, None)
    condition = f"If-None-Match: {etag}".lower().encode()
    return lambda request: unchanged if condition in request.lower() else whole


def _growing(site: Site) -> Answer:
    first = 0
    site.paragraphs = 3  # small, so that many cycles end in minutes

    def answer(_: bytes) -> bytes:
        nonlocal first
        first += 1
        feed = site.feed(first, GROWING)
        return _answer("200 OK", f"Content-Type: {feed.content_type}\r\n", feed.body)

    return answer


def _answer(status: str, head: str, body: bytes | None) -> bytes:
    length = "" if body is None else f"Content-Length: {len(body)}\r\n"
    return f"HTTP/1.1 {status}\r\n{head}{length}\r\n".encode() + (body or b"")


class _Connection(asyncio.Protocol):
    """Enough of HTTP/1.1 for GET requests without a body, one after the other on a connection that stays open."""

    def __init__(self, answers: dict[bytes, Answer]) -> None:
        self._answers = answers
        self._request = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._request += data
        while b"\r\n\r\n" in self._request:
            request, _, self._request = self._request.partition(b"\r\n\r\n")
            answer = self._answers.get(request.split(b" ", 2)[1])
            self._transport.write(answer(request) if answer else _answer("404 Not Found", "", b""))
            if b"connection: close" in request.lower():
                self._transport.close()


if __name__ == "__main__":
    main()
