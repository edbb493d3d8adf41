"""`/hub/callback/`: where the hubs of our sources ask whether we subscribed, and tell that a source has changed.

What they send is not taken in: who is told rightly polls the source itself.
"""

from datetime import timedelta
from functools import partial

import structlog
from flask import Blueprint, Response, request

from syndicate.formats import CALLBACK_PATH
from syndicate.push import subscribing
from syndicate.records_pushed import SourceSubscription
from syndicate.text import legal, squeeze
from syndicate.web.services import WebServices

log = structlog.get_logger(__name__)

OUTCOMES = ("taken", "ignored", "unknown")
_CHUNK = 65_536
_LONGEST_REASON = 200


def blueprint(services: WebServices) -> Blueprint:
    """The routes under /hub/callback/; whether we subscribe at all is seen in the store."""
    pages = Blueprint("hub_callback", __name__)
    room = _Callbacks(services)
    pages.add_url_rule(
        f"{CALLBACK_PATH}<callback>", view_func=room.answer, methods=["GET", "POST"], provide_automatic_options=False
    )
    return pages


class _Callbacks:
    """What the routes do."""

    def __init__(self, services: WebServices) -> None:
        self._services = services
        self._store = services.store

    def answer(self, callback: str) -> Response:
        """A question of a hub, or its word that a source has changed."""
        if request.method == "POST":
            return self._told(self._store.subscription_at(callback))
        if request.method != "GET":  # a look without a question
            return _said(405, "expected GET or POST", ("Allow", "GET, POST"))
        return self._asked(self._store.subscription_at(callback))

    def _asked(self, of: SourceSubscription | None) -> Response:
        asked, now = request.args, self._services.now()
        mode, topic, challenge = (asked.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge"))
        said = {"source": of.source, "host": of.host} if of else {}
        if of is not None and mode == "denied" and subscribing.is_meant(of, "subscribe", topic):
            reason = squeeze(legal(asked.get("hub.reason", "")))[:_LONGEST_REASON] or "it gave no reason"
            pause = timedelta(seconds=subscribing.pause_of(of.tries + 1, of))
            self._store.hub_denies(of, now + pause, f"denied: {reason}")
            log.warning("hub of a source denied our subscription", reason=reason, **said)
            return _said(200, "")
        if of is None or not challenge or not subscribing.is_meant(of, mode, topic):
            return _said(404, "nothing of the kind was asked for")
        if of.mode == "unsubscribe":
            self._store.forget_subscription(of)
            log.info("hub of a source left", **said)
            return _said(200, challenge)
        lease = subscribing.lease_of(asked.get("hub.lease_seconds", ""))
        if lease is None:
            return _said(404, "hub.lease_seconds: expected a number above 0")
        renewed = now + timedelta(seconds=subscribing.renewal_of(lease))
        self._store.hub_confirms(of, now + timedelta(seconds=lease), renewed, now)
        log.info("hub of a source subscribed to", seconds=lease, **said)
        return _said(200, challenge)

    def _told(self, of: SourceSubscription | None) -> Response:
        if of is None or of.mode != "subscribe":
            self._services.cache.count_told("unknown")
            return _said(410, "not subscribed to any more")
        request.max_content_length = self._services.settings.fetch.wire_bytes  # more could not be fetched, either
        pieces = iter(partial(request.stream.read, _CHUNK), b"")
        if subscribing.is_signed(request.headers.get("X-Hub-Signature", ""), of.secret, pieces):
            self._store.hub_tells(of, self._services.now())
            self._services.cache.count_told("taken")
            log.info("hub of a source tells of a change", source=of.source, host=of.host)
        else:
            self._services.cache.count_told("ignored")
        return _said(204, "")


def _said(status: int, words: str, *extra: tuple[str, str]) -> Response:
    return Response(words, status, {"Cache-Control": "no-store", **dict(extra)}, mimetype="text/plain")
