"""What we subscribe to at the hubs of our sources: what is wanted, what was asked, what holds, and what was told.

What is wanted follows from the sources: each that is polled and whose last document named a hub. A subscription that
nobody wants any more is taken back at its hub, then forgotten. Who asks a hub takes that upon himself first, as in
`subscriptions.py`, so that what the hub has confirmed meanwhile is not undone.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, and_, bindparam, delete, exists, func, or_, select, update

from syndicate.model import Hub
from syndicate.records_pushed import SourceSubscription
from syndicate.store.columns import Utc
from syndicate.store.database import insert_into
from syndicate.store.leases import Leases, source_lease
from syndicate.store.tables import source_subscriptions as ours
from syndicate.store.tables import sources

LOOK_PAUSE = timedelta(seconds=15)  # between two polls of a source that its hub tells of, however often it does
_LONGEST = timedelta(days=31)  # nothing is put off for so long: what is due later is so by a clock that was ahead
_LONGEST_LOOK = timedelta(minutes=5)
_POLLED = and_(sources.c.status == "active", sources.c.enabled)
_SAME = and_(sources.c.key == ours.c.source, sources.c.hub == ours.c.hub, sources.c.hub_topic == ours.c.topic)
_WANTED = and_(_POLLED, _SAME)

# A courier runs these every second: they are made once, and only their values differ.
_NOW = bindparam("now", type_=Utc())
_NOT_BUSY = ours.c.host.not_in(bindparam("busy", expanding=True))
_RESTED = or_(ours.c.looked.is_(None), ours.c.looked <= bindparam("rested", type_=Utc()), ours.c.looked > _NOW)
_ASKS = (
    select(ours)
    .where(or_(ours.c.due <= _NOW, ours.c.due > bindparam("absurd", type_=Utc())), _NOT_BUSY)
    .order_by(ours.c.due, ours.c.callback)
    .limit(bindparam("most"))
)
_LOOKS = (
    select(ours)
    .join(sources, _WANTED)
    .where(or_(ours.c.look <= _NOW, ours.c.look > bindparam("absurd", type_=Utc())), _RESTED)
    .where(ours.c.mode == "subscribe", _NOT_BUSY)
    .order_by(ours.c.look, ours.c.callback)
    .limit(bindparam("most"))
)


class SourceSubscriptions(Leases):
    """Our subscriptions, by their callbacks."""

    # --- what is wanted ---

    def sources_to_subscribe(self, limit: int) -> tuple[tuple[str, Hub], ...]:
        """Sources that are polled and name a hub, and that hub, as far as they are not subscribed to there."""
        there = exists().where(_WANTED, ours.c.mode == "subscribe")
        query = select(sources).where(_POLLED, sources.c.hub != "", ~there).order_by(sources.c.key).limit(limit)
        with self.reading("sources to subscribe to") as connection:
            return tuple((row.key, Hub(row.hub, row.hub_topic)) for row in connection.execute(query))

    def subscribe_to(self, new: SourceSubscription) -> None:
        """Have this asked for; what is just being taken back there is wanted again instead, under its old callback."""
        insert = insert_into(ours, self.is_sqlite).values(**asdict(new))
        again = {"mode": "subscribe", "due": new.due, "tries": 0, "error": ""}
        wanted = insert.on_conflict_do_update(
            index_elements=["source", "hub", "topic"], set_=again, where=ours.c.mode == "unsubscribe"
        )
        with self.writing("subscription wanted") as connection:
            connection.execute(wanted)

    def leave_hubs(self, now: datetime, *, every: bool) -> int:
        """Have what is not wanted any more (or `every` one) taken back, or forgotten if it never held; the number."""
        idle = ours.c.mode == "subscribe"
        if not every:
            idle = and_(idle, ~exists().where(_WANTED))
        with self.writing("subscriptions not wanted") as connection:
            never = connection.execute(delete(ours).where(idle, ours.c.expires.is_(None))).rowcount
            left = update(ours).where(idle).values(mode="unsubscribe", due=now, tries=0, error="", look=None)
            return never + connection.execute(left).rowcount

    # --- asking hubs ---

    def asks_due(self, now: datetime, busy: Collection[str], limit: int) -> tuple[SourceSubscription, ...]:
        """What hubs are to be asked now, the longest due first; none of these hosts'."""
        values = {"now": now, "absurd": now + _LONGEST, "busy": list(busy), "most": limit}
        with self.reading("hubs to ask") as connection:
            return tuple(_subscription(row) for row in connection.execute(_ASKS, values))

    def take_asks(self, due: Sequence[SourceSubscription], until: datetime) -> tuple[SourceSubscription, ...]:
        """Take them upon oneself until then; gives those that nobody else has taken, or changed, meanwhile."""
        return self._take_ours(ours.c.due, due, until)

    def hub_asked(self, of: SourceSubscription, tries: int, due: datetime, error: str) -> None:
        """Put down how asking went, and when to ask again unless the hub confirms; a confirmation meanwhile stays."""
        values = {"tries": tries, "due": due, "error": error}
        with self.writing("hub asked") as connection:
            connection.execute(update(ours).where(_still(ours.c.due, of)).values(values))

    def forget_subscription(self, of: SourceSubscription) -> None:
        """Forget what is taken back, unless it is wanted again."""
        gone = and_(ours.c.callback == of.callback, ours.c.mode == "unsubscribe")
        with self.writing("subscription ended") as connection:
            connection.execute(delete(ours).where(gone))

    # --- being asked and told ---

    def subscription_at(self, callback: str) -> SourceSubscription | None:
        """What was subscribed to with this callback, or None."""
        return self._ours(ours.c.callback == callback)

    def hub_confirms(self, of: SourceSubscription, expires: datetime, due: datetime, now: datetime) -> None:
        """From now on it holds; what changed at the source before is looked for once, if it did not hold already."""
        first = {} if of.holds(now) else {"look": now, "again": False}
        values = {"expires": expires, "due": due, "tries": 0, "error": "", **first}
        wanted = and_(ours.c.callback == of.callback, ours.c.mode == "subscribe")
        with self.writing("confirmed to a hub") as connection:
            connection.execute(update(ours).where(wanted).values(values))

    def hub_denies(self, of: SourceSubscription, due: datetime, reason: str) -> None:
        """It does not hold (any more); it is asked for again, then."""
        values = {"expires": None, "due": due, "tries": of.tries + 1, "error": reason}
        with self.writing("denied by a hub") as connection:
            connection.execute(update(ours).where(ours.c.callback == of.callback).values(values))

    def hub_tells(self, of: SourceSubscription, now: datetime) -> None:
        """The source has changed: it is to be polled, and once more after that."""
        with self.writing("told by a hub") as connection:
            changed = update(ours).where(ours.c.callback == of.callback)
            connection.execute(changed.values(told=now, look=now, again=True))

    # --- polling what changed ---

    def looks_due(self, now: datetime, busy: Collection[str], limit: int) -> tuple[SourceSubscription, ...]:
        """Whose sources are to be polled since they changed, the longest due first; none of these hosts'.

        A poll that goes on may have begun before the change: it is waited for.
        """
        values = {
            "now": now,
            "absurd": now + _LONGEST_LOOK,
            "rested": now - LOOK_PAUSE,
            "busy": list(busy),
            "most": limit,
        }
        with self.reading("sources that changed") as connection:
            rows = connection.execute(_LOOKS, values).all()
        return tuple(_subscription(row) for row in rows if self.is_free(source_lease(row.source), now))

    def take_looks(self, due: Sequence[SourceSubscription], until: datetime) -> tuple[SourceSubscription, ...]:
        """As `take_asks`."""
        return self._take_ours(ours.c.look, due, until)

    def source_looked_at(self, of: SourceSubscription, now: datetime, later: datetime | None) -> None:
        """The source is polled; once more `later`, unless its hub has told of another change meanwhile."""
        with self.writing("source that changed is polled") as connection:
            connection.execute(update(ours).where(_still(ours.c.look, of)).values(look=later, again=False))
            connection.execute(update(ours).where(ours.c.callback == of.callback).values(looked=now))

    # --- for people ---

    def subscription_of(self, source: str) -> SourceSubscription | None:
        """The source's subscription that is wanted, or None."""
        return self._ours(and_(ours.c.source == source, ours.c.mode == "subscribe"))

    def source_subscription_counts(self, now: datetime) -> dict[str, int]:
        """How many of our subscriptions hold, and how many are asked for."""
        holds = func.coalesce(ours.c.expires, now) > now
        query = select(holds, func.count()).where(ours.c.mode == "subscribe").group_by(holds)
        with self.reading("our subscriptions") as connection:
            counted = {bool(held): number for held, number in connection.execute(query)}
        return {"active": counted.get(True, 0), "asked": counted.get(False, 0)}

    def _ours(self, which: ColumnElement[bool]) -> SourceSubscription | None:
        query = select(ours).where(which).order_by(ours.c.due, ours.c.callback).limit(1)
        with self.reading("one of our subscriptions") as connection:
            row = connection.execute(query).first()
        return None if row is None else _subscription(row)

    def _take_ours(
        self, column: Column[datetime], due: Sequence[SourceSubscription], until: datetime
    ) -> tuple[SourceSubscription, ...]:
        taken = []
        with self.writing("taken by a courier") as connection:
            for one in due:
                moved = update(ours).where(_still(column, one)).values({column: until})
                if connection.execute(moved).rowcount == 1:
                    taken.append(replace(one, due=until) if column is ours.c.due else replace(one, look=until))
        return tuple(taken)


def _still(column: Column[datetime], one: SourceSubscription) -> ColumnElement[bool]:
    """The row itself, as long as nobody has taken or changed it in this respect since it was read."""
    return and_(ours.c.callback == one.callback, ours.c.mode == one.mode, column == getattr(one, column.name))


def _subscription(row: Row[Any]) -> SourceSubscription:
    return SourceSubscription(**{column.name: getattr(row, column.name) for column in ours.c})
