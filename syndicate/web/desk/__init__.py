"""The admin pages, /admin/: what an editor decides, without a terminal and without a script."""

import structlog
from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException, NotFound

from syndicate.errors import StoreError
from syndicate.web.desk import articles, overview, partners, quarantine, rulings, sources, topics, webhooks
from syndicate.web.desk.gate import Gate
from syndicate.web.desk.page import Desk, message
from syndicate.web.desk.session import Sessions
from syndicate.web.services import WebServices

log = structlog.get_logger(__name__)

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
_ROOMS = (overview, articles, rulings, sources, partners, webhooks, quarantine, topics)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def blueprint(services: WebServices) -> Blueprint:
    """All routes below /admin."""
    pages = Blueprint("desk", __name__, url_prefix="/admin")
    desk = Desk(services, Sessions(services.settings, services.now))
    Gate(pages, desk)
    for room in _ROOMS:
        room.routes(pages, desk)

    @pages.get("")
    def without_slash() -> Response:
        return Response(status=308, headers={"Location": "admin/"})

    @pages.route("/<path:_>", methods=_METHODS)
    def nothing(_: str) -> Response:
        raise NotFound("There is no such page.")

    @pages.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        status = error.code or 500
        response = message(desk, status, error.name, error.description or "")
        if isinstance(wait := getattr(error, "retry_after", None), int):
            response.headers["Retry-After"] = str(wait)
        return response

    @pages.errorhandler(StoreError)
    def store_away(error: StoreError) -> Response:
        log.warning("store failed", page="admin", error=str(error))
        text = "The store can't be read or written just now; our log says why. Look whether it was done."
        return message(desk, 503, "The store does not answer", text)

    @pages.errorhandler(Exception)
    def bug(error: Exception) -> Response:
        log.error("request failed", page="admin", exc_info=error)
        return message(desk, 500, "Something went wrong", "That was our mistake, not yours; it was logged.")

    @pages.after_request
    def with_headers(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    return pages
