"""Raw payloads as they came, kept under their digest before anybody reads them; and what is thrown away when old."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, Insert, and_, delete, exists, select, update

from syndicate.model import Payload
from syndicate.store.codec import compress, decompress, load_spec
from syndicate.store.database import CHUNK, Database, among, insert_into
from syndicate.store.tables import articles, leases, payload_origins, payloads, quarantine, runs, sources

_FRESH = timedelta(days=1)


@cache
def _keep(is_sqlite: bool) -> Insert:
    insert = insert_into(payloads, is_sqlite)
    return insert.on_conflict_do_update(index_elements=["digest"], set_={"kept": insert.excluded.kept})


@cache
def _keep_origin(is_sqlite: bool) -> Insert:
    insert = insert_into(payload_origins, is_sqlite)
    again = {name: insert.excluded[name] for name in ("url", "content_type", "modified", "kept")}
    return insert.on_conflict_do_update(index_elements=["digest", "source"], set_=again)


class Payloads(Database):
    """Payloads by digest."""

    def keep_payload(self, payload: Payload, source: str, now: datetime) -> str:
        """Keep the bytes and where they came from; gives their digest. The same bytes are kept once."""
        digest = payload.digest
        origin = {
            "url": payload.url,
            "content_type": payload.content_type,
            "modified": payload.modified,
            "kept": now,
        }
        body = {"body": compress(payload.body), "size": len(payload.body), "kept": now}
        with self.writing(f"keep a payload of {source}") as connection:
            connection.execute(_keep(self.is_sqlite), {"digest": digest, **body})
            connection.execute(_keep_origin(self.is_sqlite), {"digest": digest, "source": source, **origin})
        return digest

    def payload(self, digest: str, source: str | None = None) -> Payload | None:
        """The payload as it came from `source` (or from whoever sent it last); None when it is not kept (any more)."""
        query = (
            select(payloads.c.body, payload_origins)
            .join(payload_origins, payload_origins.c.digest == payloads.c.digest)
            .where(payloads.c.digest == digest)
            .order_by(payload_origins.c.kept.desc(), payload_origins.c.source)
            .limit(1)
        )
        if source is not None:
            query = query.where(payload_origins.c.source == source)
        with self.reading(f"payload {digest}") as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Payload(decompress(row.body), row.url, row.content_type, row.modified)

    def last_came(self, source: str, digests: Collection[str]) -> dict[str, datetime]:
        """When each of these payloads last came from the source; those that are not kept (any more) are left out."""
        mine = and_(payload_origins.c.source == source, among(payload_origins.c.digest, self.is_sqlite))
        query = select(payload_origins.c.digest, payload_origins.c.kept).where(mine)
        with self.reading(f"payloads of {source}") as connection:
            return {row.digest: row.kept for row in connection.execute(query, {"values": self.listed(set(digests))})}

    def follow(self, connection: Connection, source: str, given: Mapping[str, str], now: datetime) -> None:
        """Note in which payload (its digest) unchanged articles (by id) stand now, so that they outlive their first.

        Once a day is enough, and spares the database writing all articles of a document each time.
        """
        if not given:
            return
        mine, fresh = payload_origins.c.source == source, payload_origins.c.kept > now - _FRESH
        came = exists().where(and_(payload_origins.c.digest == articles.c.payload, mine, fresh))
        old = and_(articles.c.source == source, among(articles.c.id, self.is_sqlite), ~came)
        for digest in sorted(set(given.values())):
            ids = [id_ for id_, payload in given.items() if payload == digest]
            connection.execute(update(articles).where(old).values(payload=digest), {"values": self.listed(ids)})

    def prune(self, now: datetime, payload_days: int, run_days: int) -> int:
        """Throw away payloads, runs and settled quarantine older than that; gives the number of rows.

        What something in quarantine waits for is never thrown away, nor is what a source still gives; what was left of
        a source that has been retired for as long waits no more. Works in small transactions, so that nobody waits.
        """
        old = now - timedelta(days=payload_days)
        self._give_up(old)
        useless = self._useless(old)
        # It may have come again since we looked.
        gone = delete(payloads).where(among(payloads.c.digest, self.is_sqlite), payloads.c.kept < old)
        pruned = 0
        for start in range(0, len(useless), CHUNK):
            with self.writing("prune payloads") as connection:
                some = {"values": self.listed(useless[start : start + CHUNK])}
                pruned += connection.execute(gone, some).rowcount
        before = now - timedelta(days=run_days)
        with self.writing("prune runs") as connection:
            settled = and_(quarantine.c.state != "waiting", quarantine.c.at < before)
            pruned += connection.execute(delete(runs).where(runs.c.finished < before)).rowcount
            pruned += connection.execute(delete(quarantine).where(settled)).rowcount
            # A source's lease stays, since its epoch must go on growing; a run's is never taken again.
            done = and_(leases.c.name.startswith("run:"), leases.c.expires < before)
            pruned += connection.execute(delete(leases).where(done)).rowcount
        return pruned

    def _give_up(self, before: datetime) -> None:
        """Discard what waits of sources that were retired and last polled before then: nobody will ask for it."""
        ended = select(sources.c.key).where(sources.c.status == "retired", sources.c.last_checked < before)
        waiting = and_(quarantine.c.state == "waiting", quarantine.c.source.in_(ended))
        with self.writing("give up quarantine") as connection:
            connection.execute(update(quarantine).where(waiting).values(state="discarded"))

    def _useless(self, before: datetime) -> list[str]:
        """The payloads from before then that nothing needs.

        An article of a source's last document may be bound to what came up to a day earlier (`follow`). Files that
        stay in their folder are read once, and all are still given.
        """
        awaited = exists().where(and_(quarantine.c.payload == payloads.c.digest, quarantine.c.state == "waiting"))
        came = select(payloads.c.digest, payload_origins.c.source, payload_origins.c.kept)
        came = came.join(payload_origins).where(payloads.c.kept < before, ~awaited)
        given = and_(payload_origins.c.source == sources.c.key, payload_origins.c.digest == sources.c.payload)
        last = select(sources.c.key, sources.c.spec, payload_origins.c.kept).outerjoin(payload_origins, given)
        with self.reading("payloads to prune") as connection:
            old = connection.execute(came).all()
            polled = connection.execute(last.where(sources.c.status != "retired")).all()
            stay = [row.key for row in polled if load_spec(row.spec).keep_files]
            bound = select(articles.c.payload).where(among(articles.c.source, self.is_sqlite))
            needed = set(connection.execute(bound, {"values": self.listed(stay)}).scalars())
        since = {row.key: row.kept - _FRESH for row in polled if row.kept}
        needed |= {row.digest for row in old if row.source in since and row.kept > since[row.source]}
        return sorted({row.digest for row in old} - needed)
