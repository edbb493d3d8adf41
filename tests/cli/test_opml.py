"""Lists of feeds: `sources import` and `topics export`."""

import json
from pathlib import Path

from syndicate.opml import Outline, read_opml, write_opml
from tests.cli.conftest import Command

GOOD = [Outline("https://a.example.org/feed", "Harbour News"), Outline("https://b.example.org/feed", "Harbour News")]


def keys(command: Command) -> dict[str, str]:
    found = map(json.loads, command("sources", "--json").out.splitlines())
    return {source["spec"]["key"]: source["location"] for source in found}


def test_a_list_is_imported_once(command: Command, tmp_path: Path):
    """Every feed of a list becomes a source with a key of its own; a second import adds nothing, nor does a dry run."""
    (tmp_path / "mine.opml").write_bytes(write_opml("Mine", GOOD))
    expected = {"harbour-news": GOOD[0].url, "harbour-news-2": GOOD[1].url}
    dry = command("sources", "import", "mine.opml", "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert keys(command) == {}
    assert command("sources", "import", "mine.opml", "--full-text").code == 0
    assert keys(command) == expected
    again = command(
        "sources", "import", "-", stdin=write_opml("Mine", [*GOOD, Outline("http://www.a.example.org/feed/")])
    )
    assert (again.code, len(again.out.splitlines())) == (0, 3)
    assert keys(command) == expected


def test_what_can_be_no_source_is_named(command: Command, tmp_path: Path):
    """Feeds that can't be polled are named, without their passwords, and the others are added all the same."""
    bad = [
        Outline("ftp://c.example.org/feed"),
        Outline("https://me:secret@d.example.org/feed"),
        Outline("http://[::1/"),
    ]
    (tmp_path / "mine.opml").write_bytes(write_opml("Mine", [*bad, *GOOD]))
    done = command("sources", "import", "mine.opml")
    assert done.code == 1
    assert [line.split(": ")[1] for line in done.complaints] == [bad[0].url, "https://d.example.org/feed", bad[2].url]
    assert "secret" not in done.out + done.err
    assert len(keys(command)) == 2


def test_what_is_no_list_is_one_line(command: Command, tmp_path: Path):
    """A file that is no list, or not there, ends the import with one line that names it."""
    (tmp_path / "mine.opml").write_text("<rss/>")
    for name, said in (("mine.opml", "expected OPML, found <rss>"), ("gone.opml", "No such file")):
        done = command("sources", "import", name)
        assert (done.code, len(done.complaints)) == (1, 1)
        assert done.complaints[0].startswith(f"syndicate: {name}: ")
        assert said in done.complaints[0]


def test_topics_are_exported(command: Command, wire: Path):
    """The list of topics' feeds is printed as it stands at `/opml.xml`."""
    wire.write_text(
        'base_url = "https://wire.example.org"\n[[topics]]\nkey = "faith"\ntitle = "Faith"\nany_of = ["faith"]\n'
    )
    done = command("topics", "export", "--opml")
    assert (done.code, done.err) == (0, "")
    assert [one.url for one in read_opml(done.out.encode())] == [
        "https://wire.example.org/feeds/all.rss",
        "https://wire.example.org/feeds/faith.rss",
    ]
    assert command("topics", "export").code == 2
