"""The admin API's routes for cuts, proposals, rulings and quarantine."""

import pytest
from werkzeug.test import TestResponse

from syndicate.ingest.orders import REBUILD, REPLAY
from syndicate.records import Rejected
from syndicate.strip.memory import fingerprint
from tests.contract.building import article, change, cut, ingest
from tests.web.test_api import BEARER
from tests.web.wire import NOW, Wire

SHARE = cut("Share this with all your friends")
STORY = article("north", "story", cuts=(SHARE, cut("", html="<script>")), doubts=(cut("Call us"), cut("Write to us")))
BLOCK, CALL, WRITE = (fingerprint(text, STORY.title) for text in (SHARE.text, "Call us", "Write to us"))


@pytest.fixture
def north(wire: Wire) -> None:
    """A story of the configured source, and an entry of it in quarantine."""
    wire.store.sync_sources(wire.services.settings.sources, NOW)
    rejected = (Rejected("north", "entry 3", "no title", "0" * 64, "normalize"),)
    ingest(wire.store, change(STORY), source="north", rejected=rejected)


def ask(wire: Wire, method: str, path: str, body: object = None) -> TestResponse:
    """Ask the API as the admin."""
    return wire.client.open(f"/api/v1/{path}", method=method, headers=BEARER, json=body)


def rulings(wire: Wire) -> set[tuple[str, str, str]]:
    """Scope, block and verdict of what was ruled."""
    return {
        (ruling["scope"], ruling["block"], ruling["verdict"]) for ruling in ask(wire, "GET", "rulings").json["rulings"]
    }


def test_a_cut_is_put_back_and_that_is_taken_back(wire: Wire, north: None) -> None:
    """A cut is named by its block; the ruling holds at once, and a run applies it to what is stored."""
    listed = ask(wire, "GET", f"articles/{STORY.id}/cuts").json["cuts"]
    assert {block: one["text"] for block, one in listed.items()} == {BLOCK: SHARE.text}
    restored = ask(wire, "POST", f"articles/{STORY.id}/restore", {"block": BLOCK})
    assert (restored.status_code, restored.headers["Location"][-6:]) == (202, "/run-0")
    assert rulings(wire) == {("north", BLOCK, "keep")}
    assert ask(wire, "DELETE", f"rulings/north/{BLOCK}").status_code == 202
    assert rulings(wire) == set()
    assert [(run.trigger, run.sources) for run in wire.queue] == [(REBUILD, ("north",))] * 2
    assert ask(wire, "DELETE", f"rulings/north/{BLOCK}").status_code == 404


def test_proposals_are_decided(wire: Wire, north: None) -> None:
    """In their source or everywhere; while too many runs wait the ruling holds all the same, for what comes."""
    assert {one["block"] for one in ask(wire, "GET", "proposals").json["proposals"]} == {CALL, WRITE}
    assert ask(wire, "POST", f"proposals/{CALL}", {"source": "north", "verdict": "cut", "everywhere": True}).json["run"]
    for _ in range(2):
        assert ask(wire, "POST", "sources/north/rebuild").status_code == 202
    assert ask(wire, "POST", "sources/north/rebuild").status_code == 429
    kept = ask(wire, "POST", f"proposals/{WRITE}", {"source": "north", "verdict": "keep"})
    assert (kept.status_code, kept.json) == (202, {"run": None})
    assert rulings(wire) == {("*", CALL, "cut"), ("north", WRITE, "keep")}
    assert ask(wire, "GET", "proposals").json["proposals"] == []


def test_quarantine_is_tried_again_or_given_up(wire: Wire, north: None) -> None:
    """An item is tried again by a run of its source, or given up; what is settled is not settled twice."""
    assert ask(wire, "POST", "quarantine/1/replay").status_code == 202
    assert [(run.trigger, run.sources) for run in wire.queue] == [(REPLAY, ("north",))]
    assert ask(wire, "POST", "quarantine/1/discard").json["item"]["state"] == "discarded"
    for act in ("replay", "discard"):
        assert ask(wire, "POST", f"quarantine/1/{act}").status_code == 409
        assert ask(wire, "POST", f"quarantine/9/{act}").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("articles/none/restore", {"block": BLOCK}, 404),
        (f"articles/{STORY.id}/restore", {"block": CALL}, 409),
        (f"articles/{STORY.id}/restore", {}, 422),
        (f"proposals/{CALL}", {"source": "south", "verdict": "cut"}, 404),
        (f"proposals/{CALL}", {"source": "north", "verdict": "perhaps"}, 422),
        ("sources/south/rebuild", None, 404),
    ],
)
def test_what_cannot_be_decided_is_refused(wire: Wire, north: None, path: str, body: object, status: int) -> None:
    """One reason, and nothing changes."""
    answer = ask(wire, "POST", path, body)
    assert (answer.status_code, bool(answer.json["detail"])) == (status, True)
    assert (wire.store.rulings(), wire.queue) == ((), [])
