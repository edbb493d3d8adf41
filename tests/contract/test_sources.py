"""Sources: declared, added, paused, retired, polled."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from syndicate.errors import LeaseLostError, UsageError
from syndicate.store import Store
from syndicate.store.leases import source_lease
from tests.contract.building import HOUR, NOW, declare, lease, spec, transactions


def test_a_declared_source_is_due_at_once(store):
    """What the configuration declares is active, at its own address, and due now."""
    store.sync_sources([spec(title="Lake")], NOW)
    (state,) = store.due_sources(NOW, 10)
    assert state.spec == spec(title="Lake")
    assert (state.location, state.origin, state.status, state.due) == (spec().location, "config", "active", NOW)
    assert store.source("lake") == state
    assert store.source("sea") is None


def test_due_sources_come_longest_overdue_first(store):
    """Only active, enabled sources whose time has come, in the order of their due times, and no more than asked."""
    store.sync_sources([spec("a"), spec("b"), spec("c"), spec("off", enabled=False)], NOW)
    for key, due in (("a", NOW - HOUR), ("b", NOW - 2 * HOUR), ("c", NOW + HOUR)):
        store.save_state(replace(store.source(key), due=due), lease(store, key))
    assert [s.spec.key for s in store.due_sources(NOW, 10)] == ["b", "a"]
    assert [s.spec.key for s in store.due_sources(NOW, 1)] == ["b"]
    store.set_source_status("b", "paused")
    assert [s.spec.key for s in store.due_sources(NOW, 10)] == ["a"]


def test_what_is_no_longer_declared_is_retired_and_may_come_back(store):
    """Retired sources keep their row; declared again they are active; an admin's own sources stay."""
    declare(store, "lake", "river")
    store.add_source(spec("admin"), NOW)
    declare(store, "lake")
    assert {s.spec.key: s.status for s in store.sources()} == {"admin": "active", "lake": "active", "river": "retired"}
    declare(store, "lake", "river")
    assert store.source("river").status == "active"


def test_a_pause_outlasts_an_absence(store):
    """What was paused when it left the configuration is paused when it comes back; an admin's new source is not."""
    declare(store, "lake", "river")
    store.set_source_status("river", "paused")
    declare(store, "lake")
    with pytest.raises(UsageError, match="does not exist"):
        store.set_source_status("river", "active")
    declare(store, "lake", "river")
    assert store.source("river").status == "paused"
    declare(store, "lake")
    store.add_source(spec("river"), NOW)
    assert store.source("river").status == "active"


def test_syncing_again_keeps_what_polling_taught(store):
    """The same declaration leaves validators, times and an admin's pause as they are."""
    declare(store)
    polled = replace(
        store.source("lake"), etag='"1"', interval=90.5, failures=2, due=NOW + HOUR, rhythm=(NOW, NOW + HOUR)
    )
    store.save_state(polled, lease(store))
    store.set_source_status("lake", "paused")
    declare(store)
    assert store.source("lake") == replace(polled, status="paused")


def test_a_source_that_moves_starts_anew(store):
    """Another address in the configuration forgets validators, failures and even that the old one was gone."""
    declare(store)
    gone = replace(
        store.source("lake"), etag='"1"', payload="d", failures=3, status="gone", location="https://moved.example/"
    )
    store.save_state(gone, lease(store))
    assert store.source("lake").status == "gone"
    declare(store)
    assert store.source("lake").status == "gone"
    moved = spec(location="https://new.example/feed")
    store.sync_sources([moved], NOW + HOUR)
    state = store.source("lake")
    assert (state.spec, state.location, state.status) == (moved, "https://new.example/feed", "active")
    assert (state.etag, state.payload, state.failures, state.due) == ("", "", 0, NOW + HOUR)


def test_only_what_ended_is_revived_by_a_poll(store):
    """A poll that is answered takes "gone" back; a pause that came while it was under way stays."""
    declare(store)
    polled, epoch = store.source("lake"), lease(store)
    store.save_state(replace(polled, status="gone"), epoch)
    store.save_state(polled, epoch)
    assert store.source("lake").status == "active"
    store.set_source_status("lake", "paused")
    store.save_state(polled, epoch)
    assert store.source("lake").status == "paused"


