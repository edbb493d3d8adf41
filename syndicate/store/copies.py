"""Copies in the write: no two sources publish one article at once, and what is a copy no more is published."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, select, update

from syndicate.errors import OutdatedError
from syndicate.records import Heir, Ingested, Orphan
from syndicate.store.codec import load_article
from syndicate.store.database import Turn
from syndicate.store.lookup import Lookup
from syndicate.store.tables import articles, corrections
from syndicate.store.withdrawals import Withdrawals


class Copies(Lookup, Withdrawals):
    """What the write of an ingest does about copies, within its transaction."""

    def refuse_outdated(self, connection: Connection, ingested: Ingested) -> None:
        """Look for twins again, now that nobody else can write any; raises OutdatedError if they are others by now.

        So it does if a person has meanwhile taken back what one of the articles is to take the place of.
        """
        if ingested.looked is None or not ingested.changes:
            return
        self.take_turn(connection, Turn.DECIDING_COPIES)
        live = and_(articles.c.id.in_([heir.of for heir in ingested.heirs]), articles.c.status == "live")
        left = connection.execute(select(articles.c.id).where(live).with_for_update()) if ingested.heirs else ()
        if self.is_outdated(connection, ingested.looked) or len(list(left)) < len(ingested.heirs):
            raise OutdatedError(f"an ingest of {ingested.source}: others have written the same articles meanwhile")

    def settle_heirs(self, connection: Connection, heirs: Sequence[Heir]) -> None:
        """Give these articles, which are written, guid, arrival, copies and notes of those whose place they take."""
        for heir in heirs:
            here, there = articles.c.id == heir.of, articles.c.id == heir.article
            row = connection.execute(select(articles.c.guid, articles.c.received).where(here)).one()
            copies = update(articles).where(articles.c.duplicate_of == heir.of)
            connection.execute(copies.values(duplicate_of=heir.article))
            notes = update(corrections).where(corrections.c.article == heir.of)
            connection.execute(notes.values(article=heir.article))
            self.hand_over(connection, heir.of, heir.article)
            left = {"status": "duplicate", "duplicate_of": heir.article, "guid": heir.own}
            connection.execute(update(articles).where(here).values(left))
            connection.execute(update(articles).where(there).values(guid=row.guid, received=row.received))

    def settle_orphans(self, connection: Connection, orphans: Sequence[Orphan]) -> frozenset[str]:
        """Publish copies that are none any more, or call them copies of another; gives the ids of those now live.

        One that waits for a person as it is told by its own source is held, a copy of a killed story is killed.
        """
        killed = self.killed_of(connection, {orphan.duplicate_of for orphan in orphans} - {""})
        live: set[str] = set()
        for orphan in orphans:
            here = and_(articles.c.id == orphan.article, articles.c.status == "duplicate")
            row = connection.execute(select(articles.c.document).where(here).with_for_update()).first()
            if row is None:
                continue
            alone = "held" if load_article(row.document).held else "live"
            copy = "killed" if orphan.duplicate_of in killed else "duplicate"
            status = copy if orphan.duplicate_of else alone
            original = killed.get(orphan.duplicate_of, orphan.duplicate_of)
            values: dict[str, object] = {"status": status, "duplicate_of": original}
            if status == "live":
                live.add(orphan.article)
                values["shown"] = True
            connection.execute(update(articles).where(here).values(values))
        return frozenset(live)
