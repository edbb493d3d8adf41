"""Writing one ingest of one source: everything in one transaction, or nothing.

The lease's epoch is checked inside, so a worker that slept past its lease changes nothing. The changes go in
as one batch under one savepoint; only when the batch fails are they tried one by one, each under its own, so that
the one that fails goes to quarantine and its neighbours go through.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Insert, bindparam, delete, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from syndicate.records import Change, Ingested, Rejected, Renewal, Written
from syndicate.store.belonging import EVERY_TOPIC, Query, topics_of
from syndicate.store.changes import Before, Item, item_of, row_of
from syndicate.store.codec import dump_article
from syndicate.store.copies import Copies
from syndicate.store.database import among, insert_into
from syndicate.store.leases import source_lease
from syndicate.store.notes import Notes
from syndicate.store.outbox import Outbox
from syndicate.store.payloads import Payloads
from syndicate.store.quarantine import Quarantine, storable
from syndicate.store.rulings import Rulings
from syndicate.store.sources import Sources
from syndicate.store.tables import article_topics, articles, memories, sketch_values

# Near-identical texts (a Jaccard similarity of 0.7) share one of their six smallest values in 99.9% of cases.
INDEXED_VALUES = 6

# Where one article's own content can be at fault; `_is_content` looks closer at SQLAlchemy's.
_CONTENT_ERRORS = (StatementError, ValueError, OverflowError)

_FOREVER = {"id", "source", "entry_key", "guid", "received"}  # an edit leaves these as they were
_EDITED = [column.name for column in articles.c if column.name not in _FOREVER]


_DROP_TOPICS = delete(article_topics).where(article_topics.c.article == bindparam("of"))
_DROP_VALUES = delete(sketch_values).where(sketch_values.c.article == bindparam("of"))
_PUT_TOPICS = insert(article_topics)
_PUT_VALUES = insert(sketch_values)


@cache
def _statuses(is_sqlite: bool) -> Query:
    columns = (articles.c[name] for name in ("id", "status", "raw", "payload", "released", "duplicate_of", "shown"))
    return select(*columns).where(among(articles.c.id, is_sqlite)).with_for_update()  # a person may decide just now


@cache
def _upsert(is_sqlite: bool) -> Insert:
    """Put an article, or everything of it that an edit may change."""
    statement = insert_into(articles, is_sqlite)
    return statement.on_conflict_do_update(
        index_elements=["id"], set_={name: statement.excluded[name] for name in _EDITED}
    )


@cache
def _put_memory(is_sqlite: bool) -> Insert:
    insert = insert_into(memories, is_sqlite)
    return insert.on_conflict_do_update(index_elements=["source"], set_={"body": insert.excluded.body})


class Ingest(Copies, Payloads, Sources, Outbox, Quarantine, Rulings, Notes):
    """The one big write, after what planning asks for."""

    def write(self, ingested: Ingested) -> Written:
        """Write articles, poll state, memory, notes, quarantine, proposals and outbox in one durable transaction.

        Raises LeaseLostError when the source's lease is no longer that of `ingested.epoch`, OutdatedError when twins
        have come since it was planned, and StoreError when the database fails: nothing is written then. A change that
        fails by itself becomes `Written.rejected`.
        """
        _refuse_strangers(ingested)
        changes = [(change.article.id, change) for change in ingested.changes]
        with self.writing(f"write an ingest of {ingested.source}", durable=True) as connection:
            self.check_lease(connection, source_lease(ingested.source), ingested.epoch)
            self.refuse_outdated(connection, ingested)
            before = self._before(connection, {id_ for id_, _ in changes})
            killed = self.killed_of(connection, {change.duplicate_of for _, change in changes} - {""})
            items = [item_of(id_, change, before.get(id_), killed) for id_, change in changes]
            written, failed = self._write_items(connection, items, before)
            self.put_state(connection, ingested.state)
            self._put_memory(connection, ingested)
            self.follow(connection, ingested.source, ingested.given, ingested.at)
            for key, note in ingested.notes.items():
                self.put_note(connection, key, note)
            self.put_in_quarantine(connection, (*ingested.rejected, *failed), ingested.at)
            fresh = [item.change.article for item in written if item.id not in before]
            edited = [item.change.article for item in written if item.id in before]
            renewed = [renewal.article for renewal in ingested.renewals if self._renew(connection, renewal)]
            self.propose(connection, ingested.source, fresh, [*edited, *renewed], ingested.at)
            topics = _touched(written, before) | self._settle_copies(connection, ingested, written, before)
            topics |= self._tell_of_copies(connection, written, before, ingested.at)
            self.enter(connection, {item.id for item in written} | _families(ingested, before))
            self.touch(connection, topics)
        return Written(new=len(fresh), edited=len(edited), topics=topics, rejected=tuple(failed))

    def _before(self, connection: Connection, ids: Collection[str]) -> dict[str, Before]:
        """What is stored of the articles that are about to be written, by id."""
        wanted = {"values": self.listed(ids)}
        rows = connection.execute(_statuses(self.is_sqlite), wanted).all()
        topics: dict[str, set[str]] = {row.id: set() for row in rows}
        if rows:
            for row in connection.execute(topics_of(self.is_sqlite), wanted):
                topics[row.article].add(row.topic)
        return {
            row.id: Before(
                row.status,
                row.raw,
                row.payload,
                row.released,
                row.duplicate_of,
                row.shown,
                frozenset(topics[row.id]),
            )
            for row in rows
        }

    def _shown(self, connection: Connection, ids: Collection[str]) -> frozenset[str]:
        """The topics whose feeds show these articles."""
        rows = connection.execute(topics_of(self.is_sqlite), {"values": self.listed(ids)}).all() if ids else ()
        return frozenset({EVERY_TOPIC, *(row.topic for row in rows)}) if ids else frozenset()

    def _settle_copies(
        self, connection: Connection, ingested: Ingested, written: Sequence[Item], before: Mapping[str, Before]
    ) -> frozenset[str]:
        """Write what becomes of originals and copies of what was written; gives the topics that this changes."""
        heirs = [heir for heir in ingested.heirs if heir.article in {item.id for item in written}]
        left = self._shown(connection, [heir.of for heir in heirs])
        self.settle_heirs(connection, heirs)
        freed = self._shown(connection, self.settle_orphans(connection, ingested.orphans))
        return left | freed | self.gather(connection, _families(ingested, before))

    def _tell_of_copies(
        self,
        connection: Connection,
        written: Sequence[Item],
        before: Mapping[str, Before],
        now: datetime,
    ) -> frozenset[str]:
        """Tell partners of what was published and has become the copy of a killed story; gives the topics that tell."""
        topics: frozenset[str] = frozenset()
        for item in written:
            old = before.get(item.id)
            if item.status == "killed" and old is not None and old.status != "killed":
                topics |= self.tell_of(connection, item.id, item.duplicate_of, old.topics, now)
        return topics

    def _write_items(
        self, connection: Connection, items: Sequence[Item], before: Mapping[str, Before]
    ) -> tuple[list[Item], list[Rejected]]:
        if not items:
            return [], []
        try:
            with connection.begin_nested():
                self._write_articles(connection, items, before)
        except _CONTENT_ERRORS as error:
            if not _is_content(error):
                raise
            if len(items) == 1:
                return [], [_rejected(items[0].change, error)]
        else:
            return list(items), []
        written: list[Item] = []
        failed: list[Rejected] = []
        for item in items:
            ok, bad = self._write_items(connection, (item,), before)
            written += ok
            failed += bad
        return written, failed

    def _write_articles(self, connection: Connection, items: Sequence[Item], before: Mapping[str, Before]) -> None:
        """Put articles, their topics and their sketch values; the same article may stand twice, the last one wins."""
        last = {item.id: item for item in items}
        connection.execute(_upsert(self.is_sqlite), [row_of(item) for item in last.values()])
        if old := [{"of": id_} for id_ in last if id_ in before or len(items) == 1]:
            connection.execute(_DROP_TOPICS, old)
            connection.execute(_DROP_VALUES, old)
        topics = [
            {"article": id_, "topic": topic, "ranked": item.change.published.ranked}
            for id_, item in last.items()
            for topic in sorted(item.change.topics)
        ]
        values = [
            {"article": id_, "value": value}
            for id_, item in last.items()
            for value in sorted(set(item.change.sketch[:INDEXED_VALUES]))
        ]
        if topics:
            connection.execute(_PUT_TOPICS, topics)
        if values:
            connection.execute(_PUT_VALUES, values)

    def _renew(self, connection: Connection, renewal: Renewal) -> bool:
        """Put down what is cut of an article now, and where its source gives it; False where it can't be stored."""
        article = renewal.article
        try:
            document = dump_article(article)
        except ValueError:  # what partners see stays, so nothing is lost
            return False
        values = {"raw": renewal.raw, "payload": renewal.payload, "document": document, "cut_count": len(article.cuts)}
        connection.execute(update(articles).where(articles.c.id == article.id).values(values))
        return True

    def _put_memory(self, connection: Connection, ingested: Ingested) -> None:
        if ingested.memory is None:
            return
        connection.execute(_put_memory(self.is_sqlite), {"source": ingested.source, "body": ingested.memory})


