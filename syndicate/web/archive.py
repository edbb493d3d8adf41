"""What has left a topic's feed: `/feeds/{topic}/archive/{n}.atom` (RFC 5005), made of what is live when it is asked.

So what is withdrawn leaves a page at once, and corrections come in. There is no Last-Modified: a page that loses an
article changes, too, and no date of what is left would tell.
"""

import re
from threading import Lock

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from syndicate.codings import encode
from syndicate.formats import MEDIA_TYPES
from syndicate.model import FEED_FORMATS, FeedFormat
from syndicate.publish.archive import archive_of
from syndicate.publish.build import etag_of
from syndicate.render import Feed, render
from syndicate.web.conditional import none_match
from syndicate.web.edition import etag_of as etag_in
from syndicate.web.negotiation import coding_for
from syndicate.web.scripts import PREFLIGHT, for_scripts, is_for_scripts
from syndicate.web.services import WebServices

_PAGE = re.compile(rf"([1-9][0-9]{{0,8}})\.({'|'.join(FEED_FORMATS)})")


def blueprint(services: WebServices) -> Blueprint:
    """The route /feeds/{topic}/archive/{page}."""
    archives = Blueprint("archive", __name__)
    settings, store = services.settings, services.store
    cache_control = f"public, max-age={settings.serve.max_age_seconds}"
    rendering = Lock()  # pages may be large: who asks for many at once gets one after the other

    def feed(key: str, number: int) -> Feed:
        topic = services.topics.find(key)
        page = store.archive_page(key, number) if topic else None
        if topic is None or page is None:
            raise NotFound("No page of an archive has this address.")
        publishers = {state.spec.key: state.spec.title for state in store.sources()}
        return archive_of(topic, page, publishers, settings)

    @archives.route("/feeds/<topic>/archive/<page>", methods=["GET", "OPTIONS"], provide_automatic_options=False)
    def archive(topic: str, page: str) -> Response:
        if request.method == "OPTIONS":
            return _preflight()
        number, format_ = _asked(page)
        found = feed(topic, number)
        with rendering:
            body = render(found, format_)
        return _answer(body, format_, cache_control)

    @archives.after_request
    def readable(response: Response) -> Response:
        if request.method != "OPTIONS":
            response.headers.extend(for_scripts(request.path))
        return response

    return archives


def _asked(page: str) -> tuple[int, FeedFormat]:
    """The number and the format of a page by the last part of its address; raises NotFound if it can be none."""
    found = _PAGE.fullmatch(page)
    for format_ in FEED_FORMATS:
        if found and found[2] == format_:
            return int(found[1]), format_
    raise NotFound("No page of an archive has this address.")


def _answer(body: bytes, format_: FeedFormat, cache_control: str) -> Response:
    """The page in the coding that the client likes best, or word that it has it."""
    coding = coding_for(request.headers.get("Accept-Encoding", "")) or "identity"
    etag = etag_in(etag_of(body), coding)
    headers = [("ETag", etag), ("Cache-Control", cache_control), ("Vary", "Accept-Encoding")]
    if none_match(request.headers.get("If-None-Match", ""), etag):
        return Response(status=304, headers=headers)
    headers += [("Content-Encoding", coding)] if coding != "identity" else []
    return Response(encode(body, coding), headers=headers, content_type=f"{MEDIA_TYPES[format_]}; charset=utf-8")


def _preflight() -> Response:
    if not is_for_scripts(request.path):
        raise MethodNotAllowed(["GET", "HEAD"])
    answer = Response(status=204, headers=PREFLIGHT)
    del answer.headers["Content-Type"]
    return answer
