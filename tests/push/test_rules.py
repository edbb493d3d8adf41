"""What a form may ask, what a callback is asked, and what its answer means."""

import hashlib
import hmac
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest

from syndicate.errors import UsageError
from syndicate.model import TopicSpec
from syndicate.push.rules import (
    DEFAULT_LEASE,
    LONGEST_LEASE,
    SHORTEST_LEASE,
    confirms,
    feeds_of,
    headers_of,
    outcome_of,
    pause_after,
    question,
    read_request,
)
from syndicate.records_served import HubRequest, Subscription
from tests.contract.building import NOW

BASE = "https://zürich.example"
FEEDS = feeds_of(BASE, (TopicSpec("water", "Water"),))
TOPIC = f"{BASE}/feeds/water.atom"
FORM = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": "https://Partner.example:8443/in?a=1&b="}


def read(**changes: str | None) -> HubRequest:
    form = {**FORM, **{f"hub.{name}": value for name, value in changes.items()}}
    return read_request(urlencode({k: v for k, v in form.items() if v is not None}).encode(), FEEDS, NOW)[0]


def test_a_form_is_read():
    """Feed, callback as it was given, secret and lease; what else stands there, however often, is passed over."""
    plain = read()
    assert (plain.topic, plain.format, plain.callback) == ("water", "atom", FORM["hub.callback"])
    assert (plain.host, plain.mode, plain.secret, plain.lease, plain.at) == (
        "partner.example",
        "subscribe",
        "",
        DEFAULT_LEASE,
        NOW,
    )
    assert read(topic="https://z%C3%BCrich.example/feeds/water.atom") == plain
    assert read(secret="", lease_seconds=" ") == plain
    more = urlencode([*FORM.items(), ("hub.verify", "sync"), ("hub.verify", "async"), ("foo", "1"), ("foo", "2")])
    assert read_request(more.encode(), FEEDS, NOW)[0] == plain
    assert read(mode="unsubscribe").mode == "unsubscribe"
    assert read(secret="é" * 99 + "x").secret == "é" * 99 + "x"


@pytest.mark.parametrize(
    ("asked", "lease"), [("1", SHORTEST_LEASE), ("0", SHORTEST_LEASE), ("86400", 86_400), ("9" * 99, LONGEST_LEASE)]
)
def test_no_lease_is_for_ever(asked: str, lease: int):
    """A lease is what was asked for, within our bounds."""
    assert read(lease_seconds=asked).lease == lease


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"mode": "publish"}, "hub.mode"),
        ({"mode": None}, "hub.mode"),
        ({"mode": "denied"}, "hub.mode"),
        ({"topic": None}, "hub.topic"),
        ({"topic": "https://other.example/feeds/water.atom"}, "hub.topic"),
        ({"topic": f"{BASE}/feeds/fire.atom"}, "hub.topic"),
        ({"topic": f"{TOPIC}?x"}, "hub.topic"),
        ({"callback": None}, "hub.callback"),
        ({"callback": "ftp://partner.example/"}, "hub.callback: refused: only http"),
        ({"callback": "/in"}, "hub.callback"),
        ({"callback": "https://a:b@partner.example/"}, "hub.callback: refused: user names"),
        ({"callback": "https://partner.example/#in"}, "hub.callback: expected no fragment"),
        ({"callback": "https://partner.example/" + "x" * 2_000}, "hub.callback: expected .* at most 2000"),
        ({"callback": "https://partner.example/\r\nX: y"}, "hub.callback: refused: blanks"),
        ({"secret": "x" * 200}, "hub.secret"),
        ({"secret": "\0"}, "NUL"),
        ({"lease_seconds": "-1"}, "hub.lease_seconds"),
        ({"lease_seconds": "1e9"}, "hub.lease_seconds"),
        ({"lease_seconds": "٣"}, "hub.lease_seconds"),
    ],
)
def test_what_cannot_be_honoured_is_refused_with_its_reason(changes: dict[str, str | None], told: str):
    """Every field that is missing or wrong is named."""
    with pytest.raises(UsageError, match=told):
        read(**changes)


