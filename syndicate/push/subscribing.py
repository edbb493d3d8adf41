"""What we ask the hubs of sources, what we confirm to them, and when a source has really changed (W3C WebSub). Pure."""

import hmac
from collections.abc import Iterable
from urllib.parse import urlencode

from syndicate.formats import ascii_address
from syndicate.push.rules import pause_after
from syndicate.records_pushed import SourceSubscription

METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})
LEASE = 10 * 86_400  # that we ask for
LONGEST_LEASE = 30 * 86_400  # that we believe in
SOONEST = 300.0  # seconds until a lease is renewed, however short it is
TRIES = 3  # to take something back
_RENEWED = 0.8  # of a lease, after which it is renewed
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 86_400.0


def form(of: SourceSubscription, callback: str) -> bytes:
    """What a hub is sent, `callback` being our whole address."""
    asked = {"hub.callback": callback, "hub.mode": of.mode, "hub.topic": of.topic}
    if of.mode == "subscribe":
        asked |= {"hub.lease_seconds": str(LEASE), "hub.secret": of.secret}
    return urlencode(asked).encode()


def pause_of(tries: int, of: SourceSubscription) -> float:
    """Seconds until a hub that was asked so often in vain is asked again: a minute, then ever longer, up to a day."""
    return pause_after(tries, of.callback, _FIRST_PAUSE, _LONGEST_PAUSE)


def is_meant(of: SourceSubscription, mode: str, topic: str) -> bool:
    """Whether a hub asks about what we want there: anything else was asked of it by a stranger."""
    return mode == of.mode and ascii_address(topic) == ascii_address(of.topic)


def lease_of(seconds: str) -> int | None:
    """How long a subscription holds, by the hub's word; None for a word that says nothing of the kind."""
    if not seconds:
        return LEASE
    if not (seconds.isascii() and seconds.isdigit()):
        return None
    return min(int(seconds[:12]), LONGEST_LEASE) or None


def renewal_of(lease: int) -> float:
    """Seconds until such a lease is renewed: well before its end, so that a hub may fail for a while."""
    return max(lease * _RENEWED, SOONEST)


def is_signed(header: str, secret: str, body: Iterable[bytes]) -> bool:
    """Whether what comes piece by piece is signed with the secret, as `X-Hub-Signature` has it; takes all pieces."""
    method, _, given = header.strip().partition("=")
    method = method.lower()
    known = method in METHODS
    right = hmac.new(secret.encode(), digestmod=method if known else "sha256")
    for piece in body:
        right.update(piece)
    return hmac.compare_digest(right.hexdigest().encode(), given.lower().encode()) and known
