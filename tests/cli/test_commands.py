"""What every command promises: help, exit codes, one clear line, JSON where a program reads."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syndicate.cli import COMMANDS
from syndicate.records import Ingested, Rejected
from syndicate.store import Store, database
from syndicate.store.leases import source_lease
from tests.cli.conftest import Command
from tests.e2e.papers import Story, rss, sentences

NO_TEXT, SHOWN = os.fsdecode(b"a\xff"), r"b'a\xff'"  # as the system hands it on, and as it is told
TOPIC = '[[topics]]\nkey = "water"\ntitle = "Water"\nany_of = ["ferry"]\n'


def folder_source(path: Path, key: str = "in") -> str:
    """The declaration of a folder whose files stay."""
    return f'[[sources]]\nkey = "{key}"\nkind = "folder"\nlocation = "{path}"\nkeep_files = true\n'


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with two articles, one of them with boilerplate, and a file that can't be read."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "pier.txt").write_text("Pier opens\n\nBy Ann Lee\n\n" + "\n\n".join(sentences("pier")))
    body = "\n\n".join(sentences("ferry")) + "\n\nCopyright 2026 Lake News. All rights reserved."
    (folder / "ferry.txt").write_text(f"Ferry sails\n\n{body}")
    (folder / "empty.txt").write_text("")
    for path in folder.iterdir():
        settle(path)
    return folder


def settle(path: Path) -> None:
    """Date a file so that no ingest takes it for one that is still being written."""
    os.utime(path, (time.time() + 3600,) * 2)


@pytest.mark.parametrize("name", ["", *sorted(COMMANDS)])
def test_every_command_has_help(command: Command, name: str) -> None:
    """`--help` explains each command and ends well, whatever the configuration is."""
    done = command(*filter(None, [name]), "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: ")
    assert len(done.out.splitlines()) > 5


def test_the_contract_is_kept() -> None:
    """The commands of the first delivery are there."""
    promised = {
        *("up", "serve", "schedule", "work", "ingest", "read", "clean", "rebuild"),
        *("sources", "topics", "runs", "cuts", "held", "quarantine", "check", "doctor"),
    }
    assert promised <= set(COMMANDS)


def test_commands_that_are_named_exist() -> None:
    """No message and no document sends anybody to a command that is not there."""
    root = Path(__file__).parents[2]
    texts = [*root.glob("syndicate/**/*.py"), *root.glob("docs/*.md"), root / "README.md"]
    named = {name for path in texts for name in re.findall(r"`syndicate ([a-z][a-z-]*)", path.read_text())}
    assert "doctor" in named
    assert named <= set(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["frobnicate"], 2, "No such command 'frobnicate'"),
        (["read"], 2, "Missing argument 'TARGET'"),
        (["clean", "--kind", "film"], 2, "Invalid value for '--kind'"),
        (["read", "/not/here"], 1, "syndicate: /not/here: can't be read: No such file or directory"),
        (["read", "/"], 1, "syndicate: /: can't be read: Is a directory"),
        (["read", "http://127.0.0.1:1/"], 1, "syndicate: refused: 127.0.0.1 is at 127.0.0.1"),
        (["read", "/dev/zero"], 1, "syndicate: /dev/zero: has more than 20000000 bytes"),
        (["clean", "/dev/zero"], 1, "syndicate: /dev/zero: has more than 20000000 bytes"),
        (["clean", "/not/here"], 1, "syndicate: /not/here: can't be read"),
        (["ingest"], 2, "syndicate: no sources: declare some in the configuration"),
        (["ingest", "sea"], 2, "syndicate: source 'sea': no such source"),
        (["rebuild", "sea"], 2, "syndicate: source 'sea': no such source"),
        (["runs", "r1"], 2, "syndicate: run 'r1': no such run"),
        (["sources", "pause", "sea"], 2, "syndicate: source 'sea' does not exist"),
        (["sources", "remove", "sea"], 2, "syndicate: source 'sea' does not exist"),
        (["sources", "add", "a", "feed", "ftp://x"], 2, "expected an http or https address"),
        (["sources", "add", "a", "feed", "http://[::1/"], 2, "location: 'http://[::1/' is not a valid address"),
        (["sources", "add", "a", "feed", "http://x.example/", "--language", "not a tag"], 2, "language: expected a la"),
        (["quarantine", "replay", "7"], 2, "syndicate: quarantine item 7: no such item"),
        (["quarantine", "discard", "9" * 30], 2, "Invalid value for 'IDS...': " + "9" * 30 + " is not in the range"),
        (["runs", "--limit", "-1"], 2, "Invalid value for '--limit': -1 is not in the range"),
        (["quarantine", "discard", "7"], 2, "syndicate: quarantine item 7: no such item"),
        (["cuts", "restore", "nope", "word"], 2, "syndicate: article 'nope': no such article"),
        (["cuts", "--source", "nope"], 2, "syndicate: source 'nope': no such source"),
        (["cuts", "--article", "nope"], 2, "syndicate: article 'nope': no such article"),
        (["cuts", "rule", "nope", "cut"], 2, "syndicate: block 'nope': no such proposal"),
        (["cuts", "restore", NO_TEXT, "word"], 2, f"syndicate: {SHOWN}: not UTF-8, and no file is called so"),
        (["held", "show", NO_TEXT], 2, f"syndicate: {SHOWN}: not UTF-8"),
        (["sources", "pause", NO_TEXT], 2, f"syndicate: {SHOWN}: not UTF-8"),
        (["runs", "--limit", NO_TEXT], 2, f"syndicate: {SHOWN}: not UTF-8"),
        (["read", NO_TEXT], 2, f"syndicate: {SHOWN}: not UTF-8"),
    ],
)
def test_failures_are_one_clear_line(command: Command, arguments: list[str], code: int, said: str) -> None:
    """A failure ends with 1, bad usage with 2, and says what was wrong in one line without a traceback."""
    done = command(*arguments)
    assert done.code == code
    assert said in done.complaints[-1]
    assert len([line for line in done.complaints if not line.startswith(("Usage:", "Try ")) and line]) == 1
    assert "Traceback" not in done.err
    assert done.out == ""


def test_a_file_may_be_called_anything(command: Command, tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is read like any other."""
    name = f"{NO_TEXT}.txt"
    (tmp_path / name).write_text("Pier opens\n\n" + "\n\n".join(sentences("pier")))
    for words in (("clean", name), ("read", name)):
        done = command(*words)
        assert (done.code, "pier" in done.out.lower(), done.err) == (0, True, "")


