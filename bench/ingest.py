"""Speed of taking feeds in: Syndicate beside PyPI's `reader`, over the same feeds from loopback, in one run.

    python bench/ingest.py                    # the short form, under a minute
    python bench/ingest.py --feeds 1000
    python bench/ingest.py --rounds 5
    python bench/ingest.py --cycles 20000     # is memory flat? (about ten minutes)

A "first" run starts from an empty store and ends with published feeds; `reader` publishes nothing, so its first run
ends when its entries are stored. An "unchanged" run polls the same feeds again: half of them answer 304, the others
send the same bytes. Every system works in a fresh process and folder; nothing leaves the machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CAPTURES = HERE.parents[1] / "shared/data/feeds"
TICK = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1024 * 1024


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--feeds", type=int, default=100, help="generated feeds (100)")
    options.add_argument("--captures", type=Path, default=CAPTURES, help="captured feeds (../shared/data/feeds)")
    options.add_argument("--no-captures", action="store_true", help="leave out the captured feeds")
    options.add_argument("--rounds", type=int, default=1, help="the systems take turns; the median counts (1)")
    options.add_argument("--children", type=int, default=2, help="Syndicate's `ingest.children` (2)")
    options.add_argument("--cycles", type=int, default=0, help="instead: so many fetch-parse-publish cycles")
    options.add_argument("--growing", type=int, default=50, help="feeds that the cycles go round (50)")
    options.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = options.parse_args()
    if chosen.cycles:
        _cycles(chosen)
    else:
        _compare(chosen)


# --- side by side ------------------------------------------------------------------------------------------


def _compare(options: argparse.Namespace) -> None:
    left_out = options.no_captures or not options.captures.is_dir()
    captures = () if left_out else ("--captures", str(options.captures))
    with _origin("--feeds", str(options.feeds), *captures) as urls:
        print(f"{len(urls)} feeds from loopback, {os.cpu_count()} CPUs", flush=True)
        rounds = [
            {name: _measured(name, urls, options) for name in ("reader", "syndicate")} for _ in range(options.rounds)
        ]
    figures = {name: _median([one[name] for one in rounds]) for name in rounds[0]}
    if options.json:
        print(json.dumps(figures, indent=1))
        return
    for name, phases in figures.items():
        for phase, f in phases.items():
            rate = f"{_rate(phase, f):8.1f} {'entries' if phase == 'first' else 'feeds'}/s"
            print(
                f"{name:10} {phase:10} {rate:18} {f['seconds']:7.2f} s {f['cpu']:7.2f} s CPU "
                f"{_cost(phase, f):6.2f} ms each "
                f"{f['peak'] / MEGABYTE:5.0f} MB peak  ({f['entries']:.0f} entries, {f['failed']:.0f} feeds failed)"
            )
    ours, theirs = figures["syndicate"], figures["reader"]
    for phase, goal in (("first", 3), ("unchanged", 5), ("again", 5)):
        ratio = _rate(phase, ours[phase]) / _rate(phase, theirs[phase])
        cost = _cost(phase, ours[phase]) / _cost(phase, theirs[phase])
        print(
            f"ratio      {phase:10} {ratio:8.2f} times reader's (goal: {goal}); CPU for each {cost:5.2f} times reader's"
        )


def _median(rounds: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Each figure's median over the rounds."""
    return {
        phase: {name: statistics.median_low(one[phase][name] for one in rounds) for name in figures}
        for phase, figures in rounds[0].items()
    }


def _cost(phase: str, figures: dict[str, float]) -> float:
    """Milliseconds of CPU for an entry or a feed."""
    return 1_000 * figures["cpu"] / figures["entries" if phase == "first" else "feeds"]


def _rate(phase: str, figures: dict[str, float]) -> float:
    return figures["entries" if phase == "first" else "feeds"] / figures["seconds"]


