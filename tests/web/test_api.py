"""The admin API."""

import re

import pytest

from syndicate.errors import PublishError
from syndicate.model import SourceSpec
from syndicate.web.app import create_app
from tests.contract.building import article, change, cut, ingest
from tests.web.wire import NOW, TOKEN, Wire, make_wire, settings

BEARER = {"Authorization": f"Bearer {TOKEN}"}
RIVER = {"key": "river", "kind": "feed", "location": "https://river.example/feed"}


@pytest.fixture
def north(wire: Wire) -> None:
    """The configured source, in the store."""
    wire.services.store.sync_sources(wire.services.settings.sources, NOW)


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [("", b"", 202), ("", b"{}", 202), ("", b'{"sources": ["north"]}', 422), ("?source=north", b"", 422)],
)
def test_who_names_a_source_does_not_get_all(wire: Wire, query: str, body: bytes, status: int) -> None:
    """What the route for all sources does not know is refused, not passed over."""
    answer = wire.client.post(f"/api/v1/ingest{query}", headers=BEARER, data=body, content_type="application/json")
    assert answer.status_code == status
    assert len(wire.queue) == (status == 202)


def test_ingest_is_queued(wire: Wire) -> None:
    """A run of all sources answers 202 with an address at which the run can be followed."""
    answer = wire.client.post("/api/v1/ingest", headers=BEARER)
    assert answer.status_code == 202
    assert answer.headers["Location"] == "https://wire.example.org/api/v1/runs/run-0"
    followed = wire.client.get("/api/v1/runs/run-0", headers=BEARER)
    assert followed.json["run"]["state"] == "queued"
    assert wire.queue[0].sources == ()


def test_one_source(wire: Wire, north: None) -> None:
    """A run of one source names it; one that does not exist is 404."""
    assert wire.client.post("/api/v1/sources/north/ingest", headers=BEARER).status_code == 202
    assert wire.queue[0].sources == ("north",)
    assert wire.client.post("/api/v1/sources/south/ingest", headers=BEARER).status_code == 404


