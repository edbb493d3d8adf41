"""Entries that could not be taken in, with their reason, waiting for a person or a replay."""

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Literal

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from syndicate.errors import UsageError
from syndicate.records import Quarantined, Rejected
from syndicate.store.database import Database
from syndicate.store.tables import quarantine

QuarantineState = Literal["waiting", "replayed", "discarded"]

# What waits keeps its payload for as long as it waits, so a source that always fails in new ways could fill the disk.
MOST_WAITING = 500  # of one source
_NUMBER = re.compile(r"[0-9]+")


class Quarantine(Database):
    """Rejected entries and payloads."""

    def quarantine(
        self, state: QuarantineState | None = None, limit: int = 100, *, after: int | None = None
    ) -> tuple[Quarantined, ...]:
        """What is in quarantine (in one state, or in any), newest first; `after` is the last that was seen."""
        query = select(quarantine).order_by(quarantine.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(quarantine.c.state == state)
        if after is not None:
            query = query.where(quarantine.c.id < after)
        with self.reading("quarantine") as connection:
            return tuple(_quarantined(row) for row in connection.execute(query))

    def quarantined(self, item_id: int) -> Quarantined | None:
        """One item, or None."""
        with self.reading(f"quarantine item {item_id}") as connection:
            row = connection.execute(select(quarantine).where(quarantine.c.id == item_id)).first()
            return None if row is None else _quarantined(row)

    def waiting_in_quarantine(self) -> dict[str, int]:
        """How many items wait, by their source."""
        query = select(quarantine.c.source, func.count().label("number")).where(quarantine.c.state == "waiting")
        with self.reading("count of quarantine") as connection:
            rows = connection.execute(query.group_by(quarantine.c.source).order_by(quarantine.c.source))
            return {row.source: row.number for row in rows}

    def settle(self, item_id: int, state: QuarantineState) -> None:
        """Say what became of an item; raises UsageError if it does not exist."""
        with self.writing(f"settle quarantine item {item_id}", durable=True) as connection:
            if not connection.execute(
                update(quarantine).where(quarantine.c.id == item_id).values(state=state)
            ).rowcount:
                raise UsageError(f"quarantine item {item_id} does not exist")

    def put_in_quarantine(self, connection: Connection, items: Sequence[Rejected], now: datetime) -> None:
        """Write rejected entries; what waits already for the same reason, whatever its numbers, is brought up to date.

        When more than `MOST_WAITING` of a source wait, the oldest are discarded.
        """
        for item in items:
            mark = _mark(item)
            waiting = and_(quarantine.c.mark == mark, quarantine.c.state == "waiting")
            again = update(quarantine).where(waiting).values(reason=storable(item.reason), payload=item.payload, at=now)
            if connection.execute(again).rowcount:
                continue
            connection.execute(
                insert(quarantine).values(
                    mark=mark,
                    source=item.source,
                    place=storable(item.where),
                    reason=storable(item.reason),
                    payload=item.payload,
                    stage=item.stage,
                    at=now,
                    state="waiting",
                )
            )
        for source in sorted({item.source for item in items}):
            waiting = and_(quarantine.c.source == source, quarantine.c.state == "waiting")
            kept = select(quarantine.c.id).where(waiting).order_by(quarantine.c.id.desc()).limit(MOST_WAITING)
            oldest = select(func.min(kept.subquery().c.id)).scalar_subquery()
            connection.execute(update(quarantine).where(waiting, quarantine.c.id < oldest).values(state="discarded"))


def _mark(item: Rejected) -> str:
    reason = _NUMBER.sub("", item.reason)  # where in its document a fault stands changes with every entry above it
    return sha256(repr((item.source, item.where, reason, item.stage)).encode()).hexdigest()


def storable(text: str) -> str:
    """The text without what a database refuses: the reason for a refusal must not be refused itself."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _quarantined(row: Row[tuple[object, ...]]) -> Quarantined:
    rejected = Rejected(row.source, row.place, row.reason, row.payload, row.stage)
    return Quarantined(row.id, rejected, row.at, row.state)
