"""Copies in the write: no two sources publish one article at once, and what is a copy no more is published."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, select, update

from syndicate.errors import OutdatedError
from syndicate.records import Ingested, Orphan
from syndicate.store.belonging import Belonging
from syndicate.store.codec import load_article
from syndicate.store.lookup import Lookup
from syndicate.store.tables import articles


class Copies(Lookup, Belonging):
    """What the write of an ingest does about copies, within its transaction."""

    def refuse_outdated(self, connection: Connection, ingested: Ingested) -> None:
        """Look for twins again, now that nobody else can write any; raises OutdatedError if they are others by now."""
        if ingested.looked is None or not ingested.changes:
            return
        self.take_turns(connection)
        if self.is_outdated(connection, ingested.looked):
            raise OutdatedError(f"an ingest of {ingested.source}: others have written the same articles meanwhile")

    def settle_orphans(self, connection: Connection, orphans: Sequence[Orphan]) -> frozenset[str]:
        """Publish copies that are none any more, or call them copies of another; gives the ids of those now live.

        One that waits for a person as it is told by its own source is held.
        """
        live: set[str] = set()
        for orphan in orphans:
            here = and_(articles.c.id == orphan.article, articles.c.status == "duplicate")
            row = connection.execute(select(articles.c.document).where(here).with_for_update()).first()
            if row is None:
                continue
            alone = "held" if load_article(row.document).held else "live"
            status = "duplicate" if orphan.duplicate_of else alone
            values = {"status": status, "duplicate_of": orphan.duplicate_of}
            connection.execute(update(articles).where(here).values(values))
            live |= {orphan.article} if status == "live" else set()
        return frozenset(live)
