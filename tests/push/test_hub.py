"""The hub over real HTTP: who subscribes, confirms and leaves, and what comes to whom."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from ipaddress import ip_address

import pytest
from structlog.testing import capture_logs

from syndicate.errors import StoreError
from syndicate.ingest.guard import Address
from syndicate.push import courier as couriers
from syndicate.push.rules import TRIES
from syndicate.records_served import HubLimits
from syndicate.settings import HubSettings
from syndicate.store import Store
from tests.e2e.waiting import until
from tests.faults import origin as faults
from tests.faults.origin import Origin, Reply, redirect
from tests.faults.spellings import LOOPBACK_URLS
from tests.push.conftest import TOPIC, Callback, Hub, house_settings

Subscriber = Callable[..., Callback]
FORM = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": "https://p.example/"}


def test_a_new_edition_comes_to_who_subscribed(hub: Hub, subscriber: Subscriber) -> None:
    """Accepted at once, asked by its own address, then sent exactly what GET gives, once, with our hub and our name."""
    there = subscriber()
    answer = hub.ask(there.url, secret="s3cret", lease_seconds="7200")
    assert (answer.status_code, answer.mimetype, there.asked) == (202, "text/plain", [])
    hub.work()
    [question] = there.asked
    assert (question.pop("a"), len(question.pop("hub.challenge"))) == ("1", 43)
    assert question == {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.lease_seconds": "7200"}
    assert there.given == []
    hub.publish("<rss>zwei é</rss>".encode())
    hub.work()
    [given] = there.given
    served = hub.client.get("/feeds/all.rss")
    assert (given.method, given.path, given.body) == ("POST", "/in?a=1", served.data)
    for name in ("Content-Type", "Link"):
        assert given.headers[name.lower()] == served.headers[name]
    assert given.headers["x-hub-signature"] == "sha256=" + hmac.digest(b"s3cret", given.body, "sha256").hex()
    assert given.headers["user-agent"] == "Syndicate/test"
    assert not given.headers.keys() & {"cookie", "content-encoding", "transfer-encoding", "authorization"}
    hub.work(minutes=30)
    assert len(there.given) == 1
    assert hub.outcomes == ["delivered"]


@pytest.mark.parametrize(
    "says",
    [
        Reply(b"another challenge"),
        Reply(b"x" * 100_000),
        Reply(b"no", 404),
        redirect("/confirm", 308),
    ],
)
def test_what_is_not_confirmed_changes_nothing(says: Reply, hub: Hub, subscriber: Subscriber) -> None:
    """Another answer, or a redirect to who would confirm, leaves the subscription as it was, or none at all."""
    there, willing = subscriber(), subscriber("/confirm")
    hub.subscribe(there, secret="old")
    there.says = says
    for fields in ({"secret": "new"}, {"mode": "unsubscribe"}):
        hub.subscribe(there, **fields)
        hub.work(hours=1)
    stranger = subscriber("/stranger")
    stranger.says = says
    hub.subscribe(stranger)
    hub.publish(b"two")
    hub.work(hours=1)
    [given] = there.given
    assert given.headers["x-hub-signature"] == "sha256=" + hmac.digest(b"old", b"two", hashlib.sha256).hex()
    assert (stranger.given, willing.asked, willing.given) == ([], [], [])


def test_another_secret_or_none_holds_once_it_is_confirmed(hub: Hub, subscriber: Subscriber) -> None:
    """A re-subscription replaces secret and lease; without a secret nothing is signed any more."""
    there = subscriber()
    hub.subscribe(there, secret="old", lease_seconds="3600")
    for number, secret in enumerate(("new", "")):
        hub.subscribe(there, secret=secret, lease_seconds="7200")
        hub.publish(b"edition %d" % number)
        hub.work(minutes=40)
    first, second = (given.headers.get("x-hub-signature") for given in there.given)
    assert first == "sha256=" + hmac.digest(b"new", b"edition 0", "sha256").hex()
    assert second is None
    assert hub.store.subscription_counts(hub.time)["active"] == 1


def test_who_leaves_is_asked_and_gone(hub: Hub, subscriber: Subscriber) -> None:
    """An unsubscription is verified like a subscription, and then nothing comes any more."""
    there = subscriber()
    hub.subscribe(there)
    hub.subscribe(there, mode="unsubscribe")
    assert there.asked[-1]["hub.mode"] == "unsubscribe"
    assert "hub.lease_seconds" not in there.asked[-1]
    hub.publish(b"two")
    hub.work()
    assert there.given == []


def test_nothing_comes_after_the_lease(hub: Hub, subscriber: Subscriber) -> None:
    """An edition in its last minute comes, one a minute later does not; it can be had anew."""
    there = subscriber()
    hub.subscribe(there, lease_seconds="3600")
    hub.publish(b"two")
    hub.work(minutes=59)
    hub.publish(b"three")
    hub.work(minutes=2)
    assert [given.body for given in there.given] == [b"two"]
    hub.subscribe(there)
    assert [given.body for given in there.given] == [b"two", b"three"]


def test_what_was_published_while_a_callback_was_asked_comes(hub: Hub, subscriber: Subscriber) -> None:
    """Between the request and its confirmation nothing is lost."""
    there = subscriber()
    hub.ask(there.url)
    hub.publish(b"two")
    hub.work()
    assert [given.body for given in there.given] == [b"two"]


def test_a_failing_callback_is_tried_again_and_recovers(hub: Hub, subscriber: Subscriber) -> None:
    """First failure and recovery are logged without its address; what it missed comes as the edition of then."""
    there = subscriber("/in?token=t0ken")
    there.takes = Reply(b"", 503)
    with capture_logs() as logged:
        hub.subscribe(there, secret="s3cret")
        hub.publish(b"two")
        for _ in range(3):
            hub.work(minutes=5)
        hub.publish(b"three")
        there.takes = Reply(b"", 204)
        hub.work(minutes=5)
    assert [given.body for given in there.given] == [b"two", b"two", b"two", b"three"]
    assert hub.outcomes == ["failed", "failed", "failed", "delivered"]
    told = [entry["event"] for entry in logged if "deliver" in entry["event"]]
    assert told == ["not delivered; it is tried again, ever more slowly", "delivered again"]
    assert "t0ken" not in repr(logged)
    assert "s3cret" not in repr(logged)


def test_a_redirecting_callback_has_failed(hub: Hub, subscriber: Subscriber) -> None:
    """It is not followed, and tried again where it was."""
    there, elsewhere = subscriber(), subscriber("/elsewhere")
    hub.subscribe(there)
    hub.publish(b"two")
    for status in (301, 302, 307, 308):
        there.takes = redirect(elsewhere.url, status)
        hub.work(minutes=5)
    assert (len(there.given), elsewhere.given, set(hub.outcomes)) == (4, [], {"failed"})


def test_410_ends_a_subscription(hub: Hub, subscriber: Subscriber) -> None:
    """Who is gone is sent nothing more, and his neighbour is."""
    there, neighbour = subscriber(), subscriber("/neighbour")
    for one in (there, neighbour):
        hub.subscribe(one)
    there.takes = Reply(b"", 410)
    hub.publish(b"two")
    hub.work()
    there.takes = Reply()
    hub.publish(b"three")
    hub.work(hours=2)
    assert (len(there.given), len(neighbour.given)) == (1, 2)
    assert sorted(hub.outcomes) == ["delivered", "delivered", "ended"]


def test_a_callback_out_of_reach_is_asked_three_times(hub: Hub) -> None:
    """A callback that can't be reached is asked again, a few times, and forgotten."""
    with Origin() as origin:
        gone = origin.url("/in")
    hub.ask(gone)
    for _ in range(TRIES):
        assert hub.store.subscription_counts(hub.time)["pending"] == 1
        hub.work(minutes=5)
    assert hub.store.subscription_counts(hub.time)["pending"] == 0


