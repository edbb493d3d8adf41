"""What a hub is asked, what is confirmed to it, and what a signature proves."""

import hmac
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from syndicate.push.subscribing import (
    LEASE,
    LONGEST_LEASE,
    METHODS,
    SOONEST,
    form,
    is_meant,
    is_signed,
    lease_of,
    pause_of,
    renewal_of,
)
from syndicate.records_pushed import SourceSubscription
from tests.contract.building import NOW

TOPIC = "https://lake.example/feed?a=1&b=é"
OURS = SourceSubscription("c4ll", "lake", "https://hub.example/", TOPIC, "hub.example", "s3cret", NOW)
BODY = b"<rss>news</rss>"


def test_a_hub_is_asked_by_a_form() -> None:
    """Where we are, for what, for how long and with which secret; to leave, no more than it needs to know."""
    asked = {
        "hub.callback": ["https://w.example/c4ll"],
        "hub.mode": ["subscribe"],
        "hub.topic": [TOPIC],
        "hub.lease_seconds": [str(LEASE)],
        "hub.secret": ["s3cret"],
    }
    assert parse_qs(form(OURS, "https://w.example/c4ll").decode()) == asked
    left = parse_qs(form(replace(OURS, mode="unsubscribe"), "https://w.example/c4ll").decode())
    assert (left["hub.mode"], left.keys()) == (["unsubscribe"], {"hub.callback", "hub.mode", "hub.topic"})


def test_only_what_we_want_is_meant() -> None:
    """This topic, however its letters are written, and this mode."""
    assert is_meant(OURS, "subscribe", TOPIC)
    assert is_meant(OURS, "subscribe", TOPIC.replace("é", "%C3%A9"))
    for mode, topic in (("unsubscribe", TOPIC), ("", TOPIC), ("subscribe", ""), ("subscribe", TOPIC + "x")):
        assert not is_meant(OURS, mode, topic)


@pytest.mark.parametrize(
    ("said", "lease"),
    [
        ("", LEASE),
        ("1", 1),
        ("7200", 7_200),
        ("9" * 99, LONGEST_LEASE),
        *((odd, None) for odd in ("0", "-1", "1e3", "٣")),
    ],
)
def test_a_lease_is_what_the_hub_says(said: str, lease: int | None) -> None:
    """Or what we asked for where it says nothing; never for ever, and never nothing."""
    assert lease_of(said) == lease


def test_a_lease_is_renewed_before_its_end() -> None:
    """With a fifth of it to spare, but not every second where a hub grants but a second."""
    assert renewal_of(LEASE) == LEASE * 0.8
    assert renewal_of(1) == SOONEST


def test_a_hub_is_asked_again_ever_more_slowly() -> None:
    """From about a minute to about a day."""
    pauses = [pause_of(tries, OURS) for tries in range(1, 2_000)]
    assert all(0.8 <= pause / min(60 * 2.0 ** min(n, 20), 86_400) <= 1.2 for n, pause in enumerate(pauses))


def test_each_method_signs() -> None:
    """A signature in any of the four, in capitals, too, over all pieces."""
    for method in METHODS:
        signature = hmac.digest(b"s3cret", BODY, method).hex()
        for header in (f"{method}={signature}", f" {method.upper()}={signature.upper()} "):
            assert is_signed(header, "s3cret", (BODY[:4], BODY[4:]))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256",
        "sha256=",
        "sha256=é",
        f"md5={hmac.digest(b's3cret', BODY, 'md5').hex()}",
        f"sha1={hmac.digest(b's3cret', BODY, 'sha256').hex()}",
        f"={hmac.digest(b's3cret', BODY, 'sha256').hex()}",
        f"sha256={hmac.digest(b'another', BODY, 'sha256').hex()}",
        f"sha256={hmac.digest(b's3cret', BODY + b' ', 'sha256').hex()}",
        f"sha256={hmac.digest(b's3cret', BODY, 'sha256').hex()[:-1]}",
    ],
)
def test_what_is_not_signed_rightly_proves_nothing(header: str) -> None:
    """None, a broken one, another method's, another secret's, another body's; all pieces are taken all the same."""
    left = iter((BODY[:4], BODY[4:]))
    assert not is_signed(header, "s3cret", left)
    assert next(left, None) is None


def test_how_it_is_with_a_subscription_is_said_in_a_few_words() -> None:
    """Whether it holds, until when, and what is wrong; never a secret."""
    day = timedelta(days=1)
    assert OURS.condition(NOW) == "not yet (its hub has yet to confirm that)"
    assert replace(OURS, error="answered 404", expires=NOW - day).condition(NOW) == "not yet (answered 404)"
    held = replace(OURS, expires=NOW + day)
    assert (held.condition(NOW), held.holds(NOW)) == ("until 2026-11-24 12:00 UTC", True)
    assert replace(held, error="answered 503").condition(NOW) == "until 2026-11-24 12:00 UTC (answered 503)"
    assert not replace(held, mode="unsubscribe").holds(NOW)
    assert "s3cret" not in repr(OURS)
    assert "c4ll" not in repr(OURS)
