"""Runs through a real Redis: queued, carried out, sent again, given up; one scheduler leads."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from redis import ConnectionError as RedisConnectionError
from redis import Redis
from redis.exceptions import NoScriptError, OutOfMemoryError, ReadOnlyError, ResponseError
from structlog.testing import capture_logs

from syndicate.bootstrap import Services
from syndicate.errors import QueueFullError, StoreError, UsageError
from syndicate.ingest.orders import BY_HAND, new_run
from syndicate.ingest.run import Ingestion, SourceReport
from syndicate.model import SourceSpec
from syndicate.private_redis import PrivateRedis
from syndicate.queue import QUEUE, _takes_nothing
from syndicate.records import Run
from syndicate.scheduler import GIVE_UP_AFTER, RESEND_AFTER, Ticker, schedule
from syndicate.settings import IngestSettings
from syndicate.store.holders import holder
from syndicate.store.leases import run_lease
from syndicate.worker import BEAT_SECONDS, HAND_SECONDS, Hands, work
from tests.e2e.conftest import Clock, OpenHouse
from tests.e2e.house import Origin
from tests.e2e.papers import rss
from tests.e2e.waiting import until
from tests.servers import stopped


@contextmanager
def worker(parts: Services) -> Iterator[None]:
    """A worker as `syndicate work` runs it, in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(parts.queue, parts.runs, parts.store, parts.now, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def ticker(parts: Services, name: str = "first") -> Ticker:
    """A scheduler's ticker."""
    return Ticker(parts.store, parts.queue, parts.settings, parts.publish, parts.now, name=name)


def finished(parts: Services, run_id: str) -> Run:
    """Wait until a run has ended."""
    until(lambda: parts.store.run(run_id).state in {"done", "failed"})
    return parts.store.run(run_id)


def messages(url: str) -> int:
    """How many messages wait in Redis."""
    with Redis.from_url(url) as client:
        return client.llen(f"{QUEUE}:{QUEUE}")


@pytest.fixture
def source(origin: Origin) -> SourceSpec:
    """A feed of one article."""
    return SourceSpec("lake", "feed", origin.feed("/lake", rss("pier")))


def test_a_queued_run_is_carried_out(source: SourceSpec, open_house: OpenHouse) -> None:
    """A worker takes the run, ingests, publishes, reports, and shows that it lives."""
    with open_house(source) as parts:
        run = parts.queue.enqueue(["lake"], "api")
        assert (run.state, parts.store.run(run.id).state) == ("queued", "queued")
        with worker(parts):
            done = finished(parts, run.id)
            until(lambda: "worker" in parts.store.beats())
        assert (done.state, done.trigger, done.report[0]["new"]) == ("done", "api", 1)
        assert done.finished is not None
        assert b"News of the pier" in parts.store.feed("all", "rss").body
        cached = parts.cache.get_feed("all", "rss", ["identity"], quick=False)  # however busy this machine is
        assert cached.bodies["identity"] == parts.store.feed("all", "rss").body


def test_an_outage_of_ours_is_told(source: SourceSpec, open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """While our own network is down a run says so once, as a warning, and blames no source."""
    with open_house(source) as parts:
        monkeypatch.setattr(Ingestion, "ingest", lambda _, key, holder: SourceReport(key, "offline"))
        with capture_logs() as said:
            parts.runs.execute(new_run(parts.store, ["lake"], BY_HAND, parts.now()))
        assert [line["event"] for line in said if line["log_level"] == "warning"] == [
            "our own network is down: no source can be asked; all are asked again soon"
        ]


def test_a_store_that_fails_is_told_in_one_line(
    source: SourceSpec, open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A run that meets a failing store is left for later, and a failure that is expected has no traceback."""
    with open_house(source) as parts:
        run = parts.queue.enqueue(["lake"], "api")
        monkeypatch.setattr(parts.runs, "execute", Mock(side_effect=StoreError("the store can't be written")))
        with capture_logs() as said, worker(parts):
            until(lambda: any(line["event"].startswith("run not carried out") for line in said))
        assert parts.store.run(run.id).state == "queued"
        assert [line["reason"] for line in said if line["log_level"] == "error"] == ["the store can't be written"]
        assert not [record for record in caplog.records if record.exc_info]


def test_a_run_delivered_twice_is_carried_out_once(source: SourceSpec, open_house: OpenHouse, origin: Origin) -> None:
    """A message that comes again after its run has ended asks no source and changes no report."""
    with open_house(source) as parts, worker(parts):
        run = parts.queue.enqueue(["lake"], "api")
        done = finished(parts, run.id)
        parts.queue.send(run)
        marker = parts.queue.enqueue(["lake"], "marker")
        finished(parts, marker.id)
        assert parts.store.run(run.id) == done
        assert origin.asked == ["/lake"] * 2


def test_a_run_delivered_twice_at_once_does_no_harm(source: SourceSpec, open_house: OpenHouse, origin: Origin) -> None:
    """Of two messages of one run at once, one is carried out; the other leaves source and report alone."""
    with open_house(source) as parts:
        run = parts.queue.enqueue(["lake"], "api")
        parts.queue.send(run)
        with worker(parts):
            done = finished(parts, run.id)
        assert parts.store.run(run.id) == done
        assert (done.report[0]["outcome"], done.report[0]["new"]) == ("changed", 1)
        assert origin.asked == ["/lake"]


def test_a_run_in_hand_stays_in_hand(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """While a worker lives it keeps its runs; when it is gone, another may take them."""
    with open_house(source) as parts:
        first, second = Hands(parts.store, clock), Hands(parts.store, clock)
        with first.on("r1") as ours:
            assert ours
            for _ in range(10):
                clock.pass_by(seconds=BEAT_SECONDS)
                first.hold()
                with second.on("r1") as taken:
                    assert not taken
            clock.pass_by(seconds=HAND_SECONDS + 1)
            with second.on("r1") as taken:
                assert taken
        with first.on("r2") as ours:
            clock.pass_by(seconds=HAND_SECONDS + 1)
            with first.on("r2") as taken:  # delivered again to a worker that slept
                assert taken


def test_a_run_waits_while_redis_is_away(
    tmp_path: Path, source: SourceSpec, open_house: OpenHouse, clock: Clock
) -> None:
    """Without Redis a run is still written down; the scheduler sends it again when Redis is back, once a minute."""
    server = PrivateRedis(tmp_path / "away")
    with open_house(source, redis_url=server.url) as parts:
        run = parts.queue.enqueue(["lake"], "api")
        leader = ticker(parts)
        clock.pass_by(seconds=RESEND_AFTER["queued"].total_seconds() - 1)
        leader.tick()
        assert parts.store.run(run.id).state == "queued"
        clock.pass_by(seconds=2)
        leader.tick()
        with server:
            for _ in range(5):
                leader.tick()
            assert messages(server.url) == 1
            clock.pass_by(seconds=RESEND_AFTER["queued"].total_seconds() + 1)
            leader.tick()
            assert messages(server.url) == 2
            with worker(parts):
                assert finished(parts, run.id).report[0]["new"] == 1


def test_a_redis_that_hangs_holds_nobody(
    tmp_path: Path, source: SourceSpec, open_house: OpenHouse, clock: Clock
) -> None:
    """While Redis hangs, runs are written down and the scheduler ticks; the worker goes on when Redis answers again."""
    with PrivateRedis(tmp_path / "hung") as server, open_house(source, redis_url=server.url) as parts, worker(parts):
        finished(parts, parts.queue.enqueue(["lake"], "api").id)
        with stopped(server), ThreadPoolExecutor(1) as pool:
            run = pool.submit(parts.queue.enqueue, ["lake"], "api").result(30)
            clock.pass_by(days=2)
            pool.submit(ticker(parts).tick).result(30)
            assert parts.store.run(run.id).state == "failed", "nobody took it for two days"
            waiting = parts.queue.enqueue(["lake"], "late")
            # A time-out would end Dramatiq's consumer for good when messages wait in it for a second try.
            with pytest.raises(RedisConnectionError):
                parts.queue.broker.client.ping()
        parts.queue.send(waiting)
        assert finished(parts, waiting.id).report[0]["outcome"] in {"unchanged", "changed"}


def test_a_redis_without_room_is_one_that_is_away(tmp_path: Path, source: SourceSpec, open_house: OpenHouse) -> None:
    """While it takes nothing, runs are written down, and the worker goes on by itself when there is room again."""
    with PrivateRedis(tmp_path / "full") as server, open_house(source, redis_url=server.url) as parts, worker(parts):
        with Redis.from_url(server.url) as client:
            client.config_set("maxmemory", 1)
            run = parts.queue.enqueue(["lake"], "api")
            assert parts.store.run(run.id).state == "queued"
            with pytest.raises(RedisConnectionError, match="takes nothing"):
                parts.queue.broker.client.set("a", "b")
            client.config_set("maxmemory", 0)
        parts.queue.send(run)
        assert finished(parts, run.id).report[0]["new"] == 1


@pytest.mark.parametrize(
    ("error", "nothing"),
    [
        (ResponseError("MISCONF Errors writing to the AOF file: No space left on device"), True),
        (ResponseError("Error running script: -MISCONF Errors writing to the AOF file"), True),
        (OutOfMemoryError("command not allowed when used memory > 'maxmemory'"), True),
        (ReadOnlyError("You can't write against a read only replica."), True),
        (ResponseError("Error running script: @user_script:58: -READONLY You can't write against a read only"), True),
        (ResponseError("Error running script: @user_script:58: -OOM command not allowed when used memory"), True),
        (NoScriptError("No matching script."), False),
        (ResponseError("wrong number of arguments"), False),
    ],
)
def test_what_no_room_is(error: ResponseError, nothing: bool) -> None:
    """Only what ends by itself is taken for a Redis that is away; a script that it lacks is sent again, as ever."""
    assert _takes_nothing(error) is nothing


def test_due_sources_are_queued_once(source: SourceSpec, open_house: OpenHouse, redis_url: str, clock: Clock) -> None:
    """What is due is queued at the next tick and not again while its run waits; later it is due again."""
    with open_house(source) as parts:
        leader = ticker(parts)
        for _ in range(3):
            leader.tick()
            clock.pass_by(seconds=5)
        [run] = parts.store.runs(10)
        assert (run.trigger, run.sources, messages(redis_url)) == ("schedule", ("lake",), 1)
        with worker(parts):
            finished(parts, run.id)
        leader.tick()
        assert len(parts.store.runs(10)) == 1
        clock.pass_by(days=2)
        leader.tick()
        assert len(parts.store.runs(10)) == 2


def test_many_due_sources_are_spread(origin: Origin, open_house: OpenHouse) -> None:
    """Many due sources come in runs of a few, so that several workers share them; each source once."""
    specs = [SourceSpec(f"s{n}", "feed", f"{origin.url}/s{n}") for n in range(20)]
    with open_house(*specs) as parts:
        ticker(parts).tick()
        sources = [key for run in parts.store.runs(100) for key in run.sources]
        assert sorted(sources) == sorted(spec.key for spec in specs)
        assert len(parts.store.runs(100)) >= 3


def test_paused_and_gone_sources_are_not_queued(origin: Origin, open_house: OpenHouse) -> None:
    """Sources that a person paused, that have ended, or that are disabled are left alone."""
    specs = [SourceSpec(key, "feed", f"{origin.url}/{key}", enabled=key != "off") for key in ("paused", "gone", "off")]
    with open_house(*specs) as parts:
        parts.store.set_source_status("paused", "paused")
        parts.store.set_source_status("gone", "gone")
        ticker(parts).tick()
        assert parts.store.runs(10) == ()


def test_one_scheduler_leads(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """Of two schedulers one acts; when it pauses past its lease the other takes over, and it wakes up to nothing."""
    with open_house(source) as parts:
        first, second = ticker(parts, "first"), ticker(parts, "second")
        first.tick()
        second.tick()
        [run] = parts.store.runs(10)
        parts.store.finish_run(run.id, "done", [], clock())
        clock.pass_by(minutes=1)
        second.tick()
        assert second.epoch is not None
        assert len(parts.store.runs(10)) == 2
        for paused in parts.store.open_runs():
            parts.store.finish_run(paused.id, "done", [], clock())
        first.tick()
        first.upkeep()
        assert first.epoch is None
        assert len(parts.store.runs(10)) == 2
        second.leave()
        first.tick()
        assert len(parts.store.runs(10)) == 3


def test_a_run_whose_worker_died_is_sent_again(
    source: SourceSpec, open_house: OpenHouse, redis_url: str, clock: Clock
) -> None:
    """A run that began and does not end is sent again after a while, long before it is given up."""
    with open_house(source) as parts:
        run = parts.queue.enqueue(["lake"], "api")
        parts.store.start_run(replace(run, state="running"))
        leader = ticker(parts)
        leader.tick()
        assert messages(redis_url) == 1
        clock.pass_by(seconds=RESEND_AFTER["running"].total_seconds() + 1)
        leader.tick()
        assert messages(redis_url) == 2


def test_a_run_by_hand_that_was_killed_holds_no_source(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """The sources of an `ingest` that was killed on this machine are queued at the next tick."""
    with open_house(source) as parts, subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
        killed = replace(new_run(parts.store, ["lake"], BY_HAND, clock()), state="running")
        holders = holder().replace(f":{os.getpid()}:", f":{ended.pid}:")
        parts.store.acquire(run_lease(killed.id), holders, clock(), 60)
        parts.store.start_run(killed)
        ticker(parts).tick()
        assert parts.store.run(killed.id).state == "failed"
        assert [run.sources for run in parts.store.open_runs()] == [("lake",)]


def test_a_run_by_hand_goes_on_as_long_as_it_takes(
    source: SourceSpec, open_house: OpenHouse, redis_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No worker is sent an `ingest` of another terminal, and nobody gives it up while the process holds it."""
    monkeypatch.setattr("syndicate.ingest.batch.LEASE_SECONDS", 0.2)
    with open_house(source) as parts:
        run, leader = new_run(parts.store, ["lake"], BY_HAND, clock()), ticker(parts)
        lease = run_lease(run.id)
        seen = []

        def ticks(_: object) -> None:
            for _ in range(3):
                clock.pass_by(seconds=(GIVE_UP_AFTER / 2).total_seconds())
                until(lambda: not parts.store.is_free(lease, clock()))  # held anew
                leader.tick()
            seen.append(parts.store.run(run.id).state)

        assert parts.runs.execute_here(run, ticks).state == "done"
        assert seen == ["running"]
        assert messages(redis_url) == 0
        assert parts.store.is_free(lease, clock())


def test_a_run_by_hand_that_nobody_holds_is_over(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """Killed on another machine, it is written down as interrupted when its lease is over."""
    with open_house(source) as parts:
        killed = replace(new_run(parts.store, ["lake"], BY_HAND, clock()), state="running")
        parts.store.acquire(run_lease(killed.id), "elsewhere/1/2:7:8", clock(), 60)
        parts.store.start_run(killed)
        ticker(parts).tick()
        assert parts.store.run(killed.id).state == "running"
        clock.pass_by(seconds=61)
        ticker(parts).tick()
        assert parts.store.run(killed.id).state == "failed"


def test_runs_that_nobody_finishes_are_given_up(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """A run that no worker finishes in time fails with a reason, and its sources are queued anew."""
    with open_house(source) as parts:
        run = parts.queue.enqueue(["lake"], "api")
        leader = ticker(parts)
        clock.pass_by(seconds=(GIVE_UP_AFTER + timedelta(seconds=1)).total_seconds())
        leader.tick()
        given_up = parts.store.run(run.id)
        assert (given_up.state, given_up.report[0]["error"][:8]) == ("failed", "given up")
        leader.tick()
        assert [r.sources for r in parts.store.open_runs()] == [("lake",)]


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(days=365)])
def test_a_run_begun_under_a_wrong_clock_holds_no_source(
    back: timedelta, source: SourceSpec, open_house: OpenHouse, redis_url: str, clock: Clock
) -> None:
    """A run from before the clock was set back is sent again or given up like any other, and its sources are polled."""
    with open_house(source) as parts:
        parts.queue.enqueue(["lake"], "api")
        leader = ticker(parts)
        clock.pass_by(seconds=-back.total_seconds())
        leader.tick()
        clock.pass_by(seconds=RESEND_AFTER["queued"].total_seconds() + 1)
        leader.tick()
        assert messages(redis_url) >= 2
        with worker(parts):
            until(lambda: not parts.store.open_runs())
        assert parts.store.source("lake").last_success is not None


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(days=365)])
def test_a_run_begun_under_a_wrong_clock_is_given_up(
    back: timedelta, source: SourceSpec, open_house: OpenHouse, clock: Clock
) -> None:
    """Where no worker lives, it does not keep its sources until the time comes round at which it began."""
    with open_house(source) as parts:
        run = parts.queue.enqueue(["lake"], "api")
        clock.pass_by(seconds=-back.total_seconds())
        leader = ticker(parts)
        for _ in range(2):
            leader.tick()
            clock.pass_by(seconds=GIVE_UP_AFTER.total_seconds() + 1_800)
        leader.tick()
        assert parts.store.run(run.id).state == "failed"


def test_a_leader_that_slept_queues_nothing(
    source: SourceSpec, open_house: OpenHouse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes between looking for what is due and queueing it: the next leader has queued that already."""
    with open_house(source) as parts:
        first, second = ticker(parts, "first"), ticker(parts, "second")
        due_sources = parts.store.due_sources

        def drowsy(now: object, limit: int) -> object:
            monkeypatch.setattr(parts.store, "due_sources", due_sources)
            found = due_sources(now, limit)
            clock.pass_by(minutes=1)
            second.tick()
            return found

        monkeypatch.setattr(parts.store, "due_sources", drowsy)
        first.tick()
        assert second.epoch is not None
        assert [run.sources for run in parts.store.runs(10)] == [("lake",)]


def test_a_given_up_run_is_not_begun(source: SourceSpec, open_house: OpenHouse, clock: Clock, origin: Origin) -> None:
    """The message of a run that was given up is thrown away."""
    with open_house(source) as parts:
        run = parts.queue.enqueue(["lake"], "api")
        parts.store.finish_run(run.id, "failed", [], clock())
        with worker(parts):
            parts.store.set_source_status("lake", "active")
            marker = parts.queue.enqueue(["lake"], "marker")
            finished(parts, marker.id)
        assert origin.asked == ["/lake"]


def test_a_full_queue_says_so(source: SourceSpec, open_house: OpenHouse) -> None:
    """When as many runs wait as may, another is refused and not written down; the scheduler lives on."""
    with open_house(source, ingest=IngestSettings(queue_limit=2)) as parts:
        for _ in range(2):
            parts.queue.enqueue([], "api")
        with pytest.raises(QueueFullError, match="2 runs wait already, at most 2 may") as full:
            parts.queue.enqueue([], "api")
        assert full.value.retry_after > 0
        ticker(parts).tick()
        assert len(parts.store.runs(10)) == 2


def test_a_full_queue_holds_up_no_feed(origin: Origin, source: SourceSpec, open_house: OpenHouse) -> None:
    """What waits to be published is published at the next tick although no run can be queued."""
    mill = SourceSpec("mill", "feed", origin.feed("/mill", rss("mill")))
    with open_house(source, mill, ingest=IngestSettings(queue_limit=1)) as parts:
        parts.queue.enqueue(["mill"], "api")
        parts.store.touch_topics({"all"})
        ticker(parts).tick()
        assert parts.store.pending_topics(1) == ()
        assert parts.store.feed("all", "rss") is not None


def test_an_unknown_source_is_not_queued(source: SourceSpec, open_house: OpenHouse) -> None:
    """A run of a source that does not exist is refused with the names of those that do."""
    with open_house(source) as parts:
        with pytest.raises(UsageError, match="'sea': no such source; there are: lake"):
            parts.queue.enqueue(["sea"], "api")
        assert parts.store.runs(10) == ()


def test_the_scheduler_ticks_and_leaves(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """The scheduler begins at once, leaves a sign of life, and gives its lease back when it ends."""
    clock.pass_by(minutes=-2)  # APScheduler goes by the real clock: our start must not lie ahead of it
    with open_house(source) as parts:
        stop = threading.Event()
        thread = threading.Thread(target=schedule, args=(ticker(parts), stop))
        thread.start()
        until(lambda: parts.store.runs(10))
        stop.set()
        thread.join()
        assert parts.store.beats()["scheduler"] == clock()
        assert parts.store.acquire("scheduler", "another", clock(), 30) is not None


def test_upkeep_forgets_what_is_old(source: SourceSpec, open_house: OpenHouse, clock: Clock) -> None:
    """Old reports, payloads and runs' leases go; articles and feeds stay."""
    with open_house(source) as parts:
        run = parts.queue.enqueue(["lake"], "api")
        with worker(parts):
            finished(parts, run.id)
        feed = parts.store.feed("all", "rss")
        clock.pass_by(days=31)
        ticker(parts).upkeep()
        assert parts.store.runs(10) == ()
        assert parts.store.prune(clock(), 30, 30) == 0
        assert parts.store.feed("all", "rss") == feed
        assert len(parts.store.newest("all", 10)) == 1
