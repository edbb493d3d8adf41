"""The health summary for people."""

import shutil
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.records import Run, SourceState
from tests.web.wire import NOW, Wire, settings

SPEC = settings().sources[0]


def state(*hours_ago: float) -> SourceState:
    """A source whose articles came so many hours ago, oldest first."""
    return SourceState(SPEC, SPEC.location, rhythm=tuple(NOW - timedelta(hours=hours) for hours in hours_ago))


@pytest.mark.parametrize(
    ("hours_ago", "silent"),
    [
        ((), False),
        ((1000,), False),
        ((40, 39, 38), False),
        ((40, 39, 38, 37), True),
        ((9, 8, 7, 6), False),
        ((40.1, 40, 40, 40, 40, 40), False),
        ((8, 7, 6, 5), False),
        ((40, 30, 29, 28), False),
        ((400, 280, 270, 260), False),
    ],
)
def test_silence(hours_ago: tuple[float, ...], silent: bool) -> None:
    """A source is silent after a day and five times its longest pause without news; without a rhythm it never is."""
    assert state(*hours_ago).is_silent(NOW) is silent


def test_summary(wire: Wire) -> None:
    """The summary names failing sources without their addresses or errors, and knows the scheduler's heartbeat."""
    store = wire.store
    store.sync_sources(wire.services.settings.sources, NOW)
    assert wire.client.get("/health").json["scheduler"]["state"] == "never seen"
    store.beat("scheduler", "test", NOW - timedelta(seconds=30))
    store.beat("worker", "test", NOW)
    fine = wire.client.get("/health").json
    assert fine["status"] == "ok"
    assert fine["scheduler"]["state"] == "running"
    assert [topic["topic"] for topic in fine["topics"]] == ["all", "faith", "schools"]
    epoch = store.acquire("source:north", "test", NOW, 60)
    failing = replace(store.source("north"), failures=4, last_error="secret address refused")
    store.save_state(failing, epoch)
    bad = wire.client.get("/health")
    assert bad.json["status"] == "degraded"
    assert bad.json["sources"]["failing"] == [{"source": "north", "failures": 4}]
    assert bad.json["sources"]["ended"] == []
    store.set_source_status("north", "gone")
    ended = wire.client.get("/health").json
    assert (ended["status"], ended["sources"]["ended"]) == ("degraded", ["north"])
    assert 'syndicate_sources{status="gone"} 1.0' in wire.client.get("/metrics").text
    assert "secret" not in bad.text


@pytest.mark.parametrize(("silent", "other"), [("scheduler", "worker"), ("worker", "scheduler")])
def test_silent_role(wire: Wire, silent: str, other: str) -> None:
    """A role that was not heard of for minutes is called silent, the service degraded, and no source silent."""
    wire.store.sync_sources(wire.services.settings.sources, NOW)
    epoch = wire.store.acquire("source:north", "test", NOW, 60)
    wire.store.save_state(replace(state(40, 39, 38, 37), spec=SPEC), epoch)
    wire.store.beat(other, "test", NOW)
    assert wire.client.get("/health").json["sources"]["silent"] == ["north"]
    wire.store.beat(silent, "test", NOW - timedelta(minutes=5))
    summary = wire.client.get("/health").json
    assert (summary[silent]["state"], summary[other]["state"]) == ("silent", "running")
    assert (summary["status"], summary["sources"]["silent"]) == ("degraded", [])


def test_live_touches_nothing(wire: Wire) -> None:
    """Liveness is answered when nothing else works."""
    wire.store.broken = True
    wire.services.cache._url = "unix:///nonexistent/redis.sock"
    answer = wire.client.get("/health/live")
    assert answer.json == {"status": "alive", "following": False}
    assert answer.headers["Cache-Control"] == "no-store"
    assert wire.client.post("/health/live").status_code == 405


def test_live_tells_of_who_answers(wire: Wire) -> None:
    """A process that follows what is published says so, whatever fails; one that has ceased to is not alive."""
    wire.edge.start()
    assert wire.client.get("/health/live").json == {"status": "alive", "following": True}
    wire.store.broken = True
    assert wire.client.get("/health/live").status_code == 200
    wire.edge.follower.stop()
    ended = wire.client.get("/health/live")
    assert (ended.status_code, "started again" in ended.json["detail"]) == (503, True)


def test_a_store_that_hangs_holds_up_no_page(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that says nothing is one that fails, for probes, people and Prometheus; it is asked once at a time."""
    monkeypatch.setattr("syndicate.web.health.STORE_SECONDS", 0.01)
    monkeypatch.setattr("syndicate.web.metrics.STORE_SECONDS", 0.01)
    before = threading.active_count()
    wire.store.hanging = threading.Event()
    for _ in range(5):
        assert wire.client.get("/health/ready").json["parts"]["store"] == "failing"
        assert wire.client.get("/health").json["store"] == "failing"
        assert "syndicate_store_up 0.0" in wire.client.get("/metrics").text
    assert threading.active_count() <= before + 2
    wire.store.hanging.set()
    monkeypatch.undo()
    assert wire.client.get("/health/ready").json["parts"]["store"] == "ok"


def test_full_disk_is_told(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is nearly full makes the service degraded, not unready: feeds are still served."""
    usage = shutil.disk_usage(wire.store.file.parent)
    monkeypatch.setattr("syndicate.store.health.shutil.disk_usage", lambda _: usage._replace(free=1_000_000))
    ready = wire.client.get("/health/ready")
    assert (ready.status_code, ready.json["status"]) == (200, "degraded")
    assert ready.json["parts"] == {"store": "disk nearly full", "redis": "ok"}
    assert wire.client.get("/health").json["store"] == "disk nearly full"


def test_what_can_only_be_read_is_told(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store and a Redis that take nothing make the service degraded, not unready: feeds are still served."""
    monkeypatch.setattr("syndicate.store.health.is_writable", lambda _: False)
    monkeypatch.setattr(wire.services.cache, "takes", lambda: False)
    ready = wire.client.get("/health/ready")
    assert (ready.status_code, ready.json["status"]) == (200, "degraded")
    assert ready.json["parts"] == {"store": "can't be written", "redis": "takes nothing"}
    summary = wire.client.get("/health").json
    assert (summary["status"], summary["store"], summary["redis"]) == ("degraded", "can't be written", "takes nothing")
    assert "syndicate_redis_up 0.0" in wire.client.get("/metrics").text
    wire.store.broken = True
    assert wire.client.get("/health/ready").status_code == 200


@pytest.mark.parametrize(
    ("outcome", "minutes_ago", "network"), [("offline", 1, "down"), ("failed", 1, "ok"), ("offline", 30, "ok")]
)
def test_network_is_told_from_sources(wire: Wire, outcome: str, minutes_ago: int, network: str) -> None:
    """An outage of our own network is named as such for as long as it is news; a broken source is none."""
    ended = NOW - timedelta(minutes=minutes_ago)
    wire.store.start_run(Run("r1", "schedule", ("north",), ended - timedelta(seconds=9)))
    wire.store.finish_run("r1", "done", [{"source": "north", "outcome": outcome}], ended)
    summary = wire.client.get("/health").json
    assert summary["network"] == network
    assert network == "ok" or summary["status"] == "degraded"
