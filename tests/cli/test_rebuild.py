"""What a rebuild of much says: a little of each difference, all of it to who asks, and how much there is."""

import json
from pathlib import Path

import pytest

from syndicate.cli.rebuild import FEW
from tests.cli.conftest import Command
from tests.cli.test_commands import folder_source, settle
from tests.e2e.papers import sentences

ADDED = "Watchers write"
RULE = f'[[boilerplate]]\nkey = "watchers"\ntext = "{ADDED}*"\n'
MANY = FEW + 2


@pytest.fixture
def ruled(command: Command, wire: Path, tmp_path: Path) -> Command:
    """Two sources, with more articles than are shown, that a new rule changes each in one line."""
    declared = ""
    for key, many in (("lake", MANY - 1), ("sea", 1)):
        (tmp_path / key).mkdir()
        for n in range(many):
            file = tmp_path / key / f"{n}.txt"
            told = sentences(f"{key}{n}")
            file.write_text("\n\n".join([f"The {n}. ferry of the {key}", *told[1:], f"{ADDED}: {told[0]}"]))
            settle(file)
        declared += folder_source(tmp_path / key, key)
    wire.write_text(declared)
    assert command("ingest").code == 0
    wire.write_text(declared + RULE)
    return command


def test_a_dry_run_shows_some_and_says_how_to_see_the_rest(ruled: Command) -> None:
    """Ten articles are shown with their lines; the rest is counted, by source and in all; or all is shown, or one."""
    some = ruled("rebuild", "--dry-run").out
    assert some.count(f"- {ADDED}") == FEW
    assert f"... and {MANY - FEW} more articles; --verbose shows all, --article ID one" in some
    assert [line.split() for line in some.splitlines() if line.split()[:1] == ["lake"]] == [
        ["lake", str(MANY - 1), str(MANY - 1), "0"]
    ]
    assert some.splitlines()[-1] == f"{MANY} of {MANY} articles would change"
    every = ruled("rebuild", "--dry-run", "--verbose").out
    assert (every.count(f"- {ADDED}"), "more articles" in every) == (MANY, False)
    listed = [json.loads(line) for line in ruled("rebuild", "--dry-run", "--json").out.splitlines()]
    assert len({item["article"] for item in listed}) == MANY
    one = ruled("rebuild", "--dry-run", "--article", listed[0]["article"]).out
    assert (one.count(f"- {ADDED}"), listed[0]["title"] in one) == (1, True)


def test_a_rebuild_says_how_much_it_changed(ruled: Command) -> None:
    """It shows no lines but to who asks; progress is for terminals."""
    done = ruled("rebuild", "sea")
    assert (done.code, done.out, done.err) == (0, "1 of 1 articles changed\n", "")
    done = ruled("rebuild", "--verbose")
    assert (done.out.count(f"- {ADDED}"), done.err) == (MANY - 1, "")


@pytest.mark.parametrize("words", [("--article", "a1"), ("--dry-run", "--article", "a1", "sea")])
def test_one_article_is_only_looked_at(ruled: Command, words: tuple[str, ...]) -> None:
    """Articles are rebuilt with their source: of one alone the difference can be seen, no more."""
    done = ruled("rebuild", *words)
    assert (done.code, done.complaints) == (
        2,
        ["syndicate: --article shows one article's difference: it needs --dry-run, and no source"],
    )


def test_what_is_not_kept_is_counted(command: Command, wire: Path, ruled: Command, tmp_path: Path) -> None:
    """Of many articles that can't be rebuilt ten are named, and how many there are is said."""
    from sqlalchemy import create_engine, text

    engine = create_engine(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM payloads"))
    engine.dispose()
    done = ruled("rebuild", "--dry-run")
    assert len(done.complaints) == FEW + 2
    assert done.complaints[-2:] == [
        f"syndicate: ... and {MANY - FEW} more; --verbose tells all",
        f"syndicate: {MANY} articles could not be rebuilt, and stay as they are",
    ]
    assert len(ruled("rebuild", "--dry-run", "--verbose").complaints) == MANY + 1
