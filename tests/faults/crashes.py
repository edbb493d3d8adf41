"""A small wire that is killed and must come back: how it is set up, and what must hold before and after."""

import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from tests.faults import stories
from tests.faults.one_ingest import DESK, FEED, ingest, open_store, settings_for
from tests.faults.origin import Origin, Reply, Request, behaviour
from tests.faults.stories import Story

# Far enough ahead that files which are laid down while the tests run have always settled by then.
START = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Wire:
    """A data directory that has seen the first version of a feed, and an origin that now offers the second."""

    template: Path
    origin: Origin
    url: str
    first: tuple[Story, ...]
    second: tuple[Story, ...]
    files: tuple[str, ...]

    def copy(self, to: Path) -> Path:
        """A fresh copy to be killed."""
        shutil.copytree(self.template, to)
        return to

    def command(self, data_dir: Path, later: float = 600, attempts: int = 1, kilobytes: int = 0) -> list[str]:
        """The command that ingests, `later` seconds after the first time."""
        now = (START + timedelta(seconds=later)).isoformat()
        words = (data_dir, self.url, now, attempts, kilobytes)
        return [sys.executable, "-m", "tests.faults.one_ingest", *map(str, words)]

    def process(self, data_dir: Path, *prefix: str, **how: Any) -> dict[str, Any]:
        """The arguments of a process that ingests, behind a tool that disturbs it; `how` as for `command`."""
        return {
            "args": [*prefix, *self.command(data_dir, **how)],
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
            "cwd": ROOT,
            "env": {"PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        }

    def run(self, data_dir: Path, *prefix: str, **how: Any) -> subprocess.CompletedProcess[str]:
        """Ingest in a process of its own, to its end."""
        return subprocess.run(**self.process(data_dir, *prefix, **how), check=False, timeout=120)


def ingest_here(wire: Wire, data_dir: Path, later: float) -> None:
    """Ingest in this process, which has everything loaded."""
    now = START + timedelta(seconds=later)
    settings = settings_for(data_dir, wire.url)
    store = open_store(settings, now)
    try:
        ingest(settings, store, now)
    finally:
        store.close()


def prepare(folder: Path, origin: Origin) -> Wire:
    """Ingest the first version, then let the origin offer the second: one story edited, some new, files laid down."""
    first = stories.stories(4)
    edited = replace(first[1], paragraphs=(*first[1].paragraphs, "A correction came later, and it changes the matter."))
    second = (*stories.stories(8)[4:], edited, first[0], first[2], first[3])
    offered = [first]

    def reply(request: Request) -> Reply:
        etag = f'"{len(offered)}"'
        if request.headers.get("if-none-match") == etag:
            return Reply(status=304)
        return Reply(stories.feed(offered[-1]), headers={"ETag": etag, "Content-Type": "application/rss+xml"})

    url = origin.serve("/feed", behaviour(reply))
    template = folder / "template"
    desk = template / "desk"
    desk.mkdir(parents=True)
    settings = settings_for(template, url)
    store = open_store(settings, START)
    ingest(settings, store, START)
    store.close()
    offered.append(second)
    files = tuple(f"{number}.txt" for number in (100, 101))
    for name in files:
        one = stories.story(int(name.removesuffix(".txt")))
        (desk / name).write_text("\n\n".join((one.title, *one.paragraphs)), encoding="utf-8")
    return Wire(template, origin, url, first, second, files)


def check_consistent(wire: Wire, data_dir: Path) -> None:
    """What must hold at any moment after a crash: the old state or the new one, never a mixture."""
    with sqlite3.connect(data_dir / "syndicate.db") as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()
    settings = settings_for(data_dir, wire.url)
    store = open_store(settings, START)
    try:
        state = store.source(FEED)
        assert state is not None
        keys = {one.published.article.key for one in store.articles(source=FEED, limit=100)}
        offered = wire.second if state.etag == '"2"' else wire.first
        assert state.etag in {'"1"', '"2"'}
        assert len(keys) == len(offered), "the validator is ahead of the entries, or behind them"
        for name in wire.files:
            places = [place for place in ("", "done", "failed") if (data_dir / "desk" / place / name).is_file()]
            assert places, f"{name} is nowhere"
            if "" not in places:
                assert places == ["done"]
                assert any(
                    name in one.published.article.link + one.published.article.key
                    for one in store.articles(source=DESK, limit=9)
                )
        row = store.feed("all", "rss")
        assert row is not None
        assert len(ET.fromstring(row.body).findall("channel/item")) >= len(wire.first)
    finally:
        store.close()


def check_complete(wire: Wire, data_dir: Path) -> None:
    """What must hold once it ran undisturbed: everything is there, once, and published."""
    check_consistent(wire, data_dir)
    settings = settings_for(data_dir, wire.url)
    store = open_store(settings, START)
    try:
        kept = store.articles(source=FEED, limit=100)
        assert sorted(one.published.article.title for one in kept) == sorted(one.title for one in wire.second)
        assert sum("A correction came later" in one.published.article.text for one in kept) == 1
        assert len(store.articles(source=DESK, limit=100)) == len(wire.files)
        assert not list((data_dir / "desk").glob("*.txt"))
        assert store.pending_topics(10) == ()
        assert store.quarantine() == ()
        row = store.feed("all", "rss")
        assert row is not None
        guids = [guid.text for guid in ET.fromstring(row.body).findall("channel/item/guid")]
        assert len(guids) == len(set(guids)) == len(wire.second) + len(wire.files)
    finally:
        store.close()
