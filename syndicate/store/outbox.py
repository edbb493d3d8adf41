"""The outbox: topics whose feeds have to be built again, written together with what changed in them."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Connection, Delete, delete, insert, select

from syndicate.store.database import CHUNK, Database, Turn, among
from syndicate.store.tables import outbox

_PUT = insert(outbox)


@cache
def _waiting(is_sqlite: bool) -> Delete:
    return delete(outbox).where(among(outbox.c.topic, is_sqlite))


class Outbox(Database):
    """Topics that wait for their feeds."""

    def pending_topics(self, limit: int) -> tuple[tuple[int, str], ...]:
        """The (row, topic) pairs that wait longest, each topic once."""
        with self.reading("pending topics") as connection:
            rows = connection.execute(select(outbox.c.id, outbox.c.topic).order_by(outbox.c.id).limit(limit))
            return tuple((row.id, row.topic) for row in rows)

    def done_topics(self, ids: Collection[int]) -> None:
        """Forget these rows, after their feeds are saved; a topic touched since then has a new row and stays."""
        numbers = sorted(ids)
        with self.writing("topics built") as connection:
            for start in range(0, len(numbers), CHUNK):
                connection.execute(delete(outbox).where(outbox.c.id.in_(numbers[start : start + CHUNK])))

    def touch_topics(self, topics: Collection[str]) -> None:
        """Ask for these topics' feeds to be built again, although no article changed."""
        with self.writing("touch topics", durable=True) as connection:
            self.touch(connection, topics)

    def touch(self, connection: Connection, topics: Collection[str]) -> None:
        """Put topics into the outbox within a transaction; each one's earlier row makes way for a newer one.

        Newer, because a builder that has read the articles already will be done with the earlier row only.
        """
        if not topics:
            return
        self.take_turn(connection, Turn.CHANGING_OUTBOX)  # who deletes in another order would block this
        names = sorted(topics)
        connection.execute(_waiting(self.is_sqlite), {"values": self.listed(names)})
        connection.execute(_PUT, [{"topic": name} for name in names])
