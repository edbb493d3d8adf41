"""Where the hubs of sources find us, on the whole door, and what is seen of it: metrics and an admin's page."""

import hmac
from datetime import timedelta

from structlog.testing import capture_logs

from syndicate.formats import CALLBACK_PATH
from syndicate.records_pushed import SourceSubscription
from tests.web.desk import browser, words
from tests.web.wire import NOW, Wire

OURS = SourceSubscription(
    "c4llback", "north", "https://hub.example/", "https://north.example/feed", "hub.example", "s3cret", NOW
)
PATH = f"{CALLBACK_PATH}{OURS.callback}"


def test_what_hubs_say_is_counted(wire: Wire) -> None:
    """By what became of it, whichever process heard it; and an admin sees that a source tells of its changes."""
    wire.store.sync_sources(wire.services.settings.sources, NOW)
    wire.store.subscribe_to(OURS)
    later = NOW + timedelta(days=10)
    assert wire.client.get(PATH, query_string={"hub.mode": "subscribe"}).status_code == 404
    wire.store.hub_confirms(OURS, later, later, NOW)
    signature = "sha256=" + hmac.digest(b"s3cret", b"news", "sha256").hex()
    for path, headers in ((PATH, {"X-Hub-Signature": signature}), (PATH, {}), (f"{PATH}x", {})):
        wire.client.post(path, data=b"news", headers=headers)
    said = wire.client.get("/metrics").text
    for outcome in ("taken", "ignored", "unknown"):
        assert f'syndicate_source_pushes_total{{outcome="{outcome}"}} 1.0' in said
    assert 'syndicate_source_subscriptions{state="active"} 1.0' in said
    shown = words(browser(wire).get("sources/north").text)
    assert "until 2026-12-03 12:00 UTC, through https://hub.example/; last 23 Nov 2026, 12:00" in shown
    assert "c4llback" not in shown


def test_a_store_that_fails_tells_nobody_where_hubs_find_us(wire: Wire) -> None:
    """A hub is told to come again, and our log does not say what tells one callback from another."""
    wire.store.broken = True
    with capture_logs() as logged:
        assert wire.client.post(PATH, data=b"news").status_code == 503
    assert [entry["path"] for entry in logged] == [CALLBACK_PATH]
