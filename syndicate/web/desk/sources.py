"""Sources, with how polling them goes, and the runs of ingestion."""

from collections.abc import Callable

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from syndicate.records import SourceState, SourceStatus
from syndicate.web.desk.overview import TRIGGER
from syndicate.web.desk.page import ROWS, Desk, decided, number, page, sliced
from syndicate.web.desk.rulings import applied
from syndicate.web.desk.session import Said
from syndicate.web.ruling import rebuild

_RELOAD_SECONDS = 3  # of a run that goes on
_MOST_RUNS = 10_000  # that are read for one page
_CONDITIONS: dict[SourceStatus, str] = {"paused": "paused", "gone": "has ended (410 Gone)", "retired": "removed"}


def routes(blueprint: Blueprint, desk: Desk) -> None:
    """The routes /admin/sources and below, and /admin/runs."""
    room = _Sources(desk)
    blueprint.get("/sources")(room.sources)
    blueprint.get("/sources/<key>")(room.source)
    blueprint.post("/sources/<key>/ingest")(room.ingest_source)
    for act in (room.rebuild, room.pause, room.resume):
        blueprint.post(f"/sources/<key>/{act.__name__}")(act)
    blueprint.get("/runs")(room.runs)
    blueprint.get("/runs/<run_id>")(room.run)


class _Sources:
    """What the routes do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._services = desk.services
        self._store = desk.services.store

    def sources(self) -> Response:
        """All sources by key; those that were removed are left out."""
        there = [state for state in self._store.sources() if state.status != "retired"]
        rows, following = sliced(there, number("after"))
        listed = [(state, condition(state)) for state in rows]
        return page(self._desk, "sources.html", sources=listed, following=following)

    def source(self, key: str) -> Response:
        """One source, how polling it goes, and what can be done with it."""
        state = self._store.source(key)
        if state is None:
            raise NotFound("There is no such source.")
        return page(
            self._desk,
            "source.html",
            state=state,
            condition=condition(state),
            silent=state.status == "active" and state.is_silent(self._services.now()),
            ours=self._store.subscription_of(key),
            now=self._services.now(),
            waiting=self._store.waiting_in_quarantine().get(key, 0),
        )

    def ingest_source(self, key: str) -> Response:
        """Poll it now."""

        def act() -> Said:
            run = self._services.enqueue((key,), TRIGGER)
            return Said(f"{key} is asked for articles now.", f"runs/{run.id}")

        return self._act_on(key, act)

    def rebuild(self, key: str) -> Response:
        """Clean its stored articles again."""
        return self._act_on(key, lambda: applied(rebuild(self._services, key), "Nothing is fetched."))

    def pause(self, key: str) -> Response:
        """Poll it no more for now."""

        def act() -> Said:
            self._store.set_source_status(key, "paused")
            return Said(f"{key} is not polled any more until you resume it. Its articles stay.")

        return self._act_on(key, act)

    def resume(self, key: str) -> Response:
        """Poll it again."""

        def act() -> Said:
            self._store.set_source_status(key, "active")
            return Said(f"{key} is polled again.")

        return self._act_on(key, act)

    def runs(self) -> Response:
        """The latest runs."""
        after = number("after")
        rows, following = sliced(self._store.runs(min(after, _MOST_RUNS) + ROWS + 1), after)
        return page(self._desk, "runs.html", runs=rows, following=following)

    def run(self, run_id: str) -> Response:
        """One run; the page reloads itself until it has ended."""
        found = self._store.run(run_id)
        if found is None:
            raise NotFound("There is no such run; old ones are forgotten.")
        response = page(self._desk, "run.html", run=found)
        if found.finished is None:
            response.headers["Refresh"] = str(_RELOAD_SECONDS)
        return response

    def _act_on(self, key: str, act: Callable[[], Said]) -> Response:
        return decided(self._desk, act, lambda: self.source(key))


def condition(state: SourceState) -> str:
    """How it is with a source, in a word or two."""
    if state.status != "active":
        return _CONDITIONS[state.status]
    if not state.spec.enabled:
        return "switched off in the configuration"
    return "fails" if state.failures else "polled"
