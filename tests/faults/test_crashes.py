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


def _striking(strace: str, call: str, what: str) -> tuple[str, ...]:
    """The command line that makes strace do something at a call; its own listing goes nowhere."""
    return (strace, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{what}")


def _killed_at(wire: Wire, strace: str, call: str, number: int, data_dir: Path) -> None:
    done = wire.run(wire.copy(data_dir), *_striking(strace, call, f"signal=SIGKILL:when={number}"))
    assert "INGESTED" not in done.stdout, f"{call} number {number} was never made"
    _recover(wire, data_dir)
    rmtree(data_dir)


@pytest.mark.parametrize(
    ("call", "number"),
    [("pwrite64", 120), ("fdatasync", 5), ("renameat", 2)],
)
def test_killed_at_a_durable_call(wire: Wire, strace: str, call: str, number: int, tmp_path: Path) -> None:
    """A few of the moments at which a kill hurts most."""
    _killed_at(wire, strace, call, number, tmp_path / "data")


@pytest.mark.long
@pytest.mark.parametrize("part", range(_PARTS))
def test_killed_at_every_durable_call(wire: Wire, strace: str, part: int, tmp_path: Path) -> None:
    """Each call of one ingest that changes a file, one after the other: there are more than 200."""
    log = tmp_path / "log"
    wire.run(wire.copy(tmp_path / "counted"), strace, "-f", "-qq", "-o", str(log), "-e", f"trace={_DURABLE}")
    counted = Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(errors="replace"), re.MULTILINE))
    points = [(call, number) for call, count in sorted(counted.items()) for number in range(1, count + 1)]
    assert len(points) > 200
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


@pytest.mark.parametrize(
    ("call", "error", "number"),
    [("pwrite64", "ENOSPC", 90)]
    + [
        pytest.param(call, error, number, marks=pytest.mark.long)
        for call, error in (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO"), ("ftruncate", "ENOSPC"))
        for number in ((1, 12, 40, 90, 160, 230) if call == "pwrite64" else (1, 2, 3, 5, 6, 7))
        if call != "ftruncate" or number < 3
    ],
)
def test_a_failing_disk_is_survived(
    wire: Wire, strace: str, call: str, error: str, number: int, tmp_path: Path
) -> None:
    """From some call on the disk fails: one clear line, the old feeds still readable, and all is well once it works."""
    data_dir = wire.copy(tmp_path / "data")
    done = wire.run(data_dir, *_striking(strace, call, f"error={error}:when={number}+"))
    assert "Traceback" not in done.stderr, done.stderr
    assert re.search(r"STORE .*(full|I/O|disk|unable to open)", done.stdout), done.stdout
    _recover(wire, data_dir)


@pytest.mark.parametrize(
    ("call", "error", "number"),
    [
        ("pwrite64", "ENOSPC", 90),
        *(
            pytest.param(call, error, number, marks=pytest.mark.long)
            for call, error in (("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("fdatasync", "EIO"))
            for number in ((40, 100, 140, 160) if call == "pwrite64" else (2, 4))
        ),
    ],
)
def test_a_disk_that_works_again_is_used_again(
    wire: Wire, strace: str, call: str, error: str, number: int, tmp_path: Path
) -> None:
    """The disk fails for some calls and works again: the same process, unaided, takes everything in."""
    data_dir = wire.copy(tmp_path / "data")
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
    blocks = kilobytes * 2  # of 512 bytes, as POSIX has it
    done = wire.run(data_dir, "sh", "-c", f'trap "" XFSZ; ulimit -f {blocks}; exec "$@"', "sh")
    assert "Traceback" not in done.stderr, done.stderr
    assert re.search(r"STORE .*(full|I/O|disk)", done.stdout), done.stdout
    _recover(wire, data_dir)
