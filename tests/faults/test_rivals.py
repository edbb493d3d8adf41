"""Two of us at once, one asleep at the wrong moment, and clocks that jump: no double effects, no source forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.errors import StoreError
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from syndicate.store.leases import source_lease
from tests.faults import stories
from tests.faults.origin import Origin, Reply, Request, behaviour
from tests.faults.world import NOON, World, world


def _snapshot(here: World) -> tuple[object, ...]:
    return (
        here.store.articles(limit=1_000),
        here.store.sources(),
        here.store.pending_topics(100),
        here.store.quarantine(),
    )


@pytest.mark.parametrize("changed", [True, False])
def test_a_paused_leader_that_wakes_up_changes_nothing(
    changed: bool, origin: Origin, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The first worker sleeps in its request until its lease is over and the second has done the work."""
    woken, asleep = threading.Event(), threading.Event()
    old, new = stories.stories(3), stories.stories(6)
    calls: list[str] = []

    def reply(request: Request) -> Reply:
        calls.append(request.headers.get("if-none-match", ""))
        return Reply(stories.feed(old if len(calls) == 1 else new), headers={"ETag": f'"{len(calls)}"'})

    async def drowsy(request: Request, writer: object) -> None:
        import asyncio

        first = not calls
        made = reply(request) if changed or not first else Reply(status=500)
        if not changed and first:
            calls.append("")
        if first:
            asleep.set()
            await asyncio.to_thread(woken.wait, 30)
        writer.write(made.head() + made.body)  # type: ignore[attr-defined] # an asyncio.StreamWriter

    spec = SourceSpec("paper", "feed", origin.serve("/feed", drowsy))
    patient = {"fetch": {"host_pause_seconds": 0, "total_seconds": 60}}
    with world(tmp_path, sandbox, [spec], **patient) as here, ThreadPoolExecutor(1) as pool:
        first = pool.submit(here.ingest, "paper", "first")
        assert asleep.wait(30)
        assert here.ingest("paper", "second").outcome == "busy"
        here.later(hours=1)
        assert here.ingest("paper", "second").new == 6
        before = _snapshot(here)
        woken.set()
        assert first.result(60).outcome == "busy"
        assert _snapshot(here) == before
        # The one who slept has not given back the lease of the one who worked.
        assert here.ingest("paper", "third").outcome in {"changed", "unchanged"}


@pytest.mark.parametrize(("seconds", "asked"), [(100, 5), (3_600, 1)])
def test_a_long_poll_holds_its_source(
    seconds: int, asked: int, origin: Origin, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Slow pages cost nobody the source, for as long as each alone is had in time; once it is lost, no more are asked."""
    takers: list[int | None] = []

    def slow(request: Request) -> Reply:
        one = pages[int(request.path.rpartition("-")[2])]
        here.later(seconds=seconds)
        takers.append(here.store.acquire(source_lease("paper"), "another", here.now, 300))
        page = f"<html><body><article><h1>{one.title}</h1>{one.html}</article></body></html>"
        return Reply(page.encode(), headers={"Content-Type": "text/html"})

    pages = stories.stories(5)
    links = "".join(f"<p><a href='/2026/11/long-story-{n}'>{one.title}</a></p>" for n, one in enumerate(pages))
    origin.serve_otherwise(behaviour(slow))
    address = origin.serve("/", Reply(f"<html><body>{links}</body></html>".encode()))
    with world(tmp_path, sandbox, [SourceSpec("paper", "page", address)]) as here:
        outcome = here.ingest("paper").outcome
        lost = asked < len(pages)
        assert outcome == ("busy" if lost else "changed")
        assert len(takers) == asked
        assert any(takers) == lost


def test_a_failing_store_costs_nobody_the_source(
    origin: Origin, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker whose work can't be written gives the source back: the next poll need not wait for the lease's end."""

    def full(_: object) -> None:
        raise StoreError("the disk is full")

    spec = SourceSpec("paper", "feed", origin.serve("/feed", Reply(stories.feed(stories.stories(3)))))
    with world(tmp_path, sandbox, [spec]) as here:
        monkeypatch.setattr(here.store, "write", full)
        with pytest.raises(StoreError):
            here.ingest("paper")
        monkeypatch.undo()
        assert here.ingest("paper", "another").new == 3


def test_two_at_once_do_the_work_once(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """Eight workers on one source: one ingests, the others are told that it is busy, nothing is doubled."""
    gate = threading.Barrier(8)
    spec = SourceSpec("paper", "feed", origin.serve("/feed", Reply(stories.feed(stories.stories(6)))))

    with world(tmp_path, sandbox, [spec]) as here, ThreadPoolExecutor(8) as pool:

        def race(number: int) -> str:
            gate.wait(30)
            return here.ingest("paper", f"worker-{number}").outcome

        outcomes = list(pool.map(race, range(8)))
        assert set(outcomes) <= {"changed", "unchanged", "busy"}
        assert outcomes.count("changed") == 1
        assert len(here.articles("paper")) == 6


def test_a_clock_that_was_ahead_forgets_no_source(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """After a poll under a clock that was a year ahead, the source is due again within its ceiling."""
    spec = SourceSpec("paper", "feed", origin.serve("/feed", Reply(stories.feed(stories.stories(3)))))
    with world(tmp_path, sandbox, [spec]) as here:
        here.later(days=365)
        assert here.ingest("paper").new == 3
        here.now = NOON
        here.later(seconds=1.5 * here.settings.ingest.max_interval_seconds)
        assert [state.spec.key for state in here.store.due_sources(here.now, 10)] == ["paper"]
        assert here.ingest("paper").outcome == "unchanged"


def test_a_lease_taken_under_a_wrong_clock_ends(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """A worker that died while the clock was a year ahead doesn't hold its source for a year."""
    spec = SourceSpec("paper", "feed", origin.serve("/feed", Reply(stories.feed(stories.stories(3)))))
    with world(tmp_path, sandbox, [spec]) as here:
        assert here.store.acquire(source_lease("paper"), "dead", NOON + timedelta(days=365), 300) is not None
        here.later(hours=1)
        assert here.ingest("paper").outcome == "changed"


def test_a_clock_that_jumps_changes_no_feed(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """Back and forth by days and by an hour: the same articles give the same bytes, and nobody polls in circles."""
    asked: list[str] = []

    def reply(request: Request) -> Reply:
        asked.append(request.headers.get("if-none-match", ""))
        return Reply(stories.feed(stories.stories(3)), headers={"ETag": '"1"'})

    spec = SourceSpec("paper", "feed", origin.serve("/feed", behaviour(reply)))
    with world(tmp_path, sandbox, [spec]) as here:
        here.ingest("paper")
        feeds = here.publish()
        for jump in ({"hours": -1}, {"days": 3}, {"days": -2}, {"hours": 1}, {"days": 40}):
            here.later(**jump)
            here.ingest("paper")
            assert here.publish() == feeds
            assert here.store.due_sources(here.now, 10) == ()
        assert len(here.articles("paper")) == 3
