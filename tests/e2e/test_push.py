"""From what a source's document says of its hub to an article that is published seconds after it changed."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask
from werkzeug.serving import make_server

from syndicate import bootstrap
from syndicate.ingest.guard import parse
from syndicate.model import NO_HUB, Hub, SourceSpec
from syndicate.push import courier
from syndicate.settings import HubSettings, Settings
from syndicate.store import Store
from syndicate.web import hub_callback
from syndicate.web.edge import Edge
from syndicate.web.services import WebServices
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Origin, ingest
from tests.e2e.papers import rss
from tests.e2e.test_queue import worker
from tests.e2e.waiting import until
from tests.push.conftest import Hub as Publisher
from tests.web.server import free_port

HUB, OWN = "https://hub.example/", "https://www.lake.example/own"
NAMED = f'<link rel="hub" href="{HUB}"/><link rel="self" href="{OWN}"/>'
HEADER = f'<{HUB}>; rel="hub", <{OWN}>; rel="self"'


@contextmanager
def served(app: WSGIApplication, address: str) -> Iterator[None]:
    """Serve an application on loopback."""
    server = make_server("127.0.0.1", parse(address).port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_sources_say_of_their_hubs_is_remembered(open_house: OpenHouse, origin: Origin) -> None:
    """By header (behind a redirect, too) or in themselves, for as long as they say so and we care."""
    page = f'<html><head>{NAMED}</head><body><a href="/2026/11/the-pier">The pier opens at last today</a></body></html>'
    origin.answers["/old"] = (302, {"Location": "/header", "Link": '<https://no.example/>; rel="hub"'}, b"")
    origin.feed("/header", rss("pier"), Link=HEADER)
    feed = origin.feed("/feed", rss("bell", head=NAMED))
    sources = [
        SourceSpec("header", "feed", f"{origin.url}/old"),
        SourceSpec("feed", "feed", feed),
        SourceSpec("page", "page", origin.feed("/page", page, "text/html")),
        SourceSpec("plain", "feed", origin.feed("/plain", rss("mill"))),
        SourceSpec("off", "feed", f"{feed}?off", push=False),
    ]
    origin.answers["/feed?off"] = origin.answers["/feed"]
    with open_house(*sources) as parts:
        ingest(parts)
        found = {state.spec.key: state.hub for state in parts.store.sources()}
        named = Hub(HUB, OWN)
        assert found == {"header": named, "feed": named, "page": named, "plain": NO_HUB, "off": NO_HUB}
        origin.feed("/feed", rss("bell", "well"), Link="")
        origin.answers["/header"] = (304, {}, b"")
        ingest(parts, "feed", "header")
        assert [parts.store.source(key).hub for key in ("feed", "header")] == [NO_HUB, named]


def test_one_house_hears_of_another_in_seconds(
    open_house: OpenHouse, clock: Clock, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house whose source is the feed of another one subscribes to it there, and polls it when it is told to."""
    monkeypatch.setattr(courier, "LOOK_SECONDS", 0.1)
    theirs, ours = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'theirs.db')}")
    publisher = Publisher(store, Settings(base_url=theirs, allow_private=("127.0.0.1",), data_dir=tmp_path))
    publisher.publish(rss("pier").encode())
    edge = Edge(publisher.door.wsgi_app, publisher.services)  # all of the web door takes a second to make
    source = SourceSpec("wire", "feed", f"{theirs}/feeds/all.rss")
    with (
        open_house(source, base_url=ours, hub=HubSettings(subscribe=True)) as parts,
        served(edge, theirs),
        served(_door(parts), ours),
    ):
        ingest(parts)
        assert parts.store.source("wire").hub == Hub(f"{theirs}/hub", f"{theirs}/feeds/all.rss")
        with bootstrap.pushing(parts), worker(parts):
            until(lambda: store.requests_due(publisher.time, (), 9))
            publisher.work()
            until(lambda: any(run.trigger == "push" and run.state == "done" for run in parts.store.runs(9)))
            publisher.publish(rss("pier", "bell").encode())
            edge.follower.compare_with_store()
            publisher.work()
            assert publisher.outcomes == ["delivered"]

            def published() -> bool:
                clock.pass_by(seconds=5)  # it was polled just now, when it was confirmed
                return b"News of the bell" in parts.store.feed("all", "rss").body

            until(published)
    edge.close()
    store.close()


def _door(parts: bootstrap.Services) -> WSGIApplication:
    """The house's door for hubs."""
    out = bootstrap.sender(parts.settings)
    common = parts.settings, parts.store, parts.cache, parts.queue.enqueue, parts.now, parts.publish
    services = WebServices(*common, sender=out)
    door = Flask("door")
    door.register_blueprint(hub_callback.blueprint(services))
    return door.wsgi_app
