"""What scripts in other people's pages may read of us (CORS, as the Fetch standard has it). Pure.

JSON feeds are for them, and so are refusals of these: without a word on that, a browser tells its script of a network
error whatever we said. Nobody is known by a cookie here, so that all may read what anybody may.
"""

from syndicate.web.problems import Headers

_ALLOWED = ("Access-Control-Allow-Origin", "*")
_ANSWERS: Headers = [_ALLOWED, ("Access-Control-Expose-Headers", "ETag, IM, Retry-After")]
PREFLIGHT: Headers = [
    _ALLOWED,
    ("Access-Control-Allow-Methods", "GET, HEAD"),
    ("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since, A-IM"),
    ("Access-Control-Max-Age", "86400"),
]


def is_for_scripts(path: str) -> bool:
    """Whether scripts of other pages may read what is answered here; few would read XML."""
    return path.endswith(".json") and path.startswith("/feeds/")


def for_scripts(path: str) -> Headers:
    """The headers that let them read it."""
    return _ANSWERS if is_for_scripts(path) else []
