"""Killed at any moment, out of disk, out of luck: nothing is lost, nothing is doubled, and it comes back by itself."""

import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import rmtree, which

import pytest

from tests.faults import crashes
from tests.faults.crashes import Wire
from tests.faults.origin import Origin

# What changes files for good. `write` is left out: SQLite uses `pwrite64`, and pipes and sockets use `write`.
_DURABLE = "pwrite64,fdatasync,fsync,ftruncate,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,fallocate"
_PARTS = 12


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """A wire whose origin lives as long as the module's tests."""
    with Origin() as origin:
        yield crashes.prepare(tmp_path_factory.mktemp("wire"), origin)


@pytest.fixture(scope="module")
def strace() -> str:
    """The tool that strikes at a system call; it must also be allowed to trace here."""
    found = which("strace")
    if found is None or subprocess.run([found, "-qq", "-e", "trace=none", "true"], check=False).returncode:
        pytest.skip("no strace here (or no right to trace): kills and failures at chosen system calls are not tested")
    return found


def _recover(wire: Wire, data_dir: Path, later: float = 3_600) -> None:
    """Start again as after a crash, once the dead holder's lease is over, and be complete."""
    crashes.check_consistent(wire, data_dir)
    crashes.ingest_here(wire, data_dir, later)
    crashes.check_complete(wire, data_dir)


def test_an_undisturbed_ingest_is_complete(wire: Wire, tmp_path: Path) -> None:
    """The measure for all that follows; and doing it again changes nothing."""
    data_dir = wire.copy(tmp_path / "data")
    crashes.check_consistent(wire, data_dir)
    done = wire.run(data_dir)
    assert "INGESTED feed=changed: desk=changed:" in done.stdout, done.stdout + done.stderr
    crashes.check_complete(wire, data_dir)
    _recover(wire, data_dir)


@pytest.fixture(scope="module")
def calls(wire: Wire, strace: str, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """How often an undisturbed ingest makes each call that changes files."""
    folder = tmp_path_factory.mktemp("counted")
    log = folder / "log"
    done = wire.run(wire.copy(folder / "data"), strace, "-f", "-qq", "-o", str(log), "-e", f"trace={_DURABLE}")
    assert "INGESTED" in done.stdout, done.stdout + done.stderr
    return Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(errors="replace"), re.MULTILINE))


def _striking(strace: str, call: str, what: str, log: Path | str = "/dev/null") -> tuple[str, ...]:
    """The command line that makes strace do something at a call."""
    return (strace, "-f", "-qq", "-o", str(log), "-e", f"trace={call}", "-e", f"inject={call}:{what}")


def _number(calls: Counter[str], call: str, share: float) -> int:
    """The number of the call that comes after this share of all its kind."""
    assert calls[call], f"an ingest makes no {call}"
    return min(int(share * calls[call]) + 1, calls[call])


def _killed_at(wire: Wire, strace: str, call: str, number: int, data_dir: Path) -> None:
    done = wire.run(wire.copy(data_dir), *_striking(strace, call, f"signal=SIGKILL:when={number}"))
    assert "INGESTED" not in done.stdout, f"{call} number {number} was never made"
    _recover(wire, data_dir)
    rmtree(data_dir)


@pytest.mark.parametrize(
    ("call", "share"), [("pwrite64", 0.2), ("pwrite64", 0.55), ("fdatasync", 0.8), ("renameat", 0.99)]
)
def test_killed_at_a_durable_call(
    wire: Wire, strace: str, calls: Counter[str], call: str, share: float, tmp_path: Path
) -> None:
    """A few of the moments at which a kill hurts most: within the feed's entries, the folder's, at their syncs and moves."""
    _killed_at(wire, strace, call, _number(calls, call, share), tmp_path / "data")


