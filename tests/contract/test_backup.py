"""Each line of docs/backup.md does what it says, on both databases."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from syndicate.store import Store
from tests import servers
from tests.contract.building import article, change, declare, ingest

PAGE = Path(__file__).parents[2] / "docs" / "backup.md"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an operator stands, and the store that is there."""

    folder: Path
    url: str
    environment: Mapping[str, str]

    def follow(self, block: int, kind: str) -> str:
        """Run the lines of the page's first or second block on this kind of database; gives what they print."""
        section = PAGE.read_text().partition("## SQLite" if kind == "sqlite" else "## PostgreSQL")[2]
        lines = section.split("```console\n")[block].partition("```")[0].splitlines()
        done = [self._run(line.removeprefix("$ ")) for line in lines]
        assert done
        return "".join(done)

    def forget(self, store: Store) -> None:
        """Throw the backup away, and what was put aside."""
        next(self.folder.glob("backup.*")).unlink()
        if store.is_sqlite:
            shutil.rmtree(self.folder / "before")
            return
        with store.writing("forget") as connection:
            connection.exec_driver_sql("DROP SCHEMA before CASCADE")

    def _run(self, line: str) -> str:
        done = subprocess.run(
            line, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
        return done.stdout


@pytest.fixture
def place(kind: str, own_store_url: str, tmp_path: Path) -> Place:
    """A folder with the program in `.venv/bin` and the data in `var`, as in the checkout."""
    folder = tmp_path / "checkout"
    (folder / "var").mkdir(parents=True)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (folder / "wire.toml").write_text("")
    programs = [str(found)] if (found := servers.find_programs()) else []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SYNDICATE_")} | {
        "PATH": os.pathsep.join([*programs, os.environ["PATH"]]),
        "PYTHONPATH": str(PAGE.parents[1]),
        "SYNDICATE_CONFIG": "wire.toml",
    }
    if kind == "sqlite":
        file = folder / "var" / "syndicate.db"
        shutil.move(own_store_url.removeprefix("sqlite:///"), file)
        return Place(folder, f"sqlite:///{file}", environment)
    return Place(folder, own_store_url, environment | {"SYNDICATE_DATABASE_URL": own_store_url})


def test_a_backup_brings_back_what_was_there(kind: str, place: Place, open_store: Callable[[str], Store]) -> None:
    """A backup of a running store, restored after a crash, is that store, whole; so is one of what was restored."""
    store = open_store(place.url)
    declare(store)
    ingest(store, change())
    for _ in range(2):
        place.follow(1, kind)
        ingest(store, change(article(key="later")))
        crash(store)
        assert re.search(r"^ all .* 1 ", place.follow(2, kind), re.MULTILINE)
        store = open_store(place.url)
        assert [stored.published.article.key for stored in store.articles()] == ["one"]
        assert store.check_integrity() == ()
        place.forget(store)


def crash(store: Store) -> None:
    """End with what a process leaves that is killed: SQLite's file and those beside it, as they are."""
    left = {path: path.read_bytes() for path in store.file.parent.iterdir()} if store.file else {}
    assert len(left) in {0, 3}
    store.close()
    for path, body in left.items():
        path.write_bytes(body)
