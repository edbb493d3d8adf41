"""Articles as they are stored and as feeds ask for them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, get_args

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from syndicate.errors import UsageError
from syndicate.model import Correction, Cut, Published
from syndicate.records import ArchivePage, ArticleStatus, StoredArticle
from syndicate.store.belonging import EVERY_TOPIC
from syndicate.store.codec import load_article
from syndicate.store.corrections import Corrections
from syndicate.store.database import CHUNK, Turn
from syndicate.store.places import ON_PAGE, last_page, page, page_behind, stands_there
from syndicate.store.tables import article_topics, articles, payload_origins, places, withdrawals
from syndicate.store.topics import still_there
from syndicate.store.withdrawals import Withdrawals

_PUBLISHED = (articles.c.id, articles.c.guid, articles.c.received, articles.c.revised, articles.c.document)
_TO_CLASSIFY = (articles.c.id, articles.c.ranked, articles.c.status, articles.c.duplicate_of)
_STORED = (*_PUBLISHED, articles.c.status, articles.c.payload, articles.c.duplicate_of)
_SETTABLE: tuple[ArticleStatus, ...] = tuple(status for status in get_args(ArticleStatus) if status != "killed")
_KEPT = exists().where(
    and_(payload_origins.c.digest == articles.c.payload, payload_origins.c.source == articles.c.source)
)


@cache
def _on_page(is_everything: bool) -> Select[*tuple[Any, ...]]:
    here = and_(ON_PAGE, stands_there(is_everything))
    query = select(*_PUBLISHED).join(places, places.c.article == articles.c.id).where(here)
    return query.order_by(articles.c.ranked.desc(), articles.c.id)


class Articles(Withdrawals, Corrections):
    """Articles by id, topic, source and status."""

    def newest(self, topic: str, limit: int, before: datetime | None = None) -> tuple[Published, ...]:
        """A topic's live articles, newest first, ties by id; `before` leaves out those ranked then or later."""
        query, ranked = _in_order(select(*_PUBLISHED), topic)
        if before is not None:
            query = query.where(ranked < before)
        with self.reading(f"newest of {topic}") as connection:
            rows = connection.execute(query.limit(limit)).all()
            notes = self.corrections(connection, [row.id for row in rows])
            return tuple(_published(row, notes) for row in rows)

    def latest(self, topic: str) -> datetime | None:
        """When the newest of a topic's live articles is ranked; None for a topic without any."""
        query, ranked = _in_order(select(articles.c.id), topic)
        with self.reading(f"latest of {topic}") as connection:
            at: datetime | None = connection.execute(query.with_only_columns(ranked).limit(1)).scalar()
            return at

    def archive_page(self, topic: str, number: int) -> ArchivePage | None:
        """What is live on a page of a topic's archive, newest first, ties by id; None where there is no such page."""
        with self.reading(f"page {number} of the archive of {topic}") as connection:
            last = last_page(connection, topic)
            if not 1 <= number <= last:
                return None
            rows = connection.execute(_on_page(topic == EVERY_TOPIC), page(topic, number)).all()
            notes = self.corrections(connection, [row.id for row in rows])
            stones = self.withdrawn_from(connection, topic, number)
            return ArchivePage(number, last, tuple(_published(row, notes) for row in rows), stones)

    def archived(self, topic: str, behind: int) -> tuple[Published, ...]:
        """What is live in a topic's archive behind a position, as much as a page has, newest first, ties by id."""
        with self.reading(f"the archive of {topic} behind {behind}") as connection:
            rows = connection.execute(_on_page(topic == EVERY_TOPIC), page_behind(topic, behind)).all()
            notes = self.corrections(connection, [row.id for row in rows])
            return tuple(_published(row, notes) for row in rows)

    def article(self, article_id: str) -> StoredArticle | None:
        """One article, or None."""
        with self.reading(f"article {article_id}") as connection:
            found = self._stored(connection, select(*_STORED).where(articles.c.id == article_id))
            return found[0] if found else None

    def articles(
        self,
        source: str | None = None,
        status: ArticleStatus | None = None,
        limit: int = 100,
        *,
        named: str = "",
        after: str = "",
    ) -> tuple[StoredArticle, ...]:
        """Articles of one source or all, in one status or any, latest received first.

        `named` are words of the title, or an id, guid or link; `after` (an id) is the last one that was seen.
        """
        query = select(*_STORED).order_by(articles.c.received.desc(), articles.c.id).limit(limit)
        if source is not None:
            query = query.where(articles.c.source == source)
        if status is not None:
            query = query.where(articles.c.status == status)
        if named:
            query = query.where(_called(named))
        if after:
            query = query.where(_behind(after))
        with self.reading("articles") as connection:
            return tuple(self._stored(connection, query))

    def each_article(
        self, batch: int = CHUNK, source: str | None = None, *, kept: bool = False
    ) -> Iterator[StoredArticle]:
        """Every article (of a source, or of all) by id, in batches: no transaction is open while the caller works.

        With `kept` only those whose payload is still there.
        """
        last = ""
        while True:
            query = select(*_STORED).where(articles.c.id > last).order_by(articles.c.id).limit(batch)
            if source is not None:
                query = query.where(articles.c.source == source)
            if kept:
                query = query.where(_KEPT)
            with self.reading("each article") as connection:
                found = self._stored(connection, query)
            yield from found
            if len(found) < batch:
                return
            last = found[-1].published.article.id

    def forgotten(self, source: str) -> int:
        """How many of a source's articles are older than the payloads that are kept."""
        query = select(func.count()).select_from(articles).where(articles.c.source == source, ~_KEPT)
        with self.reading(f"forgotten articles of {source}") as connection:
            return connection.execute(query).scalar_one()

    def topic_counts(self) -> dict[str, int]:
        """How many live articles each topic holds, `all` included."""
        live = articles.c.status == "live"
        query = select(article_topics.c.topic, func.count().label("number")).where(live)
        query = query.join(articles, article_topics.c.article == articles.c.id).group_by(article_topics.c.topic)
        with self.reading("topic counts") as connection:
            counts = {row.topic: row.number for row in connection.execute(query)}
            total = select(func.count()).select_from(articles).where(live)
            counts[EVERY_TOPIC] = connection.execute(total).scalar_one()
        return counts

    def set_topics(self, topics: Mapping[str, frozenset[str]], of: Collection[str] | None = None) -> frozenset[str]:
        """Put articles (by id) into these topics instead of their old ones; gives the topics that changed.

        These go to the outbox, too, and so do topics that others gain or lose by their copies. Ids that are not stored
        are passed over. With `of`, keys of topics that admins have added, only who is in these is said, and nothing of
        one that was removed meanwhile.
        """
        touched: set[str] = set()
        families: set[str] = set()
        ids = sorted(topics)
        with self.writing("set topics", durable=True) as connection:
            self.take_turn(connection, Turn.DECIDING_COPIES)
            there = None if of is None else still_there(connection, of)
            for start in range(0, len(ids), CHUNK):
                chunk = ids[start : start + CHUNK]
                query = select(*_TO_CLASSIFY).where(articles.c.id.in_(chunk))
                rows = connection.execute(query.with_for_update()).all()
                old = _topics(connection, chunk, own=True)  # once nobody else can change them any more
                for row in rows:
                    families |= {row.id, row.duplicate_of}
                    before = old.get(row.id, frozenset())
                    wanted = topics[row.id] if there is None else topics[row.id] & there | before - there
                    changed = wanted ^ before
                    if changed:
                        _replace_topics(connection, row.id, row.ranked, wanted)
                        touched |= changed if row.status == "live" else frozenset()
            touched |= self.gather(connection, families - {""})
            self.enter(connection, families - {""})
            self.touch(connection, touched)
        return frozenset(touched)

    def count(self, status: ArticleStatus) -> int:
        """How many articles are in this status."""
        query = select(func.count()).select_from(articles).where(articles.c.status == status)
        with self.reading(f"count of {status} articles") as connection:
            return connection.execute(query).scalar_one()

    def set_status(self, article_id: str, status: ArticleStatus, *, of: tuple[ArticleStatus, ...] = _SETTABLE) -> None:
        """Publish an article, or hold it back; its topics go to the outbox. This holds until its source changes it.

        Raises UsageError if it does not exist, or is in no status of `of`. A killed one is for `revive` alone.
        """
        if status not in _SETTABLE:
            raise UsageError(f"status {status!r}: expected one of {', '.join(_SETTABLE)}")
        here = articles.c.id == article_id
        with self.writing(f"set article {article_id} {status}", durable=True) as connection:
            row = connection.execute(select(articles.c.status).where(here).with_for_update()).first()
            if row is None:
                raise UsageError(f"article {article_id!r} does not exist")
            if row.status not in of:
                raise UsageError(f"article {article_id!r} is {row.status}, not {' or '.join(of)}")
            if row.status != status:
                live = status == "live"
                shown = {"shown": True} if live else {}
                connection.execute(update(articles).where(here).values(status=status, released=live, **shown))
                self.enter(connection, [article_id])
                self.touch(connection, {EVERY_TOPIC, *_topics(connection, [article_id]).get(article_id, ())})

    def cuts(
        self, source: str | None = None, article: str | None = None, limit: int = 100
    ) -> tuple[tuple[str, Cut], ...]:
        """What was cut, with the article's id: latest received article first, in the order of its body."""
        query = (
            select(articles.c.id, articles.c.document)
            .where(articles.c.cut_count > 0)
            .order_by(articles.c.received.desc(), articles.c.id)
            .limit(limit)  # each of these has a cut at least
        )
        if source is not None:
            query = query.where(articles.c.source == source)
        if article is not None:
            query = query.where(articles.c.id == article)
        found: list[tuple[str, Cut]] = []
        with self.reading("cuts") as connection:
            for row in connection.execute(query):
                found += [(row.id, cut) for cut in load_article(row.document).cuts]
                if len(found) >= limit:
                    break
        return tuple(found[:limit])

    def _stored(self, connection: Connection, query: Select[*tuple[Any, ...]]) -> list[StoredArticle]:
        rows = connection.execute(query).all()
        topics: dict[str, frozenset[str]] = {}
        ids = [row.id for row in rows]
        for start in range(0, len(ids), CHUNK):
            topics |= _topics(connection, ids[start : start + CHUNK])
        notes = self.corrections(connection, ids)
        reasons = _reasons(connection, {row.duplicate_of or row.id for row in rows if row.status == "killed"})
        return [
            StoredArticle(
                _published(row, notes),
                row.status,
                topics.get(row.id, frozenset()),
                row.payload,
                row.duplicate_of,
                reasons.get(row.duplicate_of or row.id, "") if row.status == "killed" else "",
            )
            for row in rows
        ]


