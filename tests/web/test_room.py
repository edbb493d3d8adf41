"""Whoever only reads finds a thread, whatever those who change something wait for."""

from unittest.mock import patch

import pytest
from werkzeug.test import TestResponse

from syndicate.cache import Cache
from syndicate.web import room as rooms
from syndicate.web.room import Room
from tests.web.wire import TOKEN, BreakableStore, make_wire, settings

FORM = {
    "hub.mode": "subscribe",
    "hub.topic": "https://wire.example.org/feeds/all.rss",
    "hub.callback": "https://p.example/",
}


def test_one_thread_is_left_for_who_reads(store: BreakableStore, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a change hangs that takes the last room, another is told to come again; pages are served."""
    wire = make_wire(store, cache, settings(threads=2))
    meanwhile: list[TestResponse] = []
    monkeypatch.setattr(rooms, "PATIENCE", 0.0)

    def hangs(*_: object) -> str:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        meanwhile.append(wire.client.post("/hub", data=FORM))
        meanwhile.append(wire.client.post("/admin/ingest", headers=bearer))
        meanwhile.append(wire.client.get("/admin/", headers=bearer))
        return "taken"

    with patch.object(store, "ask", hangs):
        assert wire.client.post("/hub", data=FORM).status_code == 202
    assert [answer.status_code for answer in meanwhile] == [503, 503, 200]
    assert [answer.headers["Retry-After"] for answer in meanwhile[:2]] == ["5", "5"]
    assert all("Too many changes wait" in answer.text for answer in meanwhile[:2])
    assert wire.client.post("/hub", data=FORM).status_code == 202
    wire.edge.close()


def test_who_comes_waits_as_long_as_the_eldest_may_take() -> None:
    """Changes that get on are waited for; only behind one that does not nobody waits, and that is once it is old."""
    now = [0.0]
    room = Room(3, lambda: now[0])
    first, second = room.enter(), room.enter()
    assert first is not None
    assert second is not None
    now[0] = rooms.PATIENCE - 1

    def wait(_: object, seconds: float) -> None:
        assert seconds == 1
        room._began.pop(first)

    with patch.object(type(room._left), "wait", wait):
        third = room.enter()
    assert third is not None
    now[0] = rooms.PATIENCE
    assert room.enter() is None
    room.leave(second)
    assert room.enter() is not None
