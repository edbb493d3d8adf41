"""Connections and transactions: how each database is opened, read and written."""

import json
import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import (
    ARRAY,
    URL,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from syndicate.errors import ConfigurationError, LeaseLostError, StoreError
from syndicate.store import tables
from syndicate.store.errors import translated
from syndicate.store.opened import Opened

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

BUSY_SECONDS = 30
# A server that can't be reached any more says nothing: within half a minute we know, and not after hours.
_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_LEASE = (
    select(tables.leases.c.epoch, tables.leases.c.holder)
    .where(tables.leases.c.name == bindparam("named"))
    .with_for_update()
)
CHUNK = 500  # values in one IN (...): far below both databases' limits


class Turn(IntEnum):
    """What one transaction does at a time on PostgreSQL: the numbers of our advisory locks."""

    UPGRADING = 7_301_201
    CHANGING_OUTBOX = 7_301_202
    DECIDING_COPIES = 7_301_203
    DECLARING_SOURCES = 7_301_204


class Database:
    """One open store; the rooms of `Store` build on its two kinds of transactions.

    SQLite runs in WAL mode: readers never wait. Every writing transaction is BEGIN IMMEDIATE, because a deferred
    one that reads first and writes later fails at once when another has written in between, whatever
    `busy_timeout` says. `kill -9` loses nothing that was committed; a power cut loses nothing of a durable
    transaction (the others hold what can be had again: payloads of an ingest not yet written, leases, feeds).
    """

    def __init__(self, url: str) -> None:
        self._url = checked(url)
        self.where = self._url.set(query={}).render_as_string(hide_password=True)  # libpq takes a password there, too
        self._engine = _open(self._url)
        self._opened = Opened(self.file)
        event.listen(self._engine, "connect", self._opened.remember)
        # SQLite sees one state in every transaction; PostgreSQL only when asked to.
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._readers = self._engine.execution_options(**options)

    def take_turn(self, connection: Connection, turn: Turn) -> None:
        """Until this transaction ends, no other one does the same; on SQLite writers wait for each other anyway."""
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(turn)})

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is a file of this machine."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(self._url.database) if self.is_sqlite and self._url.database else None

    @property
    def is_there(self) -> bool:
        """Whether there is a file, which the first connection would else make; a server's store counts as there."""
        return self.file is None or os.access(self.file, os.F_OK)

    @contextmanager
    def reading(self, doing: str) -> Iterator[Connection]:
        """A transaction that sees one state of the store and never waits for a writer."""
        with translated(doing, self.where), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, doing: str, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction that is written as a whole or not at all; `durable` ones survive a power cut, too.

        Raises StoreError if the file is another by now: nobody would ever read what is written to the lost one.
        """
        self._opened.check()
        options = {"writing": True, "durable": durable}
        with translated(doing, self.where), self._engine.connect() as plain:
            connection = plain.execution_options(**options)
            with connection.begin():
                yield connection

    def listed(self, values: Collection[Any]) -> Any:
        """Values as the one parameter that `among` takes them in."""
        return json.dumps(list(values)) if self.is_sqlite else list(values)

    def ping(self) -> None:
        """Ask the database the cheapest question; raises StoreError when it can't answer, or its file is another."""
        with self.reading("ping") as connection:
            connection.execute(text("SELECT 1"))
        self._opened.check()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def check_lease(self, connection: Connection, name: str, epoch: int) -> None:
        """Hold the lease's row until this transaction ends; raises LeaseLostError if it is no longer ours.

        A lease that ran out without a new holder is still good: nobody else can have worked under it.
        """
        row = connection.execute(_LEASE, {"named": name}).first()
        if row is None or row.epoch != epoch or not row.holder:
            raise lost(name, epoch)


def among(column: Column[Any], is_sqlite: bool) -> ColumnElement[bool]:
    """Whether the column is one of the values in the parameter `values` (see `Database.listed`).

    One parameter for all of them: SQLAlchemy writes an IN of many out anew each time, which costs more than the query.
    """
    if is_sqlite:
        return column.in_(select(func.json_each(bindparam("values")).table_valued("value").c.value))
    return column == any_(bindparam("values", type_=ARRAY(column.type)))


