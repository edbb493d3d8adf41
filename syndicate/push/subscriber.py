"""We as a subscriber: asks the hubs of sources to tell of changes, and has those polled that changed."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from syndicate.errors import FetchError, OfflineError, QueueFullError, RefusedError
from syndicate.ingest.fetch import redirected
from syndicate.ingest.guard import parse
from syndicate.normalize.urls import host_of
from syndicate.push import subscribing
from syndicate.push.courier import ROOM, Lane
from syndicate.push.sender import OFFLINE_PAUSE, Sender
from syndicate.records_pushed import SourceSubscription
from syndicate.store import Store

log = structlog.get_logger(__name__)

TRIGGER = "push"  # of the runs that hubs cause
SECOND_LOOK = timedelta(seconds=90)  # what stands before the publisher may have kept the old document for a minute
_REDIRECTS = 5
_AT_ONCE = 200  # sources that are newly subscribed to, at one look
_FOLLOWED = frozenset({307, 308})  # these leave a request what it is


@dataclass(frozen=True, slots=True)
class Desk:
    """Where hubs find us (what callbacks' addresses begin with), and whether we subscribe."""

    callbacks: str
    subscribes: bool


class Subscriber:
    """Runs errands for the courier; `poll` has a source polled soon."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        desk: Desk,
        now: Callable[[], datetime],
        poll: Callable[[str], object],
    ) -> None:
        self._store = store
        self._sender = sender
        self._desk = desk
        self._now = now
        self._poll = poll

    @property
    def lanes(self) -> Mapping[str, Lane]:
        """What the courier is to find and do."""
        store = self._store
        return {
            "asks": Lane(ROOM["asks"], store.asks_due, store.take_asks, self.ask),
            "looks": Lane(ROOM["looks"], store.looks_due, store.take_looks, self.look),
        }

    def tidy(self, now: datetime) -> None:
        """See to it that exactly what is wanted is asked for."""
        if left := self._store.leave_hubs(now, every=not self._desk.subscribes):
            log.info("hubs of sources not wanted any more", count=left)
        for source, hub in self._store.sources_to_subscribe(_AT_ONCE) if self._desk.subscribes else ():
            callback, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
            host = host_of(hub.url)[:255]
            self._store.subscribe_to(SourceSubscription(callback, source, hub.url, hub.topic, host, secret, now))

    def ask(self, of: SourceSubscription) -> None:
        """Ask a hub to subscribe or unsubscribe us; it then asks our callback whether we meant that."""
        tries, error = of.tries + 1, ""
        try:
            status = self._post(of)
            if not 200 <= status < 300:
                error = f"answered {status}"
        except OfflineError:
            self._store.hub_asked(of, of.tries, self._now() + OFFLINE_PAUSE, of.error)
            return
        except FetchError as failure:
            error = str(failure)
        if of.mode == "unsubscribe" and tries >= subscribing.TRIES:
            self._store.forget_subscription(of)
            return
        if error and not of.error:
            said = {"source": of.source, "host": of.host, "mode": of.mode, "reason": error}
            log.warning("hub of a source failed; it is asked again, ever more slowly", **said)
        pause = timedelta(seconds=subscribing.pause_of(tries, of))
        self._store.hub_asked(of, tries, self._now() + pause, error)

    def look(self, of: SourceSubscription) -> None:
        """Have a source polled whose hub told of a change, and once more a while later."""
        try:
            self._poll(of.source)
        except QueueFullError as error:
            log.warning("source that changed has to wait", source=of.source, reason=str(error))
            return
        now = self._now()
        self._store.source_looked_at(of, now, now + SECOND_LOOK if of.again else None)

    def _post(self, of: SourceSubscription) -> int:
        """The hub's answer, or that of the hub which it leads to."""
        headers = {"User-Agent": self._sender.agent, "Content-Type": "application/x-www-form-urlencoded"}
        sent = subscribing.form(of, self._desk.callbacks + of.callback)
        target, budget = parse(of.hub), self._sender.transport.budget()
        for _ in range(_REDIRECTS + 1):
            answer = self._sender.transport.exchange(target, headers, budget, sent=sent)
            if answer.status not in _FOLLOWED:
                return answer.status
            before, target = target, redirected(target, answer)
            if before.scheme == "https" and target.scheme == "http":
                raise RefusedError("refused: redirected from https to http, with a secret")
        raise RefusedError(f"refused: more than {_REDIRECTS} redirects")