@pytest.mark.parametrize("body", [b"\xff", b"hub.mode=%ff", b"&".join([b"a=1"] * 51), b"hub.mode=subscribe&hub.mode=x"])
def test_what_is_no_form_is_refused(body: bytes):
    """Bytes that can be read in no way, or in two, are an error like any other."""
    with pytest.raises(UsageError):
        read_request(body, FEEDS, NOW)


@pytest.mark.parametrize(
    ("callback", "begins"),
    [
        ("https://p.example/in", "https://p.example/in?hub.mode="),
        ("https://p.example/in?", "https://p.example/in?hub.mode="),
        ("https://p.example/in?a=%20+1&b=", "https://p.example/in?a=%20+1&b=&hub.mode="),
        ("https://p.example/?hub.mode=x?y", "https://p.example/?hub.mode=x?y&hub.mode="),
    ],
)
def test_a_callbacks_own_query_is_kept(callback: str, begins: str):
    """Our parameters stand behind its own, which are as they were."""
    url = question(replace(read(), callback=callback), TOPIC, "chal+lenge")
    assert url.startswith(begins)
    added = dict(parse_qsl(url)[-3:])
    assert (added["hub.topic"], added["hub.challenge"], added["hub.lease_seconds"]) == (TOPIC, "chal+lenge", "864000")


def test_a_denial_asks_nothing():
    """Who is told that it is over gets topic and reason, and no challenge; who leaves is told of no lease."""
    denied = dict(parse_qsl(question(replace(read(), mode="denied"), TOPIC, "c").partition("b=&")[2]))
    assert denied == {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "This feed is no longer published."}
    leaves = dict(parse_qsl(question(read(mode="unsubscribe"), TOPIC, "c").partition("b=&")[2]))
    assert leaves == {"hub.mode": "unsubscribe", "hub.topic": TOPIC, "hub.challenge": "c"}


@pytest.mark.parametrize(
    ("status", "body", "confirmed"),
    [
        (200, b"c", True),
        (202, b"c", True),
        (299, b"c", True),
        (200, b"c\n", False),
        (200, b"C", False),
        (200, b"", False),
        (302, b"c", False),
        (404, b"c", False),
        (500, b"c", False),
    ],
)
def test_only_the_exact_challenge_confirms(status: int, body: bytes, confirmed: bool):
    """A success with exactly these bytes, and nothing else."""
    assert confirms(status, body, "c") is confirmed


def test_who_gave_a_secret_gets_a_signature():
    """It is over the bytes that are sent; without a secret there is none."""
    to = Subscription(1, "water", "rss", "https://p.example/", "p.example", "", NOW, "", 0, NOW, "")
    assert headers_of(to, b"news", "https://w.example/feeds/water.rss", "https://w.example/hub") == {
        "Content-Type": "application/rss+xml; charset=utf-8",
        "Link": '<https://w.example/hub>; rel="hub", <https://w.example/feeds/water.rss>; rel="self"',
    }
    signed = headers_of(replace(to, secret="schlüssel"), b"news", "o", "h")["X-Hub-Signature"]
    assert signed == "sha256=" + hmac.new("schlüssel".encode(), b"news", hashlib.sha256).hexdigest()


def test_what_an_answer_means():
    """Any 2xx is success, 410 the end, and all else (redirects as well) to be tried again."""
    assert {outcome_of(status) for status in (200, 201, 202, 204, 299)} == {"delivered"}
    assert outcome_of(410) == "ended"
    assert {outcome_of(status) for status in (301, 302, 307, 400, 401, 404, 429, 500, 503)} == {"failed"}


def test_pauses_grow_to_an_hour():
    """From a quarter of a minute on they double, give or take a fifth, and those of others are others."""
    pauses = [pause_after(failures, "https://p.example/") for failures in range(1, 2_000)]
    assert all(0.8 <= pause / min(15 * 2.0 ** min(n, 20), 3_600) <= 1.2 for n, pause in enumerate(pauses))
    assert pause_after(9, "https://p.example/") != pause_after(9, "https://q.example/")
