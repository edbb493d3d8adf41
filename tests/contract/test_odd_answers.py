"""Servers that write what no text may hold: their polls fail with a reason, and the run goes on, on every database."""

from pathlib import Path
from typing import Any

from syndicate.ingest.batch import Runs
from syndicate.ingest.orders import new_run
from syndicate.ingest.run import Ingestion, SourceReport
from syndicate.model import SourceSpec
from syndicate.publish import Report
from tests.faults import stories
from tests.faults.one_ingest import Inline
from tests.faults.origin import Origin, Reply, raw
from tests.faults.world import NOON, World, world

GOOD = Reply(stories.feed(stories.stories(3)))
STATUS = b"HTTP/1.1 500 \x1b[2Jall\x00 is well\r\n\r\n"
NO_HTTP = b"\x1b[2J\x00\x01 hello\r\n\r\n"
HEADERS = b"HTTP/1.1 200 OK\r\n%s: text/xml\0; charset=utf-8\r\n\r\n"
KEPT = (b"Content-Type", b"ETag", b"Last-Modified", b"X-WP-TotalPages", b"Cache-Control", b"Retry-After")


def _run(here: World) -> dict[str, dict[str, Any]]:
    """Carry out a run of all sources; gives what the store says of each."""
    run = new_run(here.store, (), "test", here.now)
    Runs(here.store, here.ingestion, Report, lambda: here.now).execute(run)
    finished = here.store.run(run.id)
    assert finished is not None
    assert finished.state == "done"
    return {line["source"]: line for line in finished.report}


def test_an_answer_that_no_text_may_hold_fails_alone(origin: Origin, store_url: str, tmp_path: Path) -> None:
    """NUL, escapes and line breaks of a server reach neither the store nor a line of a report, and its feed is read."""
    body = stories.feed(stories.stories(3))
    given = {"status": raw(STATUS), "no-http": raw(NO_HTTP), "good": GOOD}
    given |= {f"header-{n}": raw(HEADERS % name + body) for n, name in enumerate(KEPT)}
    specs = [SourceSpec(key, "feed", origin.serve(f"/{key}", served)) for key, served in given.items()]
    with world(tmp_path, Inline(), specs, database_url=store_url) as here:
        wrong = {key: line for key, line in _run(here).items() if not line["new"]}
        assert set(wrong) == {"status", "no-http"}
        assert wrong["status"]["error"] == "answered 500 [2Jall is well"
        for key, line in wrong.items():
            state = here.store.source(key)
            assert state is not None
            assert state.due is not None
            assert (state.failures, state.last_error, state.due > NOON) == (1, line["error"], True)
            assert line["error"].isprintable()


class _Faulty(Ingestion):
    """Has a bug that one source meets where nothing is caught any more."""

    def ingest(self, key: str, holder: str) -> SourceReport:
        if key == "bad":
            raise RuntimeError("no such\nluck")
        return super().ingest(key, holder)


def test_a_bug_met_by_one_source_does_not_end_its_run(origin: Origin, store_url: str, tmp_path: Path) -> None:
    """The others are taken in, the run ends, and its report says what went wrong."""
    specs = [SourceSpec(key, "feed", origin.serve(f"/{key}", GOOD)) for key in ("bad", "good")]
    with world(tmp_path, Inline(), specs, database_url=store_url) as here:
        here.ingestion.__class__ = _Faulty
        reports = _run(here)
        assert (reports["bad"]["outcome"], reports["bad"]["error"]) == ("failed", "unexpected RuntimeError: no such")
        assert reports["good"]["new"] == 3
