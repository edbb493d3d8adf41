"""Good sources among hostile ones: their articles are taken in on time, and the feeds stay clean.

make neighbours    # 2,700 polls of hostile sources of all families, through the whole of an ingest
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from tests.faults import hostile, intake, stories
from tests.faults.metered import Metered
from tests.faults.origin import Behaviour, Origin, Reply, Request, behaviour
from tests.faults.world import NOON, World, world

_GOOD = 8


class Fleet:
    """One hostile source of each family, each time with another payload, and good ones that publish by the hour."""

    def __init__(self, origin: Origin) -> None:
        self.now: Callable[[], datetime] = lambda: NOON
        families = range(len(hostile.families()))
        self.hostile = [
            SourceSpec(f"hostile-{n:02}", "feed", origin.serve(f"/hostile/{n}", self._hostile(n))) for n in families
        ]
        self.good = [
            SourceSpec(f"good-{n}", "feed", origin.serve(f"/good/{n}", self._good(f"good-{n}.example")))
            for n in range(_GOOD)
        ]

    def _hostile(self, family: int) -> Behaviour:
        numbers = iter(range(family, 10**9, len(hostile.families())))

        def reply(_: Request) -> Reply:
            payload = hostile.generate(next(numbers)).payload
            return Reply(payload.body, headers={"Content-Type": payload.content_type or "text/xml"})

        return behaviour(reply)

    def _good(self, host: str) -> Behaviour:
        def reply(_: Request) -> Reply:
            newest = range(max(self.hours - 4, 0), self.hours + 1)
            told = [replace(stories.story(n, host=host), date=NOON + timedelta(hours=n)) for n in newest]
            return Reply(stories.feed(told))

        return behaviour(reply)

    @property
    def hours(self) -> int:
        """How many hours have passed."""
        return int((self.now() - NOON).total_seconds() // 3_600)


def _polls(here: World, metered: Metered) -> Iterator[tuple[str, timedelta]]:
    """Poll what is due, one after the other, for ever: the source, and how late it was polled.

    The clock is the test's: it goes on by the CPU time that was needed (the children's and ours, as if one core did it
    all), and then to the next source that is due.
    """
    while True:
        due = here.store.due_sources(here.now, 1)
        if not due:
            here.now = min(state.due for state in here.store.sources() if state.due is not None)
            continue
        (state,) = due
        late = here.now - (state.due or here.now)
        spent = metered.seconds + time.process_time()
        report = here.ingest(state.spec.key)
        assert "unexpected" not in report.error, report
        assert not [failure for failure in report.failures if "unexpected" in failure.reason], report
        here.later(seconds=metered.seconds + time.process_time() - spent)
        yield state.spec.key, late


@pytest.mark.parametrize("rounds", [1, pytest.param(100, marks=pytest.mark.long)])
def test_good_sources_are_polled_on_time(rounds: int, origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """Beside as many hostile sources as there are families, no good one is ever later than one of its intervals."""
    fleet, metered = Fleet(origin), Metered(sandbox)
    wanted = rounds * len(fleet.hostile)
    latest, met, polled = timedelta(), 0, 0
    with world(tmp_path, metered, [*fleet.hostile, *fleet.good]) as here:
        fleet.now = lambda: here.now
        for source, late in _polls(here, metered):
            polled += 1
            if source.startswith("hostile"):
                met += 1
            else:
                state = here.store.source(source)
                assert state is not None
                assert state.failures == 0, state.last_error
                assert late <= timedelta(seconds=max(state.interval, here.settings.ingest.min_interval_seconds))
                latest = max(latest, late)
            if met % len(fleet.hostile) == 0 and source.startswith("hostile"):
                assert intake.wrong_with((), here.publish()) == []
            if met >= wanted:
                break
        hours = fleet.hours
        for spec in fleet.good:
            assert len(here.articles(spec.key)) >= max(hours - 1, 1), "an article went by unseen"
        assert here.store.check_integrity() == ()
    print(
        f"{met} hostile polls, {polled - met} good ones in {hours} hours, at most {latest.total_seconds():.1f} s late; "
        f"{metered.kills} children killed, {metered.seconds:.0f} s of CPU, at most {metered.peak:.0f} MB",
        flush=True,
    )
