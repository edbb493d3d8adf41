"""What `syndicate sources show` says of a source whose hub tells of its changes."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from syndicate import bootstrap
from syndicate.model import Hub
from syndicate.records_pushed import SourceSubscription
from syndicate.settings import load
from tests.cli.conftest import Command
from tests.contract.building import ingest


def test_a_source_that_is_pushed_shows_it(command: Command) -> None:
    """Which hub, until when and when it last told; to programs, too, and to nobody what only hub and we know."""
    command("sources", "add", "lake", "feed", "https://lake.example/feed")
    assert json.loads(command("sources", "show", "lake", "--json").out)["push"] is None
    now = bootstrap.utc_now()
    until = now + timedelta(days=10)
    with closing(bootstrap.store_as_it_is(load())) as store:
        hub = Hub("https://hub.example/", "https://lake.example/own")
        ingest(store, state=replace(store.source("lake"), hub=hub))
        ours = SourceSubscription("c4llback", "lake", hub.url, hub.topic, "hub.example", "s3cret", now)
        store.subscribe_to(ours)
        store.hub_confirms(ours, until, until, now)
        store.hub_tells(ours, now)
    shown, listed = command("sources", "show", "lake").out, command("sources", "show", "lake", "--json").out
    assert f"hub              https://hub.example/\npushes           until {until:%Y-%m-%d %H:%M} UTC\n" in shown
    assert f"last push        {now}" in shown
    said = json.loads(listed)
    assert (said["hub"]["topic"], said["push"]["told"]) == (hub.topic, now.isoformat())
    assert not [secret for secret in ("c4llback", "s3cret") if secret in shown + listed]
    assert command("sources", "change", "lake", "--no-push").out == "changed lake\n"
    assert json.loads(command("sources", "show", "lake", "--json").out)["spec"]["push"] is False
