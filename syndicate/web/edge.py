"""The edge: answers for public feeds before Flask hears of the request.

The common case is one dictionary look-up for the feed, one for the coding, one comparison of ETags, and a list
of headers that was made when the feed was published. Everything rarer is decided in `_slowly`.
"""

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog

from syndicate.codings import Coding
from syndicate.errors import StoreError
from syndicate.web.conditional import none_match, unmodified_since
from syndicate.web.deltas import Deltas, delta_headers, wants_delta
from syndicate.web.edition import Edition, Policy, Rendition
from syndicate.web.follow import Follower
from syndicate.web.library import Library
from syndicate.web.negotiation import CONTENT_TYPES, accepts, coding_for
from syndicate.web.problems import problem
from syndicate.web.ratelimit import RateLimit, client_of
from syndicate.web.services import WebServices
from syndicate.web.shelf import Shelf

log = structlog.get_logger(__name__)

_FEED_PATH = re.compile(r"/feeds/[^/]+\.(?:rss|atom|json)")
_UNCOUNTED = ("/health", "/metrics")  # probes must be answered whatever else a machine does
_RETRY = ("Retry-After", "5")
_VARY = ("Vary", "Accept-Encoding")


class Edge:
    """A WSGI application: public feeds from memory, all the rest from `app`.

    Opens nothing when it is made; the first feed request (or `start`) reads the list of feeds and starts the
    two threads that keep it fresh, in the process that serves.
    """

    def __init__(self, app: WSGIApplication, services: WebServices) -> None:
        serve = services.settings.serve
        self.shelf = Shelf(serve.memory_mb * 1_000_000)
        self.tally = services.tally
        self._cache = services.cache
        self._limit = RateLimit(serve.requests_per_minute, services.cache)
        self._library = Library(self.shelf, services.cache, services.store, Policy.of(serve))
        self.follower = Follower(self.shelf, self._library, services.cache, services.store, self._share)
        self._deltas = Deltas(services.cache)
        self._app = app
        self._proxies = serve.trusted_proxies
        self._editions = self.shelf.editions
        self._count_200 = self.tally.bumps["200"]
        self._count_304 = self.tally.bumps["304"]

    def start(self) -> None:
        """Read the list of feeds and begin to follow what is published."""
        self.follower.start()

    def close(self) -> None:
        """Stop following."""
        self.follower.stop()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        edition = self._editions.get(path)
        if edition is None and path.startswith(_UNCOUNTED):
            return self._app(environ, start_response)
        client = client_of(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""), self._proxies)
        if wait := self._limit.retry_after(client):
            return self._refuse(start_response, 429, "Too many requests from here.", ("Retry-After", str(wait)))
        if edition is not None and environ["REQUEST_METHOD"] == "GET" and "HTTP_A_IM" not in environ:
            coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
            rendition = edition.renditions.get(coding) if coding else None
            if rendition and environ.get("HTTP_HOST") and accepts(environ.get("HTTP_ACCEPT", ""), edition.mark.format):
                body = rendition.body
                rendition.used = self.shelf.clock
                if _not_modified(environ, rendition):
                    self._count_304()
                    start_response("304 Not Modified", rendition.not_modified)
                    return []
                if body is not None:
                    self._count_200()
                    start_response("200 OK", rendition.headers)
                    return body
        elif edition is None and not _FEED_PATH.fullmatch(path):
            return self._app(environ, start_response)
        return self._slowly(environ, start_response)

    def _slowly(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer what is rare: the first request, a body that is not in memory, and everything that is wrong."""
        if not environ.get("HTTP_HOST") and environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
            return self._refuse(start_response, 400, "A request needs a Host header.")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._refuse(start_response, 405, "Feeds can only be read.", ("Allow", "GET, HEAD"))
        edition = self._edition(environ["PATH_INFO"])
        if edition is not None:
            return self._negotiate(environ, start_response, edition)
        if self.shelf.listed:
            return self._refuse(start_response, 404, "No feed has this address; / lists those that there are.")
        return self._unavailable(start_response)

    def _edition(self, path: str) -> Edition | None:
        if path not in self._editions and not self.shelf.listed:
            self.start()
        return self._editions.get(path)

    def _negotiate(self, environ: WSGIEnvironment, start_response: StartResponse, edition: Edition) -> Iterable[bytes]:
        coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if coding is None:
            return self._refuse(start_response, 406, "Codings on offer: br, zstd, gzip, identity.", _VARY)
        if not accepts(environ.get("HTTP_ACCEPT", ""), edition.mark.format):
            return self._refuse(start_response, 406, f"This feed is {CONTENT_TYPES[edition.mark.format]}.")
        try:
            found = self._library.rendition(edition.path, coding)
        except StoreError as error:
            log.warning("feed not served", path=edition.path, error=str(error))
            found = None
        if found is None:
            return self._unavailable(start_response)
        return self._give(environ, start_response, coding, *found)

    def _give(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        coding: Coding,
        rendition: Rendition,
        body: list[bytes],
    ) -> Iterable[bytes]:
        if _not_modified(environ, rendition):
            self._count_304()
            start_response("304 Not Modified", rendition.not_modified)
            return []
        headers, status = rendition.headers, "200 OK"
        if delta := self._delta(environ, coding, rendition):
            status, headers = "226 IM Used", delta_headers(rendition, coding, headers[0][1], len(delta))
            body = [delta]
        self.tally.bumps[status[:3]]()
        if environ["REQUEST_METHOD"] == "HEAD":
            start_response(status, [*headers, ("Content-Length", str(len(body[0])))])
            return []
        start_response(status, headers)
        return body

    def _delta(self, environ: WSGIEnvironment, coding: Coding, rendition: Rendition) -> bytes | None:
        tags = environ.get("HTTP_IF_NONE_MATCH", "")
        if not tags or not wants_delta(environ.get("HTTP_A_IM", "")) or environ["REQUEST_METHOD"] != "GET":
            return None
        try:
            whole = self._library.rendition(environ["PATH_INFO"], "identity")
        except StoreError:
            return None  # the whole feed in the coding that was asked for is at hand
        edition = self._editions.get(environ["PATH_INFO"])
        if not whole or edition is None or edition.renditions.get(coding) is not rendition:
            return None  # a newer edition came meanwhile
        return self._deltas.find(edition, coding, whole[1][0], tags)

    def _share(self) -> None:
        self._limit.share()
        self.tally.share(self._cache)

    def _unavailable(self, start_response: StartResponse) -> Iterable[bytes]:
        return self._refuse(start_response, 503, "This feed can't be had just now.", _RETRY)

    def _refuse(
        self, start_response: StartResponse, status: int, detail: str, *extra: tuple[str, str]
    ) -> Iterable[bytes]:
        self.tally.bumps[str(status)]()
        line, headers, body = problem(status, detail, extra)
        start_response(line, headers)
        return [body]


def _not_modified(environ: WSGIEnvironment, rendition: Rendition) -> bool:
    """Whether the client has this rendition; If-None-Match alone decides where it stands (RFC 9110, 13.2.2)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags == rendition.etag or none_match(tags, rendition.etag)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    return since is not None and unmodified_since(since, rendition.modified)