@pytest.mark.long
@pytest.mark.parametrize("part", range(_PARTS))
def test_killed_at_every_durable_call(wire: Wire, strace: str, calls: Counter[str], part: int, tmp_path: Path) -> None:
    """Each call of one ingest that changes a file, one after the other: there are some 200."""
    points = [(call, number) for call, count in sorted(calls.items()) for number in range(1, count + 1)]
    assert len(points) > 150
    for call, number in points[part::_PARTS]:
        _killed_at(wire, strace, call, number, tmp_path / f"{call}-{number}")


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 21))])
def test_killed_at_random_again_and_again(wire: Wire, seed: int, tmp_path: Path) -> None:
    """Ten kills in a row leave nothing behind that the eleventh start can't cope with."""
    rng = Random(seed)
    data_dir = wire.copy(tmp_path / "data")
    for attempt in range(10 if seed > 1 else 2):
        asked = len(wire.origin.requests)
        with subprocess.Popen(**wire.process(data_dir, later=600 * (attempt + 1))) as process:
            # From the moment on at which it asks for the feed; before that there is nothing to lose.
            while process.poll() is None and len(wire.origin.requests) == asked:
                time.sleep(0.01)
            try:
                process.wait(rng.uniform(0, 2))
            except subprocess.TimeoutExpired:
                process.kill()
        crashes.check_consistent(wire, data_dir)
    _recover(wire, data_dir, 36_000)


_FAILURES = (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO"), ("ftruncate", "ENOSPC"))


@pytest.mark.parametrize(
    ("call", "error", "share"),
    [("pwrite64", "ENOSPC", 0.45)]
    + [
        pytest.param(call, error, share, marks=pytest.mark.long)
        for call, error in _FAILURES
        for share in (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95)
    ],
)
def test_a_failing_disk_is_survived(
    wire: Wire, strace: str, calls: Counter[str], call: str, error: str, share: float, tmp_path: Path
) -> None:
    """From some call on the disk fails: one clear line, the old feeds still readable, and all is well once it works."""
    data_dir, log = wire.copy(tmp_path / "data"), tmp_path / "log"
    done = wire.run(data_dir, *_striking(strace, call, f"error={error}:when={_number(calls, call, share)}+", log))
    assert "(INJECTED)" in log.read_text(errors="replace"), "nothing failed"
    assert "Traceback" not in done.stderr, done.stderr
    # When only the tidying up at the end fails, everything is written, and nobody needs to hear of it.
    assert re.search(r"STORE .*(full|I/O|disk|unable to open)|^INGESTED", done.stdout, re.MULTILINE), done.stdout
    if "INGESTED" in done.stdout:
        crashes.check_complete(wire, data_dir)
    _recover(wire, data_dir)


@pytest.mark.parametrize(
    ("call", "error", "share"),
    [
        ("pwrite64", "ENOSPC", 0.45),
        *(
            pytest.param(call, error, share, marks=pytest.mark.long)
            for call, error in _FAILURES[:3]
            for share in (0.2, 0.4, 0.6)
        ),
    ],
)
def test_a_disk_that_works_again_is_used_again(
    wire: Wire, strace: str, calls: Counter[str], call: str, error: str, share: float, tmp_path: Path
) -> None:
    """The disk fails for some calls and works again: the same process, unaided, takes everything in."""
    data_dir, number = wire.copy(tmp_path / "data"), _number(calls, call, share)
    done = wire.run(data_dir, *_striking(strace, call, f"error={error}:when={number}..{number + 8}"), attempts=12)
    assert "Traceback" not in done.stderr, done.stderr
    assert re.search(r"STORE .*\n(.*\n)*INGESTED", done.stdout), done.stdout
    crashes.check_complete(wire, data_dir)


@pytest.mark.parametrize(
    "kilobytes", [50, pytest.param(1, marks=pytest.mark.long), pytest.param(200, marks=pytest.mark.long)]
)
def test_a_limited_disk_is_survived(wire: Wire, kilobytes: int, tmp_path: Path) -> None:
    """The same where there is no strace: no file may grow beyond a limit."""
    data_dir = wire.copy(tmp_path / "data")
    done = wire.run(data_dir, kilobytes=kilobytes)
    assert "Traceback" not in done.stderr, done.stderr
    assert re.search(r"STORE .*(full|I/O|disk)", done.stdout), done.stdout
    _recover(wire, data_dir)
