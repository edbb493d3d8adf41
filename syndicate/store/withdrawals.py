"""Stories that people withdraw: they go from every feed together with their copies, and stay away until revived.

Each article of such a story is "killed", the copies as copies of the original: whatever their sources say of them from
then on is stored, and not shown. A copy that comes later is killed on arrival.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, delete, insert, select, update

from syndicate.errors import UsageError
from syndicate.model import Tombstone
from syndicate.records import ArticleStatus, Killed, Withdrawal
from syndicate.store.belonging import EVERY_TOPIC, Query
from syndicate.store.codec import load_article
from syndicate.store.database import Turn, among, insert_into
from syndicate.store.places import ON_PAGE, page
from syndicate.store.stories import Found, Stories
from syndicate.store.tables import articles, places, tombstones, withdrawals

REASON_LENGTH = 500  # characters: it is told in one line of every feed, as long as the feed tells of the story
_TOLD = 100  # of a topic's feed; by count, since by a clock a feed would change by itself
_STONES = (
    select(tombstones.c.guid, tombstones.c.link, tombstones.c.at, withdrawals.c.reason)
    .join(withdrawals, withdrawals.c.article == tombstones.c.withdrawal)
    .where(tombstones.c.topic == bindparam("in"))
    .order_by(tombstones.c.at.desc(), tombstones.c.guid)
)
_LATEST = _STONES.limit(_TOLD)
_GUIDS_ON_PAGE = select(articles.c.guid).join(places, places.c.article == articles.c.id).where(ON_PAGE)
_STONES_ON_PAGE = _STONES.where(tombstones.c.guid.in_(_GUIDS_ON_PAGE))


@cache
def _killed(is_sqlite: bool) -> Query:
    columns = (articles.c.id, articles.c.status, articles.c.duplicate_of)
    return select(*columns).where(among(articles.c.id, is_sqlite))


@cache
def _become(is_sqlite: bool) -> Update:
    return (
        update(articles)
        .where(among(articles.c.id, is_sqlite))
        .values(status=bindparam("become"), duplicate_of=bindparam("copy_of"))
    )


class Withdrawals(Stories):
    """Killing a story, reviving it, and what partners are told of it."""

    def kill(self, article_id: str, reason: str, now: datetime) -> Withdrawal:
        """Withdraw the story that this article is the original or a copy of; its topics go to the outbox.

        Partners are told the reason, if they have ever been given one of its articles. Raises UsageError if there is no
        such article, if it is killed already, and for a reason that can't be told.
        """
        said = " ".join(reason.split())
        if not 0 < len(said) <= REASON_LENGTH:
            raise UsageError(f"reason: expected 1 to {REASON_LENGTH} characters, since partners read it")
        with self.writing(f"kill article {article_id}", durable=True) as connection:
            self.take_turn(connection, Turn.DECIDING_COPIES)
            story = self.story(connection, article_id)
            if story[0].status == "killed":
                before = connection.execute(select(withdrawals).where(withdrawals.c.article == story[0].id)).one()
                raise UsageError(f"article {article_id!r} was killed at {before.at:%Y-%m-%d %H:%M}: {before.reason}")
            topics = self.standing(connection, story)
            connection.execute(insert(withdrawals).values(article=story[0].id, at=now, reason=said))
            original, *copies = (row.id for row in story)
            self._put(connection, "killed", [original], "")
            self._put(connection, "killed", copies, original)
            told = self._tell(connection, original, story, topics, now)
            self.touch(connection, topics)
        return Withdrawal(tuple(row.id for row in story), topics, told)

    def revive(self, article_id: str, now: datetime) -> Withdrawal:
        """Take back that a story was killed: it is published, or held, as what its sources say by now; copies as such.

        Partners have deleted it, so it counts as revised now. Raises UsageError if there is no such article, or if it
        is not killed.
        """
        with self.writing(f"revive article {article_id}", durable=True) as connection:
            self.take_turn(connection, Turn.DECIDING_COPIES)
            story = self.story(connection, article_id)
            original = story[0].id
            if story[0].status != "killed":
                raise UsageError(f"article {article_id!r} is {story[0].status}, not killed")
            topics = set(self._told_in(connection, original))
            connection.execute(delete(tombstones).where(tombstones.c.withdrawal == original))
            connection.execute(delete(withdrawals).where(withdrawals.c.article == original))
            copies = [row.id for row in story[1:] if row.status == "killed"]
            self._put(connection, "duplicate", copies, original)
            alone = update(articles).where(articles.c.id == original)
            connection.execute(alone.values(_alone(connection, original, now)))
            self.gather(connection, [original])
            self.enter(connection, [original])
            topics |= self.standing(connection, story[:1])
            self.touch(connection, topics)
        return Withdrawal((original, *copies), frozenset(topics))

    def withdrawn(self, topic: str) -> tuple[Tombstone, ...]:
        """What a topic's partners are told of withdrawn articles: the latest hundred, ties by guid."""
        with self.reading(f"withdrawn from {topic}") as connection:
            return _stones(connection, _LATEST, {"in": topic})

    def withdrawn_from(self, connection: Connection, topic: str, number: int) -> tuple[Tombstone, ...]:
        """What a page of a topic's archive tells of the withdrawn articles that stand on it, in one transaction."""
        return _stones(connection, _STONES_ON_PAGE, page(topic, number))

    def killed(self, limit: int = 100) -> tuple[Killed, ...]:
        """The stories that are withdrawn, the latest first."""
        columns = (articles.c.id, articles.c.source, articles.c.title, withdrawals.c.at, withdrawals.c.reason)
        query = select(*columns).join(withdrawals, withdrawals.c.article == articles.c.id)
        with self.reading("withdrawn stories") as connection:
            rows = connection.execute(query.order_by(withdrawals.c.at.desc(), articles.c.id).limit(limit))
            return tuple(Killed(row.id, row.source, row.title, row.at, row.reason) for row in rows)

    def killed_of(self, connection: Connection, ids: Collection[str]) -> dict[str, str]:
        """Those of these articles that are killed, each with the original of its story, within a transaction."""
        rows = connection.execute(_killed(self.is_sqlite), {"values": self.listed(ids)}) if ids else ()
        return {row.id: row.duplicate_of or row.id for row in rows if row.status == "killed"}

    def tell_of(
        self, connection: Connection, article_id: str, story: str, topics: Collection[str], now: datetime
    ) -> frozenset[str]:
        """Tell partners of an article that is withdrawn since it says now what a killed story (an id) said.

        `topics` are those that it stood in. Gives those whose feeds change, within the transaction that kills it.
        """
        standing = frozenset({EVERY_TOPIC, *topics})
        told = self._tell(connection, story, [self.row(connection, article_id)], standing, now)
        return standing if told else frozenset()

    def _put(self, connection: Connection, status: ArticleStatus, ids: Collection[str], original: str) -> None:
        wanted = {"become": status, "copy_of": original, "values": self.listed(ids)}
        connection.execute(_become(self.is_sqlite), wanted)

    def _told_in(self, connection: Connection, original: str) -> Iterable[str]:
        query = select(tombstones.c.topic).where(tombstones.c.withdrawal == original).distinct()
        return connection.execute(query).scalars().all()

    def _tell(
        self, connection: Connection, original: str, rows: Iterable[Found], topics: Collection[str], now: datetime
    ) -> tuple[str, ...]:
        """Put down what partners are told of those articles that they have seen; gives their guids.

        By a clock that is behind, what was told before must not seem newer (RFC 6721).
        """
        told = [row for row in rows if row.shown]
        stones = [
            {"topic": topic, "guid": row.guid, "link": row.link, "at": max(now, row.revised), "withdrawal": original}
            for row in told
            for topic in sorted(topics)
        ]
        if stones:
            connection.execute(insert_into(tombstones, self.is_sqlite).on_conflict_do_nothing(), stones)
        return tuple(row.guid for row in told)


def _stones(connection: Connection, query: Query, where: dict[str, Any]) -> tuple[Tombstone, ...]:
    rows = connection.execute(query, where)
    return tuple(Tombstone(row.guid, row.link, row.at, row.reason) for row in rows)


def _alone(connection: Connection, article_id: str, now: datetime) -> dict[str, Any]:
    """What an original is that is killed no more."""
    columns = (articles.c.document, articles.c.released, articles.c.revised, articles.c.shown)
    row = connection.execute(select(*columns).where(articles.c.id == article_id)).one()
    live = row.released or not load_article(row.document).held
    return {"status": "live" if live else "held", "revised": max(now, row.revised), "shown": row.shown or live}
