"""Leases: who may work on something now. An epoch that only grows tells a paused holder that its time is over."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from syndicate.store.database import Database
from syndicate.store.tables import leases


def source_lease(source: str) -> str:
    """The name of the lease under which one source is ingested; `write` and `save_state` check this one."""
    return f"source:{source}"


class Leases(Database):
    """Leases by name."""

    def acquire(self, name: str, holder: str, now: datetime, seconds: float) -> int | None:
        """Take the lease if nobody holds it now; its new epoch, or None while somebody (even `holder`) holds it."""
        insert = (sqlite.insert if self.is_sqlite else postgresql.insert)(leases)
        expires = now + timedelta(seconds=seconds)
        statement = (
            insert.values(name=name, holder=holder, epoch=1, expires=expires)
            .on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": holder, "epoch": leases.c.epoch + 1, "expires": expires},
                # Nobody holds a lease for so long: one that ends later was taken under a clock that was ahead.
                where=or_(leases.c.holder == "", leases.c.expires <= now, leases.c.expires > now + 2 * (expires - now)),
            )
            .returning(leases.c.epoch)
        )
        with self.writing(f"acquire lease {name}") as connection:
            return connection.execute(statement).scalar()

    def renew(self, name: str, epoch: int, now: datetime, seconds: float) -> bool:
        """Hold the lease for `seconds` more; False when it was released or taken over."""
        with self.writing(f"renew lease {name}") as connection:
            done = connection.execute(
                update(leases)
                .where(and_(leases.c.name == name, leases.c.epoch == epoch, leases.c.holder != ""))
                .values(expires=now + timedelta(seconds=seconds))
            )
            return done.rowcount == 1

    def release(self, name: str, epoch: int) -> None:
        """Give the lease back at once; nothing happens if somebody else has it by now."""
        with self.writing(f"release lease {name}") as connection:
            connection.execute(
                update(leases).where(and_(leases.c.name == name, leases.c.epoch == epoch)).values(holder="")
            )
