"""What a request for a feed, or for a sign of life, asks, as far as it matters to the answer. Pure."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from syndicate.codings import Coding
from syndicate.formats import is_feed_path
from syndicate.web.negotiation import coding_for

LIVE_PATH = "/health/live"
_HOST = re.compile(r"(?:[A-Za-z0-9._~%-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?")


class Asked(NamedTuple):
    """A request; headers that were not sent are None, or "" where that means the same.

    `fault` is the status of what is wrong with the request itself, 0 if nothing is. `coding` is the one to answer
    in, None if the client refuses every one.
    """

    method: str
    path: str
    fault: int
    coding: Coding | None
    accept: str
    none_match: str | None
    since: str | None
    a_im: str
    forwarded: str


def asked(method: str, path: str, protocol: str, headers: Mapping[str, str]) -> Asked:
    """Read a request; the names of `headers` are in small letters, lines of one name are joined by commas."""
    return Asked(
        method,
        path,
        _fault(method, protocol, headers.get("host", "")),
        coding_for(headers.get("accept-encoding", "")),
        headers.get("accept", ""),
        headers.get("if-none-match"),
        headers.get("if-modified-since"),
        headers.get("a-im", ""),
        headers.get("x-forwarded-for", ""),
    )


def is_answered_in_front(path: str) -> bool:
    """Whether the processes that serve feeds answer this themselves, so that no page can hold it up."""
    return is_feed_path(path) or path == LIVE_PATH


def is_misaddressed(protocol: str, host: str) -> bool:
    """Whether a request names no server or none that there could be; two Hosts come joined by a comma."""
    return _HOST.fullmatch(host) is None if host else protocol == "HTTP/1.1"


def _fault(method: str, protocol: str, host: str) -> int:
    if is_misaddressed(protocol, host):
        return 400
    return 0 if method in ("GET", "HEAD") else 405
