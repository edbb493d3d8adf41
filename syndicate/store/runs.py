"""Runs of ingestion and their reports."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, insert, select, update

from syndicate.errors import UsageError
from syndicate.records import Run
from syndicate.store.codec import dump_json
from syndicate.store.database import Database
from syndicate.store.tables import runs


class Runs(Database):
    """Runs by id."""

    def start_run(self, run: Run, *, lease: tuple[str, int] | None = None) -> None:
        """Write a run down, or its new state (queued, then running).

        `lease` is the name and epoch under which it was decided; raises LeaseLostError if it is lost by now.
        """
        values = {
            "trigger": run.trigger,
            "sources": dump_json(run.sources),
            "started": run.started,
            "finished": run.finished,
            "state": run.state,
            "report": dump_json(run.report),
        }
        with self.writing(f"start run {run.id}") as connection:
            if lease is not None:
                self.check_lease(connection, *lease)
            if not connection.execute(update(runs).where(runs.c.id == run.id).values(**values)).rowcount:
                connection.execute(insert(runs).values(id=run.id, **values))

    def finish_run(
        self,
        run_id: str,
        state: Literal["done", "failed"],
        report: Sequence[dict[str, Any]],
        now: datetime,
    ) -> None:
        """Write down how a run ended; raises UsageError if it does not exist."""
        with self.writing(f"finish run {run_id}") as connection:
            values = {"state": state, "report": dump_json(list(report)), "finished": now}
            if not connection.execute(update(runs).where(runs.c.id == run_id).values(**values)).rowcount:
                raise UsageError(f"run {run_id!r} does not exist")

    def run(self, run_id: str) -> Run | None:
        """One run, or None."""
        with self.reading(f"run {run_id}") as connection:
            row = connection.execute(select(runs).where(runs.c.id == run_id)).first()
            return None if row is None else _run(row)

    def open_runs(self) -> tuple[Run, ...]:
        """The runs that wait or go on, oldest first."""
        with self.reading("open runs") as connection:
            query = select(runs).where(runs.c.state.in_(("queued", "running"))).order_by(runs.c.started, runs.c.id)
            return tuple(_run(row) for row in connection.execute(query))

    def runs(self, limit: int = 50) -> tuple[Run, ...]:
        """The latest runs, newest first."""
        with self.reading("runs") as connection:
            query = select(runs).order_by(runs.c.started.desc(), runs.c.id).limit(limit)
            return tuple(_run(row) for row in connection.execute(query))


def _run(row: Row[tuple[object, ...]]) -> Run:
    return Run(
        id=row.id,
        trigger=row.trigger,
        sources=tuple(json.loads(row.sources)),
        started=row.started,
        finished=row.finished,
        state=row.state,
        report=tuple(json.loads(row.report)),
    )
