"""The killable child: limits hold, neighbours are untouched, nothing is left behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from syndicate.errors import FetchError, KilledError, UnreadableError
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import Failure
from tests.ingest import sandbox_jobs as jobs


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(children=2, cpu_seconds=0.3, memory_mb=256, warm=("syndicate.model",)) as running:
        yield running


def test_results_come_back_as_they_are(sandbox: Sandbox) -> None:
    """Values go in and come out unchanged, large ones as well."""
    value = {"a": (1, 2.5, None), "b": b"\0" * 3_000_000, "c": frozenset("xyz"), "d": "ü\ud83d\ude00" * 10}
    assert sandbox.run(jobs.echo, value) == value
    assert sandbox.run(jobs.failure) == Failure("here", "why")


def test_our_errors_pass_through_with_their_fields(sandbox: Sandbox) -> None:
    """What a reader says about a payload reaches the caller as it was said."""
    with pytest.raises(UnreadableError, match="not a feed"):
        sandbox.run(jobs.unreadable)
    with pytest.raises(FetchError) as caught:
        sandbox.run(jobs.fetch_error)
    assert (caught.value.status, caught.value.retry_after) == (503, 30.0)


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        (jobs.spin, "seconds of CPU"),
        (jobs.spin_in_c, "seconds of CPU"),
        (jobs.hog, "256 MB of memory"),
        (jobs.recurse, "RecursionError"),
        (jobs.bug, "ZeroDivisionError: a bug"),
        (jobs.unpicklable, "crashed"),
        (jobs.evil, "none of our values"),
        (jobs.evil_bytes, "crashed"),
    ],
)
def test_whatever_happens_ends_in_a_reason(job: "jobs.Job", reason: str, sandbox: Sandbox) -> None:
    """CPU, memory, bugs and forged results end in a KilledError, and the next call works."""
    with pytest.raises(KilledError, match=reason):
        sandbox.run(job)
    assert sandbox.run(jobs.echo, 1) == 1


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGTERM])
def test_a_crash_names_its_signal(number: signal.Signals, sandbox: Sandbox) -> None:
    """A child that dies says of what."""
    with pytest.raises(KilledError, match=f"crashed: {number.name}"):
        sandbox.run(jobs.die, int(number))
    with pytest.raises(KilledError, match="status 3"):
        sandbox.run(jobs.leave, 3)


def test_a_waiting_child_is_killed_by_the_clock() -> None:
    """A child that sleeps uses no CPU, so the clock ends it."""
    with Sandbox(children=1, wall_seconds=0.2, warm=()) as sandbox, pytest.raises(KilledError, match=r"0\.2 seconds"):
        sandbox.run(jobs.sleep)


def test_the_cpu_limit_is_for_one_call(sandbox: Sandbox) -> None:
    """A child that has worked long in all is not killed for it."""
    for _ in range(8):
        sandbox.run(jobs.work, 0.1)


def test_children_are_reused_and_recycled() -> None:
    """One child serves many calls, then a fresh one takes its place."""
    with Sandbox(children=1, payloads=3, warm=()) as sandbox:
        pids = [sandbox.run(jobs.pid) for _ in range(7)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]


def test_threads_share_the_children() -> None:
    """Many threads use few children, and one thread's killed child doesn't disturb another's result."""
    with Sandbox(children=2, cpu_seconds=0.1, warm=()) as sandbox, ThreadPoolExecutor(8) as threads:
        bad = [threads.submit(sandbox.run, jobs.spin) for _ in range(4)]
        good = [threads.submit(sandbox.run, jobs.echo, number) for number in range(100)]
        assert [future.result() for future in good] == list(range(100))
        assert all(isinstance(future.exception(), KilledError) for future in bad)


def test_children_see_no_secret_and_no_descriptor_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tokens in the environment, open files and the keeper's own socket stay outside."""
    monkeypatch.setenv("SYNDICATE_ADMIN_TOKEN", "secret")
    with (tmp_path / "open").open("w") as file, Sandbox(children=1, warm=()) as sandbox:
        os.set_inheritable(file.fileno(), True)
        seen = sandbox.run(jobs.surroundings)
    assert "SYNDICATE_ADMIN_TOKEN" not in seen["environment"]
    # Three standard streams that lead nowhere, the child's own channel, and the listing itself.
    assert len(seen["descriptors"]) <= 5


