"""Webhooks: what is owed to whom of which topic, who brings it, and what becomes of it, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import UsageError
from syndicate.records_served import Edition, Partner, Posting, Webhook, WebhookState
from syndicate.store import Store
from tests.contract.building import HOUR, NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HOST = "anna.example"
HOOK = Webhook("anna", f"https://{HOST}/in?k=t0ken", HOST, "whsec_c2VjcmV0")


def publish(store: Store, etag: str, topic: str = "water", contract=("plain", 0)) -> None:
    lease = (f"feed:{topic}", store.acquire(f"feed:{topic}", "tester", NOW, 60))
    made = [Edition(topic, contract, name, etag, etag.encode(), NOW) for name in ("rss", "json")]
    store.save_editions(topic, made, {contract}, lease=lease)
    store.release(*lease)


def add(store: Store, key: str = "anna", **contract) -> None:
    store.add_partner(Partner(key, key.title(), NOW, **contract), "hash", ())
    store.put_webhook(replace(HOOK, partner=key), NOW)


def due(store: Store, now=NOW, busy=(), *, failing: bool = False) -> list[Posting]:
    return list(store.postings_due(now, busy, 9, failing=failing))


def take(store: Store, now=NOW, *, failing: bool = False) -> Posting:
    [taken] = store.take_postings(due(store, now, failing=failing), now + MINUTE)
    return taken


def test_an_edition_is_owed_until_it_was_sent_as_a_whole(store):
    """As long as something of it is left it is due again; what was sent is remembered, nothing of it is shown."""
    add(store)
    assert due(store) == []
    publish(store, "one")
    assert due(store, busy=(HOST,)) == []
    [owed] = due(store)
    assert (owed.webhook, owed.topic, owed.owed, owed.id) == (HOOK, "water", "one", 0)
    first = take(store)
    assert due(store) == []
    store.posted(first, "", b"half", 0, NOW, NOW)
    second = take(store)
    assert (second.id, second.known, second.sent) == (first.id, b"half", NOW)
    store.posted(second, "one", b"all", 7, NOW + HOUR, NOW)
    assert due(store) == []
    [told] = store.postings("anna")
    assert (told.known, told.sent, told.delivered, told.owed) == (b"", NOW + HOUR, "one", "one")
    publish(store, "two")
    third = take(store)
    assert (third.known, third.position) == (b"all", 7)
    assert "t0ken" not in repr(told)
    assert HOOK.secret not in repr(told)


def test_who_is_owed_what_follows_from_the_contract(store):
    """Its topics only, its profile and number of articles only, and nothing while it is paused."""
    add(store, topics=("water-2", "fire"), profile="msn", items=7)
    for topic, contract in (
        ("water", ("msn", 7)),
        ("water-2", ("plain", 7)),
        ("fire", ("msn", 7)),
        ("fir", ("msn", 7)),
    ):
        publish(store, "one", topic, contract)
    assert [one.topic for one in due(store)] == ["fire"]
    store.change_partner("anna", {"topics": ("water",)}, ())
    assert [(one.topic, one.contract) for one in due(store)] == [("water", ("msn", 7))]
    store.change_partner("anna", {"topics": (), "items": 0}, ())
    assert due(store) == []
    store.change_partner("anna", {"items": 7, "paused": True}, ())
    assert due(store) == []
    store.change_partner("anna", {"paused": False}, ())
    assert [one.topic for one in due(store)] == ["fir", "fire", "water"]
    store.drop_feeds({"fire"})
    assert [one.topic for one in store.postings("anna")] == ["fire"]


def test_one_of_many_couriers_sends(store):
    """Who saw the same due at the same moment don't all send it, the very first time neither; who slept writes nothing.

    Nor is anything taken of who has no webhook any more.
    """
    add(store)
    publish(store, "one")
    for _ in range(2):
        found = due(store)
        with ThreadPoolExecutor(4) as pool:
            taken = list(pool.map(lambda n, found=found: store.take_postings(found, NOW + n * MINUTE), range(1, 5)))
        [late] = [one for several in taken for one in several]
        store.post_later(late, NOW)
    again = take(store, NOW + timedelta(seconds=1))
    store.posted(late, "one", b"old", 0, NOW, NOW)
    store.post_failed(late, "answered 500", NOW, NOW)
    assert not store.end_webhook(late, NOW)
    store.posted(again, "one", b"new", 0, NOW, NOW)
    assert due(store) == due(store, failing=True) == []
    publish(store, "two")
    assert take(store).known == b"new"
    publish(store, "one", "fire")
    found = due(store)
    assert store.drop_webhook("anna")
    assert store.take_postings(found, NOW + MINUTE) == ()


def test_what_fails_is_tried_again(store):
    """It is told since when, how often and why, until something is taken again; by no clock it waits for ever."""
    add(store)
    publish(store, "one")
    store.post_failed(take(store), "answered 500", NOW + HOUR, NOW)
    assert due(store, NOW + HOUR) == due(store, failing=True) == []
    store.post_failed(take(store, NOW + HOUR, failing=True), "answered 503", NOW + 2 * HOUR, NOW + HOUR)
    [told] = store.postings("anna")
    assert (told.failures, told.failing, told.error, told.due) == (2, NOW, "answered 503", NOW + 2 * HOUR)
    assert store.webhooks() == (WebhookState("anna", HOST, None, NOW, "answered 503"),)
    store.post_failed(take(store, NOW + 2 * HOUR, failing=True), "answered 503", NOW + 25 * HOUR, NOW + HOUR)
    assert due(store, failing=True) == []
    assert len(due(store, NOW - DAY, failing=True)) == 1  # a clock that was ahead is set back
    store.posted(take(store, NOW + 25 * HOUR, failing=True), "one", b"all", 0, NOW, NOW)
    [told] = store.postings("anna")
    assert (told.failures, told.failing, told.error) == (0, None, "")
    assert [state.state for state in store.webhooks()] == ["active"]


def test_an_end_holds_until_an_admin_says_otherwise(store):
    """Nothing is due then; another address, or the same again, gets what is lacking since, and at once."""
    add(store)
    publish(store, "one")
    store.posted(take(store), "one", b"all", 0, NOW, NOW)
    publish(store, "two")
    assert store.end_webhook(take(store), NOW)
    assert due(store) == due(store, failing=True) == []
    assert store.webhooks() == (WebhookState("anna", HOST, NOW),)
    other = replace(HOOK, url="https://other.example/", host="other.example")
    store.put_webhook(other, NOW)
    assert store.webhook("anna") == other
    assert (take(store).known, take_again(store)) == (b"all", "other.example")


def take_again(store: Store) -> str:
    """The host of what is due although somebody has it in hand: it was on its way to another address."""
    under_way = store.postings("anna")[0]
    store.put_webhook(store.webhook("anna"), NOW)
    store.posted(under_way, "two", b"elsewhere", 0, NOW, NOW)
    return take(store).host


def test_a_webhook_goes_with_its_partner(store):
    """With it goes what it was sent; nobody who is no partner has one."""
    add(store)
    publish(store, "one")
    store.posted(take(store), "one", b"all", 0, NOW, NOW)
    store.remove_partner("anna")
    assert (store.webhook("anna"), store.webhooks(), store.drop_webhook("anna")) == (None, (), False)
    with pytest.raises(UsageError, match="'anna' does not exist"):
        store.put_webhook(HOOK, NOW)
    add(store)
    assert take(store).known == b""