def test_full_queue(wire: Wire) -> None:
    """A full queue answers 429 and says when to come back."""
    answers = [wire.client.post("/api/v1/ingest", headers=BEARER) for _ in range(4)]
    assert [a.status_code for a in answers] == [202, 202, 202, 429]
    assert answers[3].headers["Retry-After"] == "60"
    assert answers[3].content_type == "application/problem+json"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xe4\xf6"]
)
def test_wrong_token(wire: Wire, header: str) -> None:
    """Whoever does not bear the token gets 401 with a challenge, and nothing happens."""
    answer = wire.client.post("/api/v1/ingest", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert TOKEN not in answer.text
    assert wire.queue == []


def test_no_token_configured(store, cache) -> None:
    """Without a configured token the API is closed, and says why."""
    closed = make_wire(store, cache, settings().model_copy(update={"admin_token": None}))
    answer = closed.client.post("/api/v1/ingest", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403
    assert "SYNDICATE_ADMIN_TOKEN" in answer.json["detail"]


def test_get_changes_nothing(wire: Wire) -> None:
    """GET on an address that changes things is 405 with Allow."""
    answer = wire.client.get("/api/v1/ingest", headers=BEARER)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert wire.queue == []


@pytest.mark.parametrize("path", ["runs", "sources", "topics", "articles", "quarantine"])
def test_lists(wire: Wire, north: None, path: str) -> None:
    """Every list answers with JSON."""
    answer = wire.client.get(f"/api/v1/{path}", headers=BEARER)
    assert answer.status_code == 200
    assert answer.content_type == "application/json"


@pytest.mark.parametrize("path", ["runs/none", "articles/none", "nothing"])
def test_unknown(wire: Wire, path: str) -> None:
    """What does not exist is 404 as a problem document."""
    answer = wire.client.get(f"/api/v1/{path}", headers=BEARER)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("limit", ["x", "0", "501", "-1", "1e9"])
def test_bad_limit(wire: Wire, limit: str) -> None:
    """A limit that is no number within bounds is 422 and says so."""
    answer = wire.client.get(f"/api/v1/runs?limit={limit}", headers=BEARER)
    assert answer.status_code == 422
    assert answer.json["detail"].startswith("limit:")


def test_sources_come_and_go(wire: Wire, north: None) -> None:
    """A source is added, changed, paused, resumed and removed; what is answered is what the store has."""
    added = wire.client.post("/api/v1/sources", headers=BEARER, json={**RIVER, "title": "River", "every": 900})
    assert (added.status_code, added.headers["Location"][-6:]) == (201, "/river")
    assert added.json["source"]["spec"]["every"] == 900
    address = "/api/v1/sources/river"
    wire.client.post(f"{address}/pause", headers=BEARER)
    changed = wire.client.patch(address, headers=BEARER, json={"every": None, "full_text": True})
    spec = wire.store.source("river").spec
    assert (changed.status_code, spec.title, spec.every, spec.full_text) == (200, "River", None, True)
    assert changed.json["source"]["status"] == "paused"
    assert wire.client.post(f"{address}/resume", headers=BEARER).json["source"]["status"] == "active"
    assert wire.client.get(address, headers=BEARER).json["source"]["spec"]["title"] == "River"
    assert wire.client.delete(address, headers=BEARER).status_code == 204
    assert wire.store.source("river").status == "retired"
    assert wire.client.get(address, headers=BEARER).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "why"),
    [
        ("POST", "", {"key": "a", "kind": "folder", "location": "/etc"}, 422, "kind: "),
        ("POST", "", {"key": "a", "kind": "feed"}, 422, "location"),
        ("POST", "", {"key": "a", "kind": "feed", "location": "http://[::1/"}, 422, "location: "),
        ("POST", "", {"key": "A b", "kind": "feed", "location": "https://a.example/"}, 422, "key"),
        ("POST", "", {"key": "north", "kind": "feed", "location": "https://a.example/"}, 409, "exists already"),
        ("PATCH", "/north", {"title": "South"}, 409, "declared in the configuration"),
        ("PATCH", "/south", {"title": "South"}, 404, "does not exist"),
        ("PATCH", "/files", {"location": "/etc"}, 422, "location: a folder"),
        ("PATCH", "/files", {"kind": "feed"}, 422, "kind: "),
        ("PATCH", "/files", {"cron": "never"}, 422, "cron"),
        ("DELETE", "/north", None, 409, "declared in the configuration"),
        ("DELETE", "/south", None, 404, "does not exist"),
        ("POST", "/south/pause", None, 404, "does not exist"),
    ],
)
def test_a_source_that_cannot_be_is_refused(
    wire: Wire, north: None, method: str, path: str, body: object, status: int, why: str
) -> None:
    """What can't be done with a source is refused with one reason and changes nothing; no folder is opened by HTTP."""
    wire.store.add_source(SourceSpec("files", "folder", "/srv/articles"), NOW)
    before = wire.store.sources()
    answer = wire.client.open(f"/api/v1/sources{path}", method=method, headers=BEARER, json=body)
    assert (answer.status_code, wire.store.sources()) == (status, before)
    assert why in answer.json["detail"]


def test_held_articles_are_listed_and_decided(wire: Wire, north: None) -> None:
    """What waits is listed with its reason; it can be released or discarded once, and nothing else can."""
    waiting = [article("north", str(n), held="70% of the text would be cut", cuts=(cut("x" * 60),)) for n in range(2)]
    ingest(wire.store, *map(change, (*waiting, article("north", "live"))), source="north")
    listed = wire.client.get("/api/v1/articles?status=held", headers=BEARER).json["articles"]
    assert {(one["id"], one["status"], one["why"], one["share"]) for one in listed} == {
        (one.id, "held", "70% of the text would be cut", 0.75) for one in waiting
    }
    assert len(wire.client.get("/api/v1/articles", headers=BEARER).json["articles"]) == 3
    assert wire.client.get("/api/v1/articles?source=south", headers=BEARER).json["articles"] == []
    assert wire.client.get("/api/v1/articles?status=famous", headers=BEARER).status_code == 422
    assert wire.client.get("/health").json["held"] == 2
    for one, word, status in zip(waiting, ("release", "discard"), ("live", "discarded"), strict=True):
        answer = wire.client.post(f"/api/v1/articles/{one.id}/{word}", headers=BEARER)
        assert (answer.status_code, answer.json["article"]["status"]) == (200, status)
    assert wire.client.get("/health").json["held"] == 0
    assert wire.client.post(f"/api/v1/articles/{waiting[0].id}/discard", headers=BEARER).status_code == 409
    assert wire.client.post("/api/v1/articles/none/release", headers=BEARER).status_code == 404
    assert wire.client.post(f"/api/v1/articles/{waiting[1].id}/release").status_code == 401


