"""The last good bytes of every feed; versions only grow."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Column, ColumnElement, Connection, Row, and_, delete, select, update

from syndicate.model import FeedFormat
from syndicate.records import FeedRow
from syndicate.store.database import Database, insert_into
from syndicate.store.tables import editions, feeds, topics


class Feeds(Database):
    """Published feeds by topic and format."""

    def save_feed(
        self,
        topic: str,
        format_: FeedFormat,
        body: bytes,
        etag: str,
        updated: datetime,
        now: datetime,
        *,
        lease: tuple[str, int] | None = None,
    ) -> FeedRow:
        """Replace a feed's last good bytes; the same bytes leave the row, its version and its times as they are.

        `lease` is the name and epoch under which the bytes were built; raises LeaseLostError if it is lost by now.
        """
        here = and_(feeds.c.topic == topic, feeds.c.format == format_)
        with self.writing(f"save feed {topic}.{format_}") as connection:
            if lease is not None:
                self.check_lease(connection, *lease)
            blank = {"version": 0, "etag": "", "updated": updated, "built": now, "dropped": True, "body": b""}
            connection.execute(
                insert_into(feeds, self.is_sqlite).values(topic=topic, format=format_, **blank).on_conflict_do_nothing()
            )
            before = connection.execute(select(feeds).where(here).with_for_update()).one()
            if not before.dropped and before.body == body and before.etag == etag:
                return _feed(before)
            after = {"etag": etag, "updated": updated, "built": now, "dropped": False, "body": body}
            version = before.version + 1
            connection.execute(update(feeds).where(here).values(version=version, **after))
            return FeedRow(topic, format_, version, etag, body, updated, now)

    def feed(self, topic: str, format_: FeedFormat) -> FeedRow | None:
        """A feed's last good bytes, or None if it was never built."""
        here = and_(feeds.c.topic == topic, feeds.c.format == format_, feeds.c.dropped.is_(False))
        with self.reading(f"feed {topic}.{format_}") as connection:
            row = connection.execute(select(feeds).where(here)).first()
            return None if row is None else _feed(row)

    def feed_versions(self) -> dict[tuple[str, str], tuple[int, str]]:
        """(version, ETag) of every feed by (topic, format): cheap to ask often."""
        query = select(feeds.c.topic, feeds.c.format, feeds.c.version, feeds.c.etag).where(feeds.c.dropped.is_(False))
        with self.reading("feed versions") as connection:
            return {(row.topic, row.format): (row.version, row.etag) for row in connection.execute(query)}

    def drop_feeds(self, topics_to_keep: Collection[str]) -> None:
        """Remove the feeds of all other topics but for those that admins have added; see `drop`."""

        def is_gone(topic: Column[str]) -> ColumnElement[bool]:
            return and_(topic.not_in(sorted(topics_to_keep)), topic.not_in(select(topics.c.key)))

        with self.writing("drop feeds") as connection:
            self.drop(connection, is_gone)

    def drop(self, connection: Connection, is_gone: Callable[[Column[str]], ColumnElement[bool]]) -> None:
        """Remove feeds within a transaction, those of partners, too; each one's version is left, to go on from."""
        gone = and_(is_gone(feeds.c.topic), feeds.c.dropped.is_(False))
        connection.execute(update(feeds).where(gone).values(dropped=True, body=b"", etag=""))
        connection.execute(delete(editions).where(is_gone(editions.c.topic)))


def _feed(row: Row[tuple[object, ...]]) -> FeedRow:
    return FeedRow(row.topic, cast("FeedFormat", row.format), row.version, row.etag, row.body, row.updated, row.built)
