"""What the roles promise before they run: who is turned away has changed nothing."""

import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from syndicate.store import Store
from tests.cli.conftest import Command

SOURCE = '[[sources]]\nkey = "{}"\nkind = "feed"\nlocation = "https://lake.example/feed"\n'


@contextmanager
def redis_elsewhere(folder: Path) -> Iterator[None]:
    """Another process runs its private Redis in this data folder."""
    (folder / "redis").mkdir()
    with (folder / "redis" / "redis.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def port_taken(_: Path) -> Iterator[None]:
    """Another process listens at the address of this service."""
    host, _, port = os.environ["SYNDICATE_BIND"].rpartition(":")
    with socket.create_server((host, int(port))):
        yield


@pytest.mark.parametrize(
    ("role", "rival", "said"),
    [
        ("up", redis_elsewhere, "another process runs a private Redis here"),
        ("up", port_taken, "can't listen on"),
        ("serve", port_taken, "can't listen on"),
    ],
)
def test_a_start_that_is_refused_changes_nothing(
    command: Command,
    wire: Path,
    tmp_path: Path,
    role: str,
    rival: Callable[[Path], AbstractContextManager[None]],
    said: str,
) -> None:
    """A second service with another configuration that finds its place taken leaves the first one's store alone."""
    wire.write_text(SOURCE.format("lake"))
    assert command("sources").code == 0
    wire.write_text(SOURCE.format("sea"))
    with rival(tmp_path / "var"):
        done = command(role)
    assert done.code == 1
    assert said in done.err
    store = Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")
    assert [(state.spec.key, state.status) for state in store.sources()] == [("lake", "active")]
    store.close()
