"""Who subscribes to which feed: what callbacks have confirmed, what they have yet to confirm, and what is owed them.

What is due follows from the feeds: a subscriber is owed an edition as long as the feed's ETag is another than that of
the edition he has. So nothing is lost between publishing and delivering, and many editions in a row are one.

Who delivers takes it upon himself first, by moving `due` ahead; what becomes of it is written only while that stands,
so that nobody who slept undoes what others did meanwhile.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, and_, delete, func, insert, or_, select, update

from syndicate.records_served import HubLimits, HubRequest, Subscription
from syndicate.store.database import Database, insert_into
from syndicate.store.tables import feeds, hub_requests, subscriptions

# Nothing is put off, or in hand, for so long: what is due later than that is so by a clock that was ahead.
_LONG = timedelta(minutes=5)
_LONG_FOR_FAILING = timedelta(minutes=90)
_KEPT = timedelta(days=1)  # after its lease, under a clock that may be ahead
_WHOSE = ("topic", "format", "callback")
_Owed = TypeVar("_Owed", HubRequest, Subscription)


class Subscriptions(Database):
    """Subscribers of the hub."""

    # --- requests ---

    def ask(self, request: HubRequest, limits: HubLimits) -> Literal["taken", "host full", "full"]:
        """Write down what was asked, to be confirmed; it takes the place of what else this callback has to confirm.

        Nothing is written when there is as much as may be, of its host or in all.
        """
        feed = and_(feeds.c.topic == request.topic, feeds.c.format == request.format)
        with self.writing("request of the hub") as connection:
            here = _same(hub_requests, request)
            known = connection.execute(select(hub_requests.c.known).where(here)).scalar()
            if known is None:
                if _reached(connection, request, limits.waiting, limits.all):
                    return "full"
                if _reached(connection, request, limits.waiting_of_host, limits.of_host, host=request.host):
                    return "host full"
                known = connection.execute(select(feeds.c.etag).where(feed)).scalar() or ""
            connection.execute(delete(hub_requests).where(here))  # whoever is confirming it just now is too late
            first = insert_into(hub_requests, self.is_sqlite).values(**_asked(request), known=known)
            connection.execute(first.on_conflict_do_nothing())
        return "taken"

    def requests_due(self, now: datetime, busy: Collection[str], limit: int) -> tuple[HubRequest, ...]:
        """What callbacks are to be asked now, the longest due first; none of these hosts'."""
        query = select(hub_requests).where(ripe(hub_requests.c.due, now, _LONG), hub_requests.c.host.not_in(busy))
        with self.reading("requests due") as connection:
            rows = connection.execute(query.order_by(hub_requests.c.due, hub_requests.c.id).limit(limit))
            return tuple(_request(row) for row in rows)

    def take_requests(self, requests: Sequence[HubRequest], until: datetime) -> tuple[HubRequest, ...]:
        """Take them upon oneself until then; gives those that nobody else has taken, or changed, meanwhile."""
        return self._take(hub_requests, requests, until)

    def confirm(self, request: HubRequest, now: datetime) -> bool:
        """The callback has confirmed it: from now on it holds. False if something else was asked meanwhile."""
        with self.writing("confirmed by the callback") as connection:
            known = connection.execute(select(hub_requests.c.known).where(_still(hub_requests, request))).scalar()
            if connection.execute(delete(hub_requests).where(_still(hub_requests, request))).rowcount != 1:
                return False
            if request.mode != "subscribe":
                connection.execute(delete(subscriptions).where(_same(subscriptions, request)))
                return True
            agreed = {"secret": request.secret, "expires": now + timedelta(seconds=request.lease)}
            agreed |= {"host": request.host, "failures": 0, "due": now}
            whose = {name: getattr(request, name) for name in _WHOSE}
            first = insert_into(subscriptions, self.is_sqlite).values(**whose, **agreed, delivered=known)
            connection.execute(first.on_conflict_do_update(index_elements=_WHOSE, set_=agreed))
        return True

    def dismiss(self, request: HubRequest) -> bool:
        """Forget what the callback did not confirm; False if something else was asked meanwhile."""
        with self.writing("not confirmed by the callback") as connection:
            return connection.execute(delete(hub_requests).where(_still(hub_requests, request))).rowcount == 1

    def ask_later(self, request: HubRequest, tries: int, due: datetime) -> None:
        """Ask the callback again, then."""
        later = update(hub_requests).where(_still(hub_requests, request))
        with self.writing("request put off") as connection:
            connection.execute(later.values(due=due, tries=tries))

    # --- deliveries ---

    def deliveries_due(
        self, now: datetime, busy: Collection[str], limit: int, *, failing: bool
    ) -> tuple[Subscription, ...]:
        """Who is to be sent an edition now, the longest due first, none of these hosts: who failed last, or the others.

        Gives nobody whose lease is over.
        """
        query = select(subscriptions, feeds.c.etag.label("owed")).join(feeds, _FED)
        query = query.where(
            subscriptions.c.expires > now,
            feeds.c.dropped.is_(False),
            feeds.c.etag != subscriptions.c.delivered,
            subscriptions.c.failures > 0 if failing else subscriptions.c.failures == 0,
            ripe(subscriptions.c.due, now, _LONG_FOR_FAILING if failing else _LONG),
            subscriptions.c.host.not_in(busy),
        )
        with self.reading("deliveries due") as connection:
            rows = connection.execute(query.order_by(subscriptions.c.due, subscriptions.c.id).limit(limit))
            return tuple(_subscription(row) for row in rows)

    def take_deliveries(self, owed: Sequence[Subscription], until: datetime) -> tuple[Subscription, ...]:
        """As `take_requests`."""
        return self._take(subscriptions, owed, until)

    def delivered(self, to: Subscription, etag: str, now: datetime) -> None:
        """The subscriber has this edition by now."""
        self._after(to, delivered=etag, failures=0, due=now)

    def deliver_later(self, to: Subscription, failures: int, due: datetime) -> None:
        """Try again, then."""
        self._after(to, failures=failures, due=due)

    def unsubscribe(self, subscriber: Subscription) -> None:
        """Forget a subscriber who is gone."""
        with self.writing("subscriber gone") as connection:
            connection.execute(delete(subscriptions).where(_still(subscriptions, subscriber)))

    # --- upkeep ---

    def deny_dropped(self, now: datetime) -> int:
        """End the subscriptions to feeds that are no more, and have their callbacks told so; gives their number."""
        with self.writing("subscriptions denied") as connection:
            rows = connection.execute(select(subscriptions).join(feeds, _FED).where(feeds.c.dropped)).all()
            for row in rows:  # whatever its callback has to confirm is settled by this
                gone = HubRequest(row.topic, row.format, row.callback, row.host, "denied", now)
                connection.execute(delete(hub_requests).where(_same(hub_requests, row)))
                connection.execute(insert(hub_requests).values(**_asked(gone), known=""))
                connection.execute(delete(subscriptions).where(subscriptions.c.id == row.id))
        return len(rows)

    def forget_expired(self, now: datetime) -> int:
        """Forget subscriptions whose lease was over a day ago; gives their number."""
        with self.writing("expired subscriptions") as connection:
            old = subscriptions.c.expires < now - _KEPT
            return connection.execute(delete(subscriptions).where(old)).rowcount

    def subscribers_of(self, topic: str) -> int:
        """How many subscriptions there are to a topic's feeds."""
        with self.reading(f"subscribers of {topic}") as connection:
            return _count(connection, subscriptions, subscriptions.c.topic == topic)

    def subscription_counts(self, now: datetime) -> dict[str, int]:
        """How many subscriptions hold, of how many of them the last delivery failed, and how many wait."""
        holds = subscriptions.c.expires > now
        with self.reading("subscriptions") as connection:
            return {
                "active": _count(connection, subscriptions, holds),
                "failing": _count(connection, subscriptions, holds, subscriptions.c.failures > 0),
                "pending": _count(connection, hub_requests, hub_requests.c.mode != "denied"),
            }

    def _take(self, table: Table, owed: Sequence[_Owed], until: datetime) -> tuple[_Owed, ...]:
        with self.writing("taken by a courier") as connection:
            moved = (connection.execute(update(table).where(_still(table, one)).values(due=until)) for one in owed)
            return tuple(replace(one, due=until) for one, done in zip(owed, moved, strict=True) if done.rowcount == 1)

    def _after(self, to: Subscription, **changes: Any) -> None:
        with self.writing("after a delivery") as connection:
            connection.execute(update(subscriptions).where(_still(subscriptions, to)).values(**changes))


