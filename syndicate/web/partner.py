"""Partners' own feeds: `/p/{partner}/{topic}.{format}`, for whoever bears the partner's token.

What is served was built when the public feed was, and is only addressed here. While the store is away those who were
served before are served what they had, for as long as a cache may keep a public feed.
"""

import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, Thread
from time import monotonic

import structlog
from flask import Blueprint, Response, request

from syndicate.codings import Coding, encode
from syndicate.errors import StoreError
from syndicate.formats import MEDIA_TYPES
from syndicate.model import FEED_FORMATS, FeedFormat
from syndicate.partners import digest
from syndicate.publish.build import etag_of
from syndicate.publish.profiles import addressed
from syndicate.records_served import Contract, Edition, Partner
from syndicate.web.answers import refusal
from syndicate.web.edition import etag_of as etag_in
from syndicate.web.fresh import unless_had
from syndicate.web.negotiation import accepts, coding_for
from syndicate.web.services import WebServices

log = structlog.get_logger(__name__)

_MOST_KEPT = 32_000_000  # bytes of feeds
_NOTE_SECONDS = 3_600.0
_NO_HASH = "0" * 64  # what no token has: a partner that there is not is looked for as long as any other
_CHALLENGES = ('Basic realm="partner", charset="UTF-8"', 'Bearer realm="partner"')
_RETRY = ("Retry-After", "5")
_Name = tuple[str, Contract, str, FeedFormat]  # partner, contract, topic, format


@dataclass(slots=True)
class _Kept:
    """A feed as one partner is served it, in the codings that were asked for; `of` is the edition's own ETag."""

    of: str
    body: bytes
    etag: str
    built: datetime
    at: float = 0.0
    codings: dict[Coding, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The bytes that it takes up, about."""
        return len(self.body) + sum(map(len, tuple(self.codings.values())))


def blueprint(services: WebServices) -> Blueprint:
    """The route of partners' feeds."""
    routes = Blueprint("partner", __name__)
    desk = _Desk(services)

    @routes.get("/p/<key>/<name>")
    def partner_feed(key: str, name: str) -> Response:
        partner = desk.bearer(key, _token())
        if partner is None:
            return _challenge()
        if partner.paused:
            return refusal(403, "This partner's feeds are paused; whoever gave you the token knows why.")
        topic, _, ending = name.rpartition(".")
        format_ = next((name for name in FEED_FORMATS if name == ending), None)
        if format_ is None or services.topics.find(topic) is None:
            return refusal(404, "No feed has this address; / lists the topics, .rss, .atom and .json are the formats.")
        if not partner.imports(topic):
            return refusal(403, "This topic is not among those of this partner.")
        return _answer(desk, partner, topic, format_)

    return routes


def _token() -> str:
    """The token that came with the request; that in the address counts where no header has one."""
    given = request.authorization
    if given is not None and given.type in {"bearer", "basic"}:
        return (given.token if given.type == "bearer" else given.password) or ""
    return request.args.get("key", "")


def _challenge() -> Response:
    answer = refusal(401, "This feed needs its partner's token: as bearer token, as password, or as ?key= behind it.")
    for challenge in _CHALLENGES:
        answer.headers.add("WWW-Authenticate", challenge)
    return answer


def _answer(desk: "_Desk", partner: Partner, topic: str, format_: FeedFormat) -> Response:
    coding = coding_for(request.headers.get("Accept-Encoding", ""))
    if coding is None or not accepts(request.headers.get("Accept", ""), format_):
        return refusal(406, f"This feed is {MEDIA_TYPES[format_]}, in br, zstd, gzip or identity.")
    kept = desk.feed(partner, topic, format_)
    if kept is None:
        return refusal(503, "This feed is not built yet.", _RETRY)
    if coding not in kept.codings:
        kept.codings[coding] = encode(kept.body, coding)
    answer = Response(kept.codings[coding], content_type=f"{MEDIA_TYPES[format_]}; charset=utf-8")
    if coding != "identity":
        answer.headers["Content-Encoding"] = coding
    answer.headers["ETag"] = etag_in(kept.etag, coding)
    answer.headers["Cache-Control"] = desk.cache_control
    answer.headers["Vary"] = "Authorization, Accept-Encoding"
    answer.last_modified = kept.built
    return unless_had(answer)


class _Desk:
    """Who may have what: asks the store each time, so that a new token or a withdrawal counts at once."""

    def __init__(self, services: WebServices) -> None:
        serve = services.settings.serve
        self.cache_control = f"private, max-age={serve.max_age_seconds}"
        self._store = services.store
        self._now = services.now
        self._patience = serve.stale_seconds
        self._known: dict[str, tuple[Partner, str, float]] = {}
        self._kept: OrderedDict[_Name, _Kept] = OrderedDict()
        self._lock = Lock()
        self._noted: dict[str, float] = {}

    def bearer(self, key: str, token: str) -> Partner | None:
        """The partner of this key if the token is its own, else None.

        Raises StoreError if the store is away and the token is not one that was good when it was last there.
        """
        given = digest(token)
        try:
            found = self._store.credential(key)
        except StoreError:
            partner, expected, at = self._known.get(key, (None, _NO_HASH, 0.0))
            if not hmac.compare_digest(given, expected) or monotonic() - at > self._patience:
                raise
            return partner
        expected = found[1] if found else _NO_HASH
        if self._known.get(key, (None, expected))[1] != expected:
            self._known.pop(key, None)  # its token is another by now
        if not hmac.compare_digest(given, expected) or found is None:
            return None
        self._known[key] = (*found, monotonic())
        self._note(found[0])
        return found[0]

    def feed(self, partner: Partner, topic: str, format_: FeedFormat) -> _Kept | None:
        """A partner's feed, or None if it was never built; raises StoreError if nothing is remembered of it."""
        name = partner.key, partner.contract, topic, format_
        try:
            edition = self._store.edition(topic, partner.contract, format_)
        except StoreError:
            kept = self._kept.get(name)
            if kept is None or monotonic() - kept.at > self._patience:
                raise
            return kept
        with self._lock:
            return self._keep(name, edition)

    def _keep(self, name: _Name, edition: Edition | None) -> _Kept | None:
        """Remember what the store has by now, and forget what was asked for longest ago where that is too much."""
        kept = self._kept.pop(name, None)
        if edition is None:
            return None
        if kept is None or kept.of != edition.etag:
            body = addressed(edition.body, edition.format, edition.topic, name[0])
            kept = _Kept(edition.etag, body, etag_of(body), edition.built)
        kept.at = monotonic()
        self._kept[name] = kept
        while len(self._kept) > 1 and sum(one.size for one in self._kept.values()) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return kept

    def _note(self, partner: Partner) -> None:
        """Note once a day that the token was used, beside the request: a store that is locked holds nobody up."""
        day, at = self._now().replace(hour=0, minute=0, second=0, microsecond=0), monotonic()
        if partner.seen != day and at - self._noted.get(partner.key, -_NOTE_SECONDS) >= _NOTE_SECONDS:
            self._noted[partner.key] = at
            Thread(target=self._see, args=(partner.key, day), name=f"saw {partner.key}", daemon=True).start()

    def _see(self, key: str, day: datetime) -> None:
        try:
            self._store.saw_partner(key, day)
        except StoreError as error:
            log.warning("not noted that a partner was here", partner=key, reason=str(error))
