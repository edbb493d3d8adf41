"""The real program serving on loopback, and a client that sends exactly the bytes it is told to."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

from syndicate.cache import Cache
from syndicate.partners import digest
from syndicate.records_served import Edition, Partner
from syndicate.store import Store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
START_SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """One response as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    names: tuple[str, ...]
    body: bytes


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A running `syndicate serve`."""

    port: int
    process: subprocess.Popen[bytes]

    def raw(self, request: bytes) -> bytes:
        """Send these bytes on a connection of their own, and give all that comes back until it is closed."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # when it has had enough, its answer is still there
                connection.sendall(request)
            with suppress(ConnectionResetError):
                while chunk := connection.recv(65_536):
                    received += chunk
        return received

    def ask(self, path: str = "/feeds/all.rss", *lines: str, method: str = "GET") -> Answer:
        """Send one request with these header lines."""
        head = "\r\n".join((f"{method} {path} HTTP/1.1", "Host: wire.example.org", "Connection: close", *lines))
        return parse(self.raw(head.encode("latin-1") + b"\r\n\r\n"))


def parse(response: bytes) -> Answer:
    """Take a response apart; an empty one has status 0."""
    head, _, body = response.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.split(": ", 1) for line in lines]
    status = int(first.split(" ")[1]) if first else 0
    return Answer(status, {k.lower(): v for k, v in pairs}, tuple(k.lower() for k, _ in pairs), body)


@contextmanager
def serving(folder: Path, redis_url: str, **environment: str) -> Iterator[Server]:
    """Run `syndicate serve` with its data in this folder until the context ends; it must then end by itself."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SYNDICATE_")}
    config = folder / "syndicate.toml"
    config.write_text("")
    settings = {
        "SYNDICATE_CONFIG": str(config),
        "SYNDICATE_DATA_DIR": str(folder),
        "SYNDICATE_BIND": f"127.0.0.1:{port}",
        "SYNDICATE_BASE_URL": "https://wire.example.org",
        "SYNDICATE_REDIS_URL": redis_url,
        "SYNDICATE_SERVE_REQUESTS_PER_MINUTE": "0",
        "SYNDICATE_LOG_LEVEL": "error",
    }
    process = subprocess.Popen([sys.executable, "-m", "syndicate", "serve"], env={**clean, **settings, **environment})
    try:
        _wait(port, process)
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + START_SECONDS
    while monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            sleep(0.05)
        else:
            return
    raise AssertionError(f"the server did not come up (exit {process.poll()})")


class Desk:
    """Publishes as the publish flow does, from a process of its own."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        self.store = Store(f"sqlite:///{folder / 'syndicate.db'}")
        self.store.upgrade()
        self.cache = Cache(redis_url)

    def publish(self, body: bytes, version: str) -> None:
        """Store a feed and tell the web processes."""
        self.cache.put_feed(self.store.save_feed("all", "rss", body, f'"{version}"', NOW, NOW))

    def add_partner(self, key: str, token: str, body: bytes) -> None:
        """Add a partner, who is served this as his feed of everything."""
        partner = Partner(key, key, NOW)
        self.store.add_partner(partner, digest(token), ())
        epoch = self.store.acquire("feed:all", "desk", NOW, 60)
        assert epoch is not None
        made = Edition("all", partner.contract, "rss", "one", body, NOW)
        self.store.save_editions("all", [made], {partner.contract}, lease=("feed:all", epoch))
        self.store.release("feed:all", epoch)

    def close(self) -> None:
        """Give store and cache back."""
        self.cache.close()
        self.store.close()
