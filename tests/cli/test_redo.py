"""Doing several sources again while another worker has one of them."""

from datetime import UTC, datetime
from pathlib import Path

from syndicate.store import Store
from syndicate.store.holders import holder
from syndicate.store.leases import source_lease
from tests.cli.conftest import Command
from tests.cli.test_commands import folder_source, settle
from tests.e2e.papers import sentences

CUT = '[[boilerplate]]\nkey = "slogan"\ntext = "The lake has its own news*"\n'


def test_one_busy_source_holds_up_no_other(command: Command, wire: Path, tmp_path: Path) -> None:
    """A rebuild and a replay of all do the others, say which source is left and why, and end with 1."""
    for key in ("lake", "sea"):
        (tmp_path / key).mkdir()
        for name, told in (("a.txt", [key, *sentences(key), "The lake has its own news."]), ("empty.txt", [])):
            (tmp_path / key / name).write_text("\n\n".join(told))
            settle(tmp_path / key / name)
    sources = "".join(folder_source(tmp_path / key, key) for key in ("lake", "sea"))
    wire.write_text(sources)
    command("ingest")
    wire.write_text(sources + CUT)
    store = Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")
    store.acquire(source_lease("lake"), holder(), datetime.now(UTC), 300)
    store.close()
    done = command("rebuild")
    assert (done.code, done.out.splitlines()[-1]) == (1, "1 of 1 articles changed")
    assert done.complaints == [
        "syndicate: lake: another worker is polling it just now",
        "syndicate: not rebuilt to the end: lake; `syndicate rebuild lake` goes through the rest",
    ]
    done = command("quarantine", "replay")
    assert (done.code, len(done.complaints)) == (1, 3)
    assert sum("source 'lake' is being polled just now" in line for line in done.complaints) == 1
