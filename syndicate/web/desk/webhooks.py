"""A partner's webhook: its address and secret, how it goes, and a try of it."""

from collections.abc import Callable

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from syndicate.push import webhooks
from syndicate.web.desk.page import Desk, decided, message, page
from syndicate.web.desk.session import Said

log = structlog.get_logger(__name__)


def routes(blueprint: Blueprint, desk: Desk) -> None:
    """The routes /admin/partners/<key>/webhook and below."""
    room = _Webhooks(desk)
    place = "/partners/<key>/webhook"
    blueprint.get(place)(room.webhook)
    blueprint.post(place)(room.put_webhook)
    for act in (room.ping, room.secret, room.off):
        blueprint.post(f"{place}/{act.__name__}", endpoint=f"webhook_{act.__name__}")(act)


class _Webhooks:
    """What the routes do; each act is a command's."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._services = desk.services
        self._store = desk.services.store

    def webhook(self, key: str) -> Response:
        """How it is with it, and the form for another address."""
        found = self._store.credential(key)
        if found is None:
            raise NotFound("No partner has this key.")
        report = webhooks.report(self._store, key)
        return page(self._desk, "webhook.html", partner=found[0], webhook=report)

    def put_webhook(self, key: str) -> Response:
        """Set the address; the first time the secret is shown."""

        def act() -> Said | Response:
            url, allowed = request.form.get("url", ""), self._services.settings.allow_private
            secret = webhooks.put(self._store, allowed, key, url, self._services.now())
            done = f"What changes in {key}'s feeds is sent there from now on."
            return self._told(done, key, secret) if secret else Said(done)

        return self._decided(key, act)

    def secret(self, key: str) -> Response:
        """Sign with another secret, and show it."""
        return self._decided(
            key,
            lambda: self._told(
                f"What {key} is sent is signed with another secret now.",
                key,
                webhooks.renew_secret(self._store, key, self._services.now()),
            ),
        )

    def ping(self, key: str) -> Response:
        """Try whether a message arrives."""

        def act() -> Said:
            answer = webhooks.try_out(self._store, self._services.sender, key, self._services.now())
            return Said(f"{'It took the ping' if answer.ok else 'Not taken'}: {answer.said}.")

        return self._decided(key, act)

    def off(self, key: str) -> Response:
        """Send nothing any more."""

        def act() -> Said:
            webhooks.drop(self._store, key)
            return Said(f"{key} is sent nothing any more.")

        return self._decided(key, act)

    def _decided(self, key: str, act: Callable[[], Said | Response]) -> Response:
        return decided(self._desk, act, lambda: self.webhook(key))

    def _told(self, done: str, key: str, secret: str) -> Response:
        log.info("decided", page=request.path, said=done)
        text = f"{done} The secret, which can't be shown again: {secret}"
        return message(self._desk, 200, "Secret", text, f"partners/{key}/webhook")
