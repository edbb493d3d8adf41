"""What is told of what can't be had: a page where a browser asks for one, to programs a problem document."""

from http import HTTPStatus

import structlog
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from syndicate.errors import StoreError
from syndicate.formats import CALLBACK_PATH
from syndicate.settings import Settings
from syndicate.web.answers import refusal
from syndicate.web.negotiation import weights

log = structlog.get_logger(__name__)

_CSP = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_VARY = ("Vary", "Accept")
# What werkzeug says of an address that there is not is for who has typed it by hand.
_SAID = {404: "There is nothing at this address.", 405: "This method is not for this address; Allow names what is."}


def tell(app: Flask, settings: Settings) -> None:
    """Have the application answer so whatever fails in it; the admin pages have words of their own."""

    def notice(status: int, detail: str, *extra: tuple[str, str]) -> Response:
        if not _is_for_people():
            return refusal(status, detail, *extra, _VARY)
        page = render_template(
            "notice.html", title=HTTPStatus(status).phrase, detail=detail, settings=settings, root=settings.public_url
        )
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": _CSP, **dict((*extra, _VARY))}
        return Response(page, status, headers, mimetype="text/html")

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        response = error.get_response()
        kept = [(name, value) for name, value in response.headers if name in ("Allow", "Retry-After")]
        status, said = response.status_code, error.description
        if said == type(error).description:
            said = _SAID.get(status, said)
        return notice(status, said or error.name, *kept)

    @app.errorhandler(StoreError)
    def store_away(error: StoreError) -> Response:
        log.warning("store failed", path=_path(), error=str(error))
        return notice(503, "The store can't be read or written just now; our log says why.", ("Retry-After", "5"))

    @app.errorhandler(Exception)
    def bug(error: Exception) -> Response:
        log.error("request failed", path=_path(), exc_info=error)
        return notice(500, "Something went wrong on our side; it was logged.")


def _path() -> str:
    """The path that was asked for, as logs may tell it: what tells our callbacks apart is for hubs alone."""
    return CALLBACK_PATH if request.path.startswith(CALLBACK_PATH) else request.path


def _is_for_people() -> bool:
    """Whether the client names HTML among what it accepts, as browsers do and programs don't."""
    return weights(request.headers.get("Accept", "")).get("text/html", 0) > 0
