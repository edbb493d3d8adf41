"""Polite, guarded, conditional HTTP: from an address to a payload, or to a reason why there is none.

All of a fetch, with its redirects, happens within one total deadline. Each hop's address is judged anew. A page that
only refreshes to another one of its host is such a hop, once.
"""

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from syndicate.errors import FetchError, GoneError, RefusedError
from syndicate.ingest.deadline import Budget
from syndicate.ingest.guard import Guard, Target, parse
from syndicate.ingest.manners import Manners
from syndicate.ingest.reasons import one_line
from syndicate.ingest.refresh import refresh_of
from syndicate.ingest.transport import Answer, Transport, agent_line
from syndicate.model import Payload
from syndicate.settings import FetchSettings

FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.6, */*;q=0.5"
)

_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_WAIT = 366 * 86_400
_LONGEST_VALIDATOR = 1_000
_LONGEST_LINKS = 8_000
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,10})")
_SECONDS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A good answer: 200 with a payload, or 304 without one.

    `etag` and `modified` are the validators to send next time, as the origin wrote them. `url` is where the answer
    came from; `moved_to` is that address when every redirect on the way was permanent, else "". `max_age` and
    `retry_after` (seconds) are the origin's wishes about the next visit.
    """

    status: int
    url: str
    payload: Payload | None = None
    etag: str = ""
    modified: str = ""
    moved_to: str = ""
    max_age: int | None = None
    retry_after: float | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Fetches from the web for one process; its threads share it, so that hosts are treated politely."""

    def __init__(
        self,
        settings: FetchSettings,
        allow_private: Collection[str] = (),
        user_agent: str = "Syndicate",
        clock: Callable[[], datetime] = _now,
        *,
        transport: Transport | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._settings = settings
        self._user_agent = agent_line(user_agent)
        self._clock = clock
        self._transport = transport or Transport(settings, Guard.of(allow_private))
        self._manners = manners or Manners(settings.per_host, settings.host_pause_seconds)

    def get(self, url: str, *, etag: str = "", modified: str = "", accept: str = FEED_TYPES) -> Fetched:
        """Fetch `url`; with validators of an earlier answer, only if it has changed.

        Raises GoneError (410), RefusedError (our guard), OfflineError (our own network is down) or FetchError (the
        rest) with the status and the wait that the origin asked for, where it did.
        """
        headers = {"User-Agent": self._user_agent, "Accept": accept}
        if _sendable(etag):
            headers["If-None-Match"] = etag
        if _sendable(modified):
            headers["If-Modified-Since"] = modified
        target, answer, permanent, hops = self._follow(parse(url), headers)
        self._raise_for(answer, permanent=permanent)
        conditional = len(headers) > 2
        if answer.status == 304 and not conditional:
            raise FetchError("answered 304 to a request that had no condition", status=304)
        return Fetched(
            status=answer.status,
            url=target.url,
            payload=_payload(answer, target) if answer.status == 200 else None,
            etag=_validator(answer, "ETag") or (etag if answer.status == 304 else ""),
            modified=_validator(answer, "Last-Modified") or (modified if answer.status == 304 else ""),
            moved_to=target.url if hops and permanent else "",
            max_age=_max_age(answer),
            retry_after=self._retry_after(answer),
        )

    def _follow(self, target: Target, headers: dict[str, str]) -> tuple[Target, Answer, bool, int]:
        """Follow redirects; says where they ended, with what, whether all were permanent, and how many there were."""
        answer, budget = self._first(target, headers)
        permanent, refreshed = True, False
        seen = {target.url}
        while answer.status in _REDIRECTS or (not refreshed and _refreshed(target, answer)):
            if len(seen) > self._settings.redirects:
                raise RefusedError(f"refused: more than {self._settings.redirects} redirects")
            refreshed = refreshed or answer.status not in _REDIRECTS
            following = _refreshed(target, answer) or redirected(target, answer)
            if following.url in seen:
                raise FetchError(f"redirects in a circle, back to {following.url[:200]}", status=answer.status)
            # A permanent move away from TLS is followed, but never remembered.
            downgrade = target.scheme == "https" and following.scheme == "http"
            permanent = permanent and answer.status in _PERMANENT and not downgrade
            seen.add(following.url)
            target = following
            with self._manners.turn(target.host, budget.seconds(), pause=False):
                answer = self._transport.exchange(target, headers, budget)
        return target, answer, permanent, len(seen) - 1

    def _first(self, target: Target, headers: dict[str, str]) -> tuple[Answer, Budget]:
        with self._manners.turn(target.host, self._settings.total_seconds):
            budget = self._transport.budget()
            return self._transport.exchange(target, headers, budget), budget

    def _raise_for(self, answer: Answer, *, permanent: bool) -> None:
        if answer.status in (200, 304):
            return
        said = one_line(f"answered {answer.status} {answer.reason}")[:120]
        # Behind a temporary redirect it is not our source that has ended.
        kind = GoneError if answer.status == 410 and permanent else FetchError
        raise kind(said, status=answer.status, retry_after=self._retry_after(answer))

    def _retry_after(self, answer: Answer) -> float | None:
        value = answer.headers.get("Retry-After", "").strip()
        if _SECONDS.fullmatch(value):
            return float(min(int(value), _LONGEST_WAIT))
        when = _http_date(value)
        if when is None:
            return None
        return min(max((when - self._clock()).total_seconds(), 0.0), _LONGEST_WAIT)


def redirected(target: Target, answer: Answer) -> Target:
    """Where a redirect leads. Raises FetchError when it says nothing, RefusedError when that is no address."""
    location = answer.headers.get("Location", "")
    if not location:
        raise FetchError(f"answered {answer.status} without saying where to go", status=answer.status)
    # http.client reads headers as Latin-1; an address that isn't ASCII was sent as UTF-8.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return parse(urljoin(target.url, location))
    except ValueError as error:
        raise RefusedError("refused: redirected to something that is not an address") from error


def _refreshed(target: Target, answer: Answer) -> Target | None:
    """Where a page that says nothing else sends its readers, if that is another one of its host."""
    address = refresh_of(answer.body) if answer.status == 200 else ""
    try:
        following = parse(urljoin(target.url, address)) if address else target
    except (ValueError, RefusedError):
        return None
    return following if following.host == target.host and following.url != target.url else None


def _payload(answer: Answer, target: Target) -> Payload:
    return Payload(
        body=answer.body,
        url=target.url,
        content_type=one_line(answer.headers.get("Content-Type", ""))[:500],
        modified=_http_date(answer.headers.get("Last-Modified", "")),
        parts=_count(answer.headers.get("X-WP-TotalPages", "")),
        links=one_line(answer.headers.get("Link", ""))[:_LONGEST_LINKS],
    )


def _count(value: str) -> int:
    """A small number that a header holds; 0 where it holds none."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else 0


def _sendable(value: str) -> bool:
    """Whether a validator can stand in a request: visible Latin-1, of sane length."""
    return 0 < len(value) <= _LONGEST_VALIDATOR and all(" " <= c <= "~" or "\xa1" <= c <= "\xff" for c in value)


def _validator(answer: Answer, name: str) -> str:
    value = answer.headers.get(name, "").strip()
    return value if _sendable(value) else ""


def _max_age(answer: Answer) -> int | None:
    found = _MAX_AGE.search(answer.headers.get("Cache-Control", "").lower())
    if not found:
        return None
    age = answer.headers.get("Age", "").strip()
    return max(0, min(int(found[1]), _LONGEST_WAIT) - (int(age) if _SECONDS.fullmatch(age) else 0))


def _http_date(value: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(value)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
