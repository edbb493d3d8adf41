"""A scheduler whose tick never ends: another leads in its place, and its process ends to be started again."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicate.model import SourceSpec
from syndicate.records import SourceState
from syndicate.scheduler import LEADER_SECONDS, LEASE, LOOKS_IN_VAIN, Ticker, Watch
from syndicate.store import Store
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Origin
from tests.e2e.papers import rss

# The program itself, but for a store that never says what is due, and less patience.
STALLED = """
import threading
from syndicate import scheduler
from syndicate.cli import main
from syndicate.store import Store
scheduler.TICK_SECONDS = 0.02
Store.due_sources = lambda *asked: threading.Event().wait()
main()
"""


@pytest.fixture
def source(origin: Origin) -> SourceSpec:
    """A feed of one article."""
    return SourceSpec("lake", "feed", origin.feed("/lake", rss("pier")))


def test_a_process_whose_tick_hangs_ends(tmp_path: Path) -> None:
    """It says what it was doing, ends with 1 although its thread still waits, and its lease is free at once."""
    (tmp_path / "s.toml").write_text(f'[[sources]]\nkey = "in"\nkind = "folder"\nlocation = "{tmp_path}"\n')
    own = {"SYNDICATE_CONFIG": str(tmp_path / "s.toml"), "SYNDICATE_DATA_DIR": str(tmp_path / "var")}
    environment = {**os.environ, **own, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = [sys.executable, "-c", STALLED, "schedule"]
    ended = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "scheduler hangs" in ended.stderr
    assert "looking for what is due" in ended.stderr
    store = Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")
    try:
        assert store.acquire(LEASE, "another", datetime.now(UTC), LEADER_SECONDS) is not None
    finally:
        store.close()


def test_another_leads_when_the_leader_hangs(
    source: SourceSpec, open_house: OpenHouse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When its lease is over a reserve queues what is due; should the first wake up after all, it queues nothing."""
    hung, woken = threading.Event(), threading.Event()
    due_sources = Store.due_sources

    def stalled(store: Store, now: datetime, limit: int) -> tuple[SourceState, ...]:
        if threading.current_thread() is thread:
            hung.set()
            woken.wait(60)
        return due_sources(store, now, limit)

    monkeypatch.setattr(Store, "due_sources", stalled)
    with open_house(source) as parts:
        first, second = (Ticker(parts.store, parts.queue, parts.settings, parts.publish, clock) for _ in range(2))
        thread = threading.Thread(target=first.tick)
        thread.start()
        assert hung.wait(60)
        second.tick()
        assert parts.store.runs(10) == ()
        clock.pass_by(seconds=LEADER_SECONDS + 1)
        second.tick()
        assert [run.sources for run in parts.store.runs(10)] == [("lake",)]
        woken.set()
        thread.join()
        assert len(parts.store.runs(10)) == 1


def test_who_gets_on_does_not_hang(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """A publication of many topics may take longer than a watch waits for one step; a single step may not."""
    with open_house(source) as parts:
        seen = []

        def slow(begin: object) -> None:
            for topic in range(3):
                begin(f"topic {topic}")  # type: ignore[operator] # what a ticker passes
                seen.extend(watch.hangs() for _ in range(LOOKS_IN_VAIN))
            seen.append(watch.hangs())

        ticker = Ticker(parts.store, parts.queue, parts.settings, slow, clock)
        watch = Watch(ticker)
        parts.store.touch_topics({"all"})
        ticker.tick()
        assert seen == [False] * 3 * LOOKS_IN_VAIN + [True]
        assert not watch.hangs()
