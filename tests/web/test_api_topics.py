"""The admin API's part for topics."""

from typing import Any

from werkzeug.test import TestResponse

from tests.contract.building import article, change, ingest
from tests.web.test_api import BEARER
from tests.web.wire import NOW, Wire

WATER = {"key": "water", "title": "Water", "any_of": ["ferry"]}


def ask(wire: Wire, path: str = "", method: str = "GET", **body: Any) -> TestResponse:
    sent = {"json": body} if body else {}
    return wire.client.open(f"/api/v1/topics{path}", method=method, headers=BEARER, **sent)


def stocked(wire: Wire) -> None:
    """Two stories, one of a ferry."""
    wire.store.sync_sources(wire.services.settings.sources, NOW)
    stories = (article("north", "ferry", text="The ferry."), article("north", "pier", text="The pier."))
    ingest(wire.store, *(change(one, topics=frozenset()) for one in stories), source="north")


def a_second_later(wire: Wire) -> None:
    """Have the public pages ask which topics there are."""
    wire.services.topics._stale_at = 0.0


def test_a_topic_is_tried_added_shown_changed_and_removed(wire: Wire):
    """A dry run changes nothing; what is answered is what counts, with its feeds; when it is removed they are gone."""
    stocked(wire)
    tried = ask(wire, "?dry_run=true", "POST", **WATER)
    assert (tried.status_code, tried.json["trial"]["gains"][0]["title"]) == (200, "The ferry")
    assert ask(wire, "/water").status_code == 404
    added = ask(wire, method="POST", **WATER)
    assert (added.status_code, added.json["standing"], added.json["origin"]) == (201, {}, "admin")
    assert added.headers["Location"] == "https://wire.example.org/api/v1/topics/water"
    assert added.json["feeds"]["atom"] == "https://wire.example.org/feeds/water.atom"
    assert ask(wire, "/water").json["extent"] == {"articles": 1, "pages": 0, "partners": [], "subscribers": 0}
    assert [(t["topic"]["key"], t["origin"]) for t in ask(wire).json["topics"]] == [
        ("all", "config"),
        ("faith", "config"),
        ("schools", "config"),
        ("water", "admin"),
    ]
    assert b"The ferry" in wire.store.feed("water", "rss").body
    said = {"any_of": ["pier"], "description": "Piers."}
    tried = ask(wire, "/water?dry_run=true", "PATCH", **said).json["trial"]
    assert (tried["matches"], tried["gained"], tried["lost"], tried["articles"]) == (1, 1, 1, 2)
    assert b"The ferry" in wire.store.feed("water", "rss").body
    changed = ask(wire, "/water", "PATCH", **said).json["topic"]
    assert (changed["any_of"], changed["description"], changed["title"]) == (["pier"], "Piers.", "Water")
    assert b"The pier" in wire.store.feed("water", "rss").body
    assert ask(wire, "/water?dry_run=true", "DELETE").json["extent"]["articles"] == 1
    assert ask(wire, "/water", "DELETE").json["topic"]["key"] == "water"
    assert (wire.store.feed("water", "rss"), ask(wire, "/water").status_code) == (None, 404)


def test_what_can_be_no_topic_is_refused(wire: Wire):
    """422 with what is wrong, 409 for a key in use or of the configuration, 404 for none; nothing is changed."""
    for wrong in (
        {"key": "-"},
        {"key": "a\0b"},
        {"title": ""},
        {"any_of": []},
        {"any_of": "ferry"},
        {"any_of": [1]},
        {"any_of": ["x"] * 5_000},
        {"sources": ["nowhere"]},
        {"where": "footer"},
        {"colour": "blue"},
    ):
        refused = ask(wire, method="POST", **{**WATER, **wrong})
        assert (refused.status_code, refused.content_type) == (422, "application/problem+json"), wrong
    assert ask(wire, "?dry_run=perhaps", "POST", **WATER).status_code == 422
    assert wire.store.added_topics() == ()
    assert ask(wire, method="POST", **WATER).status_code == 201
    for key in ("water", "faith", "all"):
        assert ask(wire, method="POST", **{**WATER, "key": key}).status_code == 409
    for body in ({}, {"title": ""}, {"key": "lakes"}, {"any_of": []}):
        assert ask(wire, "/water", "PATCH", **body).status_code == 422
    for key, status in (("faith", 409), ("all", 409), ("nothing", 404)):
        assert ask(wire, f"/{key}", "PATCH", title="x").status_code == status
        assert ask(wire, f"/{key}", "DELETE").status_code == status
    assert wire.client.post("/api/v1/topics", json=WATER).status_code == 401


def test_what_partners_name_is_removed_by_force_only(wire: Wire):
    """409 names them; by force it goes, their addresses of it are 404, and their contracts open nothing more."""
    stocked(wire)
    ask(wire, method="POST", **WATER)
    partner = {"key": "anna", "name": "Anna", "topics": ["water"]}
    token = wire.client.post("/api/v1/partners", json=partner, headers=BEARER).json["token"]

    def fetched(topic: str) -> int:
        return wire.client.get(f"/p/anna/{topic}.rss", headers={"Authorization": f"Bearer {token}"}).status_code

    assert fetched("water") == 200
    refused = ask(wire, "/water", "DELETE")
    assert (refused.status_code, "anna" in refused.json["detail"]) == (409, True)
    assert ask(wire, "/water?force=true", "DELETE").json["extent"]["partners"] == ["anna"]
    a_second_later(wire)
    assert [fetched(topic) for topic in ("water", "faith")] == [404, 403]


def test_the_public_pages_know_of_added_topics(wire: Wire):
    """Within a second catalogue, frame, OPML, health and hub have it, also while the store is away; then it is gone."""
    stocked(wire)
    assert wire.client.get("/embed/water").status_code == 404
    ask(wire, method="POST", **WATER)
    a_second_later(wire)
    assert all("water" in wire.client.get(path).text for path in ("/", "/opml.xml", "/health"))
    assert "The ferry" in wire.client.get("/embed/water").text
    feed, callback = "https://wire.example.org/feeds/water.rss", "https://a.example/"
    form = {"hub.mode": "subscribe", "hub.topic": feed, "hub.callback": callback}
    assert wire.client.post("/hub", data=form).status_code == 202
    wire.store.broken = True
    a_second_later(wire)
    assert "The ferry" in wire.client.get("/embed/water").text
    wire.store.broken = False
    ask(wire, "/water", "DELETE")
    a_second_later(wire)
    assert [wire.client.get(path).status_code for path in ("/embed/water", "/feeds/water/archive/1.atom")] == [404, 404]
    assert wire.client.post("/hub", data=form).status_code == 400
