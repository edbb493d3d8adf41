"""Sources: what is declared, and what is remembered of polling them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy import Connection, Row, and_, bindparam, case, insert, or_, select, update

from syndicate.errors import UsageError
from syndicate.model import Hub, SourceSpec
from syndicate.records import SourceState, SourceStatus
from syndicate.store.codec import dump_spec, dump_times, load_spec, load_times
from syndicate.store.database import Turn
from syndicate.store.leases import Leases, source_lease
from syndicate.store.tables import memories, sources

_SKEW = timedelta(minutes=10)  # how far the clocks of our machines may be apart
_FIRST_POLL = timedelta(days=1)  # nothing that we do puts off a source's first poll for longer


_ONE = select(sources).where(sources.c.key == bindparam("named"))
_MEMORY = select(memories.c.body).where(memories.c.source == bindparam("named"))
_CHECKED = ("due", "interval", "failures", "last_checked", "last_success", "last_new", "last_error")
_POLLED = (*_CHECKED, "rhythm", "ttl", "skip_hours")
_VALIDATORS = ("location", "etag", "modified", "payload")
_HUB = ("hub", "hub_topic")
_PUT_STATE = (
    update(sources)
    .where(and_(sources.c.key == bindparam("named"), sources.c.spec == bindparam("declared")))
    .values({name: bindparam(f"new_{name}") for name in (*_POLLED, *_VALIDATORS, *_HUB)})
)


# In one statement, so that a pause that came during the poll stays.
_PUT_REVIVED = _PUT_STATE.values(status=case((sources.c.status == "gone", "active"), else_=sources.c.status))
_PUT_BY_STATUS = {"gone": _PUT_STATE.values(status="gone"), "active": _PUT_REVIVED}


class Sources(Leases):
    """Sources by key."""

    def sync_sources(self, specs: Sequence[SourceSpec], now: datetime) -> None:
        """Make the sources of the configuration those of the store; what it no longer declares is retired.

        A retired source comes back when it is declared again, one that moved starts anew at its new address; an
        admin's pause stays. A key that an admin had added belongs to the configuration from now on.
        """
        declared = {spec.key: spec for spec in specs}
        with self.writing("sync sources", durable=True) as connection:
            self.take_turn(connection, Turn.DECLARING_SOURCES)  # rows that are not there yet can't be locked
            rows = {row.key: row for row in connection.execute(select(sources).with_for_update())}
            for key, spec in declared.items():
                if key not in rows:
                    connection.execute(insert(sources).values(_fresh(spec, "config", now)))
                elif values := _declared_again(rows[key], spec, "config", now):
                    connection.execute(update(sources).where(sources.c.key == key).values(values))
            gone = [key for key, row in rows.items() if row.origin == "config" and key not in declared]
            for key in gone:
                connection.execute(update(sources).where(sources.c.key == key).values(status="retired"))

    def add_source(self, spec: SourceSpec, now: datetime) -> None:
        """Add a source by an admin's hand; raises UsageError if its key is in use."""
        with self.writing(f"add source {spec.key}", durable=True) as connection:
            self.take_turn(connection, Turn.DECLARING_SOURCES)  # rows that are not there yet can't be locked
            row = _one(connection, spec.key)
            if row is None:
                connection.execute(insert(sources).values(_fresh(spec, "admin", now)))
                return
            if row.status != "retired":
                raise UsageError(f"source {spec.key!r} exists already")
            values = _declared_again(row, spec, "admin", now)
            connection.execute(update(sources).where(sources.c.key == spec.key).values(values))

    def changeable_source(self, key: str, declared: Collection[str] = ()) -> SourceState:
        """A source that an admin may change; raises UsageError if there is none, or if it is `declared`."""
        state = self.source(key)
        if state is None or state.status == "retired":
            raise UsageError(f"source {key!r} does not exist")
        if key in declared:
            raise UsageError(f"source {key!r} is declared in the configuration: change it there")
        return state

    def change_source(self, spec: SourceSpec, now: datetime) -> bool:
        """Declare an admin's source anew, to be read again at once; says whether that changed it.

        A pause stays. Raises UsageError if there is no such source (any more).
        """
        with self.writing(f"change source {spec.key}", durable=True) as connection:
            row = _one(connection, spec.key)
            if row is None or row.status == "retired":
                raise UsageError(f"source {spec.key!r} does not exist")
            values = _declared_again(row, spec, "admin", now)
            if values:
                connection.execute(update(sources).where(sources.c.key == spec.key).values(values))
            return bool(values)

    def remove_source(self, key: str, declared: Collection[str] = ()) -> None:
        """Retire a source; its articles stay. Raises UsageError for one that is `declared`, and would come back."""
        with self.writing(f"remove source {key}", durable=True) as connection:
            row = _one(connection, key)
            if row is None or row.status == "retired":
                raise UsageError(f"source {key!r} does not exist")
            if key in declared:
                raise UsageError(f"source {key!r} is declared in the configuration: remove it there, or pause it")
            connection.execute(update(sources).where(sources.c.key == key).values(status="retired"))

    def set_source_status(self, key: str, status: SourceStatus) -> None:
        """Pause a source, end it, or let it go on; raises UsageError if it does not exist (any more)."""
        if status not in get_args(SourceStatus):
            raise UsageError(f"status {status!r}: expected one of {', '.join(get_args(SourceStatus))}")
        with self.writing(f"set source {key} {status}", durable=True) as connection:
            there = and_(sources.c.key == key, sources.c.status != "retired")
            values = {"status": status, "paused": status == "paused"}
            if not connection.execute(update(sources).where(there).values(values)).rowcount:
                raise UsageError(f"source {key!r} does not exist")

    def sources(self) -> tuple[SourceState, ...]:
        """All sources by key, retired ones too."""
        with self.reading("sources") as connection:
            return tuple(_state(row) for row in connection.execute(select(sources).order_by(sources.c.key)))

    def source(self, key: str) -> SourceState | None:
        """One source, or None."""
        with self.reading(f"source {key}") as connection:
            row = connection.execute(_ONE, {"named": key}).first()
            return None if row is None else _state(row)

    def take_source(
        self, key: str, holder: str, now: datetime, seconds: float
    ) -> tuple[SourceState | None, int | None]:
        """Acquire a source's lease and read its state under it, in one transaction.

        Gives the state, None if there is no such source, and the lease's epoch, None while somebody else holds it.
        """
        with self.writing(f"take source {key}") as connection:
            row = connection.execute(_ONE, {"named": key}).first()
            if row is None:
                return None, None
            return _state(row), self.take(connection, source_lease(key), holder, now, seconds)

    def due_sources(self, now: datetime, limit: int) -> tuple[SourceState, ...]:
        """Active, enabled sources whose time has come, the longest overdue first.

        A source that was last polled in the future was so under a clock that was ahead: its time has come, too. So
        has that of one that was never polled and waits for a day that only such a clock can have meant.
        """
        never = and_(sources.c.last_checked.is_(None), sources.c.due > now + _FIRST_POLL)
        query = (
            select(sources)
            .where(and_(sources.c.status == "active", sources.c.enabled.is_(True)))
            .where(or_(sources.c.due.is_(None), sources.c.due <= now, sources.c.last_checked > now + _SKEW, never))
            .order_by(sources.c.due.is_not(None), sources.c.due, sources.c.key)
            .limit(limit)
        )
        with self.reading("due sources") as connection:
            return tuple(_state(row) for row in connection.execute(query))

    def save_state(self, state: SourceState, epoch: int, *, release: bool = False) -> None:
        """Write what a poll without changes taught; raises LeaseLostError if `epoch` is no longer the lease's.

        `release` gives the lease back in the same transaction.
        """
        under = self.give_back if release else self.check_lease
        with self.writing(f"save state of {state.spec.key}") as connection:
            under(connection, source_lease(state.spec.key), epoch)
            self.put_state(connection, state)

    def put_state(self, connection: Connection, state: SourceState) -> None:
        """Write a poll's outcome within a transaction.

        What people decide is not a poll's to write: of the status only "gone" and its end are taken over, and when the
        declaration was changed during the poll, validators and address of the old one are forgotten.
        """
        values: dict[str, Any] = {name: getattr(state, name) for name in (*_POLLED, *_VALIDATORS)}
        values |= {"rhythm": dump_times(state.rhythm), "skip_hours": " ".join(map(str, state.skip_hours))}
        values |= {"hub": state.hub.url, "hub_topic": state.hub.topic}
        names = {"named": state.spec.key, "declared": dump_spec(state.spec)}
        put = _PUT_BY_STATUS.get(state.status, _PUT_STATE)
        if not connection.execute(put, {**names, **{f"new_{name}": v for name, v in values.items()}}).rowcount:
            kept = {name: values[name] for name in _POLLED if name != "due"}
            connection.execute(update(sources).where(sources.c.key == state.spec.key).values(kept))

    def memory(self, source: str) -> bytes | None:
        """The stripper's memory of a source, or None."""
        with self.reading(f"memory of {source}") as connection:
            return connection.execute(_MEMORY, {"named": source}).scalar()


