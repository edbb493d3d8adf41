"""What the hub is asked, what it asks callbacks, and what their answers mean (W3C WebSub). Pure."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b, sha256
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from syndicate.errors import RefusedError, UsageError
from syndicate.formats import ascii_address, content_type, feed_path, link_header
from syndicate.ingest.guard import Target, parse
from syndicate.model import FEED_FORMATS, FeedFormat, TopicSpec
from syndicate.records_served import HubRequest, Subscription

Outcome = Literal["delivered", "failed", "ended"]
OUTCOMES: tuple[Outcome, ...] = ("delivered", "failed", "ended")

LONGEST_CALLBACK = 2_000  # bytes; PostgreSQL indexes no more than 2,700 of a row
LONGEST_SECRET = 199  # bytes: "less than 200", says WebSub
DEFAULT_LEASE = 10 * 86_400
SHORTEST_LEASE = 3_600
LONGEST_LEASE = 30 * 86_400
FIRST_PAUSE = 15.0
LONGEST_PAUSE = 3_600.0
TRIES = 3  # of a callback that has to confirm something and can't be reached
_READ = frozenset(("hub.mode", "hub.topic", "hub.callback", "hub.secret", "hub.lease_seconds"))
_FIELDS = 50  # in a form, at most

Feeds = Mapping[str, tuple[str, FeedFormat]]


# --- what we are asked -----------------------------------------------------------------------------------------


def feeds_of(base: str, topics: Iterable[TopicSpec]) -> Feeds:
    """What may be subscribed to: topic and format of each public feed, by its address, which begins with `base`."""
    return {
        ascii_address(base + feed_path(topic.key, format_)): (topic.key, format_)
        for topic in topics
        for format_ in FEED_FORMATS
    }


def read_request(body: bytes, feeds: Feeds, now: datetime) -> tuple[HubRequest, Target]:
    """The request that a form holds, and its callback's address; raises UsageError that says what is wrong with it."""
    asked = _read_form(body)
    mode = asked.get("hub.mode", "")
    if mode not in {"subscribe", "unsubscribe"}:
        raise UsageError("hub.mode: expected subscribe or unsubscribe")
    feed = feeds.get(ascii_address(asked.get("hub.topic", "")))
    if feed is None:
        raise UsageError("hub.topic: expected the address of a feed of ours, as the feed itself gives it")
    callback, target = address("hub.callback", asked.get("hub.callback", "").strip())
    secret = asked.get("hub.secret", "")
    if len(secret.encode()) > LONGEST_SECRET:
        raise UsageError(f"hub.secret: expected at most {LONGEST_SECRET} bytes")
    lease = _lease(asked.get("hub.lease_seconds", "").strip())
    subscribes: Literal["subscribe", "unsubscribe"] = "subscribe" if mode == "subscribe" else "unsubscribe"
    return HubRequest(*feed, callback, target.host, subscribes, now, secret, lease), target


def _read_form(body: bytes) -> dict[str, str]:
    """The fields that are ours; others are none of our business (WebSub, 5.1)."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except ValueError as error:
        raise UsageError("expected a form: name=value pairs, percent-encoded, in UTF-8") from error
    ours = [(name, value) for name, value in pairs if name in _READ]
    if len({name for name, _ in ours}) != len(ours):
        raise UsageError("a field stands twice: expected each once")
    if any("\0" in value for _, value in ours):
        raise UsageError("expected no NUL in any field")
    return dict(ours)


def address(name: str, url: str) -> tuple[str, Target]:
    """The address to which somebody wants something to be sent; raises UsageError that says what is wrong with it."""
    if not 0 < len(url.encode(errors="replace")) <= LONGEST_CALLBACK:
        raise UsageError(f"{name}: expected an http or https address of at most {LONGEST_CALLBACK} bytes")
    if "#" in url:
        raise UsageError(f"{name}: expected no fragment")
    try:
        return url, parse(url)
    except RefusedError as error:
        raise UsageError(f"{name}: {error}") from error


def _lease(seconds: str) -> int:
    """How long a subscription is to hold, within our bounds; never for ever."""
    if not seconds:
        return DEFAULT_LEASE
    if not (seconds.isascii() and seconds.isdigit()):
        raise UsageError("hub.lease_seconds: expected a number")
    return min(max(int(seconds[:12]), SHORTEST_LEASE), LONGEST_LEASE)


# --- what we ask callbacks, and what they say ------------------------------------------------------------------


def question(request: HubRequest, topic: str, challenge: str) -> str:
    """The address at which its callback is asked whether it meant this, or told that it is denied."""
    told = {"hub.mode": request.mode, "hub.topic": topic}
    if request.mode == "denied":
        told["hub.reason"] = "This feed is no longer published."
    else:
        told["hub.challenge"] = challenge
    if request.mode == "subscribe":
        told["hub.lease_seconds"] = str(request.lease)
    address, mark, query = request.callback.partition("?")
    return f"{address}?{query}{'&' if mark and query else ''}{urlencode(told)}"


def confirms(status: int, body: bytes, challenge: str) -> bool:
    """Whether an answer says that it was meant."""
    return 200 <= status < 300 and hmac.compare_digest(body, challenge.encode())


def headers_of(subscription: Subscription, body: bytes, own: str, hub: str) -> dict[str, str]:
    """The headers that an edition comes with, besides those that every request of ours has."""
    headers = {"Content-Type": content_type(subscription.format), "Link": link_header(hub, own)}
    if subscription.secret:
        signature = hmac.new(subscription.secret.encode(), body, sha256).hexdigest()
        headers["X-Hub-Signature"] = f"sha256={signature}"
    return headers


def outcome_of(status: int) -> Outcome:
    """What became of a delivery: any 2xx is success, 410 ends the subscription, everything else is to be retried."""
    if 200 <= status < 300:
        return "delivered"
    return "ended" if status == 410 else "failed"


def pause_after(failures: int, callback: str, first: float = FIRST_PAUSE, longest: float = LONGEST_PAUSE) -> float:
    """Seconds until a callback that failed so often in a row is tried again: twice as long each time, to the longest.

    Give or take a fifth, so that those which failed together don't come back together.
    """
    pause = min(first * 2.0 ** min(max(failures - 1, 0), 20), longest)
    spread = blake2b(f"{callback} {failures}".encode(), digest_size=2).digest()
    return pause * (0.8 + 0.4 * int.from_bytes(spread) / 65_535)
