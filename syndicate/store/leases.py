"""Leases: who may work on something now. An epoch that only grows tells a paused holder that its time is over."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, Insert, String, and_, bindparam, or_, select, update

from syndicate.store.columns import Utc
from syndicate.store.database import Database, insert_into, lost
from syndicate.store.holders import is_dead, process
from syndicate.store.tables import leases


def run_lease(run: str) -> str:
    """The name of the lease under which one run is carried out."""
    return f"run:{run}"


def source_lease(source: str) -> str:
    """The name of the lease under which one source is ingested; `write` and `save_state` check this one."""
    return f"source:{source}"


# Every poll runs these: they are made once, and only their values differ.
_UNTIL = bindparam("until", type_=Utc())
_HELD = and_(leases.c.name == bindparam("named"), leases.c.epoch == bindparam("since"), leases.c.holder != "")
_RENEW = update(leases).where(_HELD).values(expires=_UNTIL)
_RELEASE = update(leases).where(_HELD).values(holder="")
_HOLDER = select(leases.c.holder, leases.c.epoch, leases.c.expires).where(leases.c.name == bindparam("named"))


@cache
def _acquire(is_sqlite: bool) -> Insert:
    insert = insert_into(leases, is_sqlite)
    taken = {"holder": bindparam("by", type_=String()), "expires": _UNTIL}
    return (
        insert.values(name=bindparam("named"), epoch=1, **taken)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"epoch": leases.c.epoch + 1, **taken},
            # Nobody holds a lease for so long: one that ends later was taken under a clock that was ahead.
            where=or_(
                leases.c.holder == "", leases.c.expires <= bindparam("now"), leases.c.expires > bindparam("absurd")
            ),
        )
        .returning(leases.c.epoch)
    )


class Leases(Database):
    """Leases by name."""

    def acquire(self, name: str, holder: str, now: datetime, seconds: float) -> int | None:
        """Take the lease if nobody holds it now; its new epoch, or None while somebody (even `holder`) holds it."""
        with self.writing(f"acquire lease {name}") as connection:
            return self.take(connection, name, holder, now, seconds)

    def renew(self, name: str, epoch: int, now: datetime, seconds: float) -> bool:
        """Hold the lease for `seconds` more; False when it was released or taken over."""
        values = {"named": name, "since": epoch, "until": now + timedelta(seconds=seconds)}
        with self.writing(f"renew lease {name}") as connection:
            return connection.execute(_RENEW, values).rowcount == 1

    def release(self, name: str, epoch: int) -> None:
        """Give the lease back at once; nothing happens if somebody else has it by now."""
        with self.writing(f"release lease {name}") as connection:
            connection.execute(_RELEASE, {"named": name, "since": epoch})

    def release_all(self) -> None:
        """Give back whatever this process holds: it is about to end."""
        mine = leases.c.holder.startswith(process(), autoescape=True)
        with self.writing("release all leases") as connection:
            connection.execute(update(leases).where(mine).values(holder=""))

    def is_free(self, name: str, now: datetime) -> bool:
        """Whether nobody holds this lease, or who held it last was killed on this machine."""
        with self.reading(f"lease {name}") as connection:
            held = connection.execute(_HOLDER, {"named": name}).first()
        return held is None or not held.holder or held.expires <= now or is_dead(held.holder)

    def take(self, connection: Connection, name: str, holder: str, now: datetime, seconds: float) -> int | None:
        """Acquire within a transaction; what a process of this machine held when it was killed is free."""
        values = {"named": name, "by": holder, "now": now, "until": now + timedelta(seconds=seconds)}
        values["absurd"] = now + timedelta(seconds=2 * seconds)
        epoch: int | None = connection.execute(_acquire(self.is_sqlite), values).scalar()
        if epoch is None:
            held = connection.execute(_HOLDER, {"named": name}).first()
            if held is not None and is_dead(held.holder):
                connection.execute(_RELEASE, {"named": name, "since": held.epoch})
                epoch = connection.execute(_acquire(self.is_sqlite), values).scalar()
        return epoch

    def give_back(self, connection: Connection, name: str, epoch: int) -> None:
        """Release within a transaction whose work was done under the lease; raises LeaseLostError if it is not ours."""
        if connection.execute(_RELEASE, {"named": name, "since": epoch}).rowcount != 1:
            raise lost(name, epoch)
