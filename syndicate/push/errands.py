"""The hub's errands, one exchange each: ask a callback whether it meant this, bring a subscriber the edition of now."""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from syndicate.errors import FetchError, OfflineError
from syndicate.formats import feed_path
from syndicate.push import rules
from syndicate.push.courier import ROOM, Lane
from syndicate.push.sender import OFFLINE_PAUSE, Sender
from syndicate.records import FeedRow
from syndicate.records_served import HubRequest, Subscription
from syndicate.store import Store

log = structlog.get_logger(__name__)

_EDITIONS = 8  # kept in memory while they are brought to many


@dataclass(frozen=True, slots=True)
class House:
    """Who sends: what our addresses begin with, and where the hub is."""

    base: str
    hub: str

    def address(self, of: HubRequest | Subscription) -> str:
        """The feed's own address."""
        return self.base + feed_path(of.topic, of.format)


class Errands:
    """Runs errands for who has taken them upon himself; `count` is told what became of each delivery.

    Both raise StoreError when that can't be stored.
    """

    def __init__(
        self,
        store: Store,
        sender: Sender,
        house: House,
        now: Callable[[], datetime],
        count: Callable[[rules.Outcome], object],
    ) -> None:
        self._store = store
        self._exchange = sender.exchange
        self._house = house
        self._now = now
        self._count = count
        self._editions: dict[tuple[str, str], FeedRow] = {}
        self._reading = threading.Lock()

    @property
    def lanes(self) -> Mapping[str, Lane]:
        """What the courier is to find and do."""
        store = self._store
        fresh, failing = (partial(store.deliveries_due, failing=of) for of in (False, True))
        return {
            "questions": Lane(ROOM["questions"], store.requests_due, store.take_requests, self.ask),
            "deliveries": Lane(ROOM["deliveries"], fresh, store.take_deliveries, self.deliver),
            "retries": Lane(ROOM["retries"], failing, store.take_deliveries, self.deliver),
        }

    def tidy(self, now: datetime) -> None:
        """End what has to end."""
        if denied := self._store.deny_dropped(now):
            log.info("subscriptions ended with their feeds", count=denied)
        if expired := self._store.forget_expired(now):
            log.info("subscriptions expired", count=expired)

    def ask(self, request: HubRequest) -> None:
        """Ask the callback whether it meant this; what it does not confirm leaves everything as it was."""
        challenge = secrets.token_urlsafe(32)
        said = {"topic": request.topic, "format": request.format, "host": request.host, "mode": request.mode}
        try:
            answer = self._exchange(rules.question(request, self._house.address(request), challenge), {})
        except FetchError as error:
            tries = request.tries + (not isinstance(error, OfflineError))
            if tries < rules.TRIES:
                pause = timedelta(seconds=rules.pause_after(tries, request.callback))
                self._store.ask_later(request, tries, self._now() + pause)
            elif self._store.dismiss(request):
                log.warning("not confirmed by the callback", reason=str(error), **said)
            return
        if request.mode == "denied":
            self._store.dismiss(request)
        elif rules.confirms(answer.status, answer.body, challenge):
            if self._store.confirm(request, self._now()):
                log.info("confirmed by the callback", **said)
        elif self._store.dismiss(request):
            reason = f"answered {answer.status}, and not with the challenge"
            log.warning("not confirmed by the callback", reason=reason, **said)

    def deliver(self, to: Subscription) -> None:
        """Bring the subscriber the edition that he is owed."""
        edition = self._edition(to)
        if edition is None:
            return  # the feed was dropped just now
        headers = rules.headers_of(to, edition.body, self._house.address(to), self._house.hub)
        try:
            status = self._exchange(to.callback, headers, edition.body).status
        except OfflineError as error:
            log.warning("not delivered", host=to.host, reason=str(error))
            self._store.deliver_later(to, to.failures, self._now() + OFFLINE_PAUSE)
        except FetchError as error:
            self._settle(to, edition, "failed", str(error))
        else:
            self._settle(to, edition, rules.outcome_of(status), f"answered {status}")

    def _settle(self, to: Subscription, edition: FeedRow, outcome: rules.Outcome, reason: str) -> None:
        now = self._now()
        said = {"topic": to.topic, "format": to.format, "host": to.host}
        if outcome == "delivered":
            self._store.delivered(to, edition.etag, now)
            if to.failures:
                log.info("delivered again", failures=to.failures, **said)
        elif outcome == "ended":
            self._store.unsubscribe(to)
            log.info("subscription ended by its callback", **said)
        else:
            failures = to.failures + 1
            self._store.deliver_later(to, failures, now + timedelta(seconds=rules.pause_after(failures, to.callback)))
            if failures == 1:
                log.warning("not delivered; it is tried again, ever more slowly", reason=reason, **said)
        self._count(outcome)

    def _edition(self, to: Subscription) -> FeedRow | None:
        """The edition that he is owed, or a newer one; read once for all who are sent it."""
        feed = to.topic, to.format
        with self._reading:
            held = self._editions.pop(feed, None)
            if held is None or held.etag != to.owed:
                held = self._store.feed(*feed)
            if held is not None:
                self._editions[feed] = held
            while len(self._editions) > _EDITIONS:
                del self._editions[next(iter(self._editions))]
            return held
