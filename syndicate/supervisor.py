"""`syndicate up`: a private Redis and the three roles as processes of their own, kept alive until we are stopped."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import structlog

from syndicate import bootstrap
from syndicate.errors import SyndicateError
from syndicate.private_redis import PrivateRedis
from syndicate.settings import Settings

log = structlog.get_logger()

ROLES = ("schedule", "work", "serve")
LOOK_SECONDS = 0.5
STOP_SECONDS = 8.0  # with the private Redis after it, all is gone within ten
_PATIENCE = 60.0  # a role that lived this long is started again at once
_LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class _Role:
    """One role's process, and when to start it again after it died."""

    name: str
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        self.started = time.monotonic()
        # The role reads its standard input only to learn that we are gone.
        self.process = subprocess.Popen(  # noqa: S603 - our own program with our own words
            [sys.executable, "-m", "syndicate", self.name, "--supervised"],
            env=dict(self.environment),
            stdin=subprocess.PIPE,
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
            log.error("role died", role=self.name, code=self.process.returncode, again_in=pause)
            self._end_group()  # a web process that outlived its parent would hold the port
            self.process = None
        if now >= self.not_before:
            self.start()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def gone(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            log.warning("role does not end", role=self.name)
            self._end_group()
            self.process.wait()

    def _end_group(self) -> None:
        """End whatever is left of the role: it began a session, so its children are in its group."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def supervise(settings: Settings, stop: threading.Event) -> None:
    """Run everything until `stop` is set. Raises ConfigurationError and StoreError before anything is started."""
    bootstrap.open_store(settings).close()
    with ExitStack() as stack:
        environment = dict(os.environ)
        private: PrivateRedis | None = None
        if not settings.redis_url:
            private = stack.enter_context(bootstrap.private_redis(settings))
            environment["SYNDICATE_REDIS_URL"] = private.url
        roles = [_Role(name, environment) for name in ROLES]
        stack.callback(_end, roles)
        log.info("syndicate is up", address=settings.public_url, store=settings.store_url.partition(":")[0])
        while not stop.is_set():
            try:
                _look(private, roles)
            except (SyndicateError, OSError) as error:  # no memory, no disk: it may be there again in a while
                log.error("can't start again", reason=str(error))
            stop.wait(LOOK_SECONDS)
        log.info("stopping")


def _look(private: PrivateRedis | None, roles: list[_Role]) -> None:
    """Start again what has died."""
    for role in roles:
        role.look()
    if private is not None and not private.running:
        log.error("private Redis died")
        private.stop()
        private.start()


def _end(roles: list[_Role]) -> None:
    """Ask all roles to end, and wait for them together."""
    for role in roles:
        role.stop()
    deadline = time.monotonic() + STOP_SECONDS
    for role in roles:
        role.gone(deadline)