def _refuse_strangers(ingested: Ingested) -> None:
    """A change of another source under this source's lease is a bug that must never reach the tables."""
    written = [change.article for change in ingested.changes] + [renewal.article for renewal in ingested.renewals]
    strangers = {article.source for article in written} - {ingested.source}
    if strangers or ingested.state.spec.key != ingested.source:
        raise ValueError(f"an ingest of {ingested.source!r} carries articles or state of {sorted(strangers)}")


def _touched(written: Sequence[Item], before: Mapping[str, Before]) -> frozenset[str]:
    """The topics whose feeds show, or no longer show, one of these articles."""
    touched: set[str] = set()
    for item in written:
        old = before.get(item.id)
        if item.status == "live":
            touched |= {EVERY_TOPIC, *item.change.topics}
        if old is not None and old.live:
            touched |= {EVERY_TOPIC, *old.topics}
    return frozenset(touched)


def _families(ingested: Ingested, before: Mapping[str, Before]) -> frozenset[str]:
    """The articles whose copies may be others, or say otherwise, after this write."""
    originals = {change.duplicate_of for change in ingested.changes} | {old.duplicate_of for old in before.values()}
    parted = {id_ for orphan in ingested.orphans for id_ in (orphan.article, orphan.duplicate_of)}
    succeeded = {id_ for heir in ingested.heirs for id_ in (heir.article, heir.of)}
    return frozenset(originals | parted | succeeded | before.keys()) - {""}


def _is_content(error: Exception) -> bool:
    """Whether a value was refused; anything else is the database's failure, or a bug of ours."""
    return not isinstance(error, DBAPIError) or isinstance(error, IntegrityError | DataError)


def _rejected(change: Change, error: Exception) -> Rejected:
    cause = getattr(error, "orig", None) or error
    reason = f"can't be stored: {str(cause).strip().partition(chr(10))[0]}"
    where = change.article.title or change.article.link or change.article.key
    return Rejected(change.article.source, storable(where), storable(reason), change.payload, "store")
