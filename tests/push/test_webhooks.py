"""Webhooks over real HTTP: what a partner's address is sent of a story, its correction and its withdrawal."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from structlog.testing import capture_logs

from syndicate.errors import StoreError, UsageError
from syndicate.model import Article
from syndicate.publish import drain
from syndicate.push import courier as couriers
from syndicate.push import webhooks
from syndicate.records_served import Partner
from syndicate.settings import PublishSettings
from syndicate.store import Store
from tests.contract.building import HOUR, NOW, article, change, declare, ingest
from tests.e2e.waiting import until
from tests.faults import origin as faults
from tests.faults.origin import Origin, Reply, Request, redirect
from tests.faults.spellings import LOOPBACK_URLS
from tests.publish.test_flow import Notices
from tests.push.conftest import Callback, Hub, house_settings

Subscriber = Callable[..., Callback]
MINUTE = HOUR / 60
ONE, TWO = article(), article(key="two")


class Anna:
    """A partner of the house that imports one topic, and what its webhook has understood of what it was sent."""

    def __init__(self, hub: Hub, there: Callback) -> None:
        self.hub, self.there = hub, there
        declare(hub.store)
        hub.store.add_partner(Partner("anna", "Anna", NOW, topics=("water",)), "hash", ())
        self.secret = webhooks.put(hub.store, hub.settings.allow_private, "anna", there.url, hub.time)

    def publish(self, *articles: Article, **fields: Any) -> None:
        """Take these in, and publish."""
        ingest(self.hub.store, *(change(one, **fields) for one in articles))
        self.drain()

    def drain(self) -> None:
        """Publish."""
        drain(self.hub.store, Notices(), self.hub.settings, self.hub.time)

    def kill(self, one: Article) -> None:
        """Withdraw a story everywhere."""
        self.hub.store.kill(one.id, "A court's order", self.hub.time)
        self.drain()

    @property
    def progress(self) -> tuple[webhooks.Progress, ...]:
        """What admins are told."""
        report = webhooks.report(self.hub.store, "anna")
        assert report is not None
        return report.topics

    @property
    def told(self) -> list[dict[str, str]]:
        """What each message says became of which article."""
        return [statuses(verified(one, self.secret)) for one in self.there.given]


def verified(given: Request, secret: str) -> dict[str, Any]:
    """What a message says, if its signature is right (standardwebhooks.com)."""
    name, at, signature = (given.headers[f"webhook-{part}"] for part in ("id", "timestamp", "signature"))
    key = b64decode(secret.removeprefix("whsec_"))
    expected = hmac.digest(key, b".".join((name.encode(), at.encode(), given.body)), "sha256")
    assert signature == f"v1,{b64encode(expected).decode()}"
    assert given.headers["content-type"] == "application/json"
    found: dict[str, Any] = json.loads(given.body)
    return found


def statuses(document: dict[str, Any]) -> dict[str, str]:
    return {one.get("title", "withdrawn"): one["status"] for one in document["data"]["items"]}


@pytest.fixture
def anna(hub: Hub, subscriber: Subscriber) -> Anna:
    """A partner with a webhook, who has taken the first story."""
    made = Anna(hub, subscriber("/in?k=t0ken"))
    made.publish(ONE)
    hub.work()
    assert made.told == [{"The one": "new"}]
    return made


def test_a_story_its_edit_and_its_withdrawal_are_sent(anna: Anna) -> None:
    """Each once, whole, signed, dated by now, under our name; a poll that changes nothing sends nothing."""
    hub = anna.hub
    [first] = anna.there.given
    assert (first.method, first.path, first.headers["user-agent"]) == ("POST", "/in?k=t0ken", "Syndicate/test")
    assert first.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    anna.publish(TWO)
    hub.work()
    anna.publish(article(html="<p>Water fell.</p>", text="Water fell."), kind="edited")
    hub.work(minutes=1)
    anna.publish()
    hub.work(minutes=1)
    anna.kill(ONE)
    hub.work(minutes=1)
    hub.work(hours=1)
    assert anna.told[1:] == [{"The two": "new"}, {"The one": "changed"}, {"withdrawn": "withdrawn"}]
    messages = [verified(one, anna.secret) for one in anna.there.given]
    assert len({one.headers["webhook-id"] for one in anna.there.given}) == 4
    [changed] = messages[2]["data"]["items"]
    [gone] = messages[3]["data"]["items"]
    assert (changed["id"], "<p>Water fell.</p>" in changed["content_html"]) == (gone["id"], True)
    assert gone["_syndicate"]["reason"] == "A court's order"
    assert messages[0]["data"]["feed"] == "https://wire.example.org/p/anna/water.json"
    hub.store.revive(ONE.id, hub.time)
    anna.drain()
    hub.work()
    assert anna.told[-1] == {"The one": "new"}


def test_a_failing_webhook_gets_everything_in_the_end(anna: Anna, subscriber: Subscriber) -> None:
    """First failure and recovery are logged; under one id until it is taken, whatever happened meanwhile included.

    A redirect is a failure and not followed: only the address that an admin has set is sent anything.
    """
    elsewhere = subscriber("/elsewhere")
    with capture_logs() as logged:
        anna.publish(TWO)
        for anna.there.takes in (Reply(b"t0ken s3cret", 400), redirect(elsewhere.url, 307), Reply(b"", 503)):
            anna.hub.work(minutes=5)
        assert elsewhere.given == []
        [progress] = anna.progress
        assert (progress.complete, progress.failures, progress.error) == (False, 3, "answered 503")
        assert progress.next_try is not None
        assert len({one.headers["webhook-id"] for one in anna.there.given[1:]}) == 1
        anna.publish(article(key="three"))
        anna.kill(ONE)
        anna.there.takes = Reply(b"", 204)
        anna.hub.work(minutes=5)
    assert anna.told[-1] == {"withdrawn": "withdrawn", "The two": "new", "The three": "new"}
    assert anna.hub.outcomes == ["delivered", "failed", "failed", "failed", "delivered"]
    told = [entry["event"] for entry in logged if "webhook" in entry["event"]]
    assert told == ["webhook not reached; it is tried again, ever more slowly", "webhook reached again"]
    assert "t0ken" not in repr(logged)
    [progress] = anna.progress
    assert (progress.complete, progress.failures, progress.next_try) == (True, 0, None)


def test_what_a_dead_courier_had_in_hand_is_sent(anna: Anna) -> None:
    """A worker killed between publishing and sending costs a minute; killed after sending, a repeat under one id."""
    anna.publish(TWO)
    owed = anna.hub.store.postings_due(anna.hub.time, (), 9, failing=False)
    assert len(anna.hub.store.take_postings(owed, anna.hub.time + couriers.HAND)) == 1  # and then it was killed
    anna.hub.courier = anna.hub.another_courier()
    anna.hub.work(seconds=59)
    assert len(anna.told) == 1
    with pytest.MonkeyPatch.context() as patch, capture_logs() as logged:
        patch.setattr(Store, "posted", lambda *_: (_ for _ in ()).throw(StoreError("killed here")))
        anna.hub.work(seconds=2)
    assert any("not stored" in entry["event"] for entry in logged)
    anna.hub.work(seconds=61)
    assert anna.told[1:] == [{"The two": "new"}] * 2
    assert anna.there.given[1].headers["webhook-id"] == anna.there.given[2].headers["webhook-id"]


def test_410_switches_it_off(anna: Anna) -> None:
    """Nothing more is sent, and it is told; the same address set again gets what it lacks."""
    anna.there.takes = Reply(b"", 410)
    anna.publish(TWO)
    with capture_logs() as logged:
        anna.hub.work()
    assert [entry["log_level"] for entry in logged] == ["warning"]
    anna.there.takes = Reply()
    anna.publish(article(key="three"))
    anna.hub.work(hours=2)
    assert len(anna.told) == 2
    assert [one.state for one in anna.hub.store.webhooks()] == ["ended"]
    assert webhooks.put(anna.hub.store, ("127.0.0.1",), "anna", anna.there.url, anna.hub.time) == ""
    anna.hub.work()
    assert anna.told[-1] == {"The two": "new", "The three": "new"}


def test_a_slow_webhook_holds_up_nobody(anna: Anna, origin: Origin) -> None:
    """While one takes its ten seconds, another is served."""
    with Origin() as slow:
        slow.serve("/in", faults.hang())
        anna.hub.store.add_partner(Partner("bert", "Bert", NOW, topics=("water",)), "hash", ())
        webhooks.put(anna.hub.store, ("127.0.0.1",), "bert", slow.url("/in"), anna.hub.time)
        anna.publish(TWO)
        anna.hub.courier.look()
        until(lambda: anna.hub.outcomes == ["delivered"] * 2)
        assert anna.hub.courier.busy == 1
    until(lambda: not anna.hub.courier.busy)
    assert anna.hub.outcomes[2:] == ["failed"]


def test_who_is_paused_or_removed_is_sent_nothing(anna: Anna) -> None:
    """Resumed, a partner gets what came meanwhile; without its webhook, or removed, nothing ever."""
    store, hub = anna.hub.store, anna.hub
    store.change_partner("anna", {"paused": True}, ["water"])
    anna.publish(TWO)
    hub.work(minutes=10)
    assert len(anna.told) == 1
    store.change_partner("anna", {"paused": False}, ["water"])
    anna.drain()
    hub.work()
    assert anna.told[1:] == [{"The two": "new"}]
    webhooks.drop(store, "anna")
    anna.publish(article(key="three"))
    hub.work(hours=2)
    assert len(anna.told) == 2


def test_a_ping_tells_what_is_answered(anna: Anna) -> None:
    """Signed like all, by another secret at once; with the status, or in words that the address is out of reach."""

    def tried() -> webhooks.Answered:
        return webhooks.try_out(anna.hub.store, anna.hub.sender, "anna", NOW)

    found = tried()
    assert (found.ok, found.status, found.said) == (True, 200, "answered 200")
    document = verified(anna.there.given[-1], anna.secret)
    assert document == {"type": "ping", "timestamp": "2026-11-23T12:00:00+00:00", "data": {"partner": "anna"}}
    renewed = webhooks.renew_secret(anna.hub.store, "anna", NOW)
    assert (tried().ok, renewed == anna.secret) == (True, False)
    assert verified(anna.there.given[-1], renewed)["type"] == "ping"
    anna.there.takes = Reply(b"", 401)
    assert (tried().ok, tried().said) == (False, "answered 401")
    with Origin() as gone:
        webhooks.put(anna.hub.store, ("127.0.0.1",), "anna", gone.url("/in?k=t0ken"), NOW)
    assert (tried().status, "refused the connection" in tried().said) == (0, True)
    assert "t0ken" not in tried().said


def test_what_can_be_no_webhook_is_refused(hub: Hub) -> None:
    """With the reason, and nothing is kept."""
    hub.store.add_partner(Partner("anna", "Anna", NOW), "hash", ())
    for url, reason in (
        ("", "expected an http or https address"),
        ("ftp://anna.example/", "only http and https"),
        ("https://a:b@anna.example/", "user names and passwords"),
        ("https://anna.example/#x", "no fragment"),
        ("https://anna.example/" + "x" * 2_000, "at most 2000 bytes"),
        ("https://10.0.0.1/", "not a public address"),
        ("\ud800", "refused"),
    ):
        with pytest.raises(UsageError, match=f"webhook: .*{reason}"):
            webhooks.put(hub.store, (), "anna", url, NOW)
    with pytest.raises(UsageError, match="'bert' does not exist"):
        webhooks.put(hub.store, (), "bert", "https://bert.example/", NOW)
    for act in (webhooks.drop, lambda *of: webhooks.renew_secret(*of, NOW)):
        with pytest.raises(UsageError, match="'anna' has no webhook"):
            act(hub.store, "anna")
    assert hub.store.webhooks() == ()


def test_no_spelling_of_a_private_address_is_reached(store: Store, origin: Origin) -> None:
    """Sixty ways to write loopback, with the system's own resolver: refused when set, or never connected to."""
    hub = Hub(store, house_settings())
    declare(store)
    store.add_partner(Partner("anna", "Anna", NOW), "hash", ())
    for number, url in enumerate(LOOPBACK_URLS):
        with suppress(UsageError):
            webhooks.put(store, (), "anna", url.format(port=origin.port), NOW)
            store.add_partner(Partner(f"p-{number}", "P", NOW, topics=("water",)), "hash", ())
            webhooks.put(store, (), f"p-{number}", url.format(port=origin.port), NOW)
    assert len(store.webhooks()) > 1
    ingest(store, change(ONE))
    drain(store, Notices(), hub.settings, NOW)
    with capture_logs():
        hub.work(minutes=1)
    assert (origin.connections, set(hub.outcomes) - {"failed"}) == (0, set())
    hub.close()


def test_what_came_and_left_the_feed_meanwhile_is_sent_from_its_archive(store: Store, subscriber: Subscriber) -> None:
    """A feed of two; a webhook that was away while 120 came gets each once, the oldest first, and nothing older.

    What was withdrawn comes first.
    """
    hub = Hub(store, house_settings("127.0.0.1", publish=PublishSettings(items=2)))
    anna = Anna(hub, subscriber("/in"))
    came = [article(key=f"{number:03}", published=NOW - HOUR + number * MINUTE) for number in range(123)]
    anna.publish(*came[:3])
    anna.there.takes = Reply(b"", 500)
    hub.work()  # never yet reached
    for start in range(3, 123, 40):
        anna.publish(*came[start : start + 40], received=NOW + 9 * HOUR)
    anna.kill(came[5])
    anna.there.takes = Reply()
    before = len(anna.told)
    hub.work(hours=1)
    hub.work(hours=1)
    told = [title for one in anna.told[before:] for title in one]
    assert told == ["withdrawn", *(f"The {number:03}" for number in range(1, 123) if number != 5)]
    assert len(anna.told) - before == 4  # three from the archive, one of the feed
    assert [one.complete for one in anna.progress] == [True]
    hub.close()
