"""Who may do what admins do: whoever bears the configured token."""

import hmac

from flask import Response, request
from pydantic import SecretStr

from syndicate.web.answers import refusal

CHALLENGE = 'Bearer realm="admin"'


def borne() -> str | None:
    """The bearer token that the current request shows, None if it shows none."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" and given else None


def is_admins(given: str, token: SecretStr | None) -> bool:
    """Whether this is the admin's token; compared in constant time."""
    expected = token.get_secret_value() if token else ""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def turned_away(token: SecretStr | None) -> Response | None:
    """Why the current request may not use the API, or None if it may."""
    if not token or not token.get_secret_value():
        return refusal(403, "The admin API is closed: no admin token is configured (SYNDICATE_ADMIN_TOKEN).")
    given = borne()
    if given is None:
        return refusal(401, "An admin's bearer token is needed.", ("WWW-Authenticate", CHALLENGE))
    if not is_admins(given, token):
        challenge = f'{CHALLENGE}, error="invalid_token"'
        return refusal(401, "This token is not the admin's.", ("WWW-Authenticate", challenge))
    return None
