"""We as a subscriber, over real HTTP: what hubs are asked, what is confirmed to them, and what their word does."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from socket import gaierror
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from syndicate.cache import Cache
from syndicate.errors import QueueFullError
from syndicate.formats import CALLBACK_PATH
from syndicate.ingest.guard import Guard
from syndicate.ingest.resolver import resolve
from syndicate.ingest.transport import Transport
from syndicate.model import Hub
from syndicate.publish import Report
from syndicate.push.courier import Courier
from syndicate.push.sender import LIMITS, OFFLINE_PAUSE, Sender
from syndicate.push.subscriber import SECOND_LOOK, Desk, Subscriber
from syndicate.push.subscribing import LEASE
from syndicate.records_pushed import SourceSubscription
from syndicate.store import Store
from syndicate.store.leases import source_lease
from syndicate.store.source_subscriptions import LOOK_PAUSE
from syndicate.web.hub_callback import blueprint
from syndicate.web.services import WebServices
from tests.contract.building import NOW, declare, ingest, lease
from tests.e2e.waiting import until
from tests.faults.origin import Origin, Reply, Request, behaviour, redirect
from tests.push.conftest import BASE, house_settings

TOPIC = "https://lake.example/own?a=1"
BODY = b"<rss>news</rss>"


def _nowhere(*_: object) -> tuple[()]:
    raise gaierror("no network")


@dataclass
class Peer:
    """A hub; `says` is what it answers to whoever asks it."""

    origin: Origin
    says: Reply = field(default_factory=lambda: Reply(b"accepted", 202))
    asked: list[dict[str, str]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        """As told."""
        self.requests.append(request)
        self.asked.append({name[4:]: value for name, [value] in parse_qs(request.body.decode()).items()})
        return self.says


class House:
    """A house on a clock that stands still, and its door for hubs."""

    def __init__(
        self, store: Store, *allowed: str, subscribes: bool = True, offline: bool = False, **changes: object
    ) -> None:
        self.store = store
        self.time = NOW
        self.polled: list[str] = []
        self.full = False
        settings = house_settings(*allowed, **changes)
        cache = Cache("unix:///nonexistent/redis.sock")
        self.told: list[str] = []
        cache.count_told = self.told.append  # type: ignore[method-assign]
        transport = Transport(
            LIMITS, Guard.of(settings.allow_private), offline=lambda: offline, resolve=_nowhere if offline else resolve
        )
        sender = Sender(transport, "Syndicate/test")
        self.services = WebServices(settings, store, cache, self.poll, self.now, Report, sender=sender)
        door = Flask("door")  # all of the web door takes a second to make
        door.register_blueprint(blueprint(self.services))
        self.client = door.test_client()
        desk = Desk(BASE + CALLBACK_PATH, subscribes)
        self.courier = Courier([Subscriber(store, sender, desk, self.now, self.poll)], self.now)

    def now(self):
        """The time that this house goes by."""
        return self.time

    def poll(self, source: str) -> None:
        """What stands for the queue."""
        if self.full:
            raise QueueFullError("as many as may")
        self.polled.append(source)

    def name(self, hub: str, topic: str = TOPIC) -> None:
        """Have the source's document name this hub."""
        ingest(self.store, state=replace(self.store.source("lake"), hub=Hub(hub, topic)))

    def work(self, **later: float) -> None:
        """Let time pass, then let the courier do what is due."""
        self.time += timedelta(**later)
        for _ in range(2):
            self.courier.look()
            until(lambda: not self.courier.busy)

    def confirm(self, asked: dict[str, str], **changes: str | None) -> TestResponse:
        """Ask the callback whether it meant what was asked, as a hub does."""
        said = {"mode": asked["mode"], "topic": asked["topic"], "challenge": "ch4ll&enge", "lease_seconds": "864000"}
        query = urlencode({f"hub.{name}": value for name, value in {**said, **changes}.items() if value is not None})
        return self.client.get(f"{urlsplit(asked['callback']).path}?{query}")

    def tell(self, asked: dict[str, str], body: bytes = BODY, signature: str | None = None) -> int:
        """Deliver, as the hub does that was given this secret."""
        signature = (
            "sha256=" + hmac.digest(asked["secret"].encode(), body, "sha256").hex() if signature is None else signature
        )
        headers = {"X-Hub-Signature": signature} if signature else {}
        return self.client.post(urlsplit(asked["callback"]).path, data=body, headers=headers).status_code

    @property
    def ours(self) -> SourceSubscription:
        """The subscription as it is."""
        found = self.store.subscription_of("lake")
        assert found is not None
        return found


