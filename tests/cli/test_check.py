"""`check` and the roles refuse what would be refused later; the level that was loaded says how much a bug shows."""

from pathlib import Path

import pytest

from syndicate import bootstrap
from tests.cli.conftest import Command

SOURCE = '[[sources]]\nkey = "lake"\nkind = "feed"\nlocation = "https://lake.example/feed"\n'
TOPIC = '[[topics]]\nkey = "water"\ntitle = "Water"\nany_of = ["ferry"]\n'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            'allow_private = ["10.0.0.0/8", "not a net/99"]',
            "allow_private: 'not a net/99': expected a network (10.0.0.0/8)",
        ),
        ('database_url = "mysql://x:s3cret@h/d"', "database_url: 'mysql': expected sqlite:///PATH or"),
        ('database_url = "postgresql://u:s3cret@h:port/d"', "database_url: 'postgresql': expected sqlite:///PATH or"),
        ('language = "???"', "language: expected a language tag, for example 'en' or 'pt-BR' (found '???')"),
        (TOPIC + 'language = "english"', "topics.0.language: expected a language tag"),
        (SOURCE + 'language = "??"', "sources.0.language: expected a language tag"),
        (SOURCE.replace("lake.example", "[::1"), "sources.0.location: 'https://[::1/feed' is not a valid address"),
        (SOURCE.replace("lake.example", "lake.example:99999"), "sources.0.location: 'https://lake.example:99999/fe"),
        (SOURCE.replace("lake.example", "0x7f.1"), "sources.0.location: "),
    ],
)
def test_check_says_what_the_parts_would_refuse(command: Command, wire: Path, written: str, said: str) -> None:
    """What only the part that uses a setting can judge is refused by `check` and by every role, before it starts."""
    wire.write_text(written)
    for arguments in (["check"], ["up"], ["serve"], ["work"], ["schedule"]):
        done = command(*arguments)
        assert (done.code, done.out) == (1, "")
        [line] = done.complaints
        assert line.startswith(f"syndicate: {wire}: {said}")
        assert "s3cret" not in line


def test_check_takes_what_the_parts_take(command: Command, wire: Path) -> None:
    """Names of languages are fine for articles, and every sort of private address is fine."""
    wire.write_text(
        f'allow_private = ["10.0.0.0/8", "::1", "wire.internal"]\nlanguage = "de-AT"\n{SOURCE}language = "German"'
    )
    assert command("check").out == "configuration is fine: 1 sources, 1 topics\n"
    wire.write_text(SOURCE.replace("https://lake", "HTTPS://Lake"))
    assert command("check").code == 0


def test_topics_and_rules_may_name_sources_that_were_added(command: Command, wire: Path, tmp_path: Path) -> None:
    """A source that nothing declares and nobody added is said by `check`, which makes no store to find out."""
    named = 'sources = ["lake", "agency"]\n'
    wire.write_text(f'{SOURCE}{TOPIC}{named}[[boilerplate]]\nkey = "card"\ntext = "Regatta"\n{named}')
    assert command("check").complaints == [
        f"syndicate: {name}: sources: 'agency' is neither declared nor was it added (`syndicate sources add`)"
        for name in ("topics.water", "boilerplate.card")
    ]
    assert not (tmp_path / "var").exists()
    assert command("sources", "add", "agency", "feed", "https://agency.example/feed").code == 0
    assert command("check").out == "configuration is fine: 1 sources, 2 topics\n"


@pytest.mark.parametrize("written", ['log_level = "debug"', ""])
def test_a_bug_shows_where_if_the_level_is_debug(
    command: Command, wire: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """The level that counts is the one that was loaded, from the file, too; without it a bug is one line."""
    wire.write_text(written)
    monkeypatch.setattr(bootstrap, "open_store", lambda *_: 1 / 0)
    if written:
        with pytest.raises(ZeroDivisionError):
            command("topics")
        return
    [line] = command("topics").complaints
    assert line.startswith("syndicate: unexpected ZeroDivisionError: division by zero (a bug; ")
