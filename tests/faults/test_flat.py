"""Thousands of times fetched, read and published: memory stays where it was, and nothing is left open.

make flat                # 20,000 cycles; prints the memory of all processes twenty times
make flat CYCLES=4000    # fewer
"""

import gc
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from tests.e2e.waiting import until
from tests.faults import stories
from tests.faults.origin import Origin, Reply, Request, behaviour
from tests.faults.world import World, world

_CYCLES = int(os.environ.get("CYCLES", "20000"))
_STEP = max(_CYCLES // 20, 1)  # the memory is looked at twenty times, and compared with what it was at the second


@contextmanager
def _cycling(origin: Origin, folder: Path, payloads: int) -> Iterator[World]:
    """A world with one source that has edited its story whenever it is asked."""
    served = [0]

    def reply(request: Request) -> Reply:
        served[0] += 1
        one, edited = stories.story(0), stories.story(served[0], seed=1)
        return Reply(
            stories.feed([stories.Story(one.key, one.link, one.title, edited.paragraphs, one.date), stories.story(1)])
        )

    spec = SourceSpec("paper", "feed", origin.serve("/feed", behaviour(reply)))
    with Sandbox(children=1, payloads=payloads) as sandbox, world(folder, sandbox, [spec]) as here:
        yield here


def _cycle(here: World, origin: Origin) -> None:
    """Fetch, read, write and publish once."""
    here.later(seconds=30)
    assert here.ingest("paper").outcome == "changed"
    here.publish()
    origin.requests.clear()


def test_cycles_leave_nothing_open(origin: Origin, tmp_path: Path) -> None:
    """After some cycles, with children recycled, there are no more descriptors, threads and processes than before."""
    with _cycling(origin, tmp_path, payloads=7) as here:
        for _ in range(5):
            _cycle(here, origin)
        before = _open()
        for _ in range(25):
            _cycle(here, origin)
        # The origin lives in this process, too, and closes its ends in its own time.
        until(lambda: all(now <= then for now, then in zip(_open(), before, strict=True)))


@pytest.mark.long
def test_memory_is_flat_over_many_cycles(origin: Origin, tmp_path: Path) -> None:
    """Each cycle brings an edited story to be fetched, read, written and published; children are recycled."""
    with _cycling(origin, tmp_path, payloads=500) as here:
        curve = {}
        for cycle in range(1, _CYCLES + 1):
            _cycle(here, origin)
            if cycle % _STEP == 0:
                here.store.prune(here.now, 0, 0)
                curve[cycle] = _megabytes()
                print(f"{cycle:>6} cycles: {curve[cycle]:.1f} MB", flush=True)
        assert max(curve.values()) < 1.15 * curve[2 * _STEP]


def _open() -> tuple[int, int, int]:
    """How many descriptors, threads and children this process has."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), len(_family())


def _megabytes() -> float:
    """The memory of this process and its children; what several of them share counts once."""
    gc.collect()
    shares = (Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii") for pid in _family())
    return sum(int(found[1]) for share in shares if (found := re.search(r"^Pss:\s+(\d+)", share, re.MULTILINE))) / 1024


def _family() -> list[int]:
    """This process, its children, and theirs."""
    family = [os.getpid()]
    for pid in family:
        for task in Path(f"/proc/{pid}/task").iterdir():
            family += map(int, (task / "children").read_text(encoding="ascii").split())
    return family
