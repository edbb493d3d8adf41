"""What planning asks the store for: what a source gave before, and what others gave that may be the same."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select

from syndicate.records import Known
from syndicate.store.codec import link_hash
from syndicate.store.database import Database, among
from syndicate.store.tables import articles, sketch_values

Query = Select[*tuple[Any, ...]]

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
)

# Each of these asks by one index and leaves the rest to Python: given two conditions, SQLite goes by "live", which
# nearly all articles are, and reads every one of them.
_OF_SOURCE = select(*_KNOWN).where(articles.c.source == bindparam("of"))


@cache
def _by_key(is_sqlite: bool) -> Query:
    named = among(articles.c.entry_key, is_sqlite)
    return select(*_KNOWN).where(and_(articles.c.source == bindparam("of"), named))  # one index has both


@cache
def _by_link(is_sqlite: bool) -> Query:
    return select(*_KNOWN).where(among(articles.c.link_hash, is_sqlite))


@cache
def _by_value(is_sqlite: bool) -> Query:
    sharing = select(sketch_values.c.article).where(among(sketch_values.c.value, is_sqlite))
    return select(*_KNOWN).where(articles.c.id.in_(sharing))


class Lookup(Database):
    """Stored articles by key, link and sketch value."""

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

    def twins(self, source: str, links: Collection[str], sketches: Collection[int]) -> tuple[Known, ...]:
        """Other sources' live articles at one of these links, or that share one of these sketch values.

        These are worth comparing; whether they say the same is for the plan to decide.
        """
        hashes = {link_hash(link) for link in links if link}
        asked = [*self._asked(_by_link, hashes), *self._asked(_by_value, sketches)]
        with self.reading(f"twins of {source}") as connection:
            rows = [row for query, values in asked for row in connection.execute(query, values)]
        found = {row.id: _known(row) for row in rows if row.source != source and row.status == "live"}
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
    )
