"""A disk that is really full: a small file system of its own, with the whole house on it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.errors import StoreError
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from syndicate.scheduler import Ticker
from tests.e2e.conftest import Clock
from tests.e2e.house import house, ingest
from tests.faults import stories
from tests.faults.markup import problems
from tests.faults.origin import Origin, Reply, Request, behaviour

_KILOBYTES = 8_192


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of eight megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_KILOBYTES}k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount a file system here; test_crashes limits files and fails system calls instead")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(disk: Path) -> Path:
    """Take all the space that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4_096))
        except OSError:
            return filler


def test_a_full_disk_stops_nothing_for_good(small_disk: Path, origin: Origin, sandbox: Sandbox, redis_url: str) -> None:
    """Full: runs fail loudly, feeds are served, ticks go on. With space again the same process takes in everything."""
    offered = [stories.stories(4)]

    def reply(request: Request) -> Reply:
        etag = f'"{len(offered[0])}"'
        if request.headers.get("if-none-match") == etag:
            return Reply(status=304)
        return Reply(stories.feed(offered[0]), headers={"ETag": etag})

    clock = Clock()
    spec = SourceSpec("paper", "feed", origin.serve("/feed", behaviour(reply)))
    with house(small_disk / "data", redis_url, (spec,), clock, sandbox) as parts:
        ingest(parts, "paper")
        old = parts.store.feed("all", "rss")
        assert old is not None
        offered[0] = stories.stories(60)
        filler = _fill(small_disk)
        clock.pass_by(hours=1)
        for _ in range(3):
            with pytest.raises(StoreError, match=r"full|free some space"):
                ingest(parts, "paper")
            Ticker(parts.store, parts.queue, parts.settings, parts.publish, parts.now).tick()
            assert parts.store.feed("all", "rss") == old
            assert parts.store.source("paper").etag == '"4"', "the validator went ahead of the entries"
            clock.pass_by(hours=1)
        filler.unlink()
        ingest(parts, "paper")
        titles = [one.published.article.title for one in parts.store.articles(source="paper", limit=1_000)]
        assert sorted(titles) == sorted(one.title for one in offered[0])
        new = parts.store.feed("all", "rss")
        assert new is not None
        assert new.version == old.version + 1
        assert problems("rss", new.body) == []
        assert parts.store.check_integrity() == ()
