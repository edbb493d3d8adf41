"""How many requests a client may make in a minute, counted in this process and shared through Redis.

Counting costs a dictionary look-up; processes tell each other their counts in the background, so a client that
spreads over several may get a second's worth more. Without Redis each process counts alone.
"""

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from syndicate.cache import Cache

WINDOW_SECONDS = 60
_CLIENTS = 50_000  # beyond so many in one window newcomers are not counted: memory is bounded, nobody is refused


class RateLimit:
    """Counts requests by client in windows of one minute. `limit` 0 means that nobody is limited."""

    def __init__(self, limit: int, cache: Cache, clock: Callable[[], float] = time.time) -> None:
        self._limit = limit or 1 << 62
        self._cache = cache
        self._clock = clock
        self._window = 0
        self._ends = 0.0
        self._counts: dict[str, int] = {}
        self._elsewhere: Mapping[str, int] = {}
        self._told: dict[str, int] = {}

    def retry_after(self, client: str) -> int:
        """Count one request; 0 if it may go on, else the seconds to wait."""
        now = self._clock()
        if now >= self._ends:
            self._turn(now)
        seen = self._counts.get(client, 0) + 1
        if seen > 1 or len(self._counts) < _CLIENTS:
            self._counts[client] = seen
        if seen > self._limit or (self._elsewhere and seen + self._elsewhere.get(client, 0) > self._limit):
            return max(1, int(self._ends - now + 0.999))
        return 0

    def share(self) -> None:
        """Tell the other processes what was counted since the last time, and hear what they counted."""
        now = self._clock()
        if now >= self._ends:
            return
        window, counts, told = self._window, self._counts.copy(), self._told
        news = {client: count - told.get(client, 0) for client, count in counts.items()}
        news = {client: more for client, more in news.items() if more}
        totals = self._cache.add_counts(f"rate:{window}", news, 2 * WINDOW_SECONDS) if news else {}
        if totals is None or window != self._window:
            return
        told.update({client: counts[client] for client in news})
        self._elsewhere = {**self._elsewhere, **{c: total - counts[c] for c, total in totals.items()}}

    def _turn(self, now: float) -> None:
        self._window = int(now // WINDOW_SECONDS)
        self._counts, self._told, self._elsewhere = {}, {}, {}
        self._ends = float((self._window + 1) * WINDOW_SECONDS)


def client_of(remote: str, forwarded: str, trusted_proxies: int) -> str:
    """Whom to count a request for.

    Behind trusted proxies it is the address that the outermost of them saw (the last ones of X-Forwarded-For are
    theirs; whatever stands before can be invented). An IPv6 client counts as its /64 network, which is one
    customer's; the port that some proxies add does not count.
    """
    address = remote
    if trusted_proxies and forwarded:
        hops = forwarded.rsplit(",", trusted_proxies)
        address = hops[-trusted_proxies if len(hops) >= trusted_proxies else 0].strip()[:64]
    return _customer(address) if ":" in address else address


@lru_cache(maxsize=4_096)
def _customer(address: str) -> str:
    """The network of an IPv6 address, or an IPv4 address without its port; what is neither stays as it is."""
    host = address[1:].partition("]")[0] if address.startswith("[") else address
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ip_address(host)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(found if isinstance(found, IPv4Address) else found.ipv4_mapped)
