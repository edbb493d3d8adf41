"""Small things to remember: heartbeats of the roles, and notes by key."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, delete, func, select

from syndicate.store.database import Database, insert_into
from syndicate.store.tables import beats, meta

_FORGET = timedelta(days=1)  # a process that was silent for so long does not come back
_NOTE = select(meta.c.value).where(meta.c.key == bindparam("named"))


class Notes(Database):
    """Heartbeats and notes."""

    def beat(self, role: str, holder: str, now: datetime) -> None:
        """Say that this holder of a role is alive; forgets holders of the role silent for a day."""
        upsert = insert_into(beats, self.is_sqlite)
        statement = upsert.values(role=role, holder=holder, at=now)
        with self.writing(f"heartbeat of {role}") as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["role", "holder"], set_={"at": now}))
            connection.execute(delete(beats).where(and_(beats.c.role == role, beats.c.at < now - _FORGET)))

    def beats(self) -> dict[str, datetime]:
        """When each role was last alive, whoever held it."""
        newest = func.max(beats.c.at, type_=beats.c.at.type)
        with self.reading("heartbeats") as connection:
            rows = connection.execute(select(beats.c.role, newest.label("at")).group_by(beats.c.role))
            return {row.role: row.at for row in rows}

    def meta(self, key: str) -> str | None:
        """A note, or None."""
        with self.reading(f"note {key}") as connection:
            return note(connection, key)

    def set_meta(self, key: str, value: str) -> None:
        """Write a note; it replaces the earlier one."""
        with self.writing(f"note {key}", durable=True) as connection:
            self.put_note(connection, key, value)

    def put_note(self, connection: Connection, key: str, value: str) -> None:
        """Write a note within a transaction."""
        upsert = insert_into(meta, self.is_sqlite).values(key=key, value=value)
        connection.execute(upsert.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def note(connection: Connection, key: str) -> str | None:
    """A note within a transaction, or None."""
    return connection.execute(_NOTE, {"named": key}).scalar()
