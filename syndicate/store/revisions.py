"""Alembic, driven from here, with the migrations inside the package.

Apart from `schema.py`, which loads it when it is needed: it takes a quarter of a second and 10 MB, in every process.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from syndicate.errors import StoreError

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, where: str) -> None:
    """Bring the tables to the newest revision; raises StoreError, which names the store by `where`."""
    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:  # the tables' revision is not among this program's migrations
        raise StoreError(
            f"{where}: upgrade: {error} (a newer version has worked on this store: install it again)"
        ) from error


def alembic_config() -> Config:
    """Alembic's configuration, made in memory: there is no ini file to get lost."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
