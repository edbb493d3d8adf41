"""Rebuilds and replays as runs: queued by a door that has no sandbox, carried out by a worker, reported."""

from dataclasses import replace

import pytest

from syndicate.errors import UsageError
from syndicate.ingest.again import Again
from syndicate.ingest.orders import AGAIN, REBUILD, REPLAY, new_run
from syndicate.model import SourceSpec
from syndicate.records import Ruling
from syndicate.strip.memory import fingerprint
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Origin, ingest
from tests.e2e.papers import rss
from tests.e2e.test_queue import finished, worker
from tests.e2e.test_redo import NOTICE, reject, take, texts, with_notice


@pytest.fixture
def source(origin: Origin) -> SourceSpec:
    """A feed of two stories with a copyright line each."""
    return SourceSpec("lake", "feed", origin.feed("/lake", rss(with_notice("pier"), with_notice("mill"))))


def test_a_worker_rebuilds(source: SourceSpec, open_house: OpenHouse, origin: Origin, clock: Clock) -> None:
    """A run of this trigger applies a ruling to what is stored, and asks no source."""
    with open_house(source) as parts:
        ingest(parts)
        asked = list(origin.asked)
        parts.store.rule(Ruling("lake", fingerprint(NOTICE), "keep", NOTICE, clock()))
        run = parts.queue.enqueue(["lake"], REBUILD)
        with worker(parts):
            report = finished(parts, run.id).report[0]
        assert (report["source"], report["outcome"], report["edited"], report["unchanged"]) == ("lake", "changed", 2, 0)
        assert [NOTICE in text for text in texts(parts)] == [True, True]
        assert parts.store.feed("all", "rss").body.count(NOTICE.encode()) >= 2
        assert origin.asked == asked


def test_a_worker_replays(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """A run of this trigger tries a source's items again; what still fails stays, and is told."""
    with open_house(source) as parts:
        ingest(parts)
        reject(parts, "News of the pier", clock)
        with parts.store.writing("lose a payload") as connection:
            lost = replace(parts.store.quarantine()[0].rejected, where="elsewhere", payload="0" * 64)
            parts.store.put_in_quarantine(connection, [lost], clock())
        run = parts.queue.enqueue(["lake"], REPLAY)
        with worker(parts):
            report = finished(parts, run.id).report[0]
        assert (report["outcome"], report["new"]) == ("changed", 1)
        assert [failure["where"] for failure in report["failures"]] == ["elsewhere"]
        assert [item.rejected.where for item in parts.store.quarantine("waiting")] == ["elsewhere"]


def test_what_waits_to_be_done_again_is_queued_once(source: SourceSpec, open_house: OpenHouse) -> None:
    """Ten rulings on end make one rebuild; one that has begun may have read the rulings before the last."""
    with open_house(source) as parts:
        first = parts.queue.enqueue(["lake"], REBUILD)
        assert parts.queue.enqueue(["lake"], REBUILD).id == first.id
        assert parts.queue.enqueue(["lake"], REPLAY).id != first.id
        parts.store.start_run(replace(first, state="running"))
        assert parts.queue.enqueue(["lake"], REBUILD).id != first.id


def test_a_retired_source_is_rebuilt_and_not_polled(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """Its articles stay, and so does a word on them."""
    with open_house(source) as parts:
        parts.store.sync_sources([], clock())
        for trigger in AGAIN:
            assert new_run(parts.store, ["lake"], trigger, clock()).sources == ("lake",)
        assert new_run(parts.store, [], REBUILD, clock()).sources == ("lake",)
        with pytest.raises(UsageError):
            new_run(parts.store, ["lake"], "admin", clock())


def test_who_has_the_source_is_waited_for(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """A rebuild begins when the poll is over; where that never ends, the report says so and nothing is changed."""
    with open_house(source) as parts:
        ingest(parts)
        epoch, looks = take(parts, clock), []

        def pause(seconds: float) -> None:
            looks.append(seconds)
            if len(looks) == 3:
                parts.store.release("source:lake", epoch)

        assert Again(parts.store, parts.redo, clock, pause).rebuild("lake", "tester").outcome == "unchanged"
        assert len(looks) == 3
        take(parts, clock)
        report = Again(parts.store, parts.redo, clock, lambda _: None).rebuild("lake", "tester")
        assert (report.outcome, report.error) == ("busy", "another worker is polling it just now")
