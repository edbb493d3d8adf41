"""The gate of the admin pages: lets nobody in but admins, and no form of another site; the forms to sign in and out."""

import structlog
from flask import Blueprint, Response, g, request
from werkzeug.exceptions import TooManyRequests

from syndicate.web.admin import CHALLENGE, borne, is_admins
from syndicate.web.desk.page import Desk, base, inside, message, page
from syndicate.web.desk.session import COOKIE
from syndicate.web.ratelimit import RateLimit, client_of

log = structlog.get_logger(__name__)

TRIES = 10  # of one client in a minute
_CLOSED = "No admin token is set, so nobody can sign in. Start the service with SYNDICATE_ADMIN_TOKEN set to a secret."
_OVER = "You are not signed in any more, or this form is an old one. Nothing was changed: sign in, and do it again."
_WRONG = "This is not the admin token."


class Gate:
    """Stands before all routes of the blueprint, and has some of its own."""

    def __init__(self, blueprint: Blueprint, desk: Desk) -> None:
        self._desk = desk
        self._settings = desk.services.settings
        self._tries = RateLimit(TRIES, desk.services.cache, lambda: desk.services.now().timestamp())
        self._to_all = f"{blueprint.name}.without_slash"
        self._to_who_signs_in = {f"{blueprint.name}.{name}" for name in ("sign_in", "sign_in_form")}
        blueprint.before_request(self.let_in)
        blueprint.get("/sign-in")(self.sign_in_form)
        blueprint.post("/sign-in")(self.sign_in)
        blueprint.post("/sign-out")(self.sign_out)

    def let_in(self) -> Response | None:
        """Refuse the request, or let it through; `g` then knows who asks, and where a form stood."""
        if request.endpoint == self._to_all:
            return None
        if not (self._settings.admin_token and self._settings.admin_token.get_secret_value()):
            return message(self._desk, 403, "Closed", _CLOSED)
        g.to = inside(request.form.get("to", ""))
        refused = None if request.endpoint in self._to_who_signs_in else self._unless_admin()
        if refused is None and any("\0" in value for value in request.form.values()):  # no database may be asked for it
            return message(self._desk, 400, "Not done", "The form holds a character that no text has.")
        return refused

    def sign_in_form(self) -> Response:
        """The form for the token."""
        return page(self._desk, "sign_in.html")

    def sign_in(self) -> Response:
        """Begin a session for who knows the token, and lead to the page that was asked for first."""
        if not self._is_right(request.form.get("token", "").strip()):
            return self._sign_in_first(_WRONG)
        log.info("signed in", client=self._client())
        response = Response(status=303, headers={"Location": base() + g.to})
        self._desk.sessions.begin(response)
        return response

    def sign_out(self) -> Response:
        """Let the browser forget the session."""
        response = Response(status=303, headers={"Location": base()})
        self._desk.sessions.end(response)
        return response

    def _unless_admin(self) -> Response | None:
        """Why the request may not pass, or None if it comes from an admin, and from one of these pages.

        No browser sends a bearer token by itself, so that no form has to prove anything beside it.
        """
        if (token := borne()) is not None:
            g.bearer = is_admins(token, self._settings.admin_token) or self._is_right(token)
            return None if g.bearer else self._sign_in_first(_WRONG)
        sessions = self._desk.sessions
        g.session = sessions.known(request.cookies.get(COOKIE, ""))
        if request.method in {"GET", "HEAD"}:
            return None if g.session else self._sign_in_first()
        if g.session is None or not sessions.is_form_of(g.session, request.form.get("form_token", "")):
            return message(self._desk, 403, "Not done", _OVER)
        return None

    def _is_right(self, token: str) -> bool:
        """Whether this is the token; raises TooManyRequests for who tries too often, right or wrong."""
        client = self._client()
        if wait := self._tries.retry_after(f"admin {client}"):
            raise TooManyRequests("Too many attempts to sign in. Wait a minute.", retry_after=wait)
        if is_admins(token, self._settings.admin_token):
            return True
        self._tries.share()
        log.warning("sign-in refused", client=client)
        return False

    def _sign_in_first(self, problem: str = "") -> Response:
        g.session, g.problem = None, problem
        response = page(self._desk, "sign_in.html", 401)
        response.headers["WWW-Authenticate"] = CHALLENGE
        return response

    def _client(self) -> str:
        forwarded = request.headers.get("X-Forwarded-For", "")
        return client_of(request.remote_addr or "", forwarded, self._settings.serve.trusted_proxies)
