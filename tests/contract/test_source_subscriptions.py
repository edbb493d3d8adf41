"""What we subscribe to at the hubs of sources: what is wanted, what holds, what was told, and who has it in hand."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from syndicate.model import NO_HUB, Hub
from syndicate.records_pushed import SourceSubscription
from syndicate.store import Store
from syndicate.store.leases import source_lease
from syndicate.store.source_subscriptions import LOOK_PAUSE
from tests.contract.building import HOUR, NOW, declare, ingest, lease, spec

HUB = Hub("https://hub.example/", "https://lake.example/own")
NEW = SourceSubscription("one", "lake", HUB.url, HUB.topic, "hub.example", "s3cret", NOW)
MINUTE = timedelta(minutes=1)


def name(store: Store, hub: Hub = HUB, source: str = "lake") -> None:
    """Have a source's document name this hub."""
    ingest(store, source=source, state=replace(store.source(source), hub=hub))


def asks(store: Store, now: datetime = NOW) -> list[SourceSubscription]:
    return list(store.asks_due(now, (), 9))


def looks(store: Store, now: datetime = NOW) -> list[SourceSubscription]:
    return list(store.looks_due(now, (), 9))


@pytest.fixture
def held(store: Store) -> SourceSubscription:
    """A subscription that its hub has confirmed; its source was polled for it."""
    declare(store)
    name(store)
    store.subscribe_to(NEW)
    store.hub_confirms(NEW, NOW + 10 * HOUR, NOW + 8 * HOUR, NOW)
    store.source_looked_at(store.take_looks(looks(store), NOW + MINUTE)[0], NOW, None)
    return store.subscription_of("lake")


def test_what_a_document_names_is_remembered(store):
    """Until another one names none, or the source is at another place; it is there in lists, too."""
    declare(store)
    assert store.source("lake").hub == NO_HUB
    name(store)
    assert store.source("lake").hub == HUB
    store.sync_sources([spec("lake", title="Lake")], NOW)
    assert [state.hub for state in store.sources()] == [HUB]
    name(store, NO_HUB)
    assert store.source("lake").hub == NO_HUB
    name(store)
    store.sync_sources([spec("lake", location="https://river.example/feed")], NOW)
    assert store.source("lake").hub == NO_HUB


def test_sources_that_are_polled_and_name_a_hub_are_wanted(store):
    """Not those that name none, are paused, switched off or gone, and none that is subscribed to already."""
    store.sync_sources([spec("lake"), spec("river"), spec("pond", enabled=False), spec("sea")], NOW)
    for source in ("lake", "pond", "sea"):
        name(store, source=source)
    assert store.sources_to_subscribe(9) == (("lake", HUB), ("sea", HUB))
    assert store.sources_to_subscribe(1) == (("lake", HUB),)
    store.set_source_status("sea", "paused")
    store.subscribe_to(NEW)
    assert store.sources_to_subscribe(9) == ()
    name(store, Hub("https://other.example/", HUB.topic))
    assert [source for source, _ in store.sources_to_subscribe(9)] == ["lake"]


def test_two_who_want_the_same_ask_once(store):
    """The second's secret and address are never heard of."""
    declare(store)
    name(store)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(store.subscribe_to, (NEW, replace(NEW, callback="two", secret="other"))))
    [asked] = asks(store)
    assert (asked.callback, asked.secret) in {("one", "s3cret"), ("two", "other")}
    assert "s3cret" not in repr(NEW)


def test_a_hub_is_asked_by_one_of_many_couriers(store):
    """Who took it has it; what the hub confirmed while it was asked is not undone by how that went."""
    declare(store)
    name(store)
    store.subscribe_to(NEW)
    assert store.asks_due(NOW, ("hub.example",), 9) == ()
    found = asks(store)
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda n: store.take_asks(found, NOW + n * MINUTE), range(1, 5)))
    [mine] = [one for several in taken for one in several]
    assert asks(store) == []
    store.hub_confirms(mine, NOW + 10 * HOUR, NOW + 8 * HOUR, NOW)
    store.hub_asked(mine, 1, NOW, "too late")
    held = store.subscription_of("lake")
    assert (held.error, held.tries, held.due, held.expires) == ("", 0, NOW + 8 * HOUR, NOW + 10 * HOUR)
    assert asks(store, NOW + 7 * HOUR) == []
    [mine] = store.take_asks(asks(store, NOW + 8 * HOUR), NOW + 8 * HOUR + MINUTE)
    store.hub_asked(mine, 1, NOW + 9 * HOUR, "answered 503")
    assert (store.subscription_of("lake").error, asks(store, NOW + 8 * HOUR)) == ("answered 503", [])
    assert store.source_subscription_counts(NOW) == {"active": 1, "asked": 0}
    assert store.source_subscription_counts(NOW + 10 * HOUR) == {"active": 0, "asked": 1}


