"""The web door over real parts, for tests."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache as remembered
from wsgiref.types import StartResponse, WSGIEnvironment

from sqlalchemy import Connection
from werkzeug.test import Client

from syndicate.cache import Cache
from syndicate.errors import QueueFullError, StoreError, UsageError
from syndicate.model import FeedFormat, SourceSpec, TopicSpec
from syndicate.publish import Report, drain
from syndicate.push.sender import Sender
from syndicate.records import FeedRow, Run
from syndicate.rules import apply_added
from syndicate.settings import ServeSettings, Settings
from syndicate.store import Store
from syndicate.web.app import create_app
from syndicate.web.edge import Edge
from syndicate.web.services import WebServices

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TOKEN = "a-token-for-tests"


class BreakableStore(Store):
    """A real store that fails while `broken`, and says nothing for long once `hanging` is set."""

    broken = False
    hanging: threading.Event | None = None

    @contextmanager
    def reading(self, doing: str) -> Iterator[Connection]:
        """As the real one, or StoreError."""
        if self.hanging is not None:
            self.hanging.wait(30)
        if self.broken:
            raise StoreError(f"{doing}: broken for a test")
        with super().reading(doing) as connection:
            yield connection

    @contextmanager
    def writing(self, doing: str, *, durable: bool = False) -> Iterator[Connection]:
        """As the real one, or StoreError."""
        if self.broken:
            raise StoreError(f"{doing}: broken for a test")
        with super().writing(doing, durable=durable) as connection:
            yield connection


@dataclass
class Wire:
    """The web door and what is behind it. `publish` does what the publish flow does at its end."""

    services: WebServices
    store: BreakableStore
    edge: Edge
    queue: list[Run]

    @property
    def client(self) -> Client:
        """A client with a cookie jar of its own."""
        return Client(self.edge)

    def publish(self, body: bytes, topic: str = "all", format_: FeedFormat = "rss", *, tell: bool = True) -> FeedRow:
        """Store a feed and (unless the notice is to be lost) put it into Redis."""
        etag = f'"{hash(body) & 0xFFFFFFFF:x}"'
        row = self.store.save_feed(topic, format_, body, etag, NOW, NOW)
        if tell:
            self.services.cache.put_feed(row)
        return row


def settings(**serve: int) -> Settings:
    """Settings with two topics, a source and an admin token."""
    return Settings(
        title="Test Wire",
        base_url="https://wire.example.org",
        admin_token=TOKEN,
        topics=(TopicSpec("faith", "Faith & Life", "Churches <and> people."), TopicSpec("schools", "Schools")),
        sources=(SourceSpec("north", "feed", "https://north.example.org/feed"),),
        serve=ServeSettings(**serve),
    )


def make_wire(store: BreakableStore, cache: Cache, chosen: Settings) -> Wire:
    """The web door over these parts; its queue takes three runs."""
    queue: list[Run] = []

    def enqueue(sources: tuple[str, ...], trigger: str) -> Run:
        if len(queue) == 3:
            raise QueueFullError("Three runs wait already.")
        if not set(sources) <= {"north"}:
            raise UsageError("No source has this key.")
        run = Run(f"run-{len(queue)}", trigger, tuple(sources), NOW)
        store.start_run(run)
        queue.append(run)
        return run

    def publish() -> Report:
        done = drain(store, cache, chosen, NOW)
        return drain(store, cache, chosen, NOW) if apply_added(store, lambda: NOW) else done

    sender = Sender.of(chosen.allow_private, "Syndicate/test")
    services = WebServices(chosen, store, cache, enqueue, lambda: NOW, publish, sender=sender)
    made = remembered(lambda: create_app(services).wsgi_app)  # takes a fifth of a second, and many tests ask for feeds

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return made()(environ, start_response)

    return Wire(services, store, Edge(app, services), queue)
