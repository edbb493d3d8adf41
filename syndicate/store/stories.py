"""Articles that tell the same: an original and its copies, which people's words are about as a whole."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, select

from syndicate.errors import UsageError
from syndicate.store.belonging import EVERY_TOPIC, Query, topics_of
from syndicate.store.database import among
from syndicate.store.outbox import Outbox
from syndicate.store.places import Places
from syndicate.store.tables import articles

Found = Row[*tuple[Any, ...]]

_ROW = (
    articles.c.id,
    articles.c.status,
    articles.c.duplicate_of,
    articles.c.guid,
    articles.c.link,
    articles.c.revised,
    articles.c.shown,
)


@cache
def _copies(is_sqlite: bool) -> Query:
    return select(*_ROW).where(among(articles.c.duplicate_of, is_sqlite)).with_for_update()


class Stories(Places, Outbox):
    """Originals and copies, looked up within a transaction that changes them."""

    def story(self, connection: Connection, article_id: str) -> list[Found]:
        """The original of the story that an article belongs to, then its copies, and theirs, held for this write."""
        original = self.original(connection, self.row(connection, article_id))
        story = {original.id: self.row(connection, original.id)}
        copied = [original.id]
        while copied:
            rows = connection.execute(_copies(self.is_sqlite), {"values": self.listed(copied)}).all()
            copied = [row.id for row in rows if row.id not in story]
            story |= {row.id: row for row in rows if row.id not in story}
        return list(story.values())

    def row(self, connection: Connection, article_id: str) -> Found:
        """An article, held for this write; raises UsageError where there is none."""
        row = connection.execute(select(*_ROW).where(articles.c.id == article_id).with_for_update()).first()
        if row is None:
            raise UsageError(f"article {article_id!r} does not exist")
        return row

    def original(self, connection: Connection, row: Found) -> Found:
        """What an article is a copy of, in as many steps as it takes; the article itself if of nothing."""
        passed = {row.id}
        while row.duplicate_of and row.duplicate_of not in passed:
            row = self.row(connection, row.duplicate_of)
            passed.add(row.id)
        return row

    def standing(self, connection: Connection, story: Iterable[Found]) -> frozenset[str]:
        """The topics that show, or would show, these articles."""
        wanted = {"values": self.listed([row.id for row in story])}
        return frozenset({EVERY_TOPIC, *(row.topic for row in connection.execute(topics_of(self.is_sqlite), wanted))})
