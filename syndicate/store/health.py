"""How the store is: cheap facts for `doctor` and the health page, and a thorough check of the file."""

import shutil
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Table, func, select, text

from syndicate.records import StoreReport
from syndicate.store.database import is_writable
from syndicate.store.schema import Schema
from syndicate.store.tables import articles, beats, feeds, outbox, quarantine, runs, sources

FREE_AT_LEAST = 200 * 1024 * 1024  # bytes; an ingest of everything needs less


class Health(Schema):
    """Facts about the store."""

    def health(self) -> StoreReport:
        """Sizes, counts, versions, and what is wrong, each with what to do; raises StoreError if it can't be asked."""
        revision, head = self.revisions()
        ready = bool(revision)
        with self.reading("health") as connection:
            journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar() if self.is_sqlite else ""
            counts = [_count(connection, table) if ready else 0 for table in (sources, articles, outbox)]
            waiting = select(func.count()).select_from(quarantine).where(quarantine.c.state == "waiting")
            quarantined = connection.execute(waiting).scalar_one() if ready else 0
            size = self._size(connection)
            written = _written(connection) if ready else None
        return StoreReport(
            kind="sqlite" if self.is_sqlite else "postgresql",
            where=self.where,
            revision=revision,
            head=head,
            journal=str(journal),
            size=size,
            free=self._free(),
            written=written,
            sources=counts[0],
            articles=counts[1],
            waiting_topics=counts[2],
            quarantined=quarantined,
            problems=tuple(self._problems(revision, head, str(journal))),
        )

    def obstacle(self) -> str:
        """What keeps the store from taking anything in although it can be read, in a word or two; "" if nothing does.

        Raises StoreError if it can't be asked.
        """
        free = self._free()
        if free is not None and free < FREE_AT_LEAST:  # of a disk that is elsewhere we know nothing
            return "disk nearly full"
        return "" if self._may_be_written() else "can't be written"

    def check_integrity(self) -> tuple[str, ...]:
        """Read the whole SQLite file and say what is damaged, nothing if all is well; takes long on a big file.

        PostgreSQL checks itself as it reads; there is nothing to do here.
        """
        if not self.is_sqlite:
            return ()
        with self.reading("check integrity") as connection:
            said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        damage = [] if said == ["ok"] else said
        return (*damage, *(f"table {row[0]}: row {row[1]} refers to a missing row of {row[2]}" for row in orphans))

    def _problems(self, revision: str, head: str, journal: str) -> Iterator[str]:
        if revision != head:
            yield (
                f"the tables are at revision {revision or 'none'}, this program knows {head}: "
                "start the service, which upgrades the store, or install the program that has worked on it"
            )
        if self.is_sqlite and journal != "wal":
            yield f"journal mode is {journal}, not wal: readers wait for writers; use a local disk"
        if not self._may_be_written():
            who = "the file and its folder are another user's" if self.is_sqlite else "the server takes no writes"
            advice = "run as its owner" if self.is_sqlite else "name the one that leads in SYNDICATE_DATABASE_URL"
            yield f"it can be read, but not written ({who}): {advice}"

    def _may_be_written(self) -> bool:
        if self.file is not None:
            return is_writable(self.file)
        with self.reading("ask whether it may be written") as connection:  # a standby, or a server after a failover
            return connection.execute(text("SHOW transaction_read_only")).scalar() == "off"

    def _free(self) -> int | None:
        return shutil.disk_usage(self.file.parent).free if self.file else None

    def _size(self, connection: Connection) -> int | None:
        if self.file is None:
            return connection.execute(text("SELECT pg_database_size(current_database())")).scalar()
        parts = (self.file, self.file.with_name(self.file.name + "-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())


def _written(connection: Connection) -> datetime | None:
    """When something was last stored, by the clock of whoever did it."""
    clocks = (articles.c.received, sources.c.last_checked, runs.c.started, feeds.c.built, beats.c.at)
    newest = (connection.execute(select(func.max(column, type_=column.type))).scalar() for column in clocks)
    return max(filter(None, newest), default=None)


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
