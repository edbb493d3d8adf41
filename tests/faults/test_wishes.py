"""What sources say about when to come again: heard within reason, whatever it says, through a whole ingest."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from tests.faults import stories
from tests.faults.origin import Origin, Reply
from tests.faults.world import NOON, world

HOURS = "".join(f"<hour>{hour}</hour>" for hour in range(24))


def _wait(origin: Origin, sandbox: Sandbox, folder: Path, reply: Reply) -> tuple[float, float]:
    """How many seconds later the source is due after this answer, and the ceiling."""
    spec = SourceSpec("paper", "feed", origin.serve("/feed", reply))
    with world(folder, sandbox, [spec]) as here:
        here.ingest("paper")
        state = here.store.source("paper")
        assert state is not None
        assert state.due is not None
        return (state.due - NOON).total_seconds(), here.settings.ingest.max_interval_seconds


def _reply(status: int = 200, headers: Mapping[str, str] | None = None, extra: str = "") -> Reply:
    # One article without a date says nothing of a rhythm: left alone, we come back after the floor.
    item = "<item><guid>1</guid><title>News of the pier</title><description>It is open.</description></item>"
    return Reply(stories.rss([item], extra=extra), status, headers or {})


@pytest.mark.parametrize(
    "reply",
    [
        _reply(headers={"Cache-Control": "public, max-age=14400"}),
        _reply(headers={"Retry-After": "14400"}),
        _reply(429, {"Retry-After": "14400"}),
        _reply(503, {"Retry-After": "14400"}),
        _reply(extra="<ttl>240</ttl>"),
        _reply(extra="<skipHours><hour>12</hour><hour>13</hour><hour>14</hour><hour>15</hour></skipHours>"),
    ],
)
def test_a_modest_wish_is_granted(reply: Reply, origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """Four hours are waited for if a source asks for them, by whichever means; without, it would be minutes."""
    seconds, _ = _wait(origin, sandbox, tmp_path, reply)
    assert 0.9 * 14_400 <= seconds <= 1.2 * 14_400


@pytest.mark.parametrize(
    "reply",
    [
        _reply(headers={"Cache-Control": "max-age=9999999999"}),
        _reply(headers={"Retry-After": "999999999999"}),
        _reply(503, {"Retry-After": "999999999999"}),
        _reply(503, {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}),
        _reply(429, {"Retry-After": "9" * 4_000}),
        _reply(301, {"Retry-After": "999999999999", "Location": "/elsewhere"}),
        _reply(extra="<ttl>99999999999999999999</ttl>"),
        _reply(extra="<ttl>1e400</ttl>"),
        _reply(extra=f"<skipHours>{HOURS}</skipHours>"),
        _reply(extra=f"<ttl>9999999</ttl><skipHours>{HOURS * 50}</skipHours>"),
        _reply(extra="<skipDays>" + "<day>Monday</day>" * 9 + "</skipDays>"),
    ],
)
def test_no_wish_parks_a_source(reply: Reply, origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """However long a source asks us to stay away, it is due by the ceiling."""
    seconds, ceiling = _wait(origin, sandbox, tmp_path, reply)
    assert 0 < seconds <= ceiling


@pytest.mark.parametrize(
    "reply",
    [
        _reply(headers={"Cache-Control": "max-age=0, no-cache"}),
        _reply(headers={"Retry-After": "-5"}),
        _reply(503, {"Retry-After": "0"}),
        _reply(503, {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}),
        _reply(extra="<ttl>-99999</ttl>"),
        _reply(extra="<ttl>0</ttl><skipHours><hour>99</hour><hour>-1</hour><hour>x</hour></skipHours>"),
        _reply(extra=f"<skipHours><hour>{'1' * 5_000}</hour></skipHours>"),
    ],
)
def test_no_wish_makes_us_hurry(reply: Reply, origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """Nothing that a source says brings us back before the floor (and its jitter)."""
    seconds, _ = _wait(origin, sandbox, tmp_path, reply)
    assert seconds >= timedelta(minutes=4).total_seconds()
