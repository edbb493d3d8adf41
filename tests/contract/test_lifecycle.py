"""The life of articles on PostgreSQL; tests/e2e has it on SQLite."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.contract.conftest import database_copy
from tests.e2e.lifecycle import LONG, Lifecycle, live


@pytest.fixture
def machine(postgres_url: str, postgres_template: str) -> type[Lifecycle]:
    """The machine, each of whose lives has a database of its own."""

    def copy(_: Path) -> AbstractContextManager[str]:
        return database_copy(postgres_url, postgres_template)

    return type("OnPostgresql", (Lifecycle,), {"store_at": staticmethod(copy)})


@pytest.mark.long
def test_many_lives_on_postgresql(machine: type[Lifecycle]) -> None:
    """Other lives at every run keep every promise on PostgreSQL, too."""
    live(machine, LONG)