def insert_into(table: Table, is_sqlite: bool) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that knows what to do on a conflict, which each database spells its own way."""
    if is_sqlite:
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - who has SQLite needs no other dialect

    return postgresql.insert(table)


def lost(name: str, epoch: int) -> LeaseLostError:
    """Say that a lease is no longer ours."""
    return LeaseLostError(f"{name}: the lease of epoch {epoch} was lost; nothing of this work is kept")


def checked(url: str) -> URL:
    """The address of a store that we can open; raises ConfigurationError for any other."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise _unknown(url) from None
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        if re.search(r"[@?].*@", url, re.DOTALL):
            raise ConfigurationError(("database_url: '@' or '?' in a user, password or option: expected %40 and %3F",))
        return _with_known_options(parsed.set(drivername="postgresql+psycopg"))
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"} and parsed.database not in {None, "", ":memory:"}:
        if parsed.query:
            raise ConfigurationError(("database_url: '?' behind the path of a file: expected no options, or %3F",))
        return parsed
    raise _unknown(url)


def _unknown(url: str) -> ConfigurationError:
    """Of an address that we don't understand only the beginning is surely no secret."""
    scheme = url.partition("://")[0] if "://" in url else ""
    expected = "expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"
    return ConfigurationError((f"database_url: {scheme[:60]!r}: {expected}",))


def _with_known_options(url: URL) -> URL:
    """The address itself, if libpq knows what its query sets; at the first connection it would look like a bug."""
    from psycopg import ProgrammingError  # noqa: PLC0415 - who has SQLite needs no driver of a server
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    try:
        make_conninfo(**url.get_dialect()().create_connect_args(url)[1])
    except (ArgumentError, ProgrammingError) as error:
        expected = "expected options of libpq, such as sslmode, with values they can have"
        raise ConfigurationError((f"database_url: {str(error).strip()}: {expected}",)) from error
    return url


def _open(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    return create_engine(
        url,
        hide_parameters=True,  # what is stored may be secret, and errors go to the log
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=20,
        connect_args={"options": "-c timezone=UTC"} | {n: v for n, v in _PATIENCE.items() if n not in url.query},
    )


def _open_sqlite(url: URL) -> Engine:
    file = Path(str(url.database))
    to_read = os.access(file, os.F_OK) and not is_writable(file)
    engine = create_engine(
        _read_only(url, file) if to_read else url,
        hide_parameters=True,  # as above
        pool_size=8,
        max_overflow=-1,
        pool_use_lifo=True,
        connect_args={"timeout": BUSY_SECONDS},
    )
    event.listen(engine, "do_connect", lambda *_: _make_folder(file.parent))  # not before: who only looks makes none
    event.listen(engine, "connect", _prepare_to_read if to_read else _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: the store's folder can't be made: {error.strerror or error}") from error


def is_writable(file: Path) -> bool:
    """Whether this user may write an SQLite file, and the folder that holds what SQLite keeps beside it."""
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def _read_only(url: URL, file: Path) -> URL:
    """The address of a file that we may only read: of one that nobody has open SQLite needs no files beside it."""
    how = {"mode": "ro"} if file.with_name(f"{file.name}-wal").exists() else {"mode": "ro", "immutable": "1"}
    return url.set(database=f"file:{quote(str(file))}", query={**how, "uri": "true"})


def _prepare_to_read(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    connection.isolation_level = None


def _prepare_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    try:
        _use_wal(cursor)
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA journal_size_limit = 67108864")
    finally:
        cursor.close()


def _use_wal(cursor: Any) -> None:
    """Switch a new file to WAL; SQLite does not wait by itself when two processes do so at the same moment."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            if cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal":
                return
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        if time.monotonic() > deadline:
            return  # a file system without shared memory: correct, only slower; `doctor` tells
        time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("writing"):
        connection.exec_driver_sql("BEGIN")
        return
    level = "FULL" if options.get("durable") else "NORMAL"
    if connection.info.get("synchronous") != level:
        connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
        connection.info["synchronous"] = level
    connection.exec_driver_sql("BEGIN IMMEDIATE")
