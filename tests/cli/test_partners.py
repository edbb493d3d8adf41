"""Partners by command."""

import json
from pathlib import Path

import pytest

from syndicate.bootstrap import utc_now
from syndicate.errors import PublishError
from syndicate.partners import digest
from syndicate.publish import editions
from syndicate.publish.build import build
from syndicate.publish.lint import PROFILES as IMPORTERS
from syndicate.publish.lint import lint
from syndicate.publish.profiles import edition
from syndicate.settings import ALL_TOPIC, load
from syndicate.store import Store
from tests.cli.conftest import Command
from tests.cli.test_commands import TOPIC

SEEDS = Path(__file__).resolve().parents[2] / "seeds/articles"
OWNERS = {"picture"}  # seeds lack them; for rendering nothing is left to mend


@pytest.fixture
def store(wire: Path, command: Command) -> Store:
    """The store of a wire with a topic."""
    wire.write_text(TOPIC)
    opened = Store(load().store_url)
    yield opened
    opened.close()


def test_a_partner_is_added_listed_changed_and_removed(command: Command, store: Store):
    """The token is printed once and kept nowhere; lists have neither it nor its hash; feeds are there at once."""
    added = command("partners", "add", "anna", "--name", "Anna’s Paper", "--profile", "msn", "--topic", "water")
    said, token, address = added.out.splitlines()
    assert (added.code, added.err) == (0, "")
    assert said == "added anna; the token, which can't be shown again:"
    assert token.startswith("syn_")
    assert address.endswith("/p/anna/water.rss (.atom, .json)")
    assert store.edition("water", ("msn", 0), "rss") is not None
    assert store.credential("anna") == (store.partner("anna"), digest(token))
    told = "".join(command(*words).out for words in (
        ("partners",), ("partners", "--json"), ("partners", "show", "anna"), ("partners", "show", "anna", "--json")
    ))  # fmt: skip
    assert "Anna’s Paper" in told
    assert token not in told
    assert digest(token) not in told
    assert command("partners", "change", "anna", "--profile", "plain", "--items", "7").out == "changed anna\n"
    assert store.partner("anna").contract == ("plain", 7)
    assert store.partner("anna").topics == ("water",)
    assert command("partners", "change", "anna", "--every-topic", "--json").code == 0
    assert store.edition("all", ("plain", 7), "rss") is not None
    renewed = json.loads(command("partners", "token", "anna", "--json").out)["token"]
    assert renewed != token
    assert store.credential("anna")[1] == digest(renewed)
    assert [command("partners", word, "anna").code for word in ("pause", "resume", "pause")] == [0, 0, 0]
    assert "paused, never seen" in command("partners", "show", "anna").out
    assert command("partners", "remove", "anna").out == "removed anna\n"
    assert command("partners", "--json").out == ""


def test_what_is_not_understood_changes_nothing(command: Command, store: Store):
    """One line each, and exit 2."""
    for words, said in (
        (("add", "-x-", "--name", "x"), ""),
        (("add", "Anna", "--name", "x"), "expected 1 to 64"),
        (("add", "anna"), "--name"),
        (("add", "anna", "--name", " "), "expected 1 to 200 characters"),
        (("add", "anna", "--name", "x", "--profile", "morse"), "morse"),
        (("add", "anna", "--name", "x", "--topic", "nothing"), "topic 'nothing': there is none"),
        (("add", "anna", "--name", "x", "--items", "501"), "expected 1 to 500"),
        (("change", "anna", "--name", "x"), "does not exist"),
        (("change", "anna"), "something to change"),
        (("token", "anna"), "does not exist"),
        (("pause", "anna"), "does not exist"),
        (("remove", "anna"), "does not exist"),
        (("show", "anna"), "does not exist"),
    ):
        done = command("partners", *words)
        assert (done.code, said in done.err, done.out) == (2, True, ""), words
    assert store.partners() == ()
    command("partners", "add", "anna", "--name", "x")
    assert "exists already" in command("partners", "add", "anna", "--name", "y").err


def test_a_token_is_told_although_a_feed_cannot_be_built(
    command: Command, store: Store, monkeypatch: pytest.MonkeyPatch
):
    """Nobody could tell it again; the feeds that are not there are named, with what happens next, and exit 1."""

    def torn(*_: object) -> None:
        raise PublishError("water.rss: torn")

    monkeypatch.setattr(editions, "edition", torn)
    done = command("partners", "add", "anna", "--name", "Anna", "--topic", "water")
    assert (done.code, len(done.complaints)) == (1, 1)
    assert (
        "anna: feeds of these topics are not built yet: water (for partners under plain: water.rss: torn)" in done.err
    )
    assert store.credential("anna")[1] == digest(done.out.splitlines()[1])


def test_each_importer_reads_the_seeds_without_an_error_that_rendering_could_mend(command: Command, wire: Path):
    """What `make run` shows first is what each importer takes, under its own profile."""
    wire.write_text(f'[[sources]]\nkey = "seeds"\nkind = "folder"\nlocation = "{SEEDS}"\nkeep_files = true\n')
    command("ingest")
    settings = load()
    store = Store(settings.store_url)
    feed = build(ALL_TOPIC, store.newest("all", 50), {}, settings).feed
    store.close()
    assert len(feed.items) > 5
    for name in sorted(set(IMPORTERS) - {"any"}):
        bodies = edition(feed, (name, 0), settings.public_url)
        for form in ("rss", "atom"):
            found = lint(bodies[form], name, utc_now(), "application/xml")
            assert {one.rule for one in found if one.level == "error"} <= OWNERS, name
