"""Stories that are withdrawn by command, and taken back."""

import json
from pathlib import Path
from typing import Any

import pytest

from syndicate.errors import PublishError
from syndicate.publish import flow
from syndicate.publish.build import build
from syndicate.settings import load
from syndicate.store import Store
from tests.cli.conftest import Command
from tests.cli.test_commands import TOPIC, folder_source, settle
from tests.e2e.papers import sentences


@pytest.fixture
def story(command: Command, wire: Path, tmp_path: Path) -> str:
    """The id of the one article that is published."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("A name in the news\n\n" + "\n\n".join(sentences("ferry")))
    settle(folder / "a.txt")
    wire.write_text(folder_source(folder) + TOPIC)
    command("ingest")
    [item] = items()
    return str(item["id"].rpartition("/")[2])


def items() -> list[dict[str, Any]]:
    """What the feed of everything holds."""
    store = Store(load().store_url)
    try:
        row = store.feed("all", "json")
    finally:
        store.close()
    assert row is not None
    found: list[dict[str, Any]] = json.loads(row.body)["items"]
    return found


def test_a_story_is_killed_listed_and_taken_back(command: Command, story: str) -> None:
    """It is out of the feeds when the command ends, and stays out at the next ingest and rebuild, until revived."""
    done = command("kill", story, "--reason", "A court's order")
    assert (done.code, done.err) == (0, "")
    assert (
        done.out
        == f"{story}: killed; it is out of the feeds of all, water, which tell that it was withdrawn, and why\n"
    )
    [told] = items()
    assert (told["_syndicate"]["status"], told["_syndicate"]["reason"]) == ("withdrawn", "A court's order")
    assert "A name" not in json.dumps(told)
    for words in (("ingest",), ("rebuild",)):
        assert command(*words).code == 0
        assert items() == [told]
    [listed] = [json.loads(line) for line in command("kill", "--json").out.splitlines()]
    assert (listed["id"], listed["title"], listed["reason"]) == (story, "A name in the news", "A court's order")
    assert "A court's order" in command("kill").out
    assert command("kill", story, "--undo").out == f"{story}: revived; it is live in the feeds of all, water\n"
    assert [item["title"] for item in items()] == ["A name in the news"]
    again = json.loads(command("kill", f"https://wire.example/a/{story}", "--reason", "x", "--json").out)
    assert (again["id"], again["status"], again["feeds"], len(again["told"])) == (story, "killed", ["all", "water"], 1)


def test_what_is_not_understood_changes_nothing(command: Command, story: str) -> None:
    """No reason, both a reason and --undo, no article, one that is not killed: one line each, and exit 2."""
    for words, said in (
        ((story,), "--reason TEXT"),
        ((story, "--reason", " "), "--reason TEXT"),
        ((story, "--reason", "x", "--undo"), "--reason TEXT"),
        (("--reason", "x"), "expected ID"),
        (("nothing", "--reason", "x"), "does not exist"),
        ((story, "--reason", "x" * 501), "1 to 500 characters"),
        ((story, "--undo"), "is live, not killed"),
    ):
        done = command("kill", *words)
        assert (done.code, len(done.complaints), said in done.err) == (2, 1, True), words
    command("kill", story, "--reason", "x")
    assert "was killed at" in command("kill", story, "--reason", "y").err


def test_a_feed_that_cannot_be_built_is_named(command: Command, story: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The story still stands there: that is an error, with what is tried next; the other feeds are without it."""

    def torn(topic: Any, *rest: Any) -> Any:
        if topic.key == "all":
            raise PublishError("all.rss: torn")
        return build(topic, *rest)

    monkeypatch.setattr(flow, "build", torn)
    done = command("kill", story, "--reason", "x")
    assert (done.code, len(done.complaints)) == (1, 1)
    assert f"{story}: the story still stands in the last good version of these feeds: all (all.rss: torn)" in done.err
    assert [item["title"] for item in items()] == ["A name in the news"]
    monkeypatch.undo()


def test_a_story_is_corrected_and_that_is_taken_back(command: Command, story: str) -> None:
    """The note stands in the feed when the command ends, and stays at the next rebuild, until it is taken back."""
    [before] = items()
    done = command("correct", story, "--note", "She is 40 < 50.")
    assert (done.code, done.out) == (0, f"{story}: corrected; notes below it: 1, in the feeds of all, water\n")
    [after] = items()
    assert "She is 40 &lt; 50.</p>" in after["content_html"]
    assert after["_syndicate"]["corrections"][0]["note"] == "She is 40 < 50."
    assert after["date_modified"] > before["date_modified"]
    command("rebuild")
    assert items() == [after]
    told = json.loads(command("correct", before["id"], "--undo", "--json").out)
    assert (told["id"], told["corrections"], told["feeds"]) == (story, [], ["all", "water"])
    [last] = items()
    assert last["content_html"] == before["content_html"]
    assert last["date_modified"] > before["date_modified"]
    for words in ((story,), (story, "--note", "x", "--undo"), (story, "--undo"), ("nothing", "--note", "x")):
        assert command("correct", *words).code == 2
