"""Which topics show an article: its own, and those of its copies, which are published in it only."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, insert, not_, select

from syndicate.store.database import Database, among
from syndicate.store.tables import article_topics, articles

Query = Select[*tuple[Any, ...]]

EVERY_TOPIC = "all"

_PUT = insert(article_topics).values(own=False)
_DROP = delete(article_topics).where(
    and_(
        article_topics.c.article == bindparam("of"),
        article_topics.c.topic == bindparam("in"),
        not_(article_topics.c.own),
    )
)


class Belonging(Database):
    """Articles in the topics of their copies."""

    def gather(self, connection: Connection, ids: Collection[str]) -> frozenset[str]:
        """Put these articles into the topics of their copies, too, and into no others that are not their own.

        Gives the topics whose feeds show other articles for it.
        """
        wanted = {"values": self.listed(ids)}
        rows = connection.execute(topics_of(self.is_sqlite), wanted).all() if ids else ()
        copies = connection.execute(_of_copies(self.is_sqlite), wanted).all() if ids else ()
        before = {(row.article, row.topic) for row in rows if not row.own}
        own = {(row.article, row.topic) for row in rows if row.own}
        after = {(row.duplicate_of, row.topic) for row in copies if row.status == "duplicate"} - own
        if before == after:
            return frozenset()
        stored = {row.id: row for row in connection.execute(_ranks(self.is_sqlite), wanted)}
        if gone := [{"of": article, "in": topic} for article, topic in before - after]:
            connection.execute(_DROP, gone)
        come = [(article, topic) for article, topic in after - before if article in stored]
        if come:
            connection.execute(_PUT, [{"article": a, "topic": t, "ranked": stored[a].ranked} for a, t in come])
        return frozenset(t for a, t in before ^ after if a in stored and stored[a].status == "live")


@cache
def topics_of(is_sqlite: bool) -> Query:
    """The topics of articles by id, their own and those of their copies."""
    return select(article_topics).where(among(article_topics.c.article, is_sqlite))


@cache
def _of_copies(is_sqlite: bool) -> Query:
    """The copies' own topics, by original; of the copies' status Python takes care, or SQLite would go by that."""
    columns = (articles.c.duplicate_of, articles.c.status, article_topics.c.topic)
    query = select(*columns).join_from(articles, article_topics, article_topics.c.article == articles.c.id)
    return query.where(and_(among(articles.c.duplicate_of, is_sqlite), article_topics.c.own))


@cache
def _ranks(is_sqlite: bool) -> Query:
    return select(articles.c.id, articles.c.ranked, articles.c.status).where(among(articles.c.id, is_sqlite))
