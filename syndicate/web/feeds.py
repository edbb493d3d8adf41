"""Decides what a request for a public feed is answered with, whichever way it came in; knows no wire.

The common case is one dictionary look-up for the feed, one for the coding, one comparison of ETags; the head of
the answer was written when the feed was published.
"""

import json

import structlog

from syndicate.cache import Cache
from syndicate.codings import Coding
from syndicate.errors import StoreError
from syndicate.formats import MEDIA_TYPES
from syndicate.model import FeedFormat
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.web.asked import Asked
from syndicate.web.conditional import none_match, unmodified_since
from syndicate.web.deltas import Deltas, delta_headers, wants_delta
from syndicate.web.edition import SECURITY, Policy, Rendition
from syndicate.web.follow import Follower
from syndicate.web.library import Library
from syndicate.web.negotiation import accepts
from syndicate.web.problems import problem
from syndicate.web.ratelimit import RateLimit, client_of
from syndicate.web.reply import NOTHING, Head, Reply
from syndicate.web.scripts import PREFLIGHT, for_scripts, is_for_scripts
from syndicate.web.shelf import Shelf
from syndicate.web.tally import Tally

log = structlog.get_logger(__name__)

_RETRY = ("Retry-After", "5")
_VARY = ("Vary", "Accept-Encoding")