def test_a_wrong_configuration_stops_every_command(command: Command, wire: Path) -> None:
    """With a mistake in the configuration no command starts; each says file, key and what was expected."""
    wire.write_text('tittle = "x"\n[fetch]\nredirects = "many"\n')
    for arguments in (["check"], ["up"], ["serve"], ["work"], ["schedule"], ["ingest"], ["topics"], ["read", "x"]):
        done = command(*arguments)
        assert (done.code, done.out) == (1, "")
        assert [line.split(": ")[1] for line in done.complaints] == [str(wire), str(wire)]


def test_check_says_what_will_not_work(command: Command, wire: Path, tmp_path: Path) -> None:
    """`check` is content with a good configuration, and names what can be read but won't work."""
    wire.write_text(TOPIC)
    assert command("check").out == "configuration is fine: 0 sources, 2 topics\n"
    wire.write_text(folder_source(tmp_path / "gone"))
    done = command("check")
    assert done.code == 1
    assert done.complaints[0].startswith("syndicate: sources.in: location: ")


def test_doctor_says_what_is_wrong(command: Command, wire: Path, articles: Path) -> None:
    """`doctor` has a line for each part, for people and for programs, and fails as long as anything is wrong."""
    wire.write_text(folder_source(articles) + TOPIC)
    command("ingest")
    done = command("doctor")
    assert (done.code, done.err) == (1, "")
    states = {line.split()[1].rstrip(":"): line.split()[0] for line in done.out.splitlines()}
    fine = dict.fromkeys(("store", "disk", "clock", "sources", "feeds"), "ok")
    assert states == fine | {"redis": "wrong"}
    found = [json.loads(line) for line in command("doctor", "--json").out.splitlines()]
    assert {item["part"]: item["ok"] for item in found} == {part: state == "ok" for part, state in states.items()}
    assert [bool(item["advice"]) for item in found] == [not item["ok"] for item in found]