def test_slow_and_endless_callbacks_hold_up_nobody(hub: Hub, subscriber: Subscriber) -> None:
    """While one says nothing, another is served; one whose answer has no end has taken what it was sent."""
    there = subscriber()
    with Origin() as slow:
        deaf, endless = Callback(slow.url("/deaf")), Callback(slow.url("/endless"))
        for one, path in ((deaf, "/deaf"), (endless, "/endless")):
            slow.serve(path, faults.behaviour(one.answer))
            hub.subscribe(one)
        hub.subscribe(there)
        slow.serve("/deaf", faults.hang())
        slow.serve("/endless", faults.endless(b"x"))
        hub.publish(b"two")
        hub.courier.look()
        until(lambda: hub.outcomes == ["delivered"] * 2)
        assert hub.courier.busy == 1
        assert len(there.given) == 1
    until(lambda: not hub.courier.busy)
    assert hub.outcomes[2:] == ["failed"]


def test_who_was_slow_before_gets_half_of_the_room(
    store: Store, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many hosts say nothing for long, there is room left for those who answer."""
    hub = Hub(store, house_settings("127.0.0.1"), lambda *_: (ip_address("127.0.0.1"),))
    with Origin() as slow:
        deaf = Callback("")
        slow.serve("/in", faults.behaviour(deaf.answer))
        monkeypatch.setattr(couriers, "SLOW_SECONDS", -1)
        for number in range(couriers.ROOM["deliveries"] + 1):
            hub.ask(f"http://slow-{number}.example:{slow.port}/in")
        hub.work()
        monkeypatch.undo()
        quick = Callback(f"http://quick.example:{origin.port}/in")
        origin.serve("/in", faults.behaviour(quick.answer))
        hub.subscribe(quick)
        slow.serve("/in", faults.hang())
        hub.publish(b"two")
        hub.courier.look()
        until(lambda: quick.given)
        until(lambda: hub.courier.busy == couriers.ROOM["deliveries"] // 2)
    until(lambda: not hub.courier.busy)
    hub.close()


def test_one_host_has_its_share(hub: Hub, subscriber: Subscriber) -> None:
    """However many of its callbacks are owed something, only so many are served at a time; in the end all are."""
    crowd = [subscriber(f"/{number}") for number in range(couriers.PER_HOST + 3)]
    for one in crowd:
        hub.ask(one.url)
    hub.work()
    hub.publish(b"two")
    with capture_logs():
        assert hub.courier.look()
        until(lambda: not hub.courier.busy)
        assert len(hub.outcomes) == couriers.PER_HOST
    hub.work()
    assert [len(one.given) for one in crowd] == [1] * len(crowd)


def test_two_couriers_deliver_once(hub: Hub, subscriber: Subscriber) -> None:
    """Workers that look at the same moment share what is due."""
    crowd = [subscriber(f"/{number}") for number in range(3)]
    for one in crowd:
        hub.ask(one.url)
    hub.work()
    hub.publish(b"two")
    both = (hub.courier, hub.another_courier())
    threads = [threading.Thread(target=courier.look) for courier in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: not any(courier.busy for courier in both))
    assert [len(one.given) for one in crowd] == [1, 1, 1]


def test_what_a_dead_courier_had_in_hand_is_delivered(hub: Hub, subscriber: Subscriber) -> None:
    """A worker killed between publishing and delivering costs a minute and no edition."""
    there = subscriber()
    hub.subscribe(there)
    hub.publish(b"two")
    owed = hub.store.deliveries_due(hub.time, (), 9, failing=False)
    assert len(hub.store.take_deliveries(owed, hub.time + couriers.HAND)) == 1  # and then its process was killed
    hub.courier = hub.another_courier()
    hub.work(seconds=59)
    assert there.given == []
    hub.work(seconds=2)
    assert [given.body for given in there.given] == [b"two"]


def test_a_failing_store_ends_no_courier(hub: Hub, subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that fails is followed by another; a courier at work delivers within a moment of a notice, and ends."""
    there, heard, looked = subscriber(), threading.Event(), threading.Event()

    class Ear:
        def wait(self, seconds: float) -> object | None:
            looked.set()
            heard.wait(seconds)
            return heard

    def failing(_: object) -> int:
        raise StoreError("away")

    hub.subscribe(there)
    hub.time += couriers.UPKEEP
    monkeypatch.setattr(hub.store, "deny_dropped", failing)
    with capture_logs() as logged, hub.courier.at_work(Ear()):
        looked.wait(30)
        monkeypatch.undo()
        hub.publish(b"two")
        heard.set()
        until(lambda: there.given)
    assert [entry["event"] for entry in logged if entry["log_level"] == "error"] == ["nothing delivered"]
    assert not hub.courier.busy


def test_who_subscribed_to_a_feed_that_is_no_more_is_told(hub: Hub, subscriber: Subscriber) -> None:
    """It is denied, with topic and reason; whatever its callback answers, that is the end."""
    there = subscriber()
    hub.subscribe(there)
    hub.store.drop_feeds({"water"})
    there.says = Reply(b"what?", 500)
    hub.work(minutes=2)
    assert there.asked[-1].pop("a") == "1"
    assert there.asked[-1] == {
        "hub.mode": "denied",
        "hub.topic": TOPIC,
        "hub.reason": "This feed is no longer published.",
    }
    hub.publish(b"again")
    hub.work(hours=2)
    assert (len(there.asked), there.given) == (2, [])


def test_no_callback_is_on_a_private_network(store: Store, origin: Origin) -> None:
    """An address that is private is refused at once, a name that leads to one when it is looked up: no connection."""
    hub = Hub(store, house_settings(), lambda *_: (ip_address("127.0.0.1"),))
    answer = hub.ask(origin.url("/in"))
    assert (answer.status_code, "not a public address" in answer.text) == (400, True)
    assert hub.ask(f"http://inside.example:{origin.port}/in").status_code == 202
    with capture_logs() as logged:
        for _ in range(TRIES):
            hub.work(minutes=5)
    assert "not a public address" in logged[-1]["reason"]
    assert origin.connections == 0
    hub.close()


def test_no_spelling_of_a_private_address_is_reached(store: Store, origin: Origin) -> None:
    """Sixty ways to write loopback, with the system's own resolver: refused when asked for, or never connected to."""
    hub = Hub(store, house_settings())
    statuses = {hub.ask(url.format(port=origin.port)).status_code for url in LOOPBACK_URLS}
    for _ in range(TRIES):
        hub.work(minutes=4)
    assert statuses <= {202, 400}
    assert (origin.connections, hub.store.subscription_counts(hub.time)["active"]) == (0, 0)


def test_a_name_that_moves_to_a_private_network_gets_nothing(
    store: Store, subscriber: Subscriber, origin: Origin
) -> None:
    """Each connection is judged anew: what was public when it subscribed may be private when it is delivered to."""
    addresses: list[Address] = [ip_address("127.0.0.1")]
    hub = Hub(store, house_settings("127.0.0.1"), lambda *_: tuple(addresses))
    there = subscriber("/in")
    there.url = f"http://moving.example:{origin.port}/in"
    hub.subscribe(there)
    addresses[:] = [ip_address("127.0.0.2")]
    hub.publish(b"two")
    before = origin.connections
    hub.work(minutes=5)
    assert (hub.outcomes, origin.connections) == (["failed"], before)
    hub.close()


def test_what_the_hub_refuses(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each refusal is a plain sentence with its status; nothing is asked of anybody."""
    refused = [
        (hub.ask("nonsense"), 400, "hub.callback"),
        (hub.ask("https://p.example/", topic="https://other.example/feeds/all.rss"), 400, "hub.topic"),
        (hub.client.post("/hub", json={"hub.mode": "subscribe"}), 415, "expected a form"),
        (hub.client.post("/hub", data={"x": "y" * 20_000}), 413, ""),
    ]
    for answer, status, words in refused:
        assert (answer.status_code, words in answer.text) == (status, True)
        assert answer.mimetype == ("text/plain" if words else "application/problem+json")
    for method in ("GET", "HEAD", "PUT", "OPTIONS"):
        answer = hub.client.open("/hub", method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    monkeypatch.setattr("syndicate.web.hub.LIMITS", HubLimits(9, 2, 1, 9))
    statuses = [
        hub.ask(f"https://{name}/").status_code for name in ("p.example", "p.example/2", "q.example", "r.example")
    ]
    assert statuses == [202, 429, 202, 503]
    assert int(hub.ask("https://r.example/").headers["Retry-After"]) > 0
    counts = hub.client.get("/health").json["hub"]
    assert counts == {"active": 0, "failing": 0, "pending": 2}
    assert 'syndicate_hub_subscriptions{state="pending"} 2.0' in hub.client.get("/metrics").text
    monkeypatch.setattr(Store, "ask", lambda *_: (_ for _ in ()).throw(StoreError("away")))
    assert hub.client.post("/hub", data=FORM).status_code == 503


def test_a_house_may_have_no_hub(store: Store) -> None:
    """Switched off, there is nothing at its address, and health and metrics don't speak of it."""
    hub = Hub(store, house_settings(hub=HubSettings(enabled=False)))
    assert hub.client.post("/hub", data=FORM).status_code == 404
    assert "hub" not in hub.client.get("/health").json
    assert "syndicate_hub" not in hub.client.get("/metrics").text
    hub.close()
