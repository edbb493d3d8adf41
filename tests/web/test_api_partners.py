"""The admin API's part for partners."""

from typing import Any

from werkzeug.test import TestResponse

from syndicate.errors import PublishError
from syndicate.partners import NAME_LENGTH
from syndicate.publish import editions
from tests.web.test_api import BEARER
from tests.web.test_partner import noted
from tests.web.wire import Wire

ANNA = {"key": "anna", "name": " Anna’s   Paper ", "profile": "msn", "topics": ["faith"], "items": 20}


def ask(wire: Wire, path: str = "", method: str = "GET", **body: Any) -> TestResponse:
    sent = {"json": body} if body else {}
    return wire.client.open(f"/api/v1/partners{path}", method=method, headers=BEARER, **sent)


def fetched(wire: Wire, token: str, path: str = "/p/anna/faith.rss") -> int:
    return wire.client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_partner_is_added_shown_changed_and_removed(wire: Wire):
    """What is answered is what counts: the feeds are there at once, the token is told once, and nobody's is listed."""
    added = ask(wire, method="POST", **ANNA)
    assert added.status_code == 201
    assert added.headers["Location"] == "https://wire.example.org/api/v1/partners/anna"
    token = added.json["token"]
    assert (added.json["standing"], list(added.json["feeds"])) == ({}, ["faith"])
    assert added.json["feeds"]["faith"]["atom"] == "https://wire.example.org/p/anna/faith.atom"
    [listed] = ask(wire).json["partners"]
    assert listed == added.json["partner"] == ask(wire, "/anna").json["partner"]
    assert (listed["name"], listed["topics"], listed["paused"]) == ("Anna’s Paper", ["faith"], False)
    told = ask(wire).text + ask(wire, "/anna").text
    assert "token" not in told
    assert "hash" not in told
    assert fetched(wire, token) == 200
    noted()
    assert ask(wire, "/anna").json["partner"].pop("seen") == "2026-11-23T00:00:00Z"
    changed = ask(wire, "/anna", "PATCH", profile="plain", topics=[], items=0).json["partner"]
    assert (changed["profile"], changed["topics"], changed["items"], changed["name"]) == (
        "plain",
        [],
        0,
        "Anna’s Paper",
    )
    assert fetched(wire, token, "/p/anna/schools.json") == 200
    assert ask(wire, "/anna", "PATCH", paused=True).json["partner"]["paused"] is True
    assert fetched(wire, token) == 403
    ask(wire, "/anna", "PATCH", paused=False)
    renewed = ask(wire, "/anna/token", "POST").json["token"]
    assert [fetched(wire, one) for one in (token, renewed)] == [401, 200]
    assert ask(wire, "/anna", "DELETE").json["partner"]["key"] == "anna"
    assert (fetched(wire, renewed), ask(wire, "/anna").status_code) == (401, 404)


def test_what_can_be_no_partner_is_refused(wire: Wire):
    """422 with what is wrong, 409 for a key in use, 404 for a partner that there is not, and nothing is changed."""
    for wrong in (
        {"key": "-"},
        {"key": "An na"},
        {"key": "a\0b"},
        {"name": " "},
        {"name": "a\0b"},
        {"name": "\ud800"},
        {"name": "x" * (NAME_LENGTH + 1)},
        {"profile": "morse"},
        {"topics": ["nothing"]},
        {"topics": "faith"},
        {"items": -1},
        {"items": 501},
        {"token": "mine"},
        {"paused": True},
    ):
        refused = ask(wire, method="POST", **{**ANNA, **wrong})
        assert (refused.status_code, refused.content_type) == (422, "application/problem+json"), wrong
    assert ask(wire).json["partners"] == []
    assert ask(wire, method="POST", **ANNA).status_code == 201
    assert ask(wire, method="POST", **ANNA).status_code == 409
    for body in ({}, {"name": ""}, {"key": "bert"}, {"topics": ["nothing"]}):
        assert ask(wire, "/anna", "PATCH", **body).status_code == 422
    for path, method in (("/bert", "PATCH"), ("/bert", "DELETE"), ("/bert/token", "POST"), ("/bert", "GET")):
        body = {"name": "x"} if method == "PATCH" else {}
        assert ask(wire, path, method, **body).status_code == 404
    assert wire.client.get("/api/v1/partners").status_code == 401


def test_feeds_that_cannot_be_built_are_named(wire: Wire, monkeypatch):
    """The partner is there with its token, the answer names the topics, and their feeds are 503 until then."""

    def torn(*_: object) -> None:
        raise PublishError("faith.rss: torn")

    monkeypatch.setattr(editions, "edition", torn)
    added = ask(wire, method="POST", **ANNA).json
    assert added["standing"] == {"faith": "for partners under msn: faith.rss: torn"}
    assert fetched(wire, added["token"]) == 503
    monkeypatch.undo()
    wire.services.publish()
    assert fetched(wire, added["token"]) == 200