@pytest.fixture
def peer(origin: Origin) -> Peer:
    """A hub on loopback."""
    hub = Peer(origin)
    origin.serve("/hub", behaviour(hub.answer))
    return hub


@pytest.fixture
def house(store: Store, origin: Origin) -> Iterator[House]:
    """A house with one source, whose document names the hub at `/hub`."""
    declare(store)
    house = House(store, "127.0.0.1")
    house.name(origin.url("/hub"))
    return house


@pytest.fixture
def told(house: House, peer: Peer) -> dict[str, str]:
    """What the hub was asked and has confirmed; the source was polled for that."""
    house.work()
    [asked] = peer.asked
    assert house.confirm(asked).status_code == 200
    house.work()
    house.polled.clear()
    house.time += LOOK_PAUSE
    return asked


def test_a_hub_is_subscribed_to(house: House, peer: Peer) -> None:
    """By a form, under an address that nobody guesses; confirmed it holds, and what changed before is looked for."""
    house.work()
    [request], [asked] = peer.requests, peer.asked
    assert (request.method, request.headers["user-agent"]) == ("POST", "Syndicate/test")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    callback, secret = asked.pop("callback"), asked.pop("secret")
    assert asked == {"mode": "subscribe", "topic": TOPIC, "lease_seconds": str(LEASE)}
    assert callback.startswith(f"{BASE}/hub/callback/")
    assert min(len(callback) - len(f"{BASE}/hub/callback/"), len(secret)) >= 32
    assert house.ours.condition(house.time) == "not yet (its hub has yet to confirm that)"
    answer = house.confirm({**asked, "callback": callback})
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/plain", b"ch4ll&enge")
    assert house.ours.expires == NOW + timedelta(days=10)
    assert house.polled == []
    house.work()
    assert (house.polled, len(peer.asked)) == (["lake"], 1)


def test_it_is_renewed_before_its_end(house: House, peer: Peer, told: dict[str, str]) -> None:
    """With the same secret, under the same address; a hub that fails then is asked again while the lease goes on."""
    house.work(days=7)
    assert len(peer.asked) == 1
    peer.says = Reply(b"", 503)
    house.work(days=1, hours=1)
    assert peer.asked[1:] == [told]
    assert house.ours.holds(house.time)
    assert house.ours.condition(house.time).endswith("(answered 503)")
    peer.says = Reply(b"", 204)
    house.work(minutes=2)
    house.confirm(peer.asked[-1])
    assert house.ours.condition(house.time) == "until 2026-12-11 13:02 UTC"
    assert house.polled == []


def test_what_was_not_asked_for_is_not_confirmed(house: House, peer: Peer) -> None:
    """Another topic or mode, no challenge, a lease that is none: 404, and all is as it was."""
    house.work()
    before = house.ours
    wrong: dict[str, tuple[str | None, ...]] = {
        "topic": ("https://lake.example/feed", None),
        "mode": ("unsubscribe", "publish", None),
        "challenge": (None, ""),
        "lease_seconds": ("0", "for ever"),
    }
    for name, values in wrong.items():
        for value in values:
            answer = house.confirm(peer.asked[0], **{name: value})
            assert (answer.status_code, b"ch4ll" in answer.data, house.ours) == (404, False, before)


def test_nobody_else_is_confirmed_anything(house: House, told: dict[str, str]) -> None:
    """Under another address there is nothing, whoever is asked or told; who only looks at it changes nothing."""
    elsewhere = {**told, "callback": told["callback"][:-1]}
    before = house.ours
    assert (house.confirm(elsewhere).status_code, house.tell(elsewhere)) == (404, 410)
    path = urlsplit(told["callback"]).path
    statuses = [house.client.open(path, method=method).status_code for method in ("HEAD", "PUT", "OPTIONS", "DELETE")]
    assert statuses == [405] * 4
    assert (house.ours, house.told) == (before, ["unknown"])


