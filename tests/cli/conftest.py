"""Commands run as `syndicate` runs them, in this process where that is enough."""

import io
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from syndicate import bootstrap, logs
from syndicate.cli import articles, lint, main
from syndicate.ingest.sandbox import Sandbox
from syndicate.store import revisions
from tests.web.server import free_port

Command = Callable[..., "Done"]


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def complaints(self) -> list[str]:
        """What it said to people on standard error, line by line."""
        return self.err.splitlines()


class _Lent(AbstractContextManager[Sandbox]):
    """The sandbox of the whole test process, which no command may close."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.run = sandbox.run

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        pass


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration file to be written to; data, port and a Redis that is not there are the test's own."""
    for name in [n for n in os.environ if n.startswith("SYNDICATE_")]:
        monkeypatch.delenv(name)
    path = tmp_path / "wire.toml"
    path.write_text("")
    monkeypatch.setenv("SYNDICATE_CONFIG", str(path))
    monkeypatch.setenv("SYNDICATE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SYNDICATE_BIND", f"127.0.0.1:{free_port()}")  # somebody may be looking at `make run`
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture(scope="session")
def tables(sqlite_template: Path) -> tuple[str, ...]:
    """The statements that make a store what all migrations make it, in a tenth of their time."""
    with closing(sqlite3.connect(sqlite_template)) as made:
        return tuple(line for line in made.iterdump() if not line.startswith(("BEGIN", "COMMIT")))


@pytest.fixture
def command(
    wire: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sandbox: Sandbox,
    tables: tuple[str, ...],
) -> Iterator[Command]:
    """Run `syndicate ARGUMENT ...` with these bytes as its input. Logs are not set up: other tests have their own."""
    monkeypatch.setattr(logs, "configure", lambda level, form: None)
    monkeypatch.setattr(revisions, "upgrade", lambda store, _: [store.exec_driver_sql(line) for line in tables])
    for room in (bootstrap, articles, lint):
        monkeypatch.setattr(room, "Sandbox", lambda *_: _Lent(sandbox))

    def run(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "argv", ["syndicate", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    with structlog.testing.capture_logs():
        yield run
