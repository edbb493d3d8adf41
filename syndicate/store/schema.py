"""Bringing the tables up to date."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from syndicate.store.database import Database, Turn

_MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
_NAMED = re.compile(r'^(?:down_)?revision = "(\w+)"$', re.MULTILINE)


class Schema(Database):
    """The version of the tables."""

    def upgrade(self) -> None:
        """Make the tables, or bring them to this version's form; does nothing when they are.

        Safe when several processes start at once: one works, the others wait and find it done. On failure
        nothing is changed.
        """
        with self.writing("upgrade", durable=True) as connection:
            self.take_turn(connection, Turn.UPGRADING)
            if _current(connection) != _newest():
                from syndicate.store import revisions  # noqa: PLC0415 - loads Alembic: most starts do without

                revisions.upgrade(connection, self.where)

    def revisions(self) -> tuple[str, str]:
        """The revision of the tables ("" for none yet), and the newest one that this program knows."""
        with self.reading("revision") as connection:
            return _current(connection), _newest()


def _current(connection: Connection) -> str:
    """The revision that Alembic put down."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


@cache
def _newest() -> str:
    """The revision that no other follows: the only one that is named once among the migrations."""
    named: Counter[str] = Counter(
        name for file in _MIGRATIONS.glob("*.py") for name in _NAMED.findall(file.read_text("utf-8"))
    )
    return next(name for name, times in named.items() if times == 1)