def test_a_database_that_fails_is_one_line(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that is no database, and a folder that can't be written, are said in one line."""
    monkeypatch.setenv("SYNDICATE_DATABASE_URL", "mysql://x")
    assert command("topics").code == 1
    monkeypatch.setenv("SYNDICATE_DATABASE_URL", "sqlite:////proc/none/wire.db")
    done = command("topics")
    assert done.code == 1
    assert len(done.complaints) == 1
    assert done.complaints[0].startswith("syndicate: ")
    assert "a bug" not in done.err


def test_what_failed_is_named_once(command: Command, articles: Path) -> None:
    """The address of a document that can't be read is not said twice."""
    done = command("read", str(articles / "empty.txt"))
    assert (done.code, done.complaints) == (1, [f"syndicate: {(articles / 'empty.txt').as_uri()}: the body is empty"])


def test_ingest_reports(command: Command, wire: Path, articles: Path) -> None:
    """`ingest` reports per source, for people and for programs; the second run changes nothing."""
    wire.write_text(folder_source(articles) + TOPIC)
    first = command("ingest", "--json")
    report = json.loads(first.out)
    [line] = report["sources"]
    assert (first.code, report["state"], line["new"], line["outcome"]) == (0, "done", 2, "changed")
    assert line["failures"][0]["where"] == "empty.txt"
    second = command("ingest")
    assert second.code == 0
    assert "unchanged" in second.out
    listed = [json.loads(row) for row in command("runs", "--json").out.splitlines()]
    assert [run["trigger"] for run in listed] == ["cli", "cli"]
    shown = command("runs", report["run"][:8])
    assert "empty.txt" in shown.out


def test_ingest_says_that_an_ended_source_goes_on(command: Command, wire: Path, articles: Path, tmp_path: Path) -> None:
    """Who polls an ended source by hand hears that it is polled again."""
    wire.write_text(folder_source(articles))
    command("ingest")
    with closing(Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")) as store:
        store.set_source_status("in", "gone")
    assert "in: it had ended (410 Gone) and answers again, so it is polled again" in command("ingest", "in").err
    assert "answers again" not in command("ingest").err


def test_ingest_of_nothing_but_failures_fails(command: Command, wire: Path, tmp_path: Path) -> None:
    """When every source fails the command fails, and says why."""
    wire.write_text(folder_source(tmp_path / "gone"))
    done = command("ingest")
    assert done.code == 1
    assert done.complaints[-1].startswith("in: ")


def copyright_cuts(command: Command) -> list[dict[str, Any]]:
    """The copyright lines that were cut, as `cuts` lists them."""
    listed = map(json.loads, command("cuts", "--json").out.splitlines())
    return [item for item in listed if item["cut"]["family"] == "copyright"]


def test_listings(command: Command, wire: Path, articles: Path) -> None:
    """What was taken in can be listed: sources, topics, cuts and quarantine, as JSON and as tables."""
    wire.write_text(folder_source(articles) + TOPIC)
    command("ingest")
    [source] = map(json.loads, command("sources", "--json").out.splitlines())
    assert (source["spec"]["key"], source["status"], source["failures"]) == ("in", "active", 0)
    topics = {row["topic"]["key"]: row for row in map(json.loads, command("topics", "--json").out.splitlines())}
    assert {key: row["articles"] for key, row in topics.items()} == {"all": 2, "water": 1}
    assert topics["water"]["feed"].endswith("/feeds/water.rss")
    [cut] = copyright_cuts(command)
    assert cut["cut"]["text"] == "Copyright 2026 Lake News. All rights reserved."
    [item] = map(json.loads, command("quarantine", "--json").out.splitlines())
    assert (item["rejected"]["source"], item["rejected"]["where"]) == ("in", "empty.txt")
    for name in ("sources", "topics", "cuts", "quarantine", "runs"):
        shown = command(name)
        assert shown.code == 0
        assert len(shown.out.splitlines()) >= 3


def test_a_listing_from_the_wrong_place_changes_nothing(command: Command, wire: Path, articles: Path) -> None:
    """Without its configuration a command that lists shows what is stored and leaves it; one that acts says so."""
    wire.write_text(folder_source(articles) + TOPIC)
    command("ingest")
    wire.write_text("")
    for words in (["sources"], ["topics"], ["runs"], ["cuts"], ["quarantine"], ["held"], ["doctor"]):
        command(*words)
    [source] = map(json.loads, command("sources", "--json").out.splitlines())
    assert source["status"] == "active"
    for words in (["ingest"], ["rebuild"], ["serve"], ["up"], ["work"], ["schedule"]):
        done = command(*words)
        assert (done.code, len(done.complaints)) == (1, 1)
        assert "knows 1 of the configuration (in): does SYNDICATE_CONFIG name the right file" in done.err
    wire.write_text(folder_source(articles) + TOPIC)
    topics = map(json.loads, command("topics", "--json").out.splitlines())
    assert [row["articles"] for row in topics] == [2, 1]
    assert "is declared in the configuration" in command("sources", "remove", "in").err
    wire.write_text("")
    assert command("sources", "remove", "in").code == 0
    assert command("rebuild").code == 0


@pytest.mark.parametrize("role", ["up", "serve"])
def test_a_taken_address_ends_the_service(command: Command, monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    """Who starts a second service on the same address hears so at once, and nothing is left running."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        monkeypatch.setenv("SYNDICATE_BIND", address)
        done = command(role)
    assert (done.code, len(done.complaints)) == (1, 1)
    assert done.err.startswith(f"syndicate: bind: can't listen on {address}: Address already in use")


def test_listings_need_no_writable_store(
    command: Command, wire: Path, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that can only be read one can still look; what would write says why it can't."""
    wire.write_text(folder_source(articles) + TOPIC)
    command("ingest")
    monkeypatch.setattr(database, "is_writable", lambda _: False)
    before = sorted(path.name for path in (tmp_path / "var").iterdir())
    for words in (["sources"], ["topics"], ["runs"], ["cuts"], ["quarantine"], ["held"]):
        assert command(*words).code == 0
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == before
    done = command("ingest")
    assert (done.code, len(done.complaints)) == (1, 1)
    assert "the database can't be written: check the owner and the mode" in done.err


def test_check_names_includes_that_match_nothing(command: Command, wire: Path) -> None:
    """A pattern without a file is most often a slip of the pen."""
    wire.write_text('include = ["sourcesd/*.toml"]\n')
    done = command("check")
    assert (done.code, len(done.complaints)) == (1, 1)
    assert "include: 'sourcesd/*.toml' matches no file" in done.err


HOSTILE = "evil \\[/b] [red] \x1b]0;pwned\x07\x9b2J \u202etxt"


def test_nothing_that_a_source_wrote_reaches_the_terminal_as_a_command(
    command: Command, wire: Path, articles: Path, tmp_path: Path
) -> None:
    """Markup stays text, and control characters are shown as what they are: unreadable."""
    (articles / "evil.txt").write_text(f"Sea\n\n{chr(10).join(sentences('sea'))}\n\nCopyright 2026 {HOSTILE} House.")
    settle(articles / "evil.txt")
    wire.write_text(folder_source(articles) + TOPIC)
    command("ingest")
    with closing(Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")) as store:
        [state], now = store.sources(), datetime.now(UTC)
        epoch = store.acquire(source_lease("in"), "me", now, 60)
        rejected = Rejected("in", HOSTILE, HOSTILE, "digest", "read")
        store.write(Ingested("in", epoch or 0, replace(state, last_error=HOSTILE), now, rejected=(rejected,)))
    for words in (["sources"], ["quarantine"], ["cuts"], ["held"], ["runs"], ["doctor"]):
        for more in ([], ["--json"]):
            said = command(*words, *more)
            assert not set(re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f]", said.out + said.err))
    assert "evil \\[/b] [red] \ufffd]0;pwned\ufffd\ufffd2J \ufffdtxt" in command("sources").out


def test_sources_come_and_go(command: Command, articles: Path) -> None:
    """An admin adds, pauses, resumes and removes a source; its articles stay."""
    assert command("sources", "add", "own", "folder", str(articles)).code == 0
    assert command("sources", "add", "own", "folder", str(articles)).code == 2
    assert command("ingest", "own").code == 0
    statuses = []
    for word in ("pause", "resume", "remove"):
        assert command("sources", word, "own").code == 0
        listed = command("sources", "--json").out
        statuses.append(json.loads(listed)["status"] if listed else None)
    assert statuses == ["paused", "active", None]
    assert json.loads(command("topics", "--json").out)["articles"] == 2
    assert command("ingest", "own").code == 2
    assert command("sources", "resume", "own").code == 2


def test_an_admin_changes_a_source(command: Command, wire: Path, articles: Path, tmp_path: Path) -> None:
    """What is named of an added source changes, the rest stays; one of the configuration is changed there."""
    (tmp_path / "other").mkdir()
    wire.write_text(folder_source(tmp_path / "other"))
    command("sources", "add", "own", "folder", str(articles), "--title", "Ours", "--every", "60")
    command("sources", "pause", "own")
    assert command("sources", "change", "own", "--every", "0", "--rights", "(c) Ours").out == "changed own\n"
    assert command("sources", "change", "own", "--title", "Ours").out == "own is so already\n"
    shown = json.loads(command("sources", "show", "own", "--json").out)
    assert shown["status"] == "paused"
    assert [shown["spec"][name] for name in ("title", "every", "rights")] == ["Ours", None, "(c) Ours"]
    assert "rights           (c) Ours\n" in command("sources", "show", "own").out
    assert "change it there" in command("sources", "change", "in", "--title", "X").err
    for words in (["own"], ["own", "--cron", "never"], ["sea", "--title", "X"]):
        assert command("sources", "change", *words).code == 2
    assert command("sources", "show", "sea").code == 2


def test_ingest_says_why_there_is_nothing_to_poll(command: Command, articles: Path) -> None:
    """Sources that are there but paused or gone are named, with what lets them go on."""
    command("sources", "add", "own", "folder", str(articles))
    command("sources", "pause", "own")
    done = command("ingest")
    assert done.code == 2
    assert "no active source: own is paused; `syndicate sources resume`" in done.err


def test_rebuild_and_restore(command: Command, wire: Path, articles: Path) -> None:
    """A cut can be put back for good: the dry run shows it, the feed has it, and no later ingest cuts it again."""
    wire.write_text(folder_source(articles))
    command("ingest")
    assert command("rebuild", "--dry-run").out == "0 of 2 articles would change\n"
    [cut] = copyright_cuts(command)
    assert command("cuts", "restore", cut["article"], "no such words").code == 2
    restored = command("cuts", "restore", cut["article"], "all rights reserved")
    assert (restored.code, restored.out.splitlines()[-1]) == (0, "1 of 2 articles changed")
    assert "+ Copyright 2026 Lake News." in restored.out
    assert copyright_cuts(command) == []
    text = (articles / "ferry.txt").read_text()
    (articles / "ferry.txt").write_text(text.replace("Ferry sails", "Ferry sails late"))
    settle(articles / "ferry.txt")
    assert json.loads(command("ingest", "--json").out)["sources"][0]["edited"] == 1
    assert copyright_cuts(command) == []
    assert command("rebuild").out == "0 of 2 articles changed\n"


def test_quarantine_is_replayed_or_discarded(command: Command, wire: Path, articles: Path) -> None:
    """What still fails stays with its reason; what is discarded is gone from the list."""
    wire.write_text(folder_source(articles))
    command("ingest")
    [item] = map(json.loads, command("quarantine", "--json").out.splitlines())
    done = command("quarantine", "replay")
    assert done.code == 1
    assert done.complaints[-1] == "syndicate: 1 items still fail; they stay in quarantine"
    assert command("quarantine", "discard", str(item["id"])).code == 0
    assert command("quarantine", "--json").out == ""
    assert json.loads(command("quarantine", "--all", "--json").out)["state"] == "discarded"


ENTRY = {
    *("id", "title", "link", "authors", "published", "updated"),
    *("categories", "language", "rights", "images", "html", "text"),
}


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        ("feed.xml", rss("pier"), []),
        (
            "feed.json",
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "t",
                    "items": [
                        {
                            "id": "1",
                            "url": "https://lake.example/pier",
                            "title": "News of the pier",
                            "content_html": Story("pier").html(),
                        }
                    ],
                }
            ),
            [],
        ),
        ("pier.txt", "News of the pier\n\n" + "\n\n".join(sentences("pier")), []),
        ("pier.md", "# News of the pier\n\n" + "\n\n".join(sentences("pier")), []),
        ("pier.html", Story("pier").page(), []),
        ("saved", Story("pier").page(), ["--kind", "page", "--url", "https://lake.example/pier"]),
        ("posts", json.dumps([Story("pier").post("https://lake.example")]), []),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 12 else "",
)
def test_read_shows_entries(command: Command, tmp_path: Path, name: str, content: str, options: list[str]) -> None:
    """`read` prints what would be taken in of a file of any kind: one JSON object a line with the promised fields."""
    (tmp_path / name).write_text(content)
    done = command("read", str(tmp_path / name), "--json", *options)
    assert (done.code, done.err) == (0, "")
    [entry] = map(json.loads, done.out.splitlines())
    assert set(entry) >= ENTRY
    assert entry["title"] == "News of the pier"
    assert entry["text"].split("\n") == sentences("pier")
    assert command("read", str(tmp_path / name), *options).out.startswith("News of the pier\n")


def test_read_reports_what_fails(command: Command, tmp_path: Path) -> None:
    """What can't be read is one line and exit code 1; half a feed gives its good half."""
    (tmp_path / "no.xml").write_text("<html><body>Login</body></html>")
    done = command("read", str(tmp_path / "no.xml"), "--kind", "feed", "--json")
    assert (done.code, done.out, len(done.complaints)) == (1, "", 1)
    whole = rss("pier", "mill")
    (tmp_path / "half.xml").write_text(whole[: whole.index("News of the mill") + 30])
    done = command("read", str(tmp_path / "half.xml"), "--json")
    assert (done.code, len(done.out.splitlines())) == (0, 1)
    assert "breaks off" in done.err


ARTICLE = "\n\n".join(
    ["Pier opens", "By Ann Lee", *sentences("pier"), "Copyright 2026 Lake News. All rights reserved."]
)


@pytest.mark.parametrize("markup", [False, True])
def test_clean_shows_what_is_cut(command: Command, markup: bool) -> None:
    """`clean` shows what is kept of a text or HTML, what is cut and why."""
    text = "".join(f"<p>{part}</p>" for part in ARTICLE.split("\n\n")[2:]) if markup else ARTICLE
    done = command("clean", stdin=text.encode())
    assert done.code == 0
    assert sentences("pier")[0] in done.out
    assert "- [copyright] Copyright 2026 Lake News." in done.out
    cleaned = json.loads(command("clean", "-", "--json", stdin=text.encode()).out)
    assert cleaned["text"].split("\n") == sentences("pier")
    assert cleaned["rights"] == "Copyright 2026 Lake News. All rights reserved."
    assert "copyright" in [cut["family"] for cut in cleaned["cuts"]]
    turned = command("clean", stdin=text.replace("Pier", "Pi\u202eer").encode())
    assert "\u202e" not in turned.out


def test_clean_reads_a_file_as_a_folder_does(command: Command, tmp_path: Path) -> None:
    """Fields, Markdown and mails are told by the file's name; what is no text is refused in one line, as by `read`."""
    said = "\n\n".join(sentences("pier"))
    (tmp_path / "pier.md").write_text(
        f"---\ntitle: Pier opens\nauthor: Ann Lee\ndate: 2026-10-12\n---\n\n*Soon.*\n\n{said}"
    )
    shown = json.loads(command("clean", "--json", "pier.md").out)
    assert (shown["title"], shown["authors"][0]["name"], shown["id"]) == ("Pier opens", "Ann Lee", "pier.md")
    assert shown["html"].startswith("<p><em>Soon.</em></p>")
    assert "published: 2026-10-12" in command("clean", "pier.md").out
    for name, body in (("pier.docx", b"PK\x03\x04"), ("pier.rtf", b"{\\rtf1 Pier opens}"), ("pier.txt", b"%PDF-1.7")):
        (tmp_path / name).write_bytes(body)
        done = command("clean", name)
        said = f"syndicate: {name}: this is a document or picture, not a text file"
        assert (done.code, done.out, done.complaints) == (1, "", [said])


def lines(*values: object) -> bytes:
    """JSON lines as a program may write them: characters as they are, even those that look like line ends."""
    return "\n".join(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values).encode()


def test_clean_lines_keep_their_order(command: Command) -> None:
    """`clean --jsonl` writes one line for each it reads, in order, with the promised fields."""
    given = [
        {"id": str(n), "source": "lake", "kind": kind, "title": "T", "url": "https://lake.example/1", "input": body}
        for n, (kind, body) in enumerate(
            [("text", ARTICLE), ("html", f"<p>{sentences('mill')[0]}</p>"), ("page", Story("barn").page())]
        )
    ]
    done = command("clean", "--jsonl", stdin=lines(*given))
    assert (done.code, done.err) == (0, "")
    results = [json.loads(line) for line in done.out.splitlines()]
    assert [r["id"] for r in results] == ["0", "1", "2"]
    assert set(results[0]) >= {"id", "text", "html", "title", "authors", "dateline", "rights", "language", "cuts"}
    assert set(results[0]["cuts"][0]) == {"text", "family", "reason", "evidence"}
    assert results[2]["text"].split("\n") == sentences("barn")


def test_clean_lines_learn_in_two_passes(command: Command) -> None:
    """What a source repeats in later lines is used for its first line, too, and not for another source's."""
    promo = "Sign up to the Lakeside Letter and get the harbour's best stories every single Friday."
    given = [
        {
            "id": f"{source}{n}",
            "source": source,
            "kind": "html",
            "title": f"Story {n}",
            "url": "",
            "input": f"<p>{'</p><p>'.join(sentences(f'{source}{n}'))}</p>"
            + (f"<p>{promo}</p>" if source == "a" else ""),
        }
        for source in "ab"
        for n in range(6)
    ]
    results = [json.loads(line) for line in command("clean", "--jsonl", stdin=lines(*given)).out.splitlines()]
    assert [promo in r["text"] for r in results] == [False] * 12
    assert all(len(r["text"].split("\n")) == 6 for r in results)


def test_bad_lines_cost_their_neighbours_nothing(command: Command) -> None:
    """A line that is no JSON or no article gives a line that says so, and the others go through."""
    odd = {"id": "odd", "kind": "text", "input": f"One\u2028two\x85three \x0c {sentences('pier')[0]}"}
    given = [
        "{", "[]", '{"id": "x"}', {"id": "y", "kind": "film", "input": "x"}, "", odd,
        {"id": "t", "title": ["a"], "input": "<p>Hello.</p>"}, '{"id": NaN, "input": "<p>Hello.</p>"}', "[" * 100_000,
        '{"id": "s", "input": "<p>A lone \\ud800 surrogate.</p>"}',
    ]  # fmt: skip
    done = command("clean", "--jsonl", stdin=lines(*given))
    results = [json.loads(line) for line in done.out.split("\n")[:-1]]
    assert [r["id"] for r in results] == [None, None, "x", "y", "odd", "t", None, None, "s"]
    assert {frozenset(r) - {"error"} for r in results} == {frozenset(results[4])}
    failed = [r for r in results if "error" in r]
    assert [r["error"].split(":")[0] for r in failed] == [f"line {n}" for n in (1, 2, 3, 4, 7, 8, 9)]
    assert {(r["text"], r["html"]) for r in failed} == {("", "")}
    assert (done.code, len(done.complaints)) == (1, 1)
    assert done.err.startswith("syndicate: 7 of 9 lines failed, the first of them line 1: not JSON")


def test_clean_lines_echo_ids_as_they_came(command: Command) -> None:
    """Whatever a program calls its articles, and whatever mark it puts before them, it gets its names back."""
    ids = ["1", 0, 2, 2.5, None, "", "a\0b", "a\ud800b", " x "]
    given = "\n".join(json.dumps({"id": name, "source": 5, "input": "<p>The pier stays open.</p>"}) for name in ids)
    done = command("clean", "--jsonl", stdin=b"\xef\xbb\xbf" + given.encode())
    assert (done.code, done.err) == (0, "")
    results = [json.loads(line) for line in done.out.splitlines()]
    assert [r["id"] for r in results] == ids
    assert {r["text"] for r in results} == {"The pier stays open."}


def test_clean_lines_remember_a_redesign(command: Command) -> None:
    """A footer that a source gave up in the midst of a batch is known for the lines that have it."""
    old, new = (f'<p><a href="https://lake.example/{pier}">The tides of the {pier} pier</a></p>' for pier in "ns")
    given = [
        {"id": n, "source": "lake", "url": f"https://lake.example/{n}", "title": f"Story {n}",
         "input": f"<p>{'</p><p>'.join(sentences(f'story{n}'))}</p>{old if n < 20 else new}"}
        for n in range(100)
    ]  # fmt: skip
    results = [json.loads(line) for line in command("clean", "--jsonl", stdin=lines(*given)).out.splitlines()]
    assert [r["id"] for r in results if "tides" in r["text"]] == []


def test_the_real_program_is_quiet(wire: Path, articles: Path) -> None:
    """As a process of its own: JSON alone on standard output at the very first run, and no traceback on a failure."""
    wire.write_text(folder_source(articles) + TOPIC)
    program = [sys.executable, "-m", "syndicate"]
    listed = subprocess.run([*program, "topics", "--json"], capture_output=True, text=True, check=True)
    assert [json.loads(line)["topic"]["key"] for line in listed.stdout.splitlines()] == ["all", "water"]
    assert listed.stderr == ""
    wire.write_text("[")
    failed = subprocess.run([*program, "check"], capture_output=True, text=True, check=False)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith(f"syndicate: {wire}: not valid TOML")


@pytest.mark.parametrize(
    ("arguments", "unbuffered"), [(["--help"], ""), (["check"], "1"), (["topics"], ""), (["topics", "--json"], "1")]
)
def test_output_that_cannot_be_written(
    wire: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], unbuffered: str
) -> None:
    """A full disk, or an output that takes nothing, is one line, and not called a bug."""
    assert wire.exists()
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    program = [sys.executable, "-m", "syndicate"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*program, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "syndicate: output can't be written: [Errno 28] No space left on device\n"


def test_input_that_is_closed(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command without its standard input says so."""
    monkeypatch.setattr("io.TextIOWrapper", lambda _: None)
    done = command("clean")
    assert (done.code, done.complaints) == (1, ["syndicate: standard input can't be read: it is closed"])


def test_clean_loads_no_store_and_no_web() -> None:
    """A dry run of cleaning stays small: no database, no Redis, no web is loaded for it."""
    code = "import sys, syndicate.cli.clean; print(*{'sqlalchemy', 'redis', 'flask', 'urllib3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
