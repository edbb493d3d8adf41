"""A house with a hub on a clock that stands still, and its subscribers on loopback."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from syndicate.cache import Cache
from syndicate.ingest.guard import Guard
from syndicate.ingest.resolver import Resolve, resolve
from syndicate.ingest.transport import Transport
from syndicate.model import FeedFormat, TopicSpec
from syndicate.publish import Report
from syndicate.push.courier import Courier
from syndicate.push.errands import Errands, House
from syndicate.push.postman import Postman
from syndicate.push.sender import LIMITS, Sender
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.web.app import create_app
from syndicate.web.edge import Edge
from syndicate.web.hub import blueprint
from syndicate.web.services import WebServices
from tests.contract.building import NOW
from tests.e2e.waiting import until
from tests.faults.origin import Origin, Reply, Request, behaviour

BASE = "https://wire.example.org"
TOPIC = f"{BASE}/feeds/all.rss"
CONFIRM = "confirm"


@dataclass
class Callback:
    """A subscriber's address. `says` is what it answers to questions, `takes` the status for deliveries."""

    url: str
    says: Reply | None = None
    takes: Reply = field(default_factory=lambda: Reply(b"thanks"))
    asked: list[dict[str, str]] = field(default_factory=list)
    given: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        """The challenge, unless told otherwise."""
        if request.method == "POST":
            self.given.append(request)
            return self.takes
        self.asked.append(dict(parse_qsl(urlsplit(request.path).query, keep_blank_values=True)))
        return self.says or Reply(self.asked[-1].get("hub.challenge", "").encode())


class Hub:
    """The house: its store, its web door, and couriers."""

    def __init__(self, store: Store, settings: Settings, resolve: Resolve = resolve) -> None:
        self.store = store
        self.settings = settings
        self.time = NOW
        self.outcomes: list[str] = []
        self._resolve = resolve
        self._cache = Cache("unix:///nonexistent/redis.sock")
        self._edge: Edge | None = None
        self.services = WebServices(settings, store, self._cache, self._no_runs, self.now, Report, sender=self.sender)
        self.door = Flask("hub")  # all of the web door takes a second to make
        self.door.register_blueprint(blueprint(self.services))
        self.courier = self.another_courier()

    def now(self) -> datetime:
        """The time that this house goes by."""
        return self.time

    @property
    def sender(self) -> Sender:
        """What sends for this house."""
        transport = Transport(
            LIMITS, Guard.of(self.settings.allow_private), resolve=self._resolve, offline=lambda: False
        )
        return Sender(transport, "Syndicate/test")

    def another_courier(self) -> Courier:
        """As another worker has one."""
        house = House(self.settings.public_url, self.settings.hub_url)
        common = self.now, self.outcomes.append
        errands = Errands(self.store, self.sender, house, *common)
        return Courier([errands, Postman(self.store, self.sender, self.settings, *common)], self.now)

    @property
    def client(self) -> Client:
        """A client of the whole web door."""
        if self._edge is None:
            self._edge = Edge(create_app(self.services).wsgi_app, self.services)
        return Client(self._edge)

    def close(self) -> None:
        """Close the web door."""
        if self._edge is not None:
            self._edge.close()

    def ask(self, callback: str, **fields: str) -> TestResponse:
        """POST to the hub alone."""
        form = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": callback}
        return self.door.test_client().post(
            "/hub", data={**form, **{f"hub.{name}": value for name, value in fields.items()}}
        )

    def publish(self, body: bytes, format_: FeedFormat = "rss") -> None:
        """A new edition of the feed of everything."""
        self.store.save_feed("all", format_, body, str(hash(body)), NOW, NOW)

    def work(self, **later: float) -> None:
        """Let time pass, then let the courier do what is due."""
        self.time += timedelta(**later)
        for _ in range(3):
            self.courier.look()
            until(lambda: not self.courier.busy)

    def subscribe(self, callback: Callback, **fields: str) -> None:
        """Ask and let the callback confirm."""
        assert self.ask(callback.url, **fields).status_code == 202
        self.work()

    @staticmethod
    def _no_runs(*_: object) -> None:
        raise AssertionError("nobody asked for a run")


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """A real, empty store."""
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'wire.db')}")
    yield store
    store.close()


@pytest.fixture
def hub(store: Store) -> Iterator[Hub]:
    """A house whose subscribers may live on loopback; one edition of its feed is published."""
    house = Hub(store, house_settings("127.0.0.1"))
    house.publish(b"<rss>one</rss>")
    yield house
    house.close()


def house_settings(*allowed: str, **changes: object) -> Settings:
    """The settings of a house that may reach these private networks."""
    values = {"base_url": BASE, "allow_private": allowed, "topics": (TopicSpec("water", "Water"),), **changes}
    return Settings(**values)


@pytest.fixture
def subscriber(origin: Origin) -> Callable[[str], Callback]:
    """Make callbacks at addresses of one host."""

    def made(path: str = "/in?a=1") -> Callback:
        callback = Callback(origin.url(path))
        origin.serve(path.partition("?")[0], behaviour(callback.answer))
        return callback

    return made
