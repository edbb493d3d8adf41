"""What admins put right of articles: notes beside them, which stay whatever the articles' sources say."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Select, delete, insert, select, update

from syndicate.errors import UsageError
from syndicate.model import Correction
from syndicate.records import Corrected
from syndicate.store.belonging import Query
from syndicate.store.database import Turn, among
from syndicate.store.stories import Found, Stories
from syndicate.store.tables import articles, corrections

NOTE_LENGTH = 1_000  # characters: a paragraph
_SECOND = timedelta(seconds=1)  # the finest that feeds tell


@cache
def _of_articles(is_sqlite: bool) -> Query:
    return select(corrections).where(among(corrections.c.article, is_sqlite)).order_by(corrections.c.id)


def _last_of(found: Found, column: Column[Any]) -> Select[Any]:
    return select(column).where(corrections.c.article == found.id).order_by(corrections.c.id.desc()).limit(1)


class Corrections(Stories):
    """Correcting articles, and taking that back."""

    def correct(self, article_id: str, note: str, now: datetime) -> Corrected:
        """Put a note below an article, or below what it is a copy of: partners see that as revised now.

        Raises UsageError if there is no such article, if it is killed, for a note that can't be shown, and for the one
        that was put there last: a form that is sent twice is one correction.
        """
        said = " ".join(note.split())
        if not 0 < len(said) <= NOTE_LENGTH:
            raise UsageError(f"note: expected 1 to {NOTE_LENGTH} characters, which readers see below the article")
        with self.writing(f"correct article {article_id}", durable=True) as connection:
            found = self._correctable(connection, article_id)
            if connection.execute(_last_of(found, corrections.c.note)).scalar() == said:
                raise UsageError(f"article {article_id!r} has this note below it already")
            connection.execute(insert(corrections).values(article=found.id, at=now, note=said))
            return self._revised(connection, found, now)

    def uncorrect(self, article_id: str, now: datetime) -> Corrected:
        """Take an article's last note back; since partners have it, that is a revision, too.

        Raises UsageError if there is no such article, if it is killed, and where there is no note.
        """
        with self.writing(f"take back a correction of article {article_id}", durable=True) as connection:
            found = self._correctable(connection, article_id)
            last = connection.execute(_last_of(found, corrections.c.id)).scalar()
            if last is None:
                raise UsageError(f"article {article_id!r} has no correction")
            connection.execute(delete(corrections).where(corrections.c.id == last))
            return self._revised(connection, found, now)

    def corrections(self, connection: Connection, ids: Collection[str]) -> dict[str, tuple[Correction, ...]]:
        """The notes on these articles, by id, the first one first, within a transaction."""
        found: dict[str, tuple[Correction, ...]] = {}
        rows = connection.execute(_of_articles(self.is_sqlite), {"values": self.listed(ids)}) if ids else ()
        for row in rows:
            found[row.article] = (*found.get(row.article, ()), Correction(row.at, row.note))
        return found

    def _correctable(self, connection: Connection, article_id: str) -> Found:
        self.take_turn(connection, Turn.DECIDING_COPIES)  # an heir would take the notes along
        found = self.original(connection, self.row(connection, article_id))
        if found.status == "killed":
            raise UsageError(f"article {article_id!r} is killed: nobody sees it, nor what is put right of it")
        return found

    def _revised(self, connection: Connection, found: Found, now: datetime) -> Corrected:
        revised = max(now, found.revised + _SECOND)
        connection.execute(update(articles).where(articles.c.id == found.id).values(revised=revised))
        topics = self.standing(connection, [found]) if found.status == "live" else frozenset()
        self.touch(connection, topics)
        return Corrected(found.id, topics)
