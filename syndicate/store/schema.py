"""Bringing the tables up to date."""

from syndicate.store.database import Database, Turn


class Schema(Database):
    """The version of the tables."""

    def upgrade(self) -> None:
        """Make the tables, or bring them to this version's form; does nothing when they are.

        Safe when several processes start at once: one works, the others wait and find it done. On failure
        nothing is changed.
        """
        from syndicate.store import revisions  # noqa: PLC0415 - loads Alembic

        with self.writing("upgrade", durable=True) as connection:
            self.take_turn(connection, Turn.UPGRADING)
            revisions.upgrade(connection, self.where)

    def revisions(self) -> tuple[str, str]:
        """The revision of the tables ("" for none yet), and the newest one that this program knows."""
        from syndicate.store import revisions  # noqa: PLC0415 - as above

        with self.reading("revision") as connection:
            return revisions.current(connection), revisions.newest()
