"""Topics by command."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.settings import load
from syndicate.store import Store
from tests.cli.conftest import Command
from tests.contract.building import article, change, ingest

CONFIG = """
[[sources]]
key = "lake"
kind = "feed"
location = "https://lake.example/feed"

[[topics]]
key = "wood"
title = "Wood"
any_of = ["oak"]
"""


@pytest.fixture
def store(wire: Path, command: Command) -> Iterator[Store]:
    """The store of a wire with a topic, and two stories."""
    wire.write_text(CONFIG)
    command("topics")
    opened = Store(load().store_url)
    stories = article(text="The ferry."), article(key="pier", text="The pier.")
    ingest(opened, *(change(one, topics=frozenset()) for one in stories))
    yield opened
    opened.close()


def test_a_topic_is_tried_added_shown_changed_and_removed(command: Command, store: Store):
    """What a dry run tells is what comes; feeds are there with the answer, and gone with the last one."""
    words = ("--title", "Water", "--any-of", "ferry", "--where", "body")
    tried = command("topics", "add", "water", *words, "--dry-run").out.splitlines()
    assert tried[0] == "water would hold 1 of 2 articles: with 1 that it does not hold now, without 0 that it does"
    assert tried[1].startswith("+ The one (")
    assert store.added_topics() == ()
    added = command("topics", "add", "water", *words)
    assert (added.code, added.err) == (0, "")
    assert added.out.startswith("added water: 1 article in http://127.0.0.1:")
    assert store.feed("water", "json") is not None
    listed = [json.loads(line) for line in command("topics", "--json").out.splitlines()]
    assert [(one["topic"]["key"], one["origin"], one["articles"]) for one in listed] == [
        ("all", "config", 2),
        ("wood", "config", 0),
        ("water", "admin", 1),
    ]
    shown = command("topics", "show", "water").out
    assert "any of           ferry\n" in shown
    assert "declared by      an admin\n" in shown
    said = ("--any-of", "pier", "--any-of", "ferry", "--none-of", "ice", "--source", "lake")
    trial = json.loads(command("topics", "change", "water", *said, "--dry-run", "--json").out)["trial"]
    assert (trial["matches"], trial["gained"], trial["lost"]) == (2, 1, 0)
    assert "2 articles" in command("topics", "change", "water", *said).out
    assert json.loads(command("topics", "change", "water", "--source", "", "--json").out)["topic"]["sources"] == []
    assert json.loads(command("topics", "show", "water", "--json").out)["extent"]["articles"] == 2
    assert "/feeds/water.rss" in command("topics", "export", "--opml").out
    assert "water, read as" in command("lint", "water").out
    told = command("topics", "remove", "water", "--dry-run").out.splitlines()
    assert told[-1] == "would remove water: its feeds; articles in it, which stay in others: 2"
    assert (
        command("topics", "remove", "water").out
        == "removed water: its feeds; articles in it, which stay in others: 2\n"
    )
    assert (store.feed("water", "rss"), store.added_topics()) == (None, ())


def test_what_is_not_understood_changes_nothing(command: Command, store: Store):
    """One line each, and exit 2; what the configuration declares is changed there."""
    for words, said in (
        (("add", "Water", "--title", "x", "--any-of", "x"), "expected 1 to 64"),
        (("add", "water", "--any-of", "x"), "--title"),
        (("add", "water", "--title", "x"), "no rule"),
        (("add", "water", "--title", "x", "--source", "nowhere"), "'nowhere' is neither declared"),
        (("add", "water", "--title", "x", "--any-of", "x", "--where", "foot"), "foot"),
        (("add", "wood", "--title", "x", "--any-of", "x"), "declared in the configuration: change or remove it there"),
        (("add", "all", "--title", "x", "--any-of", "x"), "holds every article"),
        (("change", "wood", "--title", "x"), "declared in the configuration"),
        (("change", "water", "--title", "x"), "does not exist"),
        (("change", "water"), "nothing to change"),
        (("remove", "wood"), "declared in the configuration"),
        (("remove", "water"), "does not exist"),
        (("show", "water"), "does not exist"),
    ):
        done = command("topics", *words)
        assert (done.code, said in done.err, done.out) == (2, True, ""), words
    assert store.added_topics() == ()
