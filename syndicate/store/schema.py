"""Bringing the tables up to date: Alembic, driven from here, with the migrations inside the package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text

from syndicate.errors import StoreError
from syndicate.store.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 7_301_201  # any number that no other advisory lock of ours uses


class Schema(Database):
    """The version of the tables."""

    def upgrade(self) -> None:
        """Make the tables, or bring them to this version's form; does nothing when they are.

        Safe when several processes start at once: one works, the others wait and find it done. On failure
        nothing is changed.
        """
        with self.writing("upgrade", durable=True) as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
            config = alembic_config()
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:  # the tables' revision is not among this program's migrations
                raise StoreError(
                    f"{self.where}: upgrade: {error} (a newer version has worked on this store: install it again)"
                ) from error

    def revisions(self) -> tuple[str, str]:
        """The revision of the tables ("" for none yet), and the newest one that this program knows."""
        head = ScriptDirectory.from_config(alembic_config()).get_current_head() or ""
        with self.reading("revision") as connection:
            return MigrationContext.configure(connection).get_current_revision() or "", head


def alembic_config() -> Config:
    """Alembic's configuration, made in memory: there is no ini file to get lost."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