def _sign_of_life(*, following: bool) -> Reply:
    body = json.dumps({"status": "alive", "following": following}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    return Head("200 OK", [*headers, *SECURITY]), [body]


_ALIVE, _STARTING = _sign_of_life(following=True), _sign_of_life(following=False)


class Feeds:
    """The public feeds of this process.

    Opens nothing when it is made; the first question (or `start`) reads the list of feeds and starts the two
    threads that keep it fresh.
    """

    def __init__(self, settings: Settings, store: Store, cache: Cache, tally: Tally) -> None:
        serve = settings.serve
        self.shelf = Shelf(serve.memory_mb * 1_000_000)
        self._tally = tally
        self._cache = cache
        self._limit = RateLimit(serve.requests_per_minute, cache)
        self._library = Library(self.shelf, cache, store, Policy.of(settings))
        self.follower = Follower(self.shelf, self._library, cache, store, self._share)
        self._deltas = Deltas(cache)
        self._proxies = serve.trusted_proxies
        self._editions = self.shelf.editions
        self._count_200 = tally.bumps["200"]
        self._count_304 = tally.bumps["304"]

    def start(self) -> None:
        """Read the list of feeds and begin to follow what is published."""
        self.follower.start()

    def close(self) -> None:
        """Stop following."""
        self.follower.stop()

    def turned_away(self, path: str, remote: str, forwarded: str) -> Reply | None:
        """Count a request of this client; the 429 if it was one too many, else None."""
        if wait := self._limit.retry_after(client_of(remote, forwarded, self._proxies)):
            return self._refuse(path, 429, "Too many requests from here.", ("Retry-After", str(wait)))
        return None

    def at_once(self, asked: Asked) -> Reply | None:
        """The answer as far as memory has it; None if it has to be looked for (`slowly`)."""
        edition = self._editions.get(asked.path)
        if edition is not None and not asked.fault and not asked.a_im:
            rendition = edition.renditions.get(asked.coding) if asked.coding else None
            if rendition is not None and accepts(asked.accept, edition.mark.format):
                rendition.used = self.shelf.clock
                body = rendition.body
                if _not_modified(asked, rendition):
                    self._count_304()
                    return rendition.unmodified, NOTHING
                if body is not None:
                    self._count_200()
                    return rendition.whole, body
        return self._misasked(asked)

    def slowly(self, asked: Asked) -> Reply:
        """Answer what is rare: the first request, a body that is not in memory, a delta. Asks Redis and the store."""
        if not self.shelf.listed:
            self.start()
        if refusal := self._misasked(asked):
            return refusal
        edition = self._editions.get(asked.path)
        if edition is None or asked.coding is None:
            return self.unavailable(asked.path)
        try:
            found = self._library.rendition(edition.path, asked.coding)
        except StoreError as error:
            log.warning("feed not served", path=edition.path, error=str(error))
            found = None
        return self._give(asked, asked.coding, *found) if found else self.unavailable(asked.path)

    def live(self, asked: Asked) -> Reply:
        """The sign of life of this process; 503 when only a new one would tell of what is published.

        A store or a Redis that is away is no reason to end it: it has feeds that a new process would not have.
        """
        if asked.fault:
            return self._misasked(asked) or self.unavailable(asked.path)
        if self.follower.has_ended:
            return self._refuse(asked.path, 503, "This process follows nothing new: it has to be started again.")
        return _ALIVE if self.shelf.listed else _STARTING

    def unavailable(self, path: str) -> Reply:
        """The answer when neither memory nor anything behind it has the feed."""
        return self._refuse(path, 503, "This feed can't be had just now.", _RETRY)

    def misaddressed(self, path: str) -> Reply:
        """The answer to a request that names no server, or none that there could be (RFC 9112, 3.2)."""
        return self._refuse(path, 400, "A request needs one Host header, and a valid one.")

    def _misasked(self, asked: Asked) -> Reply | None:
        """What is wrong with a request, or None if it can be served or nobody knows yet."""
        if asked.fault == 400:
            return self.misaddressed(asked.path)
        if asked.fault == 405:
            if asked.method == "OPTIONS" and is_for_scripts(asked.path):
                self._tally.bumps["204"]()
                return Head("204 No Content", PREFLIGHT), NOTHING
            return self._refuse(asked.path, 405, "This can only be read.", ("Allow", "GET, HEAD"))
        edition = self._editions.get(asked.path)
        if edition is not None:
            return self._unacceptable(asked, edition.mark.format)
        if self.shelf.listed:
            return self._refuse(asked.path, 404, "No feed has this address; / lists those that there are.")
        return None

    def _unacceptable(self, asked: Asked, format_: FeedFormat) -> Reply | None:
        if asked.coding is None:
            return self._refuse(asked.path, 406, "Codings on offer: br, zstd, gzip, identity.", _VARY)
        if not accepts(asked.accept, format_):
            return self._refuse(asked.path, 406, f"This feed is {MEDIA_TYPES[format_]}.")
        return None

    def _give(self, asked: Asked, coding: Coding, rendition: Rendition, body: list[bytes]) -> Reply:
        if _not_modified(asked, rendition):
            self._count_304()
            return rendition.unmodified, NOTHING
        if delta := self._delta(asked, coding, rendition):
            self._tally.bumps["226"]()
            return Head("226 IM Used", delta_headers(rendition, coding, delta)), [delta]
        self._count_200()
        return rendition.whole, body

    def _delta(self, asked: Asked, coding: Coding, rendition: Rendition) -> bytes | None:
        if not asked.none_match or not wants_delta(asked.a_im) or asked.method != "GET":
            return None
        try:
            whole = self._library.rendition(asked.path, "identity")
        except StoreError:
            return None  # the whole feed in the coding that was asked for is at hand
        edition = self._editions.get(asked.path)
        if not whole or edition is None or edition.renditions.get(coding) is not rendition:
            return None  # a newer edition came meanwhile
        return self._deltas.find(edition, coding, whole[1][0], asked.none_match)

    def _share(self) -> None:
        self._limit.share()
        self._tally.share(self._cache)

    def _refuse(self, path: str, status: int, detail: str, *extra: tuple[str, str]) -> Reply:
        self._tally.bumps[str(status)]()
        line, headers, body = problem(status, detail, (*extra, *for_scripts(path)))
        return Head(line, headers), [body]


def _not_modified(asked: Asked, rendition: Rendition) -> bool:
    """Whether the client has this rendition; If-None-Match alone decides where it stands (RFC 9110, 13.2.2)."""
    tags = asked.none_match
    if tags is not None:
        return tags == rendition.etag or none_match(tags, rendition.etag)
    return asked.since is not None and unmodified_since(asked.since, rendition.modified)
