"""The postman: brings a partner's webhook what it lacks of a topic, a message at a time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import structlog

from syndicate.current_topics import current_topics
from syndicate.errors import FetchError, OfflineError
from syndicate.publish.build import feed_of
from syndicate.publish.profiles import PROFILES, under
from syndicate.push.courier import ROOM, Lane
from syndicate.push.messages import Message, headers_of, id_of, is_behind, message, pause
from syndicate.push.rules import Outcome, outcome_of
from syndicate.push.sender import OFFLINE_PAUSE, Sender
from syndicate.records_served import Edition, Posting
from syndicate.render import Item, render
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.store.places import PAGE

log = structlog.get_logger(__name__)


class Postman:
    """Runs errands for the courier; `count` is told what became of each message."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        settings: Settings,
        now: Callable[[], datetime],
        count: Callable[[Outcome], object],
    ) -> None:
        self._store = store
        self._sender = sender
        self._settings = settings
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
        end = self._store.archive_end(to.topic)  # before the edition, from which more may have gone there
        edition = self._store.edition(to.topic, to.contract, "json")
        if edition is None:
            return  # its topic, or its contract, was dropped just now
        owed, position = self._next(to, edition, end)
        if owed is None:  # something changed that is no article
            self._store.posted(to, edition.etag, to.known, position, to.sent, self._now())
            return
        headers = headers_of(to.webhook.secret, id_of(to, owed.body), self._now(), owed.body)
        try:
            status = self._sender.exchange(to.webhook.url, headers, owed.body).status
        except OfflineError as error:
            log.warning("not sent", partner=partner, topic=to.topic, reason=str(error))
            self._store.post_later(to, self._now() + OFFLINE_PAUSE)
        except FetchError as error:
            self._settle(to, (owed, position), edition.etag, "failed", str(error))
        else:
            self._settle(to, (owed, position), edition.etag, outcome_of(status), f"answered {status}")

    def _next(self, to: Posting, edition: Edition, end: int) -> tuple[Message | None, int]:
        """The next message, and the position in the archive up to which the webhook then has everything."""
        about = to.webhook.partner, self._settings.public_url, to.known
        if is_behind(edition, to.known):
            for position in range(to.position, end, PAGE):
                found = message(edition, *about, self._archived(to, position))
                if found is not None:
                    return found, position
        found = message(edition, *about)
        return found, to.position if found and not found.whole else end

    def _archived(self, to: Posting, behind: int) -> bytes:
        """What left the topic's feed behind this position, as the partner's importer needs it."""
        topics = current_topics(self._settings, self._store)
        topic, profile = next((one for one in topics if one.key == to.topic), None), PROFILES.get(to.contract[0])
        if topic is None or profile is None:
            return b""  # another process has another configuration, or version
        publishers = {state.spec.key: state.spec.title for state in self._store.sources()}
        found = self._store.archived(to.topic, behind)
        items = tuple(Item.of(one, publishers.get(one.article.source, "")) for one in found)
        return render(under(profile, feed_of(topic, items, self._settings), "json"), "json")

    def _settle(self, to: Posting, brought: tuple[Message, int], etag: str, outcome: Outcome, reason: str) -> None:
        now, (owed, position) = self._now(), brought
        said = {"partner": to.webhook.partner, "topic": to.topic, "host": to.host}
        if outcome == "delivered":
            self._store.posted(to, etag if owed.whole else "", owed.known, position, now, now)
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
