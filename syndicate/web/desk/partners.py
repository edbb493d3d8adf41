"""Partners: who imports feeds of their own, and their tokens, each of which is shown once."""

from typing import Any

import structlog
from flask import Blueprint, Response, request

from syndicate import partners as contracts
from syndicate.current_topics import current_topics
from syndicate.errors import UsageError
from syndicate.model import TopicSpec
from syndicate.publish.profiles import PROFILES
from syndicate.records_served import Partner
from syndicate.web.desk.page import Desk, decided, message, number, page, sliced, standing
from syndicate.web.desk.session import Said

log = structlog.get_logger(__name__)

_DIGITS = 9


def routes(blueprint: Blueprint, desk: Desk) -> None:
    """The routes /admin/partners and below."""
    room = _Partners(desk)
    blueprint.get("/partners")(room.partners)
    blueprint.post("/partners")(room.add_partner)
    for act in (room.change_partner, room.renew, room.pause_partner, room.resume_partner, room.remove):
        blueprint.post(f"/partners/<key>/{act.__name__.removesuffix('_partner')}")(act)


def _given() -> dict[str, Any]:
    """The contract that a form holds; raises UsageError if its number is none."""
    given: dict[str, Any] = {name: request.form.get(name, "").strip() for name in ("name", "profile")}
    items = request.form.get("items", "").strip() or "0"
    if not (items.isascii() and items.isdigit() and len(items) <= _DIGITS):
        raise UsageError(f"items {items[:20]!r}: expected a number up to {contracts.MOST_ITEMS}")
    return {**given, "topics": tuple(request.form.getlist("topics")), "items": int(items)}


class _Partners:
    """What the routes do; each act is a command's."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._services = desk.services
        self._settings = desk.services.settings

    def partners(self) -> Response:
        """All partners by key, and the form for another."""
        rows, following = sliced(self._services.store.partners(), number("after"))
        topics = self._topics()
        return page(
            self._desk,
            "partners.html",
            partners=[(one, contracts.addresses(one, topics, self._settings.public_url)) for one in rows],
            following=following,
            profiles=PROFILES,
            topics=topics,
            hooks={one.partner: one.state for one in self._services.store.webhooks()},
            most_items=contracts.MOST_ITEMS,
        )

    def add_partner(self) -> Response:
        """Add a partner and show its token."""

        def act() -> Response:
            key = request.form.get("key", "").strip()
            partner, token = contracts.add(self._services.store, self._settings, key, _given(), self._services.now())
            return self._told(f"{partner.name} is a partner now.", partner.key, token, self._standing(partner))

        return decided(self._desk, act, self.partners)

    def change_partner(self, key: str) -> Response:
        """Give a partner another contract."""
        return decided(self._desk, lambda: self._changed(key, "has this contract now", **_given()), self.partners)

    def renew(self, key: str) -> Response:
        """Give a partner another token and show it; the one before is dead."""

        def act() -> Response:
            partner, token = contracts.renew_token(self._services.store, key)
            return self._told(f"{partner.name} has another token; the one before opens nothing any more.", key, token)

        return decided(self._desk, act, self.partners)

    def pause_partner(self, key: str) -> Response:
        """Serve a partner nothing until it is resumed."""
        return decided(self._desk, lambda: self._changed(key, "is served nothing now", paused=True), self.partners)

    def resume_partner(self, key: str) -> Response:
        """Serve a partner again."""
        return decided(self._desk, lambda: self._changed(key, "is served again", paused=False), self.partners)

    def remove(self, key: str) -> Response:
        """Forget a partner."""

        def act() -> Said:
            self._services.store.remove_partner(key)
            return Said(f"{key} is removed: its token opens nothing any more.")

        return decided(self._desk, act, self.partners)

    def _changed(self, key: str, said: str, **values: Any) -> Said:
        partner = contracts.change(self._services.store, self._settings, key, values)
        return Said(f"{partner.name} {said}.{self._standing(partner)}")

    def _told(self, done: str, key: str, token: str, standing: str = "") -> Response:
        log.info("decided", page=request.path, said=done)
        text = f"{done} The token of {key}, which can't be shown again: {token} {standing}"
        return message(self._desk, 200, "Token", text, "partners")

    def _standing(self, partner: Partner) -> str:
        return standing(self._desk, contracts.topics_of(partner, self._topics()))

    def _topics(self) -> tuple[TopicSpec, ...]:
        return current_topics(self._settings, self._services.store)
