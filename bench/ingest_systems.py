"""The systems that are measured, each in a process of its own: says in lines of JSON what it is about to do and did."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("system", choices=_SYSTEMS)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--cycles", type=int, default=0)
    options.add_argument("--children", type=int, default=2)
    chosen = options.parse_args()
    _SYSTEMS[chosen.system](json.loads(sys.stdin.read()), chosen)


def _say(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


def _timed(phase: str, work: Callable[[], dict[str, int]]) -> None:
    """Carry out one phase; whoever listens takes the memory and the CPU time between the two lines."""
    _say(begins=phase)
    started = time.perf_counter()
    counted = work()
    _say(ends=phase, seconds=time.perf_counter() - started, **counted)


# --- Syndicate ---------------------------------------------------------------------------------------------


def _syndicate(urls: list[str], options: argparse.Namespace) -> None:
    """From nothing to published feeds, then twice with nothing new."""
    with _house(urls, options) as parts:
        _timed("first", lambda: _run(parts))
        _timed("unchanged", lambda: _run(parts))
        _timed("again", lambda: _run(parts))


def _house(urls: list[str], options: argparse.Namespace, **settings: Any) -> Any:
    """Real services over an empty folder. Loopback may be fetched and nobody pauses, as `reader` doesn't either."""
    from syndicate import logs  # noqa: PLC0415 - not in the other system's process
    from syndicate.bootstrap import services  # noqa: PLC0415
    from syndicate.private_redis import PrivateRedis  # noqa: PLC0415
    from syndicate.settings import Settings  # noqa: PLC0415

    logs.configure("info", "json")  # as a role logs in production; the bench throws the lines away

    class House:
        def __enter__(self) -> Any:
            self._redis = PrivateRedis(options.folder / "redis")
            self._redis.__enter__()
            self._services = services(
                Settings(
                    data_dir=options.folder,
                    redis_url=self._redis.url,
                    base_url="https://wire.example.org",
                    allow_private=("127.0.0.0/8",),
                    fetch={"host_pause_seconds": 0, "per_host": 16},
                    sources=tuple({"key": f"s{n}", "kind": "feed", "location": url} for n, url in enumerate(urls)),
                    **{"ingest": {"children": options.children}, **settings},
                )
            )
            parts = self._services.__enter__()
            parts.sandbox.start()  # as `syndicate work` does before its first run
            return parts

        def __exit__(self, *error: Any) -> None:
            self._services.__exit__(*error)
            self._redis.__exit__(*error)

    return House()


def _run(parts: Any) -> dict[str, int]:
    from syndicate.ingest.orders import new_run  # noqa: PLC0415

    report = parts.runs.execute(new_run(parts.store, (), "bench", parts.now())).report
    return {
        "entries": sum(line["new"] + line["edited"] for line in report),
        "feeds": len(report),
        "failed": sum(line["outcome"] == "failed" for line in report),
    }


def _syndicate_cycles(urls: list[str], options: argparse.Namespace) -> None:
    """Fetch, take in and publish one growing feed after the other."""
    from syndicate.ingest.orders import new_run  # noqa: PLC0415

    with _house(urls, options, publish={"items": 10}) as parts:
        started = time.perf_counter()
        new = 0
        for cycle in range(options.cycles):
            run = parts.runs.execute(new_run(parts.store, (f"s{cycle % len(urls)}",), "bench", parts.now()))
            new += run.report[0]["new"]
            if (cycle + 1) % max(options.cycles // 40, 1) == 0:
                _say(cycle=cycle + 1, entries=new, seconds=time.perf_counter() - started)


# --- reader ------------------------------------------------------------------------------------------------


def _reader(urls: list[str], options: argparse.Namespace) -> None:
    """What `reader` does with the same feeds: fetch, parse and store."""
    # reader's own copy of feedparser still imports sgmllib by the name of a package that today's feedparser, which
    # brings it along, has replaced by this fork.
    sys.modules.setdefault("sgmllib", import_module("feedparser_sgmllib"))
    from reader import make_reader  # noqa: PLC0415

    reader = make_reader(str(options.folder / "reader.db"))
    for url in urls:
        reader.add_feed(url)

    def update() -> dict[str, int]:
        reader.update_feeds(scheduled=False, workers=4)  # all, not only those that are due
        return {
            "entries": reader.get_entry_counts().total or 0,
            "feeds": len(urls),
            "failed": reader.get_feed_counts(broken=True).total or 0,
        }

    for phase in ("first", "unchanged", "again"):
        _timed(phase, update)
    reader.close()


_SYSTEMS = {"syndicate": _syndicate, "syndicate-cycles": _syndicate_cycles, "reader": _reader}

if __name__ == "__main__":
    main()
