"""What a webhook lacks, how that fits into messages, and how these are signed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from syndicate.push import messages
from syndicate.push.messages import LONGEST, headers_of, id_of, is_behind, message, pause, ping
from syndicate.records_served import Edition, Posting, Webhook
from tests.contract.building import NOW

BASE = "https://wire.example"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TO = Posting(Webhook("anna", "https://anna.example/in", "anna.example", SECRET), "water", ("plain", 0), "two", 7)


def item(name: str, text: str = "Water rose.", **more: object) -> dict[str, Any]:
    return {
        "id": f"{BASE}/a/{name}",
        "url": f"https://lake.example/{name}",
        "title": name,
        "content_html": text,
        **more,
    }


def gone(name: str) -> dict[str, Any]:
    return {**item(name), "_syndicate": {"status": "withdrawn", "at": "2026-11-23T12:00:00+00:00", "reason": "libel"}}


def edition(*items: dict[str, Any], **head: str) -> Edition:
    body = json.dumps({"feed_url": f"{BASE}/p/-/water.json", **head, "items": items}).encode()
    return Edition("water", ("plain", 0), "json", "two", body, NOW)


def told(body: bytes) -> dict[str, str]:
    """Each article's name and what became of it, in the order of the message."""
    return {one["id"].rpartition("/")[2]: one["status"] for one in json.loads(body)["data"]["items"]}


def after(*items: dict[str, Any], known: bytes = b"") -> bytes:
    """What a webhook has that took an edition as a whole."""
    found = message(edition(*items), "anna", BASE, known)
    assert found is not None
    assert found.whole
    return found.known


def next_one(*items: dict[str, Any], known: bytes) -> Mapping[str, str]:
    found = message(edition(*items), "anna", BASE, known)
    return {} if found is None else told(found.body)


def test_a_message_holds_the_articles_whole():
    """Which partner, topic and feed it is about, and of each article all that the feed has."""
    found = message(edition(item("two"), item("one")), "anna", BASE, b"")
    assert found is not None
    document = json.loads(found.body)
    data = document.pop("data")
    assert document == {"type": "feed.changed", "timestamp": "2026-11-23T12:00:00+00:00"}
    assert len(data.pop("edition")) == 32
    assert data == {
        "partner": "anna",
        "topic": "water",
        "feed": "https://wire.example/p/anna/water.json",
        "items": [{"status": "new", **item("one")}, {"status": "new", **item("two")}],
        "more": False,
    }


def test_only_what_is_lacking_is_told():
    """New, changed and withdrawn articles, once; what only left the feed, and comes back, is nothing new."""
    known = after(item("two"), item("one"))
    assert next_one(item("two"), item("one"), known=known) == {}
    assert next_one(item("three"), item("two", "Rain."), gone("one"), known=known) == {
        "one": "withdrawn",
        "two": "changed",
        "three": "new",
    }
    later = after(item("three"), item("two"), gone("x"), known=known)
    assert next_one(item("two"), item("one"), gone("x"), known=later) == {}
    assert next_one(item("one"), item("x"), known=later) == {"x": "new"}  # revived: it was deleted there
    assert message(edition(item("two"), item("one"), title="Another"), "anna", BASE, known) is None


def test_who_has_nothing_of_the_feed_is_behind():
    """Where none of its articles is there any more, or none ever was, others may have come and gone."""
    known = after(item("one"), gone("x"))
    assert is_behind(edition(item("two"), gone("x")), known)
    assert is_behind(edition(item("two")), b"")
    assert not is_behind(edition(item("two"), item("one")), known)


def test_what_has_left_the_feed_is_told_of_its_archive():
    """What it lacks of that, behind the withdrawals of now; there is more, since the feed's articles are not told yet.

    What was revived since the edition was made is told as live.
    """
    known = after(item("one"))
    lately = edition(item("nine"), gone("x"), gone("revived"))
    found = message(lately, "anna", BASE, known, edition(item("two"), item("revived"), item("one")).body)
    assert found is not None
    assert told(found.body) == {"x": "withdrawn", "revived": "new", "two": "new"}
    assert (found.whole, json.loads(found.body)["data"]["more"]) == (False, True)


def test_what_does_not_fit_follows():
    """Messages stay small, withdrawals go first, then the oldest; each says whether there is more."""
    large = [item(str(number), "x" * (LONGEST // 3)) for number in (5, 4, 3, 2, 1)]
    known, seen = b"", []
    while (found := message(edition(*large, gone("x")), "anna", BASE, known)) is not None:
        known = found.known
        seen.append(list(told(found.body)))
        assert json.loads(found.body)["data"]["more"] is (not found.whole)
        assert len(found.body) < LONGEST + 1_000
    assert seen == [["x", "1", "2"], ["3", "4"], ["5"]]


def test_what_fits_into_no_message_has_to_be_fetched():
    """Such an article is named, with its address and title; the others are told as ever."""
    found = message(edition(item("two", "x" * LONGEST), item("one")), "anna", BASE, b"")
    assert found is not None
    one, two = json.loads(found.body)["data"]["items"]
    assert one["content_html"] == "Water rose."
    kept = {name: item("two")[name] for name in ("id", "url", "title")}
    assert two == {"status": "new", **kept, "omitted": True}


def test_what_is_remembered_is_bounded(monkeypatch):
    """All of the feed, and of what has left it that which was sent last."""
    monkeypatch.setattr(messages, "REMEMBERED", 3)
    known = b""
    for number in range(5):
        known = after(item(str(number)), item("stays"), known=known)
    assert len(known) == 3 * 16
    assert next_one(item("3"), item("4"), item("2"), item("stays"), known=known) == {"2": "new"}


def test_messages_are_signed_as_the_standard_has_it():
    """Its own example (standardwebhooks.com), with the signature that its library for Python gives."""
    at = NOW.fromtimestamp(1614265330, NOW.tzinfo)
    headers = headers_of(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers == {
        "Content-Type": "application/json",
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_same_message_has_the_same_name():
    """Sent again it is known as a repeat; other words, or the same words after something else was taken, are not."""
    names = {
        id_of(to, body)
        for to in (TO, replace(TO, sent=NOW), replace(TO, id=8))
        for body in (ping("anna", NOW), ping("anna", NOW + timedelta(1)))
    }
    assert len(names) == 6
    assert id_of(replace(TO, failures=3, due=NOW), ping("anna", NOW)) in names


def test_a_failure_is_followed_by_ever_longer_pauses():
    """From a quarter of a minute to an hour as the hub's, and after three days of failures a day."""
    tries = [replace(TO, failures=number, failing=NOW) for number in (0, 4, 40)]
    seconds = [pause(one, NOW + timedelta(days=2)).total_seconds() for one in tries]
    assert [12 <= seconds[0] <= 18, 192 <= seconds[1] <= 288, 2_880 <= seconds[2] <= 4_320] == [True] * 3
    assert pause(tries[2], NOW + timedelta(days=4)) == timedelta(days=1)
    assert pause(TO, NOW).total_seconds() < 20
