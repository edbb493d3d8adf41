"""A topic's whole life in a running house: added, filled, changed, left half done, removed; nobody is started again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import SecretStr
from werkzeug.test import Client

from syndicate import bootstrap, rules
from syndicate.bootstrap import Services
from syndicate.model import SourceSpec, TopicSpec
from syndicate.web.edge import Edge
from syndicate.web.services import WebServices
from syndicate.web.wsgi import build
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Origin, ingest
from tests.e2e.papers import rss
from tests.e2e.test_queue import finished, ticker, worker
from tests.e2e.waiting import until

TOKEN = "a-token-for-this-test-alone"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@contextmanager
def web(parts: Services) -> Iterator[Client]:
    """What a web process serves, over the same store and Redis."""
    common = parts.settings, parts.store, parts.cache, parts.queue.enqueue, parts.now, parts.publish
    services = WebServices(*common, sender=bootstrap.sender(parts.settings))
    edge: Edge = build(services)
    try:
        yield Client(edge)
    finally:
        edge.close()


def test_a_topics_life(open_house: OpenHouse, origin: Origin, clock: Clock) -> None:
    """It holds what was stored and what comes, moves with its rule, is finished by whoever is there, and goes whole."""
    source = SourceSpec("lake", "feed", origin.feed("/lake", rss("pier", "ferry")))
    with open_house(source, admin_token=SecretStr(TOKEN)) as parts, web(parts) as client, worker(parts):

        def ask(method: str, path: str = "", **body: Any) -> int:
            sent = {"json": body} if body else {}
            return client.open(f"/api/v1/topics{path}", method=method, headers=BEARER, **sent).status_code

        def held() -> set[str]:
            answer = client.get("/feeds/water.json")
            return {i["title"].split()[-1] for i in answer.json["items"]} if answer.status_code == 200 else set()

        def come(*stories: str) -> None:
            origin.feed("/lake", rss(*stories))
            finished(parts, parts.queue.enqueue(["lake"], "api").id)

        come("pier", "ferry")
        assert client.get("/feeds/water.json").status_code == 404
        assert ask("POST", key="water", title="Water", any_of=["pier"], where="title") == 201
        until(lambda: held() == {"pier"})
        come("pier", "ferry", "ferries and a pier")
        until(lambda: held() == {"pier"} and len(client.get("/feeds/water.json").json["items"]) == 2)
        assert ask("PATCH", "/water", any_of=["ferry"]) == 200
        until(lambda: held() == {"ferry"})
        parts.store.change_topic(TopicSpec("water", "Waters", any_of=("pier", "ferry"), where="title"))  # and it died
        clock.pass_by(seconds=5)
        ticker(parts).tick()
        until(lambda: held() == {"pier", "ferry"})
        assert client.get("/feeds/water.json").json["title"].startswith("Waters")
        assert ask("DELETE", "/water") == 200
        until(lambda: client.get("/feeds/water.json").status_code == 404)
        gone = ("/embed/water", "/feeds/water/archive/1.atom", "/feeds/water.rss", "/api/v1/topics/water")
        until(lambda: {client.get(path, headers=BEARER).status_code for path in gone} == {404})
        assert "News of the pier" in client.get("/feeds/all.atom").text


def test_a_withdrawal_waits_for_no_topic(
    open_house: OpenHouse, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While what is stored is classified by an added topic, what was killed stands in no feed any more."""
    with open_house(SourceSpec("lake", "feed", origin.feed("/lake", rss("pier")))) as parts:
        ingest(parts)
        [story] = parts.store.articles()
        seen: list[bytes] = []

        def classify(*_: object) -> frozenset[str]:
            seen.append(parts.store.feed("all", "json").body)
            return frozenset({"water"})

        monkeypatch.setattr(rules, "classify", classify)
        parts.store.add_topic(TopicSpec("water", "Water", any_of=("pier",)), 9)
        parts.store.kill(story.published.article.id, "untrue", parts.now())
        parts.publish()
        assert [b"News of the pier" in body for body in seen] == [False] * len(seen) != []
        assert parts.store.unclassified_topics() == ()