def _called(name: str) -> ColumnElement[bool]:
    """Whether an article is meant by a name: by words of its title, or by its id, guid or link as a whole.

    SQLite knows small and capital letters of English alone.
    """
    spellings = {name} if name.isascii() else {name, name.lower(), name.upper(), name.title()}
    in_title = [articles.c.title.icontains(spelling, autoescape=True) for spelling in sorted(spellings)]
    last = name.rstrip("/").rpartition("/")[2]
    return or_(*in_title, articles.c.id == last, articles.c.guid == name, articles.c.link == name)


def _behind(article_id: str) -> ColumnElement[bool]:
    """Whether an article comes after this one in the order in which they were received."""
    seen = select(articles.c.received).where(articles.c.id == article_id).scalar_subquery()
    return or_(articles.c.received < seen, and_(articles.c.received == seen, articles.c.id > article_id))


def _in_order(query: Select[Any], topic: str) -> tuple[Select[Any], Column[datetime]]:
    """A query of a topic's live articles, newest first, ties by id; with it the column that they are ranked by."""
    if topic == EVERY_TOPIC:
        ranked, ordered = articles.c.ranked, query.order_by(articles.c.ranked.desc(), articles.c.id)
    else:
        ranked = article_topics.c.ranked
        mine = query.join(article_topics, article_topics.c.article == articles.c.id)
        ordered = mine.where(article_topics.c.topic == topic).order_by(ranked.desc(), article_topics.c.article)
    return ordered.where(articles.c.status == "live"), ranked


