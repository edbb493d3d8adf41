"""The whole house on loopback: an origin that serves files, and real services over a store of the test's own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from syndicate.bootstrap import Services, services
from syndicate.ingest.orders import new_run
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from syndicate.records import Run
from syndicate.settings import FetchSettings, Settings

Answer = tuple[int, dict[str, str], bytes]


class Origin:
    """A web server on loopback; `answers` maps a path to what is answered, and may be changed while it runs."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = {}
        self.asked: list[str] = []
        origin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                origin.asked.append(self.path)
                answer = origin.answers.get(self.path, (404, {}, b"not here"))
                status, headers, body = answer(dict(self.headers)) if callable(answer) else answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if status != 304:
                    with suppress(ConnectionError):  # who asked has given up
                        self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # closing waits for the answers under way, and leaves no socket open
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Origin":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def feed(self, path: str, body: bytes | str, content_type: str = "application/xml", **headers: str) -> str:
        """Serve a document; returns its address."""
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = (200, {"Content-Type": content_type, **headers}, data)
        return self.url + path


@contextmanager
def house(
    folder: Path,
    redis_url: str,
    sources: tuple[SourceSpec, ...],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sandbox: Sandbox | None = None,
    **settings: Any,
) -> Iterator[Services]:
    """Real services over an empty store in `folder`; loopback may be fetched, and nobody waits between requests."""
    values = {
        "data_dir": folder,
        "redis_url": redis_url,
        "base_url": "https://wire.example.org",
        "allow_private": ("127.0.0.0/8",),
        "fetch": FetchSettings(host_pause_seconds=0, per_host=16),
        "sources": sources,
        **settings,
    }
    with services(Settings(**values), now, sandbox) as parts:
        yield parts


def ingest(parts: Services, *sources: str) -> Run:
    """One run now, as `syndicate ingest` does it."""
    return parts.runs.execute(new_run(parts.store, sources, "test", parts.now()))
