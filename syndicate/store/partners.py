"""Partners: their contracts, and the hashes of their tokens."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from syndicate.errors import UsageError
from syndicate.records_served import Partner
from syndicate.store.database import insert_into
from syndicate.store.outbox import Outbox
from syndicate.store.tables import partners

_ONE = select(partners).where(partners.c.key == bindparam("named"))


class Partners(Outbox):
    """Partners by key. Whatever changes what they are served puts `topics` into the outbox with it."""

    def add_partner(self, partner: Partner, token_hash: str, topics: Collection[str]) -> None:
        """Add a partner; raises UsageError if there is one of this key."""
        values = {"key": partner.key, "created": partner.created, "token_hash": token_hash}
        values |= _columns({name: getattr(partner, name) for name in ("name", "profile", "topics", "items", "paused")})
        with self.writing(f"add partner {partner.key}", durable=True) as connection:
            fresh = insert_into(partners, self.is_sqlite).values(**values).on_conflict_do_nothing()
            if connection.execute(fresh.returning(partners.c.key)).first() is None:
                raise UsageError(f"partner {partner.key!r} exists already")
            self.touch(connection, topics)

    def change_partner(self, key: str, values: Mapping[str, Any], topics: Collection[str]) -> Partner:
        """Change some of name, profile, topics, items, paused and token_hash; raises UsageError if there is none."""
        with self.writing(f"change partner {key}", durable=True) as connection:
            changed = update(partners).where(partners.c.key == key).values(**_columns(values))
            if not connection.execute(changed).rowcount:
                raise _missing(key)
            self.touch(connection, topics)
            return _partner(connection.execute(_ONE, {"named": key}).one())

    def remove_partner(self, key: str) -> None:
        """Forget a partner, whose token then opens nothing; raises UsageError if there is none."""
        with self.writing(f"remove partner {key}", durable=True) as connection:
            if not connection.execute(delete(partners).where(partners.c.key == key)).rowcount:
                raise _missing(key)

    def partners(self) -> tuple[Partner, ...]:
        """All partners by key."""
        with self.reading("partners") as connection:
            return tuple(_partner(row) for row in connection.execute(select(partners).order_by(partners.c.key)))

    def partner(self, key: str) -> Partner:
        """One partner; raises UsageError if there is none."""
        found = self.credential(key)
        if found is None:
            raise _missing(key)
        return found[0]

    def credential(self, key: str) -> tuple[Partner, str] | None:
        """A partner with the hash of the token that opens its feeds, or None."""
        with self.reading(f"partner {key}") as connection:
            row = connection.execute(_ONE, {"named": key}).first()
            return None if row is None else (_partner(row), row.token_hash)

    def saw_partner(self, key: str, day: datetime) -> None:
        """Note that a partner's token was used."""
        with self.writing(f"saw partner {key}") as connection:
            connection.execute(update(partners).where(partners.c.key == key).values(seen=day))


def _missing(key: str) -> UsageError:
    return UsageError(f"partner {key!r} does not exist")


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: " ".join(value) if name == "topics" else value for name, value in values.items()}


def _partner(row: Row[tuple[object, ...]]) -> Partner:
    topics = tuple(row.topics.split())
    return Partner(row.key, row.name, row.created, row.profile, topics, row.items, row.paused, row.seen)
