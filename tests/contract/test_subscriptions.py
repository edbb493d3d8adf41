"""Subscriptions: what was asked and what was confirmed, what is owed to whom, and who delivers it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from syndicate.records_served import HubLimits, HubRequest, Subscription
from syndicate.store import Store
from tests.contract.building import HOUR, NOW

HOST = "partner.example"
ASKED = HubRequest("water", "rss", f"https://{HOST}/in?a=1", HOST, "subscribe", NOW, "s3cret", 7_200)
MINUTE = timedelta(minutes=1)


def publish(store: Store, etag: str, topic: str = "water") -> None:
    store.save_feed(topic, "rss", etag.encode(), etag, NOW, NOW)


def ask(store: Store, request: HubRequest = ASKED, **limits: int) -> str:
    return store.ask(request, HubLimits(**{"all": 9, "waiting": 9, "of_host": 9, "waiting_of_host": 9, **limits}))


def take_request(store: Store, now=NOW) -> HubRequest:
    [request] = store.take_requests(store.requests_due(now, (), 9), now + MINUTE)
    return request


def subscribe(store: Store, request: HubRequest = ASKED) -> None:
    assert ask(store, request) == "taken"
    assert store.confirm(take_request(store, request.at), request.at)


def due(store: Store, now=NOW, busy=(), *, failing: bool = False) -> list[Subscription]:
    return list(store.deliveries_due(now, busy, 9, failing=failing))


def test_nothing_holds_before_it_is_confirmed(store):
    """A request waits beside what holds; it is confirmed once, for its own lease; what is dismissed is forgotten."""
    publish(store, "one")
    assert ask(store) == "taken"
    publish(store, "two")
    assert due(store) == []
    request = take_request(store)
    assert (request.callback, request.secret, request.lease, request.tries) == (ASKED.callback, "s3cret", 7_200, 0)
    assert store.confirm(request, NOW)
    assert not store.confirm(request, NOW)
    [owed] = due(store)
    assert (owed.secret, owed.expires, owed.failures) == ("s3cret", NOW + 2 * HOUR, 0)
    other = replace(ASKED, secret="", lease=HOUR.seconds)
    ask(store, other)
    assert store.dismiss(take_request(store))
    assert due(store) == [owed]
    ask(store, other)
    assert store.confirm(take_request(store), NOW)
    assert [(one.secret, one.expires) for one in due(store)] == [("", NOW + HOUR)]
    ask(store, replace(ASKED, mode="unsubscribe"))
    assert store.subscription_counts(NOW) == {"active": 1, "failing": 0, "pending": 1}
    assert store.confirm(take_request(store), NOW)
    assert store.subscription_counts(NOW) == {"active": 0, "failing": 0, "pending": 0}
    assert "s3cret" not in repr((ASKED, owed))


def test_a_later_request_takes_the_place_of_an_earlier_one(store):
    """What is confirmed while something else is asked for comes too late; what it knew of the feed stays known."""
    publish(store, "one")
    ask(store)
    publish(store, "two")
    late = take_request(store)
    ask(store, replace(ASKED, secret="other"))
    assert not store.confirm(late, NOW)
    assert not store.dismiss(late)
    store.ask_later(late, 1, NOW + HOUR)
    assert store.confirm(take_request(store), NOW)
    assert [(one.secret, one.delivered) for one in due(store)] == [("other", "one")]


def test_what_waits_is_bounded(store):
    """So many of a host and in all may wait, those that are confirmed counted in; who asks again takes no more room."""
    subscribe(store)
    second, third = (replace(ASKED, callback=f"https://{HOST}/{n}") for n in (2, 3))
    elsewhere = replace(ASKED, callback="https://other.example/", host="other.example")
    assert ask(store, second, of_host=2) == "taken"
    assert [ask(store, one, of_host=2) for one in (third, second, elsewhere)] == ["host full", "taken", "taken"]
    assert ask(store, ASKED, of_host=3) == "taken"
    for limit, told in {"waiting": "full", "waiting_of_host": "host full"}.items():
        assert ask(store, third, **{limit: 2}) == told
    assert ask(store, third, all=4) == "full"
    assert ask(store, third, all=5) == "taken"


def test_a_request_is_asked_again_later(store):
    """It is due when it was put off to, with one more try; not while somebody has it, or its host is busy."""
    ask(store)
    assert store.requests_due(NOW, (HOST,), 9) == ()
    found = store.requests_due(NOW, (), 9)
    assert len(store.take_requests(found, NOW + MINUTE)) == 1
    assert store.take_requests(found, NOW + MINUTE) == ()
    assert store.requests_due(NOW, (), 9) == ()
    store.ask_later(take_request(store, NOW + MINUTE), 1, NOW + 4 * MINUTE)
    assert store.requests_due(NOW + 2 * MINUTE, (), 9) == ()
    assert take_request(store, NOW + 4 * MINUTE).tries == 1


def test_an_edition_is_owed_until_it_is_delivered(store):
    """Who has the feed's last edition is owed nothing; one that came while another was delivered is owed, too."""
    publish(store, "one")
    subscribe(store)
    assert due(store) == []
    publish(store, "two")
    [owed] = store.take_deliveries(due(store), NOW + MINUTE)
    assert due(store) == []
    publish(store, "three")
    store.delivered(owed, "two", NOW)
    [owed] = store.take_deliveries(due(store), NOW + MINUTE)
    store.deliver_later(owed, 1, NOW + HOUR)
    assert due(store, NOW + HOUR) == []
    [owed] = due(store, NOW + HOUR, failing=True)
    assert due(store, NOW + HOUR, (HOST,), failing=True) == []
    assert store.subscription_counts(NOW)["failing"] == 1
    [owed] = store.take_deliveries([owed], NOW + HOUR + MINUTE)
    store.delivered(owed, "three", NOW + HOUR)
    assert store.subscription_counts(NOW)["failing"] == 0
    publish(store, "one")  # it is another edition than he has, if not a new one
    assert [one.delivered for one in due(store, NOW + HOUR)] == ["three"]


