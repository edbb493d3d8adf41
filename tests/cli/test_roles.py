"""What the roles promise before they run: who is turned away has changed nothing."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
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


_STUCK = """
import threading
from syndicate.cli import roles
roles.END_SECONDS = 0.01
stop = roles._stopped_by_signals(in_time=True)
threading.Thread(target=threading.Event().wait).start()
print("ready", flush=True)
stop.wait()
"""


def test_a_role_ends_in_time_whatever_hangs() -> None:
    """Asked to end, a role whose threads wait for a database that says nothing ends all the same, and tells so."""
    with subprocess.Popen([sys.executable, "-c", _STUCK], stdout=subprocess.PIPE, text=True) as role:
        assert role.stdout.readline() == "ready\n"
        role.terminate()
        said, _ = role.communicate(timeout=30)
    assert role.returncode == 1
    assert "something still hangs" in said


_WAITING = """
from syndicate.cli import roles
stop = roles._stopped_by_signals()
print("ready", flush=True)
print(stop.wait(20))
"""


@pytest.mark.parametrize("program", [["nohup"], []])
def test_the_end_of_the_terminal_ends_a_role(program: list[str]) -> None:
    """As SIGTERM does, with all that it started and cleanly; unless it was started with `nohup`."""
    command = [*program, sys.executable, "-c", _WAITING]
    heard = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests under `nohup`
    files = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **files, preexec_fn=heard, text=True) as role:  # noqa: PLW1509
        assert role.stdout.readline() == "ready\n"
        role.send_signal(signal.SIGHUP)
        if program:
            role.terminate()
            assert role.communicate(timeout=30)[0] == "True\n"
        assert role.wait(30) == 0
