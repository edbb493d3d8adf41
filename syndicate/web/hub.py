"""`/hub`: where partners subscribe to feeds (WebSub). What they ask is written down; a worker asks their callbacks."""

from flask import Blueprint, Response, request

from syndicate.errors import RefusedError, UsageError
from syndicate.formats import HUB_PATH
from syndicate.ingest.guard import Guard
from syndicate.model import TopicSpec
from syndicate.push.rules import Feeds, feeds_of, read_request
from syndicate.records_served import HubLimits
from syndicate.web.services import WebServices

LIMITS = HubLimits(all=50_000, waiting=2_000, of_host=1_000, waiting_of_host=100)
_LONGEST = 16_384  # bytes of a form
_FORM = "application/x-www-form-urlencoded"
_LATER = ("Retry-After", "60")


def blueprint(services: WebServices) -> Blueprint:
    """The route /hub; there is none where the house has no hub."""
    pages = Blueprint("hub", __name__)
    settings = services.settings
    addresses = _Addresses(services)
    guard = Guard.of(settings.allow_private)

    def subscribe() -> Response:
        request.max_content_length = _LONGEST
        if request.mimetype != _FORM:
            return _said(415, f"expected a form of the type {_FORM}")
        try:
            asked, target = read_request(request.get_data(), addresses.now(), services.now())
            if target.address is not None:
                guard.admit(target, (target.address,))  # a name is looked up, and judged, when it is connected to
        except (UsageError, RefusedError) as error:
            return _said(400, str(error))
        match services.store.ask(asked, LIMITS):
            case "host full":
                return _said(429, f"as much as may be is subscribed to for {asked.host}, or waits for it", _LATER)
            case "full":
                return _said(503, "there are as many subscriptions, or requests, as may be", _LATER)
        return _said(202, "accepted; the callback is asked whether it meant this")

    if settings.hub_url:
        pages.add_url_rule(HUB_PATH, view_func=subscribe, methods=["POST"], provide_automatic_options=False)
    return pages


class _Addresses:
    """The feeds that may be subscribed to, made anew when the topics are others."""

    def __init__(self, services: WebServices) -> None:
        self._services = services
        self._made: tuple[tuple[TopicSpec, ...], Feeds] = ((), {})

    def now(self) -> Feeds:
        """Topic and format of each, by address."""
        topics, made = self._services.topics.all(), self._made
        if topics is not made[0]:
            made = self._made = topics, feeds_of(self._services.settings.public_url, topics)
        return made[1]


def _said(status: int, words: str, *extra: tuple[str, str]) -> Response:
    return Response(f"{words}\n", status, {"Cache-Control": "no-store", **dict(extra)}, mimetype="text/plain")
