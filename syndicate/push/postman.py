"""The postman: brings a partner's webhook what it lacks of a topic, a message at a time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import structlog

from syndicate.errors import FetchError, OfflineError
from syndicate.push.courier import ROOM, Lane
from syndicate.push.messages import Message, headers_of, id_of, message, pause
from syndicate.push.rules import Outcome, outcome_of
from syndicate.push.sender import OFFLINE_PAUSE, Sender
from syndicate.records_served import Posting
from syndicate.store import Store

log = structlog.get_logger(__name__)


class Postman:
    """Runs errands for the courier; `base` is the public URL, and `count` is told what became of each message."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        base: str,
        now: Callable[[], datetime],
        count: Callable[[Outcome], object],
    ) -> None:
        self._store = store
        self._sender = sender
        self._base = base
        self._now = now
        self._count = count

    @property
    def lanes(self) -> Mapping[str, Lane]:
        """What the courier is to find and do."""
        store = self._store
        fresh, failing = (partial(store.postings_due, failing=of) for of in (False, True))
        return {
            "postings": Lane(ROOM["postings"], fresh, store.take_postings, self.post),
            "posted again": Lane(ROOM["posted again"], failing, store.take_postings, self.post),
        }

    def tidy(self, now: datetime) -> None:
        """Nothing: what a webhook was sent goes with it."""

    def post(self, to: Posting) -> None:
        """Bring the webhook the next message of what it is owed."""
        partner = to.webhook.partner
        edition = self._store.edition(to.topic, to.contract, "json")
        if edition is None:
            return  # its topic, or its contract, was dropped just now
        owed = message(edition, partner, self._base, to.known)
        if owed is None:  # something changed that is no article
            self._store.posted(to, edition.etag, to.known, to.sent, self._now())
            return
        headers = headers_of(to.webhook.secret, id_of(to, owed.body), self._now(), owed.body)
        try:
            status = self._sender.exchange(to.webhook.url, headers, owed.body).status
        except OfflineError as error:
            log.warning("not sent", partner=partner, topic=to.topic, reason=str(error))
            self._store.post_later(to, self._now() + OFFLINE_PAUSE)
        except FetchError as error:
            self._settle(to, owed, edition.etag, "failed", str(error))
        else:
            self._settle(to, owed, edition.etag, outcome_of(status), f"answered {status}")

    def _settle(self, to: Posting, owed: Message, etag: str, outcome: Outcome, reason: str) -> None:
        now = self._now()
        said = {"partner": to.webhook.partner, "topic": to.topic, "host": to.host}
        if outcome == "delivered":
            self._store.posted(to, etag if owed.whole else "", owed.known, now, now)
            if to.failures:
                log.info("webhook reached again", failures=to.failures, **said)
        elif outcome == "ended":
            if self._store.end_webhook(to, now):
                log.warning("webhook switched off: its address says that it is gone for good", **said)
        else:
            self._store.post_failed(to, reason, now + pause(to, now), now)
            if not to.failures:
                log.warning("webhook not reached; it is tried again, ever more slowly", reason=reason, **said)
        self._count(outcome)
