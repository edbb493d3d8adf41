"""Webhooks of partners, and what each was sent of which topic.

What is due follows from the editions, as that of the hub's subscribers does from the feeds: a webhook is owed a topic
as long as its partner's edition has another ETag than the last one that was delivered as a whole. Who delivers takes it
upon himself first, as there.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, literal, or_, select, update

from syndicate.errors import UsageError
from syndicate.records_served import Posting, Webhook, WebhookState
from syndicate.store.database import Database, insert_into
from syndicate.store.subscriptions import ripe
from syndicate.store.tables import editions, partners, places, postings, webhooks

_LONG, _LONG_FOR_FAILING = timedelta(minutes=5), timedelta(hours=26)  # as in `subscriptions`
_imported = or_(partners.c.topics == "", (" " + partners.c.topics + " ").contains(" " + editions.c.topic + " "))
_edition = and_(
    editions.c.format == "json",
    editions.c.profile == partners.c.profile,
    editions.c["items"] == partners.c["items"],
    _imported,
)
_sent = and_(postings.c.partner == webhooks.c.partner, postings.c.topic == editions.c.topic)
_TOLD = ("id", "delivered", "position", "sent", "failures", "failing", "error", "due")
_COLUMNS = (
    *webhooks.c,
    *(editions.c[name] for name in ("profile", "items")),
    editions.c.topic.label("about"),
    editions.c.etag.label("owed"),
    *(postings.c[name] for name in _TOLD),
)


class Webhooks(Database):
    """Webhooks by partner, and their postings."""

    # --- what admins decide ---

    def put_webhook(self, webhook: Webhook, now: datetime) -> None:
        """Put a partner's webhook in the place of the one before; raises UsageError if there is no such partner.

        What was sent there counts as sent here. What failed, or is under way just now, is due at once.
        """
        values = {name: getattr(webhook, name) for name in ("url", "host", "secret", "ended")}
        with self.writing(f"webhook of {webhook.partner}", durable=True) as connection:
            partner = select(partners.c.key).where(partners.c.key == webhook.partner).with_for_update()
            if connection.execute(partner).first() is None:
                raise UsageError(f"partner {webhook.partner!r} does not exist")
            first = insert_into(webhooks, self.is_sqlite).values(partner=webhook.partner, **values)
            connection.execute(first.on_conflict_do_update(index_elements=["partner"], set_=values))
            fresh = {"failures": 0, "failing": None, "error": "", "due": now}
            connection.execute(update(postings).where(postings.c.partner == webhook.partner).values(**fresh))

    def drop_webhook(self, partner: str) -> bool:
        """Forget a partner's webhook, and what it was sent; False if there is none."""
        with self.writing(f"no webhook of {partner}", durable=True) as connection:
            return connection.execute(delete(webhooks).where(webhooks.c.partner == partner)).rowcount == 1

    def webhook(self, partner: str) -> Webhook | None:
        """A partner's webhook, or None."""
        with self.reading(f"webhook of {partner}") as connection:
            row = connection.execute(select(webhooks).where(webhooks.c.partner == partner)).first()
            return None if row is None else Webhook(**row._mapping)

    # --- how it goes ---

    def postings(self, partner: str) -> tuple[Posting, ...]:
        """What a partner's webhook was sent of each of its topics, by topic."""
        query = _query().where(webhooks.c.partner == partner).order_by(editions.c.topic)
        with self.reading(f"postings of {partner}") as connection:
            return tuple(_posting(row) for row in connection.execute(query))

    def webhooks(self) -> tuple[WebhookState, ...]:
        """How it is with every webhook, by partner; nothing fails of who is paused."""
        failing = _query().where(partners.c.paused.is_(False), postings.c.failures > 0).order_by(postings.c.failing)
        with self.reading("webhooks") as connection:
            found = {
                row.partner: WebhookState(row.partner, row.host, row.ended)
                for row in connection.execute(select(webhooks).order_by(webhooks.c.partner))
            }
            for row in connection.execute(failing):
                state = found[row.partner]
                found[row.partner] = replace(state, failing=state.failing or row.failing, error=row.error)
            return tuple(found.values())

    # --- deliveries ---

    def postings_due(self, now: datetime, busy: Collection[str], limit: int, *, failing: bool) -> tuple[Posting, ...]:
        """What is to be sent now, the longest due first, none of it to these hosts: what failed last, or the rest."""
        failures = func.coalesce(postings.c.failures, 0)
        query = _query(postings.c.known).where(
            webhooks.c.ended.is_(None),
            partners.c.paused.is_(False),
            func.coalesce(postings.c.delivered, "") != editions.c.etag,
            failures > 0 if failing else failures == 0,
            or_(postings.c.due.is_(None), ripe(postings.c.due, now, _LONG_FOR_FAILING if failing else _LONG)),
            webhooks.c.host.not_in(busy),
        )
        query = query.order_by(func.coalesce(postings.c.due, now), webhooks.c.partner, editions.c.topic)
        with self.reading("postings due") as connection:
            return tuple(_posting(row) for row in connection.execute(query.limit(limit)))

    def take_postings(self, owed: Sequence[Posting], until: datetime) -> tuple[Posting, ...]:
        """Take them upon oneself until then; gives those that nobody else has taken, or changed, meanwhile."""
        with self.writing("taken by a courier") as connection:
            taken = [self._take_one(connection, one, until) for one in owed]
            return tuple(filter(None, taken))

    def posted(
        self, to: Posting, delivered: str, known: bytes, position: int, sent: datetime | None, now: datetime
    ) -> None:
        """The webhook has this by now; "" is delivered as long as it does not have all of an edition."""
        fine = {"failures": 0, "failing": None, "error": ""}
        self._after_posting(to, delivered=delivered, known=known, position=position, sent=sent, due=now, **fine)

    def post_later(self, to: Posting, due: datetime) -> None:
        """Try again, then; nobody is to blame."""
        self._after_posting(to, due=due)

    def post_failed(self, to: Posting, reason: str, due: datetime, now: datetime) -> None:
        """Try again, then."""
        self._after_posting(to, failures=to.failures + 1, failing=to.failing or now, error=reason, due=due)

    def end_webhook(self, to: Posting, now: datetime) -> bool:
        """Send nothing more there, since it is gone; False if it is another by now."""
        ends = update(webhooks).where(webhooks.c.partner == to.webhook.partner).values(ended=now)
        with self.writing(f"webhook of {to.webhook.partner} gone") as connection:
            still = connection.execute(update(postings).where(_still(to)).values(due=now)).rowcount == 1
            return still and connection.execute(ends).rowcount == 1

    def _take_one(self, connection: Connection, one: Posting, until: datetime) -> Posting | None:
        """What was taken; None if it was not there to be taken.

        The first time nothing is taken to be kept from the webhook that stands in the topic's archive by now.
        """
        if one.id:
            moved = connection.execute(update(postings).where(_still(one)).values(due=until)).rowcount == 1
            return replace(one, due=until) if moved else None
        blank = {"topic": one.topic, "delivered": "", "known": b"", "failures": 0, "error": "", "due": until}
        values = (literal(value, postings.c[name].type) for name, value in blank.items())
        end = select(func.coalesce(func.max(places.c.position), 0)).where(places.c.topic == one.topic)
        there = select(webhooks.c.partner, *values, end.scalar_subquery())
        first = insert_into(postings, self.is_sqlite).from_select(
            ["partner", *blank, "position"], there.where(webhooks.c.partner == one.webhook.partner)
        )
        made = first.on_conflict_do_nothing().returning(postings.c.id, postings.c.position)
        row = connection.execute(made).first()
        return replace(one, id=row.id, position=row.position, due=until) if row else None

    def _after_posting(self, to: Posting, **changes: Any) -> None:
        with self.writing("after a posting") as connection:
            connection.execute(update(postings).where(_still(to)).values(**changes))


def _query(*more: ColumnElement[Any]) -> Select[Any]:
    """All that partners with a webhook are served, with what of it was sent there."""
    return (
        select(*_COLUMNS, *more)
        .select_from(webhooks)
        .join(partners, partners.c.key == webhooks.c.partner)
        .join(editions, _edition)
        .outerjoin(postings, _sent)
    )


def _still(one: Posting) -> ColumnElement[bool]:
    """The row itself, as long as nobody has taken or changed it since it was read."""
    return and_(postings.c.id == one.id, postings.c.due == one.due, postings.c.delivered == one.delivered)


def _posting(row: Row[Any]) -> Posting:
    webhook = Webhook(row.partner, row.url, row.host, row.secret, row.ended)
    owed = Posting(webhook, row.about, (row.profile, row._mapping["items"]), row.owed)
    if row.id is None:
        return owed
    told = {name: row._mapping[name] for name in _TOLD}
    return replace(owed, **told, known=row._mapping.get("known", b""))