def test_a_story_is_withdrawn_and_taken_back(wire: Wire, north: None) -> None:
    """It is out of its feeds with the answer; the reason has to be told, and each can be done once."""
    story, other = article("north"), article("north", "other")
    ingest(wire.store, *(change(one, topics=frozenset({"faith"})) for one in (story, other)), source="north")
    wire.services.publish()
    path = f"/api/v1/articles/{story.id}/kill"
    for body in ({}, {"reason": " "}, {"reason": "x" * 501}, {"reason": "x", "why": "y"}):
        assert wire.client.post(path, headers=BEARER, json=body).status_code == 422
    assert wire.client.post(path, json={"reason": "x"}).status_code == 401
    assert wire.client.delete(path, headers=BEARER).status_code == 409
    killed = wire.client.post(path, headers=BEARER, json={"reason": "libel"})
    assert (killed.status_code, killed.json["standing"]) == (200, {})
    assert (killed.json["article"]["status"], killed.json["article"]["withdrawn"]) == ("killed", "libel")
    assert sorted(killed.json["withdrawal"]["topics"]) == ["all", "faith"]
    assert b"The one" not in wire.store.feed("faith", "rss").body
    assert wire.client.get(f"/a/{story.id}").status_code == 410
    listed = wire.client.get("/api/v1/articles?status=killed", headers=BEARER).json["articles"]
    assert [(one["id"], one["why"]) for one in listed] == [(story.id, "libel")]
    assert wire.client.post(path, headers=BEARER, json={"reason": "again"}).status_code == 409
    assert wire.client.post("/api/v1/articles/none/kill", headers=BEARER, json={"reason": "x"}).status_code == 404
    back = wire.client.delete(path, headers=BEARER)
    assert (back.status_code, back.json["article"]["status"]) == (200, "live")
    assert b"The one" in wire.store.feed("faith", "rss").body


def test_a_story_is_corrected_and_that_is_taken_back(wire: Wire, north: None) -> None:
    """The note is in its feeds with the answer, and on its own page; a killed story takes none."""
    story = article("north", link="")
    ingest(wire.store, change(story, topics=frozenset({"faith"})), source="north")
    path = f"/api/v1/articles/{story.id}/correct"
    for body in ({}, {"note": ""}, {"note": "x" * 1001}):
        assert wire.client.post(path, headers=BEARER, json=body).status_code == 422
    done = wire.client.post(path, headers=BEARER, json={"note": "Forty <b>years</b>"})
    assert (done.status_code, done.json["standing"]) == (200, {})
    assert [one["note"] for one in done.json["article"]["published"]["corrections"]] == ["Forty <b>years</b>"]
    assert b"Forty" in wire.store.feed("faith", "rss").body
    page = wire.client.get(f"/a/{story.id}").text
    assert ("Forty" in page, "<b>years" in page) == (True, False)
    assert wire.client.delete(path, headers=BEARER).status_code == 200
    assert wire.client.delete(path, headers=BEARER).status_code == 409
    assert b"Forty" not in wire.store.feed("faith", "rss").body


def test_a_feed_that_cannot_be_built_is_told(wire: Wire, north: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The story is killed, and still stands there: the answer is 202, and names feed and reason."""
    story = article("north")
    ingest(wire.store, change(story), source="north")
    wire.services.publish()
    monkeypatch.setattr("syndicate.publish.flow.build", lambda *_: (_ for _ in ()).throw(PublishError("torn")))
    killed = wire.client.post(f"/api/v1/articles/{story.id}/kill", headers=BEARER, json={"reason": "x"})
    assert (killed.status_code, killed.json["standing"]) == (202, {"all": "torn"})
    assert wire.store.pending_topics(9)


def test_openapi(wire: Wire) -> None:
    """The OpenAPI document describes every route, needs no token, and no pages with scripts come with it."""
    described = wire.client.get("/api/v1/openapi.json").json["paths"]
    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in create_app(wire.services).url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.rule.startswith("/api/") and rule.endpoint != "openapi"
    }
    assert {(path, method) for path, methods in described.items() for method in methods} == routes
    assert wire.client.get("/openapi/").status_code == 404


def test_openapi_tells_how_it_refuses(wire: Wire) -> None:
    """Whatever is refused is answered as the document says: with a problem, of that type and with these fields."""
    document = wire.client.get("/api/v1/openapi.json").json
    answer = wire.client.get("/api/v1/runs?limit=0", headers=BEARER)
    told = document["paths"]["/api/v1/runs"]["get"]["responses"][str(answer.status_code)]["content"]
    assert told == {answer.content_type: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert answer.json.keys() == document["components"]["schemas"]["Problem"]["properties"].keys()
    for methods in document["paths"].values():
        for route in methods.values():
            refusals = [told["content"] for status, told in route["responses"].items() if status >= "400"]
            assert [content for content in refusals if content.keys() != {answer.content_type}] == []
