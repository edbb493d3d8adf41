"""`lint`: topics of ours, files and addresses are looked at as importers do."""

import json
from pathlib import Path

from tests.cli.conftest import Command
from tests.cli.test_commands import TOPIC, folder_source, settle
from tests.faults.origin import Origin, Reply

FEED = b"<rss version='2.0'><channel><title>Harbour</title><item><title>Pier opens</title></item></channel></rss>"


def test_a_topic_of_ours_is_looked_at(command: Command, wire: Path, tmp_path: Path):
    """What we publish can be looked at in each format as any importer would; JSON Feed is none that MSN reads."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pier.txt").write_text(
        "Pier opens\n\nThe pier is open again.\n\nNobody fell in, and all came back.\n"
    )
    settle(tmp_path / "in" / "pier.txt")
    wire.write_text(folder_source(tmp_path / "in") + TOPIC)
    assert "not published yet" in command("lint", "all").err
    command("ingest")
    for target in ("all", "all.atom", "all.json"):
        done = command("lint", target, "--for", "any")
        assert (done.code, done.err) == (0, "")
        assert done.out.splitlines()[-1].startswith(f"{target}, read as any importer does: errors: 0, advice: ")
    done = command("lint", "all.json", "--for", "msn", "--json")
    assert done.code == 1
    assert json.loads(done.out.splitlines()[0])["rule"] == "format"


def test_a_file_is_looked_at(command: Command, tmp_path: Path):
    """A file's errors are listed for people and for programs, and end the command with 1; so do those of its input."""
    (tmp_path / "feed.xml").write_bytes(FEED)
    done = command("lint", "feed.xml", "--for", "smartnews")
    assert (done.code, done.err) == (1, "")
    assert "error: guid: 'Pier opens': guid is missing" in done.out.splitlines()
    rules = [json.loads(line)["rule"] for line in command("lint", "-", "--json", stdin=FEED).out.splitlines()]
    assert rules[:3] == ["guid", "link", "date"]


def test_an_address_is_looked_at_as_it_is_served(command: Command, wire: Path, origin: Origin):
    """At an address its media type and the site's robots.txt count, too; without a robots.txt all may read."""
    wire.write_text('allow_private = ["127.0.0.0/8"]\n')
    origin.serve("/feed", Reply(FEED, headers={"Content-Type": "text/plain"}))

    def rules() -> list[str]:
        return [json.loads(line)["rule"] for line in command("lint", origin.url("/feed"), "--json").out.splitlines()]

    assert "content-type" in rules()
    assert "robots" not in rules()
    origin.serve("/robots.txt", Reply(b"User-agent: *\nDisallow: /feed\n"))
    assert rules()[0] == "robots"


def test_what_is_not_there_is_said(command: Command):
    """A target that is nothing of the kind is bad usage, said in one line."""
    done = command("lint", "nowhere.xml")
    assert (done.code, len(done.complaints)) == (2, 1)
    assert "no topic, file or address" in done.err
    assert command("lint", "all", "--for", "nobody").code == 2