def test_one_of_many_couriers_delivers(store):
    """Those who saw the same delivery due at the same moment don't all make it, and who slept writes nothing."""
    subscribe(store)
    publish(store, "one")
    found = due(store)
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda n: store.take_deliveries(found, NOW + n * MINUTE), range(1, 5)))
    [late] = [one for several in taken for one in several]
    [again] = store.take_deliveries(due(store, late.due), late.due + MINUTE)
    store.deliver_later(late, 7, NOW)
    store.unsubscribe(late)
    store.delivered(again, "one", NOW)
    assert store.take_deliveries(found, NOW + MINUTE) == ()  # due when it was due before, and delivered by now
    assert due(store) == due(store, failing=True) == []
    assert store.subscription_counts(NOW) == {"active": 1, "failing": 0, "pending": 0}


def test_a_lease_ends(store):
    """From its end on nothing is owed; a day later the subscription is forgotten, and no sooner."""
    subscribe(store)
    publish(store, "one")
    assert len(due(store, NOW + 2 * HOUR - MINUTE)) == 1
    assert due(store, NOW + 2 * HOUR) == []
    assert store.forget_expired(NOW + 25 * HOUR) == 0
    subscribe(store, replace(ASKED, at=NOW + 25 * HOUR))
    assert len(due(store, NOW + 25 * HOUR)) == 1
    assert store.forget_expired(NOW + 50 * HOUR) == 0
    assert store.forget_expired(NOW + 52 * HOUR) == 1


def test_a_clock_that_was_ahead_puts_nothing_off_for_long(store):
    """What was put off, or done, under a clock that was ahead is due when that is set back."""
    ask(store)
    store.ask_later(take_request(store), 1, NOW + 100 * HOUR)
    assert store.confirm(take_request(store), NOW + HOUR)
    publish(store, "one")
    store.deliver_later(store.take_deliveries(due(store), NOW + MINUTE)[0], 1, NOW + 100 * HOUR)
    assert len(due(store, failing=True)) == 1


def test_subscribers_of_a_feed_that_is_no_more_are_told(store):
    """Each subscription to it ends, and with it what was to be confirmed; its callback has a last word due."""
    for topic in ("water", "fire"):
        publish(store, "one", topic)
        subscribe(store, replace(ASKED, topic=topic))
    ask(store, replace(ASKED, secret="new"))
    assert store.deny_dropped(NOW) == 0
    store.drop_feeds({"fire"})
    assert store.deny_dropped(NOW) == 1
    assert store.deny_dropped(NOW) == 0
    denied = take_request(store)
    assert (denied.mode, denied.topic, denied.callback) == ("denied", "water", ASKED.callback)
    assert store.subscription_counts(NOW) == {"active": 1, "failing": 0, "pending": 0}
    assert store.dismiss(denied)
    assert store.requests_due(NOW + HOUR, (), 9) == ()