def test_children_write_no_files(sandbox: Sandbox, tmp_path: Path) -> None:
    """The kernel refuses a single byte."""
    with pytest.raises(KilledError, match=r"SIGXFSZ|File too large"):
        sandbox.run(jobs.write, str(tmp_path / "x"))


def test_children_leave_no_core_files(sandbox: Sandbox) -> None:
    """What a child held when it crashed is not written to the disk, whatever limit we ourselves were started with."""
    assert sandbox.run(jobs.core_limits) == (0, 0)


def test_a_child_that_ran_out_of_memory_is_not_used_again() -> None:
    """It may hold half-made things, so a fresh one serves the next call."""
    with Sandbox(children=1, memory_mb=256, warm=()) as sandbox:
        before = sandbox.run(jobs.pid)
        with pytest.raises(KilledError, match="of memory"):
            sandbox.run(jobs.hog)
        assert sandbox.run(jobs.pid) != before


def test_closing_leaves_no_process() -> None:
    """After close, neither keeper nor children live; a call after it starts afresh."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    sandbox = Sandbox(children=1, warm=())
    child = psutil.Process(sandbox.run(jobs.pid))
    sandbox.close()
    child.wait(10)
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
    with sandbox:
        assert sandbox.run(jobs.echo, 1) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_parent_leaves_no_orphan(number: signal.Signals) -> None:
    """When the parent dies without a word, even in the middle of a call, its children die with it."""
    program = (
        "import sys, threading, time; from tests.ingest import sandbox_jobs as jobs;"
        "from syndicate.ingest.sandbox import Sandbox; s = Sandbox(children=2, cpu_seconds=60, warm=());"
        "threading.Thread(target=s.run, args=(jobs.spin,), daemon=True).start();"
        "print(s.run(jobs.pid), flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        family = psutil.Process(parent.pid).children(recursive=True)
        assert len(family) >= 2
        os.kill(parent.pid, number)
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive


def test_a_killed_keeper_is_replaced(sandbox: Sandbox) -> None:
    """Losing the keeper (the kernel may kill it for memory) costs one call at most."""
    sandbox.run(jobs.pid)
    keeper = psutil.Process(psutil.Process(sandbox.run(jobs.pid)).ppid())
    keeper.kill()
    keeper.wait(10)
    assert sandbox.run(jobs.echo, 1) == 1


def test_a_killed_keeper_leaves_no_orphan() -> None:
    """Its children die with it, and not only when somebody next asks them something."""
    with Sandbox(children=1, warm=()) as sandbox:
        child = psutil.Process(sandbox.run(jobs.pid))
        psutil.Process(child.ppid()).kill()
        child.wait(10)


def test_after_a_fork_the_child_process_has_its_own_children() -> None:
    """A server that forks workers after making the sandbox does not share its children."""
    with Sandbox(children=1, warm=()) as sandbox:
        first = sandbox.run(jobs.pid)
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:  # pragma: no cover - another process
            try:
                os.write(writer, str(sandbox.run(jobs.pid)).encode())
                sandbox.close()
            finally:
                os._exit(0)
        os.close(writer)
        os.waitpid(pid, 0)
        with os.fdopen(reader) as answer:
            assert int(answer.read()) != first
        assert sandbox.run(jobs.pid) == first


def test_an_interrupted_caller_gives_its_child_back(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A time limit of the worker that strikes in the middle of a call costs a child, not a place."""
    for _ in range(5):
        with monkeypatch.context() as patched:
            patched.setattr("syndicate.ingest.wire.receive", _interrupt)
            with pytest.raises(KeyboardInterrupt):
                sandbox.run(jobs.echo, 1)
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(sandbox.run(jobs.echo, 1)), daemon=True)
    thread.start()
    thread.join(30)
    assert answers == [1]


def _interrupt(*_: object) -> bytes:
    raise KeyboardInterrupt