def _one(connection: Connection, key: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(sources).where(sources.c.key == key).with_for_update()).first()


def _fresh(spec: SourceSpec, origin: str, now: datetime) -> dict[str, Any]:
    return {**_declaration(spec, origin), "key": spec.key, "location": spec.location, "status": "active", "due": now}


def _declaration(spec: SourceSpec, origin: str) -> dict[str, Any]:
    return {"spec": dump_spec(spec), "enabled": spec.enabled, "origin": origin}


def _declared_again(row: Row[tuple[object, ...]], spec: SourceSpec, origin: str, now: datetime) -> dict[str, Any]:
    """What changes in a row when its source is declared (again); nothing if all is as it was."""
    values = _declaration(spec, origin)
    before = load_spec(row.spec)
    if row.status == "retired":
        paused = row.paused and origin == "config"  # the word of whoever adds it again is newer than the pause
        values |= {"status": "paused" if paused else "active", "paused": paused, "due": now}
    if before != spec:  # what was read under another declaration has to be read again
        values |= {"etag": "", "modified": "", "payload": "", "due": now}
    if (before.kind, before.location) != (spec.kind, spec.location):
        values |= {"location": spec.location, "failures": 0, "last_error": ""}
        values |= {"status": "active"} if row.status == "gone" else {}
        values |= {"hub": "", "hub_topic": ""}
    same = all(getattr(row, name) == value for name, value in values.items() if name != "due")
    return {} if same else values


def _state(row: Row[tuple[object, ...]]) -> SourceState:
    return SourceState(
        spec=load_spec(row.spec),
        location=row.location,
        origin=row.origin,
        status=row.status,
        etag=row.etag,
        modified=row.modified,
        payload=row.payload,
        due=row.due,
        interval=row.interval,
        failures=row.failures,
        last_checked=row.last_checked,
        last_success=row.last_success,
        last_new=row.last_new,
        last_error=row.last_error,
        rhythm=load_times(row.rhythm),
        ttl=row.ttl,
        skip_hours=tuple(map(int, row.skip_hours.split())),
        hub=Hub(row.hub, row.hub_topic),
    )
