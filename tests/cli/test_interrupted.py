"""An `ingest` that is ended from outside keeps nobody waiting, and one that could poll nothing says so."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from subprocess import PIPE

import pytest

from syndicate.store import Store
from syndicate.store.holders import holder, is_dead
from syndicate.store.leases import source_lease
from tests.cli.conftest import Command
from tests.e2e.house import Answer, Origin
from tests.e2e.papers import rss

SOURCE = '[[sources]]\nkey = "{key}"\nkind = "feed"\nlocation = "{url}"\n'


@pytest.fixture
def origin() -> Iterator[Origin]:
    """A web server on loopback."""
    with Origin() as running:
        yield running


def source(key: str, url: str) -> str:
    """The declaration of a feed."""
    return SOURCE.format(key=key, url=url)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_an_ended_ingest_holds_nothing(
    command: Command, wire: Path, origin: Origin, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Asked to end it does so at once; however it ends, the next ingest polls its source and closes its run."""
    asked, over = threading.Event(), threading.Event()

    def slow(_: dict[str, str]) -> Answer:
        asked.set()
        over.wait(30)
        return 500, {}, b""

    monkeypatch.setenv("SYNDICATE_ALLOW_PRIVATE", "127.0.0.0/8")
    wire.write_text(source("lake", f"{origin.url}/lake"))
    origin.answers["/lake"] = slow
    program = [sys.executable, "-m", "syndicate", "ingest"]
    heard = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests under `nohup`
    with subprocess.Popen(program, stdout=PIPE, stderr=PIPE, text=True, preexec_fn=heard) as running:  # noqa: PLW1509
        assert asked.wait(60)
        running.send_signal(number)
        _, said = running.communicate(timeout=10)
    over.set()
    if number != signal.SIGKILL:
        assert running.returncode == 128 + number
        assert said == "syndicate: interrupted; what was not taken in yet comes with the next ingest\n"
    origin.feed("/lake", rss("pier"))
    done = json.loads(command("ingest", "--json").out)
    assert [line["outcome"] for line in done["sources"]] == ["changed"]
    later, earlier = map(json.loads, command("runs", "--json").out.splitlines())
    assert (later["state"], earlier["state"]) == ("done", "failed")
    assert earlier["report"][-1]["error"].startswith("interrupted")


def test_ingest_of_nothing_but_busy_sources_fails(
    command: Command, wire: Path, origin: Origin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One source that could be polled is enough to end well; none is not."""
    monkeypatch.setenv("SYNDICATE_ALLOW_PRIVATE", "127.0.0.0/8")
    wire.write_text(source("lake", origin.feed("/lake", rss("pier"))) + source("sea", f"{origin.url}/nothing"))
    assert command("ingest").code == 0
    store = Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")
    store.acquire(source_lease("lake"), holder(), datetime.now(UTC), 300)
    store.close()
    done = command("ingest", "lake")
    assert (done.code, done.complaints) == (1, ["lake: another worker is polling it"])
    assert command("ingest").code == 1


def test_only_processes_of_this_machine_are_known_dead() -> None:
    """Of a holder elsewhere, or one that was named otherwise, nobody here can tell."""
    machine, pid, thread = holder().rsplit(":", 2)
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    assert is_dead(f"{machine}:{ended.pid}:{thread}")
    for name in (holder(), f"elsewhere/{machine}:{ended.pid}:{thread}", f"{machine}:{pid}x:1", "a worker", "", "a:1:2"):
        assert not is_dead(name)