def test_a_hub_leads_to_another(house: House, peer: Peer) -> None:
    """307 and 308 are followed, with all that was asked; other redirects are refusals, and a circle ends."""
    for status in (307, 308):
        peer.origin.serve("/moved", redirect("/hub", status))
        house.name(peer.origin.url("/moved"), f"{TOPIC}&{status}")
        house.work(minutes=2)
        assert (peer.asked[-1]["mode"], peer.asked[-1]["topic"]) == ("subscribe", f"{TOPIC}&{status}")
        assert peer.requests[-1].method == "POST"
    asked = len(peer.asked)
    for status in (301, 302, 303):
        peer.origin.serve("/moved", redirect("/hub", status))
        house.name(peer.origin.url("/moved"), f"{TOPIC}&{status}")
        house.work(minutes=2)
        assert (len(peer.asked), house.ours.error) == (asked, f"answered {status}")
    peer.origin.serve("/moved", redirect("/moved", 307))
    house.work(minutes=2)
    assert house.ours.error == "refused: more than 5 redirects"


def test_no_hub_is_on_a_private_network(store: Store, origin: Origin, peer: Peer) -> None:
    """Neither the one that a source names nor one that it leads to: no connection, and the reason is told."""
    declare(store)
    house = House(store)
    house.name(origin.url("/hub"))
    house.work()
    assert "not a public address" in house.ours.error
    house = House(store, "127.0.0.1")
    origin.serve("/moved", redirect(f"http://127.0.0.2:{origin.port}/hub", 307))
    house.name(origin.url("/moved"))
    house.work()
    assert "not a public address" in house.ours.error
    assert (peer.requests, origin.connections) == ([], 1)


@pytest.mark.parametrize("method", ["sha1", "sha512"])
def test_a_signed_word_has_the_source_polled(house: House, told: dict[str, str], method: str) -> None:
    """At once, whatever it holds and however long it is, and once more a while later."""
    body = BODY * 10_000
    assert house.tell(told, body, f"{method}={hmac.digest(told['secret'].encode(), body, method).hex()}") == 204
    assert house.polled == []
    house.work()
    assert (house.polled, house.ours.told) == (["lake"], house.time)
    house.work(seconds=SECOND_LOOK.total_seconds())
    house.work(hours=1)
    assert (house.polled, house.told) == (["lake"] * 2, ["taken"])


def test_what_is_not_signed_rightly_is_ignored(house: House, told: dict[str, str]) -> None:
    """No signature, another secret's, another body's, an unknown method's: taken with thanks, and nothing happens."""
    wrong = hmac.digest(b"guessed", BODY, "sha256").hex()
    other = hmac.digest(told["secret"].encode(), BODY + b" ", "sha256").hex()
    md5 = hmac.digest(told["secret"].encode(), BODY, "md5").hex()
    for signature in ("", "sha256=", f"sha256={wrong}", f"sha256={other}", f"md5={md5}", "sha256=\u00e9"):
        assert house.tell(told, signature=signature) == 204
    house.work(hours=1)
    assert (house.polled, house.ours.told, house.told) == ([], None, ["ignored"] * 6)


def test_more_than_can_be_fetched_is_not_heard_out(store: Store, origin: Origin, peer: Peer) -> None:
    """It is refused by its size, signed or not."""
    declare(store)
    house = House(store, "127.0.0.1", fetch={"wire_bytes": 1_000})
    house.name(origin.url("/hub"))
    house.work()
    assert house.tell(peer.asked[0], b"x" * 1_001) == 413
    assert house.tell(peer.asked[0], b"x" * 1_000) == 204


def test_a_flood_is_one_poll_at_a_time(house: House, told: dict[str, str]) -> None:
    """However often a hub tells, its source is polled no sooner than after a pause; the last word is not lost."""
    for _ in range(3):
        house.tell(told)
        house.work(seconds=1)
    assert house.polled == ["lake"]
    house.work(seconds=LOOK_PAUSE.total_seconds())
    assert house.polled == ["lake"] * 2


