"""What planning asks the store for: what a source gave before, and what others gave that may be the same."""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select

from syndicate.model import Article
from syndicate.records import Known, Looked
from syndicate.store.belonging import Query
from syndicate.store.codec import link_hash, load_article
from syndicate.store.database import Database, among
from syndicate.store.notes import note
from syndicate.store.tables import articles, sketch_values, sources
from syndicate.store.topics import MARK

_KNOWN = (
    articles.c.id,
    articles.c.source,
    articles.c.entry_key,
    articles.c.link,
    articles.c.title,
    articles.c.raw,
    articles.c.fingerprint,
    articles.c.guid,
    articles.c.received,
    articles.c.revised,
    articles.c.sketch,
    articles.c.status,
    articles.c.duplicate_of,
    articles.c.released,
    sources.c.location,
    sources.c.status.label("source_status"),
)
_FROM = articles.join(sources, sources.c.key == articles.c.source)

# Each of these asks by one index and leaves the rest to Python: given two conditions, SQLite goes by "live", which
# nearly all articles are, and reads every one of them.
_OF_SOURCE = select(*_KNOWN).select_from(_FROM).where(articles.c.source == bindparam("of"))


@cache
def _by_key(is_sqlite: bool) -> Query:
    named = among(articles.c.entry_key, is_sqlite)
    of_source = and_(articles.c.source == bindparam("of"), named)  # one index has both
    return select(*_KNOWN).select_from(_FROM).where(of_source)


@cache
def _by_link(is_sqlite: bool) -> Query:
    return select(*_KNOWN).select_from(_FROM).where(among(articles.c.link_hash, is_sqlite))


@cache
def _by_value(is_sqlite: bool) -> Query:
    sharing = select(sketch_values.c.article).where(among(sketch_values.c.value, is_sqlite))
    return select(*_KNOWN).select_from(_FROM).where(articles.c.id.in_(sharing))


@cache
def _documents(is_sqlite: bool) -> Query:
    return select(articles.c.id, articles.c.document).where(among(articles.c.id, is_sqlite))


class Lookup(Database):
    """Stored articles by key, link and sketch value, and what they say."""

    def known(
        self, source: str, keys: Collection[str] | None = None, links: Collection[str] | None = None
    ) -> dict[str, Known]:
        """What is stored of this source, by article key: all, or those with one of these keys or links."""
        if keys is None and links is None:
            asked = [(_OF_SOURCE, {"of": source})]
        else:
            hashes = {link_hash(link) for link in links or () if link}
            asked = [*self._asked(_by_key, keys or (), of=source), *self._asked(_by_link, hashes)]
        with self.reading(f"known articles of {source}") as connection:
            rows = [row for query, values in asked for row in connection.execute(query, values)]
        return {row.entry_key: _known(row) for row in rows if row.source == source}

    def twins(self, links: Collection[str], values: Collection[int]) -> tuple[Known, ...]:
        """Every article at one of these links, or that has one of these sketch values; the first received comes first.

        These are worth comparing; whether they say the same is for the plan to decide.
        """
        with self.reading("twins") as connection:
            return self._twins(connection, links, values)

    def is_outdated(self, connection: Connection, looked: Looked) -> bool:
        """Whether looking again, within a transaction, finds other twins than planning did, or that topics changed."""
        if (note(connection, MARK) or "") != looked.topics:
            return True
        return sightings(self._twins(connection, looked.links, looked.values)) != looked.found

    def told(self, ids: Collection[str]) -> dict[str, Article]:
        """What these articles say, by id."""
        asked = self._asked(_documents, ids)
        with self.reading("articles to compare with") as connection:
            rows = [row for query, values in asked for row in connection.execute(query, values)]
        return {row.id: load_article(row.document) for row in rows}

    def _twins(self, connection: Connection, links: Collection[str], values: Collection[int]) -> tuple[Known, ...]:
        hashes = {link_hash(link) for link in links if link}
        asked = [*self._asked(_by_link, hashes), *self._asked(_by_value, values)]
        rows = [row for query, parameters in asked for row in connection.execute(query, parameters)]
        found = {row.id: _known(row) for row in rows}
        return tuple(sorted(found.values(), key=lambda known: (known.received, known.id)))

    def _asked(self, query: Callable[[bool], Query], values: Collection[Any], **more: Any) -> list[tuple[Query, Any]]:
        """The query with its parameters; none where there is nothing to ask for."""
        return [(query(self.is_sqlite), {"values": self.listed(set(values)), **more})] if values else []


def _known(row: Row[*tuple[Any, ...]]) -> Known:
    return Known(
        id=row.id,
        key=row.entry_key,
        link=row.link,
        title=row.title,
        raw=row.raw,
        fingerprint=row.fingerprint,
        guid=row.guid,
        received=row.received,
        revised=row.revised,
        sketch=row.sketch,
        status=row.status,
        source=row.source,
        duplicate_of=row.duplicate_of,
        location=row.location,
        released=row.released,
        retired=row.source_status == "retired",
    )


def sightings(found: Iterable[Known]) -> frozenset[tuple[str, ...]]:
    """What of twins a plan goes by; when this changes, so may the plan."""
    return frozenset((k.id, k.fingerprint, k.status, k.duplicate_of, k.revised.isoformat()) for k in found)
