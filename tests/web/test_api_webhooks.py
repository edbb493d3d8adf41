"""The admin API's and the admin pages' part for webhooks, over a receiver on loopback."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from syndicate.cache import Cache
from syndicate.records_served import Partner
from tests.faults.origin import Origin, Reply
from tests.web.desk import browser, words
from tests.web.test_api import BEARER
from tests.web.wire import NOW, BreakableStore, Wire, make_wire, settings


@pytest.fixture
def near(store: BreakableStore, cache: Cache) -> Wire:
    """A web door that may reach loopback, and a partner."""
    wire = make_wire(store, cache, settings().model_copy(update={"allow_private": ("127.0.0.1",)}))
    store.add_partner(Partner("anna", "Anna", NOW), "hash", ["faith"])
    wire.services.publish()
    return wire


def ask(wire: Wire, method: str = "POST", path: str = "", **body: Any) -> TestResponse:
    sent = {"json": body} if body else {}
    return wire.client.open(f"/api/v1/partners/anna/webhook{path}", method=method, headers=BEARER, **sent)


def test_a_webhook_is_set_tried_and_dropped(near: Wire, origin: Origin):
    """The secret is told when it was made, and then by nobody; how it goes stands with the partner."""
    origin.serve("/in", Reply(b"", 202))
    url = origin.url("/in?k=t0ken")
    put = ask(near, "PUT", url=url).json
    assert put["secret"].startswith("whsec_")
    assert put["webhook"]["url"] == url
    blank = {"sent": None, "failures": 0, "failing": None, "error": "", "next_try": None}
    assert put["webhook"]["topics"] == [{"topic": "faith", "complete": False, **blank}]
    shown = near.client.get("/api/v1/partners/anna", headers=BEARER)
    assert shown.json["webhook"] == put["webhook"]
    again = ask(near, "PUT", url=url)
    assert "secret" not in again.json
    answer = ask(near, path="/ping").json["answer"]
    assert (answer["ok"], answer["status"]) == (True, 202)
    assert json.loads(origin.requests[-1].body)["type"] == "ping"
    renewed = ask(near, path="/secret").json["secret"]
    assert renewed != put["secret"]
    everything = "".join(
        near.client.get(path, headers=BEARER).text
        for path in ("/api/v1/partners", "/api/v1/partners/anna", "/health", "/metrics", "/admin/partners")
    )
    assert renewed not in everything + again.text
    assert near.client.get("/health").json["webhooks"] == {"active": 1, "failing": 0, "ended": 0}
    assert 'syndicate_webhooks{state="active"} 1.0' in near.client.get("/metrics").text
    assert "t0ken" not in near.client.get("/api/v1/partners", headers=BEARER).text
    assert ask(near, "DELETE").json == {"webhook": None}
    assert near.client.get("/api/v1/partners/anna", headers=BEARER).json["webhook"] is None


def test_what_can_be_no_webhook_is_refused(near: Wire):
    """422 with the reason, 404 where there is no partner or no webhook, 401 for who is no admin."""
    for url in ("", "ftp://anna.example/", "http://10.0.0.1/", "x" * 3_000, 7):
        assert ask(near, "PUT", url=url).status_code == 422, url
    for method, path in (("DELETE", ""), ("POST", "/secret"), ("POST", "/ping")):
        assert ask(near, method, path).status_code == 404
    assert (
        near.client.put("/api/v1/partners/bert/webhook", headers=BEARER, json={"url": "https://b.example/"}).status_code
        == 404
    )
    assert near.client.put("/api/v1/partners/anna/webhook", json={"url": "https://b.example/"}).status_code == 401
    assert near.store.webhooks() == ()


def test_the_pages_do_the_same(near: Wire, origin: Origin):
    """The secret is shown once; how it goes, and what a ping was answered, is told in words."""
    desk, place = browser(near), "partners/anna/webhook"
    assert "There is none yet." in words(desk.get(place).text)
    shown = words(desk.post(place, url=origin.url("/in")).text)
    secret = shown.partition("shown again: ")[2].split()[0]
    assert secret.startswith("whsec_")
    page = words(desk.get(place).text)
    assert "Switch it off" in page
    assert "active" in words(desk.get("partners").text)
    assert secret not in page
    assert desk.done(f"{place}/ping", to=place) == "Not taken: answered 404."
    assert secret not in words(desk.post(f"{place}/secret").text)
    assert desk.done(place, url=origin.url("/other"), to=place).endswith("is sent there from now on.")
    refused = desk.post(place, url="http://10.0.0.1/")
    assert (refused.status_code, "not a public address" in words(refused.text)) == (409, True)
    near.store.end_webhook(near.store.take_postings(near.store.postings_due(NOW, (), 9, failing=False), NOW)[0], NOW)
    assert "gone for good" in words(desk.get(place).text)
    assert desk.done(f"{place}/off", to=place) == "anna is sent nothing any more."
    assert desk.get("partners/bert/webhook").status_code == 404
