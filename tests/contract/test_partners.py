"""Partners, their tokens' hashes, and what they are served, on both databases."""

from dataclasses import replace

import pytest

from syndicate.errors import LeaseLostError, UsageError
from syndicate.records_served import Edition, Partner
from tests.contract.building import HOUR, NOW, settle, waiting

ANNA = Partner("anna", "Anna’s Parish Paper", NOW)
LEASE = "feed:water"


def editions(body: bytes, *contracts, topic="water"):
    """What was made under these contracts."""
    return [Edition(topic, one, "rss", body.hex(), body, NOW) for one in contracts]


def test_a_partner_is_added_changed_and_removed(store):
    """Each change stands at once, and whatever changes what is served puts its topics into the outbox."""
    store.add_partner(ANNA, "hash", ["water", "all"])
    assert store.partners() == (ANNA,)
    assert waiting(store) == {"water", "all"}
    settle(store)
    changed = replace(ANNA, name="Anna", profile="msn", topics=("fire", "water"), items=7, paused=True)
    values = {name: getattr(changed, name) for name in ("name", "profile", "topics", "items", "paused")}
    assert store.change_partner("anna", values, ["fire"]) == changed
    assert store.partner("anna") == changed
    assert waiting(store) == {"fire"}
    store.change_partner("anna", {"token_hash": "other"}, ())
    store.saw_partner("anna", NOW + HOUR)
    assert store.credential("anna") == (replace(changed, seen=NOW + HOUR), "other")
    store.remove_partner("anna")
    assert (store.partners(), store.credential("anna")) == ((), None)


def test_who_is_not_there_or_there_already_is_said(store):
    """A second partner of one key is refused and changes nothing, and nobody is changed or removed who is not there."""
    store.add_partner(ANNA, "hash", ())
    with pytest.raises(UsageError, match="exists already"):
        store.add_partner(replace(ANNA, name="Other"), "stolen", ())
    assert store.credential("anna") == (ANNA, "hash")
    for act in (
        lambda: store.change_partner("bert", {"paused": True}, ()),
        lambda: store.remove_partner("bert"),
        lambda: store.partner("bert"),
    ):
        with pytest.raises(UsageError, match="'bert' does not exist"):
            act()


def test_editions_are_replaced_and_go_when_nobody_uses_them(store):
    """New bytes take the place of old ones; what is of no contract in use goes, of this topic only."""
    lease = (LEASE, store.acquire(LEASE, "tester", NOW, 60))
    plain, msn = ("plain", 0), ("msn", 7)
    store.save_editions("water", editions(b"one", plain, msn), {plain, msn}, lease=lease)
    store.save_editions("fire", editions(b"one", msn, topic="fire"), {msn}, lease=lease)
    [second] = editions(b"two", plain)
    store.save_editions("water", [second], {plain}, lease=lease)
    assert store.edition("water", plain, "rss") == second
    assert store.edition("water", msn, "rss") is None
    assert store.edition("water", ("plain", 7), "rss") is None
    assert store.edition_etags("water") == {(plain, "rss"): second.etag}
    assert store.edition_etags("fire") != {}
    store.save_editions("fire", (), (), lease=lease)
    assert store.edition_etags("fire") == {}


def test_editions_of_who_lost_the_lease_are_not_kept(store):
    """Who slept while another built puts nothing old in place of the new."""
    epoch = store.acquire(LEASE, "tester", NOW, 60)
    store.release(LEASE, epoch)
    with pytest.raises(LeaseLostError):
        store.save_editions("water", editions(b"old", ("plain", 0)), {("plain", 0)}, lease=(LEASE, epoch))
    assert store.edition_etags("water") == {}


def test_editions_of_a_topic_that_is_no_more_are_dropped(store):
    """They go with the topic's feeds."""
    lease = (LEASE, store.acquire(LEASE, "tester", NOW, 60))
    store.save_editions("water", editions(b"one", ("plain", 0)), {("plain", 0)}, lease=lease)
    store.drop_feeds({"fire"})
    assert store.edition("water", ("plain", 0), "rss") is None