def test_admins_add_and_remove_their_own_sources_only(store):
    """A key is added once; what the configuration declares now is not removed by hand, what it did once may be."""
    declare(store)
    store.add_source(spec("mine"), NOW)
    assert store.source("mine").origin == "admin"
    for key in ("mine", "lake"):
        with pytest.raises(UsageError, match="exists"):
            store.add_source(spec(key), NOW)
    with pytest.raises(UsageError, match="configuration"):
        store.remove_source("lake", ["lake"])
    store.remove_source("lake")
    assert store.source("lake").status == "retired"
    store.remove_source("mine", ["lake"])
    assert store.source("mine").status == "retired"
    for missing in ("mine", "nowhere"):
        with pytest.raises(UsageError, match="does not exist"):
            store.remove_source(missing)
    store.add_source(spec("mine", title="Again"), NOW)
    assert store.source("mine").status == "active"
    with pytest.raises(UsageError):
        store.set_source_status("nowhere", "paused")
    with pytest.raises(UsageError):
        store.set_source_status("mine", "asleep")


def test_admins_change_their_own_sources_only(store):
    """A changed source is read anew at once and stays paused; what the configuration declares is changed there."""
    declare(store)
    store.add_source(spec("mine"), NOW)
    store.set_source_status("mine", "paused")
    assert store.changeable_source("mine", ["lake"]).spec == spec("mine")
    assert not store.change_source(spec("mine"), NOW)
    assert store.change_source(spec("mine", title="Again"), NOW + HOUR)
    changed = store.source("mine")
    assert (changed.spec.title, changed.status, changed.due) == ("Again", "paused", NOW + HOUR)
    for key, why in (("lake", "configuration"), ("nowhere", "does not exist")):
        with pytest.raises(UsageError, match=why):
            store.changeable_source(key, ["lake"])
    store.remove_source("mine")
    with pytest.raises(UsageError, match="does not exist"):
        store.change_source(spec("mine"), NOW)


def test_a_poll_does_not_undo_what_people_did_meanwhile(store):
    """A pause or a new address set during a poll survives the poll's own saving."""
    declare(store)
    before = store.source("lake")
    store.set_source_status("lake", "paused")
    store.sync_sources([spec(location="https://new.example/feed")], NOW + HOUR)
    epoch = lease(store)
    store.save_state(replace(before, etag='"old"', location="https://old.example/", last_checked=NOW), epoch)
    state = store.source("lake")
    assert (state.status, state.location, state.etag) == ("paused", "https://new.example/feed", "")
    assert (state.last_checked, state.due) == (NOW, NOW + HOUR)


def test_state_is_saved_under_the_lease_only(store):
    """A poll that slept past its lease writes nothing."""
    declare(store)
    old = lease(store)
    new = lease(store, now=NOW + HOUR)
    state = replace(store.source("lake"), failures=7)
    with pytest.raises(LeaseLostError):
        store.save_state(state, old)
    assert store.source("lake").failures == 0
    store.save_state(state, new)
    store.release(source_lease("lake"), new)
    with pytest.raises(LeaseLostError):
        store.save_state(state, new)
    assert store.source("lake").failures == 7


@pytest.mark.parametrize("release", [False, True])
def test_a_state_is_saved_in_one_transaction(store, release):
    """Nobody can take the lease over between the check of it and what is written under it."""
    declare(store)
    state, epoch = store.source("lake"), lease(store)
    begun = transactions(store)
    store.save_state(state, epoch, release=release)
    assert len(begun) == 1


def test_a_source_is_taken_with_its_state_and_given_back_with_the_outcome(store):
    """Taking reads the state under the lease; saving with `release` frees the source for the next, and only once."""
    declare(store)
    state, epoch = store.take_source("lake", "me", NOW, 60)
    assert state == store.source("lake")
    assert store.take_source("lake", "you", NOW, 60) == (state, None)
    assert store.take_source("sea", "me", NOW, 60) == (None, None)
    store.save_state(replace(state, failures=2), epoch, release=True)
    with pytest.raises(LeaseLostError):
        store.save_state(replace(state, failures=3), epoch, release=True)
    later, newer = store.take_source("lake", "you", NOW, 60)
    assert later.failures == 2
    assert newer > epoch
    with pytest.raises(LeaseLostError):
        store.save_state(replace(state, failures=3), epoch, release=True)
    assert store.source("lake").failures == 2
    assert store.renew(source_lease("lake"), newer, NOW, 60)


def test_those_who_declare_the_same_at_once_wait_for_each_other(store_url, open_store):
    """Roles that start together after sources were added all find them declared, and a key is added once."""
    stores, together = [open_store(store_url) for _ in range(4)], threading.Barrier(4)
    specs = [spec(f"s{number}") for number in range(50)]

    def sync(store: Store) -> None:
        store.ping()
        together.wait()
        store.sync_sources(specs, NOW)

    def add(store: Store) -> str:
        together.wait()
        try:
            store.add_source(spec("mine"), NOW)
        except UsageError:
            return "exists"
        return "added"

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sync, stores))
        assert sorted(pool.map(add, stores)) == ["added", "exists", "exists", "exists"]
    assert len(stores[0].sources()) == 51
