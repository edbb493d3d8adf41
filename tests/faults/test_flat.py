"""Twenty thousand times fetched, read and published: memory stays where it was."""

import gc
from pathlib import Path

import psutil
import pytest

from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from tests.faults import stories
from tests.faults.origin import Origin, Reply, Request, behaviour
from tests.faults.world import world

_CYCLES = 20_000
_WARM = 2_000


@pytest.mark.long
def test_memory_is_flat_over_many_cycles(origin: Origin, tmp_path: Path) -> None:
    """Each cycle brings an edited story to be fetched, read, written and published; children are recycled."""
    served = [0]

    def reply(request: Request) -> Reply:
        served[0] += 1
        edited = stories.story(served[0], seed=1)
        one = stories.story(0)
        return Reply(
            stories.feed([stories.Story(one.key, one.link, one.title, edited.paragraphs, one.date), stories.story(1)])
        )

    spec = SourceSpec("paper", "feed", origin.serve("/feed", behaviour(reply)))
    process = psutil.Process()
    with Sandbox(children=1) as sandbox, world(tmp_path, sandbox, [spec]) as here:
        before = 0
        for cycle in range(_CYCLES):
            here.later(seconds=30)
            assert here.ingest("paper").outcome == "changed"
            here.publish()
            origin.requests.clear()
            if cycle == _WARM:
                before = _used(process)
            if cycle % 1_000 == 0:
                here.store.prune(here.now, 0, 0)
        assert _used(process) < 1.15 * before


def _used(process: psutil.Process) -> int:
    gc.collect()
    return int(sum(one.memory_info().rss for one in (process, *process.children(recursive=True))))