def _published(row: Row[*tuple[Any, ...]], notes: Mapping[str, tuple[Correction, ...]]) -> Published:
    return Published(load_article(row.document), row.guid, row.received, row.revised, notes.get(row.id, ()))


def _reasons(connection: Connection, stories: Collection[str]) -> dict[str, str]:
    """Why these stories, by the ids of their originals, were killed."""
    query = select(withdrawals.c.article, withdrawals.c.reason)
    rows = connection.execute(query.where(withdrawals.c.article.in_(stories))) if stories else ()
    return {row.article: row.reason for row in rows}


def _topics(connection: Connection, ids: Sequence[str], *, own: bool = False) -> dict[str, frozenset[str]]:
    """The topics of these articles; with `own`, without those of their copies."""
    query = select(article_topics).where(article_topics.c.article.in_(ids))
    rows = connection.execute(query.where(article_topics.c.own) if own else query)
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.article, set()).add(row.topic)
    return {id_: frozenset(topics) for id_, topics in found.items()}


def _replace_topics(connection: Connection, article: str, ranked: datetime, topics: frozenset[str]) -> None:
    connection.execute(delete(article_topics).where(article_topics.c.article == article))
    if topics:
        rows = [{"article": article, "topic": topic, "ranked": ranked} for topic in sorted(topics)]
        connection.execute(insert(article_topics), rows)
