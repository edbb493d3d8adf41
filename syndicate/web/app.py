"""The Flask application: everything on the web that is not a public feed."""

from importlib.metadata import version

import structlog
from flask import Flask, Response, request
from flask_openapi3.models.info import Info
from flask_openapi3.models.server import Server
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from syndicate.errors import StoreError
from syndicate.web import api, archive, article, desk, embed, health, hub, metrics, pages, partner
from syndicate.web.answers import refusal
from syndicate.web.api_models import Problem
from syndicate.web.room import keep_room
from syndicate.web.services import WebServices

log = structlog.get_logger(__name__)

_MAX_BODY = 1_000_000  # bytes; nothing that is sent to us is larger


def create_app(services: WebServices) -> Flask:
    """The application over these services; opens nothing."""
    app = OpenAPI(
        "syndicate.web",
        info=Info(title=f"{services.settings.title} API", version=version("syndicate")),
        servers=[Server(url=services.settings.public_url)],
        security_schemes={"admin": {"type": "http", "scheme": "bearer"}},
        validation_error_callback=_invalid,
        validation_error_model=Problem,
        doc_ui=False,  # its pages load scripts from elsewhere
        static_folder="static",
        static_url_path="/assets",
    )
    app.url_map.merge_slashes = False  # it would redirect to whatever Host the request names
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.register_api(api.blueprint(services))
    app.register_blueprint(pages.blueprint(services))
    app.register_blueprint(article.blueprint(services))
    app.register_blueprint(embed.blueprint(services))
    app.register_blueprint(desk.blueprint(services))
    app.register_blueprint(hub.blueprint(services))
    app.register_blueprint(partner.blueprint(services))
    app.register_blueprint(archive.blueprint(services))
    app.register_blueprint(health.blueprint(services))
    app.register_blueprint(metrics.blueprint(services))
    app.add_url_rule("/api/v1/openapi.json", "openapi", lambda: app.api_doc)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StoreError, _store_error)
    app.register_error_handler(Exception, _bug)
    app.before_request(_without_nul)
    app.before_request(_whole)
    keep_room(app, services.settings.serve.threads)
    app.after_request(_guard)
    return app


def _without_nul() -> Response | None:
    """Refuse what no database is to be asked for: PostgreSQL takes no NUL, and nothing of ours is called by one."""
    if "\0" in request.path or b"%00" in request.query_string:
        return refusal(404, "There is nothing here.")
    return None


def _whole() -> None:
    """Answer with the whole (RFC 9110, section 14.2): werkzeug says 416 to who asks for two ranges of a small file."""
    request.environ.pop("HTTP_RANGE", None)


def _guard(response: Response) -> Response:
    response.headers.remove("Accept-Ranges")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response


def _invalid(error: ValidationError) -> Response:
    details = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
    return refusal(422, "; ".join(details)[:500])


def _http_error(error: HTTPException) -> Response:
    response = error.get_response()
    kept = [(name, value) for name, value in response.headers if name in ("Allow", "Retry-After")]
    return refusal(response.status_code, error.description or error.name, *kept)


def _store_error(error: StoreError) -> Response:
    log.warning("store failed", path=request.path, error=str(error))
    return refusal(503, "The store can't be read or written just now; our log says why.", ("Retry-After", "5"))


def _bug(error: Exception) -> Response:
    log.error("request failed", path=request.path, exc_info=error)
    return refusal(500, "Something went wrong on our side; it was logged.")
