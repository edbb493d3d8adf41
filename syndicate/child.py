"""A process of ours that is started again when it dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger()

_PATIENCE = 60.0  # a child that lived this long is started again at once
_LONGEST_PAUSE = 30.0


def imports_as_here() -> dict[str, str]:
    """Variables by which a Python process, and every one that it starts, imports from where this one does.

    Without them each would look into the working directory first: at what a source laid there, or another version.
    """
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONSAFEPATH": "1"}


@dataclass(slots=True)
class Child:
    """One process that runs a command of ours, and when to start it again after it died.

    `files` are the descriptors that it inherits.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    files: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        """Start the process."""
        self.started = time.monotonic()
        # The child reads its standard input only to learn that we are gone.
        self.process = subprocess.Popen(  # noqa: S603 - our own program with our own words
            [sys.executable, "-m", "syndicate", *self.command, "--supervised"],
            env={**self.environment, **imports_as_here()},
            stdin=subprocess.PIPE,
            pass_fds=tuple(self.files),
            start_new_session=True,
        )

    def look(self) -> None:
        """Start the process if it is not there, more slowly the more often it died young."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self.deaths = 0 if now - self.started > _PATIENCE else self.deaths + 1
            pause = min(2.0 ** max(self.deaths - 1, 0), _LONGEST_PAUSE) if self.deaths else 0.0
            self.not_before = now + pause
            log.error("process died", role=self.name, code=self.process.returncode, again_in=pause)
            self._end_group()  # a process that outlived its parent would hold the port
            self.process = None
        if now >= self.not_before:
            self.start()

    def stop(self) -> None:
        """Ask the process to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def gone(self, deadline: float) -> None:
        """Wait for its end until this moment of the monotonic clock, then end it by force."""
        if self.process is None:
            return
        try:
            self.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            log.warning("process does not end", role=self.name)
            self._end_group()
            self.process.wait()

    def _end_group(self) -> None:
        """End whatever is left of the child: it began a session, so its children are in its group."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def end(children: Sequence[Child], seconds: float) -> None:
    """Ask all these to end, and wait for them together for so long."""
    for child in children:
        child.stop()
    deadline = time.monotonic() + seconds
    for child in children:
        child.gone(deadline)
