"""Partners' own feeds over HTTP: who gets them, and what they are."""

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import structlog
from werkzeug.test import TestResponse

from syndicate.codings import CODINGS, decode
from syndicate.partners import digest
from syndicate.publish import drain
from syndicate.records_served import Partner
from syndicate.store import Store
from tests.contract.building import article, change, declare, ingest
from tests.web.wire import NOW, Wire, make_wire, settings

TOKEN = "syn_a-token-of-anna"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
ANNA = Partner("anna", "Anna’s Parish Paper", NOW, "smartnews", ("faith", "gone"))
STORY = article("north", "one", title="Bells & organs")
PATH = "/p/anna/faith.rss"


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def anna(wire: Wire) -> Iterator[Wire]:
    """The web door; a partner may import one of its topics, in which there is an article."""
    declare(wire.store, "north")
    ingest(wire.store, change(STORY, topics=frozenset({"faith"})), source="north")
    wire.store.add_partner(ANNA, digest(TOKEN), ["faith"])
    wire.services.publish()
    yield wire
    noted()


def noted() -> None:
    """Wait until all notes of who was here are written."""
    for thread in threading.enumerate():
        if thread.name.startswith("saw "):
            thread.join(10)


def ask(wire: Wire, path: str = PATH, headers: dict[str, str] | None = None, method: str = "GET") -> TestResponse:
    return wire.client.open(path, method=method, headers=BEARER if headers is None else headers)


def test_the_token_is_taken_in_three_ways(anna: Wire):
    """As bearer token, as anybody's password, behind the address; the feed holds the partner's address, no token."""
    for path, headers in (
        (PATH, BEARER),
        (PATH, {"Authorization": f"bearer {TOKEN}"}),
        (PATH, basic("anybody", TOKEN)),
        (PATH, basic("", TOKEN)),
        (f"{PATH}?key={TOKEN}", {}),
        (f"{PATH}?key={TOKEN}", {"Authorization": "Digest username=x"}),
    ):
        answer = ask(anna, path, headers)
        assert answer.status_code == 200, (path, headers)
        assert answer.content_type == "application/rss+xml; charset=utf-8"
        assert b"Bells &amp; organs" in answer.data
        assert b'<atom:link href="https://wire.example.org/p/anna/faith.rss" rel="self"' in answer.data
        assert TOKEN.encode() not in answer.data
        assert answer.headers["Cache-Control"] == "private, max-age=60"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_who_has_no_token_or_a_wrong_one_learns_nothing(anna: Wire):
    """401 with both challenges, the same for a partner, a topic or a format that there is not."""
    expected = ask(anna, headers={}).data
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {digest(TOKEN)}"},
        {"Authorization": "Bearer \xe4\xf6"},
        {"Authorization": "Basic !!!"},
        basic(TOKEN, "x"),
        basic("x", "\ud7ff\0"),
    ):
        for path in (PATH, "/p/bert/faith.rss", "/p/-/x.pdf", "/p/anna/schools.rss"):
            answer = ask(anna, path, headers)
            assert (answer.status_code, answer.data) == (401, expected), (path, headers)
            assert [one.split()[0] for one in answer.headers.getlist("WWW-Authenticate")] == ["Basic", "Bearer"]
            assert answer.headers["Cache-Control"] == "no-store"
    assert ask(anna, f"{PATH}?key=wrong", {}).status_code == 401
    assert ask(anna, f"{PATH}?key={TOKEN}", {"Authorization": "Bearer wrong"}).status_code == 401


def test_what_is_not_his_is_refused(anna: Wire):
    """Another topic is 403, one that there is not 404, however it is spelt; while he is paused everything is 403."""
    for path, status in (
        ("/p/anna/schools.rss", 403),
        ("/p/anna/all.rss", 403),
        ("/p/anna/gone.rss", 404),
        ("/p/anna/faith.pdf", 404),
        ("/p/anna/faith", 404),
        ("/p/anna/faith.rss/", 404),
        ("/p/anna/%00.rss", 404),
    ):
        assert ask(anna, path).status_code == status, path
    anna.store.change_partner("anna", {"paused": True}, ())
    assert ask(anna).status_code == 403
    anna.store.change_partner("anna", {"paused": False, "topics": ()}, ["schools"])
    assert ask(anna, "/p/anna/schools.rss").status_code == 503  # not built yet: nothing empty is served
    anna.services.publish()
    assert ask(anna, "/p/anna/schools.rss").status_code == 200


def test_another_token_counts_at_once(anna: Wire):
    """The one before is dead with the next request, and so is that of a partner who was removed."""
    assert ask(anna).status_code == 200
    anna.store.change_partner("anna", {"token_hash": digest("syn_new")}, ())
    assert ask(anna).status_code == 401
    assert ask(anna, headers={"Authorization": "Bearer syn_new"}).status_code == 200
    anna.store.remove_partner("anna")
    assert ask(anna, headers={"Authorization": "Bearer syn_new"}).status_code == 401