def test_what_is_not_wanted_any_more_is_taken_back(store, held):
    """Asked of the hub, and then forgotten; wanted again before that, it is the same again. Others stay."""
    assert store.leave_hubs(NOW, every=False) == 0
    store.set_source_status("lake", "paused")
    assert (store.leave_hubs(NOW, every=False), store.leave_hubs(NOW, every=False)) == (1, 0)
    assert store.subscription_of("lake") is None
    [leaving] = asks(store)
    assert (leaving.mode, leaving.callback, leaving.tries) == ("unsubscribe", "one", 0)
    store.hub_confirms(leaving, NOW + 99 * HOUR, NOW, NOW)
    assert store.subscription_at("one").expires == held.expires
    store.set_source_status("lake", "active")
    store.subscribe_to(replace(NEW, callback="two", secret="other"))
    again = store.subscription_of("lake")
    assert (again.callback, again.secret, again.due) == ("one", "s3cret", NOW)
    store.forget_subscription(leaving)  # too late
    assert store.subscription_at("one") == again
    store.remove_source("lake")
    assert store.leave_hubs(NOW, every=False) == 1
    store.forget_subscription(leaving)
    assert (store.subscription_at("one"), asks(store)) == (None, [])


def test_another_hub_or_topic_is_another_subscription(store, held):
    """The old one is taken back, the new one asked for; what was never confirmed is forgotten at once."""
    for number, hub in enumerate((Hub("https://other.example/", HUB.topic), Hub(HUB.url, "https://lake.example/new"))):
        name(store, hub)
        store.subscribe_to(replace(NEW, callback=f"new{number}", hub=hub.url, topic=hub.topic))
        assert store.leave_hubs(NOW, every=False) == 1
    assert {one.callback: one.mode for one in asks(store)} == {"one": "unsubscribe", "new1": "subscribe"}
    assert store.leave_hubs(NOW, every=True) == 1
    assert [one.callback for one in asks(store)] == ["one"]


def test_a_denial_ends_it_until_it_is_asked_again(store, held):
    """It holds no more, says why, and is due when it was put off to."""
    store.hub_denies(held, NOW + HOUR, "denied: no")
    denied = store.subscription_of("lake")
    assert (denied.holds(NOW), denied.error, denied.tries) == (False, "denied: no", 1)
    assert (asks(store), asks(store, NOW + HOUR)) == ([], [denied])


def test_who_is_told_looks_soon(store, held):
    """Once, however often it is told until then; then no sooner than after a pause, and once more if that is asked."""
    assert looks(store) == []
    for _ in range(3):
        store.hub_tells(held, NOW)
    assert looks(store) == []  # it was polled just now
    now = NOW + LOOK_PAUSE
    assert store.looks_due(now, ("hub.example",), 9) == ()
    [look] = store.take_looks(looks(store, now), now + MINUTE)
    assert (look.told, look.again) == (NOW, True)
    assert store.take_looks([held], now) == ()
    assert looks(store, now) == []
    store.source_looked_at(look, now, now + 2 * MINUTE)
    assert looks(store, now + MINUTE) == []
    [second] = store.take_looks(looks(store, now + 2 * MINUTE), now + 3 * MINUTE)
    assert not second.again
    store.source_looked_at(second, now + 2 * MINUTE, None)
    assert looks(store, now + HOUR) == []


def test_what_is_told_while_a_source_is_queued_is_looked_for_again(store, held):
    """It may have changed after it was asked."""
    store.hub_tells(held, NOW + MINUTE)
    [look] = store.take_looks(looks(store, NOW + MINUTE), NOW + 2 * MINUTE)
    store.hub_tells(held, NOW + MINUTE)
    store.source_looked_at(look, NOW + MINUTE, None)
    assert looks(store, NOW + MINUTE) == []
    assert len(looks(store, NOW + MINUTE + LOOK_PAUSE)) == 1


def test_a_poll_that_goes_on_is_waited_for(store, held):
    """It may have asked before the change: another one comes after it."""
    now = NOW + HOUR
    store.hub_tells(held, now)
    epoch = lease(store, now=now)
    assert looks(store, now) == []
    store.release(source_lease("lake"), epoch)
    assert len(looks(store, now)) == 1


def test_nobody_looks_for_what_is_not_polled(store, held):
    """A source that is paused, or names another hub by now, is not polled since this one told of it."""
    store.hub_tells(held, NOW + HOUR)
    store.set_source_status("lake", "paused")
    assert looks(store, NOW + HOUR) == []
    store.set_source_status("lake", "active")
    name(store, NO_HUB)
    assert looks(store, NOW + HOUR) == []


def test_the_first_confirmation_is_followed_by_a_look(store, held):
    """Since the source may have changed before; a renewal is not, one that came too late is."""
    store.hub_confirms(held, NOW + 20 * HOUR, NOW + 18 * HOUR, NOW + 9 * HOUR)
    assert looks(store, NOW + 9 * HOUR) == []
    held = store.subscription_of("lake")
    store.hub_confirms(held, NOW + 99 * HOUR, NOW + 90 * HOUR, NOW + 21 * HOUR)
    assert [one.again for one in looks(store, NOW + 21 * HOUR)] == [False]


def test_a_clock_that_was_ahead_puts_nothing_off_for_ever(store, held):
    """What was put off under a clock that was far ahead is due when that is set back."""
    years = timedelta(days=700)
    store.hub_tells(held, NOW + HOUR)
    [look] = store.take_looks(looks(store, NOW + HOUR), NOW + years)
    assert len(looks(store, NOW + HOUR)) == 1
    store.source_looked_at(look, NOW + years, NOW + years)
    assert len(looks(store, NOW + HOUR)) == 1
    store.hub_confirms(held, NOW + years, NOW + years, NOW)
    assert len(asks(store)) == 1
