"""Admins' rulings on blocks, and the blocks that wait for one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Delete, and_, bindparam, delete, exists, func, or_, select

from syndicate.model import Article, Cut
from syndicate.records import Proposal, Ruling
from syndicate.store.database import Database, among, insert_into
from syndicate.store.tables import proposals, rulings
from syndicate.strip.memory import fingerprint

EVERYWHERE = "*"
_RULED = "ruling"  # the family of what an admin's ruling cut

# Every poll runs these.
_ALL = select(rulings).order_by(rulings.c.block)
_OF_SOURCE = _ALL.where(or_(rulings.c.scope == bindparam("of"), rulings.c.scope == EVERYWHERE))

_OPEN = ~exists().where(
    and_(rulings.c.block == proposals.c.block, rulings.c.scope.in_((proposals.c.source, EVERYWHERE)))
)


@cache
def _settled(is_sqlite: bool) -> Delete:
    return delete(proposals).where(and_(proposals.c.source == bindparam("of"), among(proposals.c.block, is_sqlite)))


def by_block(cuts: Iterable[Cut], title: str) -> dict[str, Cut]:
    """Texts that were cut from an article of this title, or are doubted in it, by the blocks that rulings name.

    What is no text (a script, a tracker, a frame) is no block: nobody can rule on it.
    """
    return {fingerprint(cut.text, title): cut for cut in cuts if cut.text}


class Rulings(Database):
    """Rulings by scope and block."""

    def rulings(self, source: str | None = None) -> tuple[Ruling, ...]:
        """What admins ruled for this source and for all; where both rule on a block, the source's comes last.

        Without a source, every ruling.
        """
        query = _ALL if source is None else _OF_SOURCE
        with self.reading(f"rulings for {source or 'all sources'}") as connection:
            rows = connection.execute(query, {"of": source}).all()
        found = [Ruling(row.scope, row.block, row.verdict, row.text, row.at) for row in rows]
        return tuple(sorted(found, key=lambda ruling: ruling.scope != EVERYWHERE))

    def rule(self, ruling: Ruling) -> None:
        """Write a ruling; it replaces an earlier one on the same block in the same scope."""
        values = {"verdict": ruling.verdict, "text": ruling.text, "at": ruling.at}
        upsert = insert_into(rulings, self.is_sqlite)
        statement = upsert.values(scope=ruling.scope, block=ruling.block, **values)
        with self.writing(f"rule on a block of {ruling.scope}", durable=True) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["scope", "block"], set_=values))

    def unrule(self, scope: str, block: str) -> None:
        """Take a ruling back; if the block was a proposal, it is one again."""
        with self.writing(f"take back a ruling of {scope}", durable=True) as connection:
            connection.execute(delete(rulings).where(and_(rulings.c.scope == scope, rulings.c.block == block)))

    def proposals(self, limit: int = 500, block: str | None = None) -> tuple[Proposal, ...]:
        """Blocks (or one of them) that may be boilerplate and nobody has ruled on, most often seen first."""
        order = (proposals.c.seen.desc(), proposals.c.source, proposals.c.block)
        query = select(proposals).where(_OPEN).order_by(*order).limit(limit)
        if block is not None:
            query = query.where(proposals.c.block == block)
        with self.reading("proposals") as connection:
            return tuple(
                Proposal(row.source, row.block, row.text, row.family, row.evidence, row.seen, row.first)
                for row in connection.execute(query)
            )

    def open_proposals(self) -> int:
        """How many blocks wait for a ruling."""
        with self.reading("count of proposals") as connection:
            return connection.execute(select(func.count()).select_from(proposals).where(_OPEN)).scalar_one()

    def propose(
        self, connection: Connection, source: str, fresh: Sequence[Article], edited: Sequence[Article], now: datetime
    ) -> None:
        """Put the articles' doubts before the admins; only a new article counts as one more sighting.

        What was a doubt and is cut by now, by no admin's word, is no proposal any more: `cuts` lists it.
        """
        seen: Counter[str] = Counter()
        doubts: dict[str, Cut] = {}
        for articles, weight in ((fresh, 1), (edited, 0)):
            for article in articles:
                blocks = by_block(article.doubts, article.title)
                doubts = {**blocks, **doubts}
                seen.update(dict.fromkeys(blocks, weight))
        cuts = [(cut, article.title) for article in (*fresh, *edited) for cut in article.cuts if cut.family != _RULED]
        gone = {fingerprint(cut.text, title) for cut, title in cuts} - doubts.keys()
        connection.execute(_settled(self.is_sqlite), {"of": source, "values": self.listed(gone)})
        if not doubts:
            return
        insert = insert_into(proposals, self.is_sqlite)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["source", "block"], set_={"seen": proposals.c.seen + insert.excluded.seen}
            ),
            [
                {
                    "source": source,
                    "block": block,
                    "text": doubt.text,
                    "family": doubt.family,
                    "evidence": doubt.evidence,
                    "seen": seen[block],
                    "first": now,
                }
                for block, doubt in sorted(doubts.items())
            ],
        )
