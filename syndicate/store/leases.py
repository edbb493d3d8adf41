"""Leases: who may work on something now. An epoch that only grows tells a paused holder that its time is over."""

from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
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
        expires = now + timedelta(seconds=seconds)
        with self.writing(f"acquire lease {name}") as connection:
            # The row is made first, so that two newcomers on PostgreSQL both have one to wait for.
            upsert = postgresql.insert if not self.is_sqlite else sqlite.insert
            connection.execute(
                upsert(leases).values(name=name, holder="", epoch=0, expires=now).on_conflict_do_nothing()
            )
            row = connection.execute(select(leases).where(leases.c.name == name).with_for_update()).one()
            if row.holder and row.expires > now:
                return None
            epoch = int(row.epoch) + 1
            connection.execute(
                update(leases).where(leases.c.name == name).values(holder=holder, epoch=epoch, expires=expires)
            )
            return epoch

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
