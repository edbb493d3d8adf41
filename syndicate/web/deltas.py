"""Feed deltas (RFC 3229, "A-IM: feed"): only what is new to a client that names the version it has."""

from collections import OrderedDict
from threading import Lock

from syndicate.cache import Cache
from syndicate.codings import CODINGS, Coding, encode
from syndicate.delta import delta
from syndicate.web.conditional import entity_tags, opaque
from syndicate.web.edition import Edition, Rendition
from syndicate.web.negotiation import weights
from syndicate.web.problems import Headers

_KEPT = 32  # deltas; clients that poll together ask for the same one


class Deltas:
    """Makes deltas and keeps the last few."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._kept: OrderedDict[tuple[str, str, Coding], bytes] = OrderedDict()
        self._lock = Lock()

    def find(self, edition: Edition, coding: Coding, body: bytes, tags: str) -> bytes | None:
        """The delta from a version that If-None-Match names to this edition, in this coding.

        `body` is the edition's identity body. None when no named version is remembered: the whole feed is sent then.
        """
        named = [base_of(tag) for tag in entity_tags(tags)]
        for base in named:
            if kept := self._kept.get((base, edition.mark.etag, coding)):
                return kept
        past = self._cache.past(edition.mark.topic, edition.mark.format)
        earlier = {base_of(etag): digests for etag, digests in past.items()}
        for base in named:
            if base in earlier:
                made = encode(delta(body, edition.mark.format, earlier[base]), coding)
                self._keep((base, edition.mark.etag, coding), made)
                return made
        return None

    def _keep(self, key: tuple[str, str, Coding], made: bytes) -> None:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


def wants_delta(a_im: str) -> bool:
    """Whether A-IM accepts the instance manipulation "feed"."""
    return weights(a_im).get("feed", 0.0) > 0


def base_of(etag: str) -> str:
    """The feed's own validator, of which the ETag of each coding is made."""
    bare = opaque(etag).strip('"')
    for coding in CODINGS:
        bare = bare.removesuffix(f"-{coding}")
    return bare


def delta_headers(rendition: Rendition, coding: Coding, body: bytes) -> Headers:
    """The headers of a 226: the ETag is that of the whole feed, and no cache that knows no deltas may keep it."""
    content_type = dict(rendition.whole.headers)["Content-Type"]
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body))), ("IM", "feed")]
    headers += [(name, value) for name, value in rendition.whole.headers if name.startswith("Access-Control-")]
    if coding != "identity":
        headers.append(("Content-Encoding", coding))
    return [
        *headers,
        ("ETag", rendition.etag),
        ("Cache-Control", "no-store, im"),
        ("Vary", "Accept-Encoding, A-IM, If-None-Match"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'"),
    ]