def test_what_is_told_during_a_poll_is_polled_after_it(house: House, told: dict[str, str]) -> None:
    """A poll that goes on may have asked before the change; nor does a full queue lose it."""
    epoch = lease(house.store, now=house.time)
    house.tell(told)
    house.work()
    assert house.polled == []
    house.store.release(source_lease("lake"), epoch)
    house.full = True
    house.work()
    house.full = False
    house.work(minutes=2)
    assert house.polled == ["lake"]


def test_a_source_that_is_paused_leaves_its_hub(house: House, peer: Peer, told: dict[str, str]) -> None:
    """The hub is asked, and confirmed that; what it still sends is gone. Resumed, the source is subscribed to anew."""
    house.store.set_source_status("lake", "paused")
    house.work(minutes=2)
    left = peer.asked[-1]
    assert left == {"mode": "unsubscribe", "topic": TOPIC, "callback": told["callback"]}
    assert house.tell(told) == 410
    assert house.confirm(told).status_code == 404
    assert house.confirm(left, lease_seconds=None).data == b"ch4ll&enge"
    assert house.store.subscription_at(told["callback"].rpartition("/")[2]) is None
    house.store.set_source_status("lake", "active")
    house.work(minutes=2)
    again = peer.asked[-1]
    assert again["mode"] == "subscribe"
    assert not {again["callback"], again["secret"]} & set(told.values())


def test_a_hub_that_does_not_let_us_go_is_left_all_the_same(house: House, peer: Peer, told: dict[str, str]) -> None:
    """It is asked three times, and told that we are gone when it still delivers."""
    house.store.remove_source("lake")
    for _ in range(4):
        house.work(minutes=6)
    assert [asked["mode"] for asked in peer.asked] == ["subscribe", *["unsubscribe"] * 3]
    assert house.tell(told) == 410


def test_who_does_not_subscribe_leaves_all_hubs(house: House, peer: Peer, told: dict[str, str]) -> None:
    """Switched off, what holds is taken back, and nothing is asked for."""
    off = House(house.store, "127.0.0.1", subscribes=False)
    off.work(hours=1)
    assert [asked["mode"] for asked in peer.asked] == ["subscribe", "unsubscribe"]
    off.confirm(peer.asked[-1])
    off.work(hours=1)
    assert len(peer.asked) == 2


def test_a_hub_that_fails_is_asked_for_ever(house: House, peer: Peer) -> None:
    """Ever more slowly, down to once a day; its failure is told once, without what only the two of us know."""
    peer.says = Reply(b"", 500)
    with capture_logs() as logged:
        for _ in range(12):
            house.work(days=1, hours=5)
        assert len(peer.asked) == 12
        peer.says = Reply(b"", 202)
        house.work(days=1, hours=5)
        house.confirm(peer.asked[-1])
        house.tell(peer.asked[-1])
    assert house.ours.error == ""
    told = [entry["event"] for entry in logged]
    assert told == [
        "hub of a source failed; it is asked again, ever more slowly",
        "hub of a source subscribed to",
        "hub of a source tells of a change",
    ]
    secrets = (peer.asked[-1]["secret"], house.ours.callback)
    assert not [secret for secret in secrets if secret in repr(logged)]


def test_a_denial_is_borne(house: House, peer: Peer, told: dict[str, str]) -> None:
    """The hub's reason is told on one line; it is asked again later. A denial of something else is none of ours."""
    assert house.confirm(told, mode="denied", topic="https://x.example/", challenge=None).status_code == 404
    assert house.ours.holds(house.time)
    answer = house.client.get(
        f"{urlsplit(told['callback']).path}?"
        + urlencode({"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "not\nfor you\0" + "x" * 999})
    )
    assert (answer.status_code, house.ours.holds(house.time)) == (200, False)
    assert house.ours.error.startswith("denied: not for you")
    assert len(house.ours.error) < 300
    house.work(minutes=2)
    assert len(peer.asked) == 2


def test_our_own_outage_is_nobodys_fault(store: Store, peer: Peer, origin: Origin) -> None:
    """While we are offline nothing is held against a hub, and it is asked again soon."""
    declare(store)
    house = House(store, "127.0.0.1", offline=True)
    house.name("http://nowhere.invalid/hub")
    house.work()
    assert (house.ours.tries, house.ours.error, house.ours.due) == (0, "", NOW + OFFLINE_PAUSE)
