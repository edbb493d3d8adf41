"""Short problem documents (RFC 9457) for everything that is not what was asked for."""

import json
from collections.abc import Iterable
from http import HTTPStatus

Headers = list[tuple[str, str]]

PROBLEM_TYPE = "application/problem+json"


def problem(status: int, detail: str, extra: Iterable[tuple[str, str]] = ()) -> tuple[str, Headers, bytes]:
    """Status line, headers and body of a problem document; nobody may cache it unless `extra` says so."""
    phrase = HTTPStatus(status).phrase
    body = json.dumps({"title": phrase, "status": status, "detail": detail}).encode()
    headers = {
        "Content-Type": PROBLEM_TYPE,
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
        **dict(extra),
    }
    return f"{status} {phrase}", list(headers.items()), body
