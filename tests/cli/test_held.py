"""Articles that wait for a person: listed, shown, released, discarded."""

import json
from pathlib import Path
from typing import Any

import pytest

from syndicate import bootstrap
from syndicate.errors import UsageError
from syndicate.settings import load
from syndicate.store import Store
from tests.cli.conftest import Command
from tests.cli.test_commands import TOPIC, folder_source, settle
from tests.e2e.papers import sentences

NOTICES = (
    "Please help our stories reach more people ... SHARE this page with your friends!",
    "Copyright 2003-2024 Harbour Light News. All rights reserved.",
    "If you would like to carry stories by Harbour Light News, please take a look at our FREE syndication service.",
)


def laid_down(folder: Path, name: str, sentence: str) -> None:
    """A short article above much boilerplate."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n\n".join((f"The ferry of {name}", sentence, *NOTICES)))
    settle(folder / name)


def waiting(command: Command, *options: str) -> list[dict[str, Any]]:
    """The articles that `held` lists."""
    return [json.loads(line) for line in command("held", "--json", *options).out.splitlines()]


def published(command: Command) -> int:
    """How many articles partners see."""
    return int(json.loads(command("topics", "--json").out.splitlines()[0])["articles"])


def test_held_articles_are_released_or_discarded(command: Command, wire: Path, tmp_path: Path) -> None:
    """A held article is listed with its reason; released it is published and stays so; discarded it waits no more."""
    folder, (good, bad, late) = tmp_path / "in", sentences("ferry", 3)
    laid_down(folder, "a.txt", good)
    laid_down(folder, "b.txt", bad)
    wire.write_text(folder_source(folder) + TOPIC)
    assert json.loads(command("ingest", "--json").out)["sources"][0]["held"] == 2
    listed = {item["title"]: item for item in waiting(command)}
    first, second = listed["The ferry of a.txt"], listed["The ferry of b.txt"]
    assert (first["source"], first["status"]) == ("in", "held")
    assert first["why"].endswith("% of the text would be cut")
    assert first["share"] > 0.6
    assert "of the text would be cut" in command("held").out
    shown = command("held", "show", first["id"]).out
    assert good in shown
    assert f"- [copyright] {NOTICES[1]}" in shown
    assert published(command) == 0
    assert command("held", "release", first["id"]).out == f"{first['id']}: released\n"
    assert command("held", "discard", second["id"]).out == f"{second['id']}: discarded\n"
    assert (published(command), waiting(command)) == (1, [])
    restored = command("cuts", "restore", first["id"], "help our stories")
    assert restored.out.splitlines()[-1] == "2 of 2 articles changed"
    assert published(command) == 1
    command("cuts", "unrule", json.loads(command("cuts", "rulings", "--json").out)["block"])
    settle(folder / "a.txt")
    command("ingest")
    assert published(command) == 1
    assert [item["status"] for item in waiting(command, "--all")] == ["discarded"]
    laid_down(folder, "b.txt", late)
    command("ingest")
    assert [item["title"] for item in waiting(command)] == ["The ferry of b.txt"]


def test_one_wrong_name_among_several_changes_nothing(command: Command, wire: Path, tmp_path: Path) -> None:
    """Names are looked up before the first is acted on: nothing is released, discarded or rebuilt by halves."""
    laid_down(tmp_path / "in", "a.txt", sentences("ferry")[0])
    wire.write_text(folder_source(tmp_path / "in"))
    command("ingest")
    [item] = waiting(command)
    for words in (("held", "release", item["id"]), ("held", "discard", item["id"]), ("rebuild", "in")):
        done = command(*words, "nope")
        assert (done.code, done.out, len(done.complaints)) == (2, "", 1)
        assert "'nope'" in done.err
    assert waiting(command) == [item]
    assert command("held", "release", item["id"], item["id"]).out == f"{item['id']}: released\n"


def test_what_was_done_is_published_whatever_follows(
    command: Command, wire: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An article that was released before another one failed reaches its feeds at once."""
    for name, sentence in zip(("a.txt", "b.txt"), sentences("ferry", 2), strict=True):
        laid_down(tmp_path / "in", name, sentence)
    wire.write_text(folder_source(tmp_path / "in"))
    command("ingest")
    first, second = (item["id"] for item in waiting(command))
    decide = Store.set_status

    def set_status(store: Store, article_id: str, *rest: Any, **more: Any) -> None:
        if article_id == second:
            raise UsageError("gone meanwhile")
        decide(store, article_id, *rest, **more)

    monkeypatch.setattr(Store, "set_status", set_status)
    assert command("held", "release", first, second).code == 2
    assert bootstrap.store_as_it_is(load()).pending_topics(9) == ()


def test_only_what_waits_is_decided(command: Command, wire: Path, tmp_path: Path) -> None:
    """An article that is not held can't be discarded, nor released again; an unknown one is named."""
    laid_down(tmp_path / "in", "a.txt", sentences("ferry")[0])
    wire.write_text(folder_source(tmp_path / "in"))
    command("ingest")
    [item] = waiting(command)
    command("held", "discard", item["id"])
    assert command("held", "discard", item["id"]).code == 2
    assert command("held", "release", item["id"]).code == 0
    done = command("held", "release", item["id"])
    assert (done.code, done.complaints) == (2, [f"syndicate: article '{item['id']}' is live, not held or discarded"])
    for word in ("release", "discard", "show"):
        assert "'nope' does not exist" in command("held", word, "nope").err
