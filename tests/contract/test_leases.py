"""Leases: one holder at a time, and epochs that only grow."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.contract.building import HOUR, NOW


def test_a_lease_has_one_holder_and_its_epoch_grows(store):
    """Held it is refused, even to its holder; released or run out it goes to the next, with a higher epoch."""
    first = store.acquire("a", "me", NOW, 60)
    assert store.acquire("a", "you", NOW + timedelta(seconds=59), 60) is None
    assert store.acquire("a", "me", NOW, 60) is None
    assert store.acquire("b", "you", NOW, 60) is not None
    second = store.acquire("a", "you", NOW + timedelta(seconds=60), 60)
    assert second > first
    store.release("a", second)
    assert store.acquire("a", "me", NOW, 60) > second


def test_only_the_holder_renews_and_releases(store):
    """A former holder's renewal is refused and its release does nothing."""
    old = store.acquire("a", "me", NOW, 60)
    assert store.renew("a", old, NOW + timedelta(seconds=50), 60)
    assert store.acquire("a", "you", NOW + timedelta(seconds=100), 60) is None
    new = store.acquire("a", "you", NOW + HOUR, 60)
    assert not store.renew("a", old, NOW + HOUR, 60)
    store.release("a", old)
    assert store.renew("a", new, NOW + HOUR, 60)
    store.release("a", new)
    assert not store.renew("a", new, NOW + HOUR, 60)
    assert not store.renew("unknown", 1, NOW, 60)


def test_of_many_who_ask_at_once_one_gets_it(store):
    """Eight threads that want a lease nobody ever had: one epoch is given."""
    with ThreadPoolExecutor(8) as pool:
        epochs = list(pool.map(lambda n: store.acquire("a", f"holder {n}", NOW, 60), range(8)))
    assert sorted(epochs, key=str) == [1, *[None] * 7]