def _measured(name: str, urls: list[str], options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """The figures of each phase; `cpu` and `peak` are of the system's process with all its children."""
    phases: dict[str, dict[str, float]] = {}
    with _system(name, urls, options) as process, Watch(process.pid) as watch:
        for line in _said(process):
            if "begins" in line:
                watch.begin()
            else:
                cpu, peak = watch.end()
                phases[line.pop("ends")] = {**line, "cpu": cpu, "peak": peak}
    return phases


# --- is memory flat? ---------------------------------------------------------------------------------------


def _cycles(options: argparse.Namespace) -> None:
    with (
        _origin("--growing", str(options.growing)) as urls,
        _system("syndicate-cycles", urls, options) as process,
        Watch(process.pid) as watch,
    ):
        print(
            f"{'cycle':>8} {'entries':>8} {'seconds':>8} {'parent MB':>10} {'children MB':>12} {'of which Redis':>15}"
        )
        for line in _said(process):
            parent, children, redis = watch.split()
            print(
                f"{line['cycle']:8} {line['entries']:8} {line['seconds']:8.1f} {parent / MEGABYTE:10.1f} "
                f"{children / MEGABYTE:12.1f} {redis / MEGABYTE:15.1f}",
                flush=True,
            )


# --- processes ---------------------------------------------------------------------------------------------


@contextmanager
def _origin(*arguments: str) -> Iterator[list[str]]:
    """Serve feeds from a process of its own; gives their addresses."""
    command = [sys.executable, str(HERE / "ingest_origin.py"), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def _system(name: str, urls: list[str], options: argparse.Namespace) -> Iterator[subprocess.Popen[str]]:
    arguments = ["--cycles", str(options.cycles), "--children", str(options.children)]
    with tempfile.TemporaryDirectory(prefix="syndicate-bench-") as folder:
        command = [sys.executable, str(HERE / "ingest_systems.py"), name, "--folder", folder, *arguments]
        log = Path(folder) / "log"
        with (
            log.open("w") as errors,
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            ) as process,
        ):
            try:
                assert process.stdin is not None
                process.stdin.write(json.dumps(urls))
                process.stdin.close()
                yield process
                process.wait()
            finally:
                process.kill()
        if process.returncode:
            print(log.read_text()[-2000:], file=sys.stderr)
            raise SystemExit(f"{name} ended with status {process.returncode}")


def _said(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    """What the process says in lines of JSON; other lines (logs) are passed on."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            yield json.loads(line)
        else:
            print(line, end="", file=sys.stderr)


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    parent: int
    name: str
    cpu: float

    def memory(self) -> int:
        """Its share of the memory, in bytes; none if it ended just now."""
        try:
            lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            return 0
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


class Watch:
    """Watches the memory and the CPU time of a process and all that descend from it, four times a second.

    Memory is the proportional set size (PSS): a page that several processes share counts once in all.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._peak = 0
        self._cpu = 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def begin(self) -> None:
        """Start counting anew."""
        self._peak = 0
        self._cpu = self._cpu_now()

    def end(self) -> tuple[float, int]:
        """CPU seconds (children that ended are counted by those who waited for them) and peak memory in bytes."""
        self._peak = max(self._peak, self._memory_now())
        return self._cpu_now() - self._cpu, self._peak

    def split(self) -> tuple[int, int, int]:
        """Memory of the process itself, of all its descendants, and of those of them that are Redis."""
        family = _family(self._pid)
        held = {p: p.memory() for p in family}
        own = sum(memory for p, memory in held.items() if p.pid == self._pid)
        redis = sum(memory for p, memory in held.items() if "redis" in p.name)
        return own, sum(held.values()) - own, redis

    def _cpu_now(self) -> float:
        return sum(p.cpu for p in _family(self._pid))

    def _memory_now(self) -> int:
        return sum(p.memory() for p in _family(self._pid))

    def _look(self) -> None:
        while not self._ended.wait(0.25):  # asking for PSS makes the kernel walk all page tables
            self._peak = max(self._peak, self._memory_now())


def _family(pid: int) -> list[_Process]:
    """A process and its descendants."""
    processes = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue  # it ended just now
            name, fields = stat[stat.index("(") + 1 : stat.rindex(")")], stat[stat.rindex(")") + 2 :].split()
            cpu = sum(map(int, fields[11:15])) / TICK
            processes[int(entry.name)] = _Process(int(entry.name), int(fields[1]), name, cpu)
    found = [processes[pid]] if pid in processes else []
    for process in found:  # grows while it is gone through
        found += [p for p in processes.values() if p.parent == process.pid]
    return found


if __name__ == "__main__":
    main()
