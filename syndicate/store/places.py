"""Places in the archives of topics (RFC 5005): an article gets one, for good, when the topic's feed holds it no more.

Writers put down which articles have come to which topics, in their own transactions. So who builds a feed finds those
that wait for a place without a look at all others, a late arrival with an old date among them.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)

from syndicate.store.belonging import EVERY_TOPIC, Belonging, Query
from syndicate.store.database import among, insert_into
from syndicate.store.tables import article_topics, articles, places

PAGE = 50  # places on a page of an archive; were it another number, every page would be another
_BATCH = 10_000  # places that one transaction gives: others want to write, too

_OF_TOPIC = places.c.topic == bindparam("in")
ON_PAGE = and_(_OF_TOPIC, places.c.position.between(bindparam("first"), bindparam("last")))
_LAST = select(func.max(places.c.position)).where(_OF_TOPIC)
_PLACE = update(places).where(and_(_OF_TOPIC, places.c.article == bindparam("of"))).values(position=bindparam("at"))


@cache
def _statuses(is_sqlite: bool) -> Query:
    """The status is looked at in Python, or SQLite would go by it, and read every article that is live."""
    return select(articles.c.id, articles.c.status).where(among(articles.c.id, is_sqlite))


@cache
def _enter(is_sqlite: bool) -> Insert:
    everywhere = select(articles.c.id, literal(EVERY_TOPIC)).where(among(articles.c.id, is_sqlite))
    theirs = select(article_topics.c.article, article_topics.c.topic).where(among(article_topics.c.article, is_sqlite))
    come = insert_into(places, is_sqlite).from_select(["article", "topic"], union_all(everywhere, theirs))
    return come.on_conflict_do_nothing()


def stands_there(is_everything: bool) -> ColumnElement[bool]:
    """Whether a place's article is live, and still in the place's topic, be it that of everything; the place stays."""
    live = articles.c.status == "live"
    if is_everything:
        return live
    here = and_(article_topics.c.article == places.c.article, article_topics.c.topic == places.c.topic)
    return and_(live, exists().where(here))


@cache
def _unplaced(is_everything: bool) -> Query:
    waiting = and_(_OF_TOPIC, places.c.position.is_(None), stands_there(is_everything))
    query = select(places.c.article).join(articles, articles.c.id == places.c.article).where(waiting)
    return query.order_by(articles.c.ranked, articles.c.id)


class Places(Belonging):
    """Who stands where in which archive; whoever gives places has the topic's lease."""

    def enter(self, connection: Connection, ids: Collection[str]) -> None:
        """Let those of these articles that are live wait in all their topics, unless they have a place."""
        rows = connection.execute(_statuses(self.is_sqlite), {"values": self.listed(ids)}) if ids else ()
        if live := [row.id for row in rows if row.status == "live"]:
            connection.execute(_enter(self.is_sqlite), {"values": self.listed(live)})

    def hand_over(self, connection: Connection, article: str, heir: str) -> None:
        """Let an heir have the places of the article whose guid it gets, and that the heir's own, within a write."""
        both = places.c.article.in_((article, heir))
        rows = connection.execute(select(places).where(both).with_for_update()).all()
        other = {article: heir, heir: article}
        swapped = [{"article": other[row.article], "topic": row.topic, "position": row.position} for row in rows]
        if swapped:
            connection.execute(delete(places).where(both))
            connection.execute(insert(places), swapped)

    def unplaced(self, topic: str) -> tuple[str, ...]:
        """The live articles (by id) of a topic that have no place in its archive, the oldest first, ties by id."""
        with self.reading(f"articles without a place in {topic}") as connection:
            return tuple(connection.execute(_unplaced(topic == EVERY_TOPIC), {"in": topic}).scalars())

    def place(self, topic: str, ids: Sequence[str], lease: tuple[str, int]) -> None:
        """Give articles that have none the next places in a topic's archive, in this order.

        `lease` is the name and epoch under which they were found to be without; raises LeaseLostError if it is lost.
        """
        for start in range(0, len(ids), _BATCH):
            with self.writing(f"places in {topic}", durable=True) as connection:  # partners are told of them
                self.check_lease(connection, *lease)
                chosen = enumerate(ids[start : start + _BATCH], _last(connection, topic) + 1)
                connection.execute(_PLACE, [{"in": topic, "of": id_, "at": position} for position, id_ in chosen])

    def archive_end(self, topic: str) -> int:
        """The last position in a topic's archive, 0 where nothing has left its feed."""
        with self.reading(f"end of the archive of {topic}") as connection:
            return _last(connection, topic)

    def archive_pages(self, topic: str) -> int:
        """How many pages a topic's archive has; none where nothing has left its feed."""
        with self.reading(f"pages of the archive of {topic}") as connection:
            return last_page(connection, topic)


def last_page(connection: Connection, topic: str) -> int:
    """The number of the last page of a topic's archive, 0 where there is none."""
    return (_last(connection, topic) + PAGE - 1) // PAGE


def page(topic: str, number: int) -> dict[str, Any]:
    """The values of `ON_PAGE` for a page of a topic's archive."""
    return page_behind(topic, (number - 1) * PAGE)


def page_behind(topic: str, position: int) -> dict[str, Any]:
    """The same for as much behind a position as stands on a page."""
    return {"in": topic, "first": position + 1, "last": position + PAGE}


def _last(connection: Connection, topic: str) -> int:
    return connection.execute(_LAST, {"in": topic}).scalar() or 0
