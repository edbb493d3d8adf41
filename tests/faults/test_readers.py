"""Reading while it is published: whoever reads gets the old feed or the new one, whole."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from syndicate.cache import Cache
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import FEED_FORMATS, SourceSpec
from syndicate.publish import drain
from tests.faults import stories
from tests.faults.markup import problems
from tests.faults.origin import Origin, Reply, Request, behaviour
from tests.faults.world import World, world

_VERSIONS = 12


def test_every_read_is_whole_and_versions_only_grow(
    origin: Origin, sandbox: Sandbox, tmp_path: Path, redis_url: str
) -> None:
    """Four read every format from store and cache while a dozen versions are published: all parse, none goes back."""
    asked = [0]

    def reply(_: Request) -> Reply:
        asked[0] += 1
        return Reply(stories.feed(stories.stories(asked[0] + 3)))

    ended = threading.Event()
    spec = SourceSpec("paper", "feed", origin.serve("/feed", behaviour(reply)))
    with world(tmp_path, sandbox, [spec]) as here, ThreadPoolExecutor(4) as pool:
        cache = Cache(redis_url)
        _publish(here, cache)
        readers = [pool.submit(_read, here, cache, ended) for _ in range(4)]
        try:
            for _ in range(_VERSIONS):
                _publish(here, cache)
        finally:
            ended.set()
        for reader in readers:
            bodies = reader.result()
            assert len(bodies) > len(FEED_FORMATS), "nobody read while it was published"
            assert [(name, found) for name, body in bodies if (found := problems(name, body))] == []
        cache.close()


def _publish(here: World, cache: Cache) -> None:
    here.later(minutes=10)
    assert here.ingest("paper").new
    drain(here.store, cache, here.settings, here.now)


def _read(here: World, cache: Cache, ended: threading.Event) -> set[tuple[str, bytes]]:
    """Read until all is published; gives every body that was seen."""
    seen: set[tuple[str, bytes]] = set()
    newest: dict[str, int] = {}
    while not ended.is_set():
        for name in FEED_FORMATS:
            row, cached = here.store.feed("all", name), cache.get_feed("all", name, ["identity"], quick=False)
            assert row is not None
            assert row.version >= newest.get(name, 0)
            newest[name] = row.version
            seen.add((name, row.body))
            if cached is not None:
                seen.add((name, cached.bodies["identity"]))
    return seen
