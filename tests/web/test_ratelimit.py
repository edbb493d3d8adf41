"""Limits by client, and counts of answers."""

import pytest

from syndicate.cache import Cache
from syndicate.web.ratelimit import RateLimit, client_of
from syndicate.web.tally import Tally

AWAY = "unix:///nonexistent/redis.sock"


class Clock:
    """A clock that goes when it is told to."""

    now = 1_200_000_000.0  # a full minute

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "client"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", 1, "198.51.100.9"),
        ("192.0.2.1", "10.0.0.1, 198.51.100.9", 1, "198.51.100.9"),
        ("192.0.2.1", "10.0.0.1, 198.51.100.9, 203.0.113.5", 2, "198.51.100.9"),
        ("192.0.2.1", "198.51.100.9", 2, "198.51.100.9"),
        ("192.0.2.1", "", 1, "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "", 0, "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::5", "", 0, "2001:db8:1:2::/64"),
        ("2001:db8::1", "", 0, "2001:db8::/64"),
        ("2001:db8::2", "", 0, "2001:db8::/64"),
        ("fe80::1%eth0", "", 0, "fe80::/64"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9:40001", 1, "203.0.113.9"),
        ("192.0.2.1", "[2001:db8:1:2::5]:443", 1, "2001:db8:1:2::/64"),
        ("192.0.2.1", "[2001:db8:1:2::5]", 1, "2001:db8:1:2::/64"),
        ("192.0.2.1", "no:address", 1, "no:address"),
        ("", "", 0, ""),
    ],
)
def test_client(remote: str, forwarded: str, proxies: int, client: str) -> None:
    """Only what trusted proxies saw is believed; an IPv6 client is its /64 network, and no port counts."""
    assert client_of(remote, forwarded, proxies) == client


def test_invented_addresses_stay_short() -> None:
    """Whatever a client writes into X-Forwarded-For, what is remembered of it is short."""
    assert len(client_of("192.0.2.1", "x" * 60_000, 1)) <= 64


def test_window() -> None:
    """The limit holds within a minute and begins anew with the next."""
    clock = Clock()
    limit = RateLimit(2, Cache(AWAY), clock)
    assert [limit.retry_after("a") for _ in range(3)] == [0, 0, 60]
    assert limit.retry_after("b") == 0
    clock.now += 59.5
    assert limit.retry_after("a") == 1
    clock.now += 0.5
    assert limit.retry_after("a") == 0


def test_no_limit() -> None:
    """Zero means that nobody is limited."""
    limit = RateLimit(0, Cache(AWAY), Clock())
    assert not any(limit.retry_after("a") for _ in range(10_000))


def test_processes_share(redis_url: str) -> None:
    """A client that spreads its requests over processes is limited by their sum, once they have talked."""
    clock, cache = Clock(), Cache(redis_url)
    here, there = (RateLimit(10, cache, clock) for _ in range(2))
    for limit in (here, there, here, there):
        assert not any(limit.retry_after("a") for _ in range(3))
        limit.share()
    here.retry_after("a")
    here.share()
    assert here.retry_after("a") > 0
    assert there.retry_after("a") > 0
    there.retry_after("b")
    there.share()
    assert there.retry_after("b") == 0
    cache.close()


def test_without_redis_each_counts_alone() -> None:
    """Without Redis sharing changes nothing and raises nothing."""
    limit = RateLimit(2, Cache(AWAY), Clock())
    limit.retry_after("a")
    limit.share()
    assert [limit.retry_after("a") for _ in range(2)] == [0, 60]


def test_many_clients_are_bounded() -> None:
    """A flood of addresses neither grows memory without end nor refuses newcomers."""
    limit = RateLimit(1, Cache(AWAY), Clock())
    assert not any(limit.retry_after(f"client-{n}") for n in range(60_000))
    assert len(limit._counts) == 50_000
    assert limit.retry_after("client-1") > 0


def test_tally() -> None:
    """Counting is exact, however often somebody looks."""
    tally = Tally("200", "304")
    for _ in range(3):
        tally.bumps["200"]()
    assert tally.values() == {"200": 3, "304": 0}
    tally.bumps["304"]()
    assert tally.values() == {"200": 3, "304": 1}
    assert tally.values() == {"200": 3, "304": 1}


def test_tallies_add_up(redis_url: str) -> None:
    """The counts of several processes add up; without Redis a process's own must do."""
    cache = Cache(redis_url)
    one, two = Tally("200"), Tally("200")
    for tally in (one, two, two):
        tally.bumps["200"]()
        tally.share(cache)
    one.bumps["200"]()
    one.share(cache)
    assert one.everywhere == {"200": 4}
    alone = Tally("200")
    alone.bumps["200"]()
    alone.share(Cache(AWAY))
    assert alone.everywhere == {"200": 1}
    cache.close()
