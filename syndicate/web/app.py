"""The Flask application: everything on the web that is not a public feed."""

from importlib.metadata import version

from flask import Flask, Response, request
from flask_openapi3.models.info import Info
from flask_openapi3.models.server import Server
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError

from syndicate.web import (
    api,
    archive,
    article,
    desk,
    embed,
    health,
    hub,
    hub_callback,
    metrics,
    notices,
    pages,
    partner,
)
from syndicate.web.answers import document, refusal
from syndicate.web.api_models import Problem
from syndicate.web.fresh import lasting
from syndicate.web.room import keep_room
from syndicate.web.services import WebServices

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
    app.register_blueprint(hub_callback.blueprint(services))
    app.register_blueprint(partner.blueprint(services))
    app.register_blueprint(archive.blueprint(services))
    app.register_blueprint(health.blueprint(services))
    app.register_blueprint(metrics.blueprint(services))
    app.add_url_rule(
        "/api/v1/openapi.json",
        "openapi",
        lambda: lasting(document(app.api_doc), services.settings.serve.max_age_seconds),
    )
    notices.tell(app, services.settings)
    app.before_request(_without_nul)
    app.before_request(_in_capitals)
    app.before_request(_whole)
    keep_room(app, services.settings.serve.threads)
    app.after_request(_guard)
    return app


def _without_nul() -> Response | None:
    """Refuse what no database is to be asked for: PostgreSQL takes no NUL, and nothing of ours is called by one."""
    if "\0" in request.path or b"%00" in request.query_string:
        return refusal(404, "There is nothing here.")
    return None


def _in_capitals() -> Response | None:
    """Refuse a method in small letters, which is another one (RFC 9110, section 9.1): Flask would take it for ours."""
    if request.environ["REQUEST_METHOD"] != request.method:
        return refusal(501, "No method is called so: they are written in capitals.")
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
    said = ((e["loc"], e["msg"].removeprefix("Value error, ")) for e in error.errors(include_url=False))
    details = (f"{'.'.join(map(str, where))}: {what}" for where, what in said)
    return refusal(422, "; ".join(details)[:500])