_FED = and_(feeds.c.topic == subscriptions.c.topic, feeds.c.format == subscriptions.c.format)


def _same(table: Table, one: Any) -> ColumnElement[bool]:
    """The row of the same feed and callback."""
    return and_(*(table.c[name] == getattr(one, name) for name in _WHOSE))


def _still(table: Table, one: HubRequest | Subscription) -> ColumnElement[bool]:
    """The row itself, as long as nobody has taken or changed it since it was read."""
    has = (table.c.delivered == one.delivered,) if isinstance(one, Subscription) else ()
    return and_(table.c.id == one.id, table.c.due == one.due, *has)


def ripe(due: Column[datetime], now: datetime, long: timedelta) -> ColumnElement[bool]:
    """Whether something is due, be it that it was put off further than anything is, by a clock that was ahead."""
    return or_(due <= now, due > now + long)


def _count(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def _reached(connection: Connection, request: HubRequest, waiting: int, both: int, host: str | None = None) -> bool:
    """Whether as many requests wait as may, or are as many with all subscriptions but the one that this is for."""
    theirs = () if host is None else (hub_requests.c.host == host,)
    others = (~_same(subscriptions, request), *(() if host is None else (subscriptions.c.host == host,)))
    number = _count(connection, hub_requests, *theirs)
    return number >= waiting or number + _count(connection, subscriptions, *others) >= both


def _asked(request: HubRequest) -> dict[str, Any]:
    names = (*_WHOSE, "host", "mode", "at", "secret", "lease")
    return {**{name: getattr(request, name) for name in names}, "tries": 0, "due": request.at}


def _request(row: Row[Any]) -> HubRequest:
    values = {name: value for name, value in row._mapping.items() if name != "known"}
    return HubRequest(**values)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(**row._mapping)
