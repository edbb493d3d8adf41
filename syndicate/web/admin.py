"""Who may use the admin API: whoever bears the configured token."""

import hmac

from flask import Response, request
from pydantic import SecretStr

from syndicate.web.answers import refusal


def turned_away(token: SecretStr | None) -> Response | None:
    """Why the current request may not pass, or None if it may; tokens are compared in constant time."""
    expected = token.get_secret_value() if token else ""
    if not expected:
        return refusal(403, "The admin API is closed: no admin token is configured (SYNDICATE_ADMIN_TOKEN).")
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        return refusal(401, "An admin's bearer token is needed.", ("WWW-Authenticate", 'Bearer realm="admin"'))
    if not hmac.compare_digest(given.strip().encode(), expected.encode()):
        challenge = 'Bearer realm="admin", error="invalid_token"'
        return refusal(401, "This token is not the admin's.", ("WWW-Authenticate", challenge))
    return None
