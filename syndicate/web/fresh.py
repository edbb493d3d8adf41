"""What caches are told of Flask's pages, and word to whoever has one that it still is the same, as for feeds."""

from flask import Response, request

from syndicate.publish.build import etag_of
from syndicate.web.conditional import none_match, unmodified_since


def lasting(response: Response, seconds: int) -> Response:
    """A page that every cache may keep for so long; 304 for whoever has it."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return unless_had(response)


def unless_had(response: Response) -> Response:
    """The page, with an ETag of its bytes where it has none yet; 304 for whoever has it. Redirects stay as they are."""
    if response.status_code != 200:
        return response
    response.headers.setdefault("ETag", f'"{etag_of(response.get_data())}"')
    if _is_had(response):
        response.status_code = 304  # no header that is about the body goes with it
        response.set_data(b"")
    return response


def _is_had(response: Response) -> bool:
    """If-None-Match alone decides where it stands (RFC 9110, 13.2.2)."""
    tags, since = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
    if tags is not None:
        return none_match(tags, response.headers["ETag"])
    modified = response.last_modified
    return since is not None and modified is not None and unmodified_since(since, int(modified.timestamp()))