def test_it_is_revalidated_and_compressed(anna: Wire):
    """Strong tags of its own for each partner and coding, 304, HEAD, 405 and 406 as the public feeds have them."""
    whole = ask(anna)
    tags = {whole.headers["ETag"]}
    for coding in CODINGS[1:]:
        answer = ask(anna, headers={**BEARER, "Accept-Encoding": coding})
        assert (answer.headers["Content-Encoding"], decode(answer.data, coding)) == (coding, whole.data)
        tags.add(answer.headers["ETag"])
    anna.store.add_partner(replace(ANNA, key="bert"), digest("syn_bert"), ())
    tags.add(ask(anna, "/p/bert/faith.rss", {"Authorization": "Bearer syn_bert"}).headers["ETag"])
    assert (len(tags), any(tag.startswith("W/") for tag in tags)) == (5, False)
    assert set(whole.headers["Vary"].split(", ")) == {"Authorization", "Accept-Encoding"}
    for name, value in (
        ("If-None-Match", whole.headers["ETag"]),
        ("If-Modified-Since", whole.headers["Last-Modified"]),
    ):
        unchanged = ask(anna, headers={**BEARER, name: value})
        assert (unchanged.status_code, unchanged.data) == (304, b"")
        assert {"ETag", "Cache-Control", "Vary"} <= set(unchanged.headers.keys())
    head = ask(anna, method="HEAD")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(whole.data)))
    assert ask(anna, method="POST").status_code == 405
    assert "GET" in ask(anna, method="POST").headers["Allow"]
    assert ask(anna, headers={**BEARER, "Accept": "text/html"}).status_code == 406
    assert ask(anna, headers={**BEARER, "Accept-Encoding": "identity;q=0"}).status_code == 406


def test_what_is_killed_leaves_at_once_and_is_told_in_his_way(anna: Wire):
    """The next request has the withdrawal in the importer's form in the story's place."""
    before = ask(anna)
    anna.store.kill(STORY.id, "A court's order", NOW)
    anna.services.publish()
    after = ask(anna, headers={**BEARER, "If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert b"Bells" not in after.data
    assert b"<media:status>deleted</media:status>" in after.data
    assert b'"status":"withdrawn"' in ask(anna, "/p/anna/faith.json").data


def test_the_last_good_feed_is_served_while_the_store_is_away(anna: Wire):
    """Who was served before is, with every header; others hear that it is away, whether there is such a partner or not.

    Once it is back, what it says counts.
    """
    good = ask(anna)
    anna.store.broken = True
    assert ask(anna).data == good.data
    assert ask(anna, headers={**BEARER, "Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    assert ask(anna, headers={**BEARER, "If-None-Match": good.headers["ETag"]}).status_code == 304
    for path, headers in (
        (PATH, {}),
        ("/p/bert/faith.rss", BEARER),
        (PATH, basic("x", "y")),
        ("/p/anna/faith.atom", BEARER),
    ):
        refused = ask(anna, path, headers)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5"), path
    anna.store.broken = False
    anna.store.remove_partner("anna")
    assert ask(anna).status_code == 401
    anna.store.broken = True
    assert ask(anna).status_code == 503


def test_nothing_is_remembered_for_longer_than_caches_may_keep_it(anna: Wire, cache):
    """With serve.stale_seconds = 0 a store that is away is 503 at once."""
    strict = make_wire(anna.store, cache, settings(stale_seconds=0))
    assert ask(strict).status_code == 200
    anna.store.broken = True
    assert ask(strict).status_code == 503


def test_feeds_are_remembered_within_bounds(anna: Wire, monkeypatch: pytest.MonkeyPatch):
    """Of more than there is room for, those that were asked for longest ago are forgotten."""
    monkeypatch.setattr("syndicate.web.partner._MOST_KEPT", 1)
    for name in ("rss", "atom"):
        assert ask(anna, f"/p/anna/faith.{name}").status_code == 200
    anna.store.broken = True
    assert [ask(anna, f"/p/anna/faith.{name}").status_code for name in ("rss", "atom")] == [503, 200]


def seen(store: Store) -> object:
    """When the partner was here last."""
    noted()
    return store.partner("anna").seen


def test_the_day_is_noted_once_and_by_nobody_who_has_no_token(anna: Wire, monkeypatch: pytest.MonkeyPatch):
    """Only the right token counts, and one note an hour at most is tried; one that fails is no failure of the feed."""
    ask(anna, headers={})
    assert seen(anna.store) is None
    real: Callable[..., None] = anna.store.saw_partner
    tried: list[str] = []

    def saw(key: str, day: object) -> None:
        tried.append(key)
        real(key, day)

    monkeypatch.setattr(anna.store, "saw_partner", saw)
    assert [ask(anna).status_code for _ in range(3)] == [200, 200, 200]
    assert seen(anna.store) == NOW.replace(hour=0)
    assert tried == ["anna"]


def test_keys_stand_in_no_log(anna: Wire):
    """Neither that of an address nor that of a header is told, when a store or a view fails."""
    with structlog.testing.capture_logs() as logs:
        anna.store.broken = True
        ask(anna, f"{PATH}?key={TOKEN}", {})
        ask(anna)
        anna.store.broken = False
        anna.store.edition = None  # type: ignore[assignment]
        assert ask(anna, f"{PATH}?key={TOKEN}", {}).status_code == 500
    seen_in = repr([{name: value for name, value in entry.items() if name != "exc_info"} for entry in logs])
    assert logs
    assert TOKEN not in seen_in


def test_a_crowd_of_partners_gets_its_feeds_alike(anna: Wire):
    """Threads that ask at once are all served the same bytes."""
    bodies = [ask(anna).data]
    threads = [threading.Thread(target=lambda: bodies.append(ask(anna).data)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(bodies), len(set(bodies))) == (9, 1)
    assert drain(anna.store, anna.services.cache, anna.services.settings, NOW).outcomes == ()
