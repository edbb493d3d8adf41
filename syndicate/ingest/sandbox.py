"""A warm, killable child for everything that touches bytes from outside.

Libraries that read feeds and HTML have inputs that take them minutes or gigabytes. So they run in a child process with
limits that the kernel keeps. One keeper process (see `keeper.py`) imports the libraries once and forks children from
itself in milliseconds, so that a killed or worn-out child costs little. Each child has a socket of its own: what one
of them does to its end can't disturb another.

pebble's pool was refused: its children share one pipe, so a child that dies while writing spoils the pool for good; it
polls in three threads; and multiprocessing starts children by importing the program that runs, which here may be any
server. A limit on CPU time it does not have.
"""

import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, LifoQueue
from typing import Any, ParamSpec, TypeVar

from syndicate.child import imports_as_here
from syndicate.errors import KilledError, SyndicateError
from syndicate.ingest import wire
from syndicate.ingest.keeper import Ended, Limits

P = ParamSpec("P")
R = TypeVar("R")

# Only these reach the children: no token, no password, no proxy.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "TMPDIR")
_WARM = ("syndicate.ingest.process",)
_START_SECONDS = 60.0


@dataclass(slots=True)
class _Child:
    pid: int
    channel: socket.socket
    keeper: "_Keeper"
    payloads: int = 0


class Sandbox:
    """Runs functions in up to `children` children, each call within limits; safe to share between threads.

    `cpu_seconds` and `memory_mb` (address space) hold for one call and one child. `payloads` is how many calls a child
    serves before a fresh one takes its place, so that leaks in libraries stay small. `wall_seconds` catches a child
    that waits for something. `warm` names the modules that the keeper imports before it forks. Nothing is started
    before `start` or the first call. Close it, or use it as a context manager; children never outlive this process.
    """

    def __init__(
        self,
        children: int = 2,
        cpu_seconds: float = 2,
        memory_mb: int = 512,
        payloads: int = 500,
        *,
        wall_seconds: float | None = None,
        warm: tuple[str, ...] = _WARM,
    ) -> None:
        self._limits = Limits(cpu_seconds, memory_mb * 1024 * 1024)
        self._payloads = payloads
        self._wall_seconds = wall_seconds or max(30.0, cpu_seconds * 15)
        self._warm = warm
        self._lock = threading.Lock()
        self._keeper: _Keeper | None = None
        self._owner = os.getpid()
        self._slots: LifoQueue[_Child | None] = LifoQueue()
        self._children = children
        self._fill()

    def start(self) -> None:
        """Have the libraries loaded now (about half a second) rather than at the first call."""
        self._leave_parents_children()
        self._living_keeper()

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a top-level function in a child and return what it returns; waits for a free child.

        Arguments and result are pickled; results are made of Syndicate's values only. A SyndicateError of the function
        is raised here. Raises KilledError if the child exceeded a limit, crashed, or failed in an unexpected way.
        """
        request = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        self._leave_parents_children()
        child = self._slots.get()
        kept = None
        try:
            if child is None or not child.keeper.alive():
                child = self._replaced(child)
            kind, value = self._ask(child, request)
            kept = self._kept(child, kind)
        except BaseException:
            if child is not None:
                child.keeper.end(child)
            raise
        finally:
            self._slots.put(kept)
        result: R = self._result(kind, value)
        return result

    def close(self) -> None:
        """End all children, and with them the calls that still run; the next call would start new ones."""
        if self._owner != os.getpid():
            return
        with self._lock:
            keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.close()
        idle: list[_Child | None] = []
        with suppress(Empty):
            while True:
                idle.append(self._slots.get_nowait())
        for child in idle:
            if child is not None:
                child.channel.close()
            self._slots.put(None)

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fill(self) -> None:
        for _ in range(self._children):
            self._slots.put(None)

    def _leave_parents_children(self) -> None:
        """After a fork the children belong to the other process; this one starts its own."""
        if self._owner == os.getpid():
            return
        self._owner = os.getpid()
        self._lock = threading.Lock()
        if self._keeper is not None:
            self._keeper.forget()
        self._keeper = None
        # The list behind the queue: its lock may have been held by a thread that is not in this process.
        for child in self._slots.queue:
            if child is not None:
                child.channel.close()
        self._slots = LifoQueue()
        self._fill()

    def _replaced(self, lost: _Child | None) -> _Child:
        if lost is not None:
            lost.channel.close()
        try:
            return self._living_keeper().child()
        except KilledError:
            # It died just now (the kernel may take it when memory is short), and nothing was asked yet.
            return self._living_keeper().child()

    def _living_keeper(self) -> "_Keeper":
        with self._lock:
            if self._keeper is None or not self._keeper.alive():
                if self._keeper is not None:
                    self._keeper.close()
                self._keeper = _Keeper(self._limits, self._warm)
            return self._keeper

    def _ask(self, child: _Child, request: bytes) -> tuple[str, Any]:
        child.channel.settimeout(self._wall_seconds)
        try:
            wire.send(child.channel, request)
            raw = wire.receive(child.channel)
        except TimeoutError:
            raise KilledError(f"killed: it took more than {self._wall_seconds:g} seconds") from None
        except (OSError, EOFError):
            raise KilledError(self._explained(child.keeper.end(child))) from None
        try:
            kind, value = wire.loads(raw)
        except Exception as error:
            raise KilledError(f"crashed: the result is none of our values ({error})") from error
        return kind, value

    def _kept(self, child: _Child, kind: str) -> _Child | None:
        child.payloads += 1
        # A child that ran out of memory once may hold half-made things.
        if child.payloads < self._payloads and kind != "memory":
            return child
        child.keeper.end(child)
        return None

    def _result(self, kind: str, value: Any) -> Any:
        if kind == "value":
            return value
        if kind == "error" and isinstance(value, SyndicateError):
            raise value
        if kind == "memory":
            raise KilledError(self._too_much_memory())
        told, trace = value if isinstance(value, tuple) and len(value) == 2 else (value, "")
        error = KilledError(f"crashed: {str(told)[:300]}")
        error.add_note(str(trace))
        raise error

    def _explained(self, ended: Ended | None) -> str:
        if ended is None:
            return "crashed: nobody saw how"
        if ended.signal in {signal.SIGPROF, signal.SIGXCPU}:
            return f"killed: it needed more than {self._limits.cpu_seconds:g} seconds of CPU"
        # What Rust and C++ do when they get no memory.
        if ended.signal == signal.SIGABRT and ended.memory > self._limits.memory_bytes // 4:
            return self._too_much_memory()
        if ended.signal:
            return f"crashed: {signal.Signals(ended.signal).name}"
        return f"crashed: it ended by itself with status {ended.status}"

    def _too_much_memory(self) -> str:
        return f"killed: it needed more than {self._limits.memory_bytes >> 20} MB of memory"


class _Keeper:
    """The parent's side of the keeper process: asks it for children, and how they ended."""

    def __init__(self, limits: Limits, warm: tuple[str, ...]) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-c", "from syndicate.ingest.keeper import main; main()", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,
            )
        self._control.settimeout(_START_SECONDS)
        try:
            with self._lock:
                self._request(("start", os.getpid(), limits, warm))
        except BaseException:
            self.close()
            raise

    def alive(self) -> bool:
        return self._process.poll() is None

    def child(self) -> _Child:
        """Have a child forked that listens at the other end of a new socket."""
        ours, theirs = socket.socketpair()
        try:
            with theirs, self._lock:
                pid = self._request(("fork",), theirs.fileno())
        except BaseException:
            ours.close()
            raise
        return _Child(pid, ours, self)

    def end(self, child: _Child) -> Ended | None:
        """Make sure that a child has ended, and learn how; None if that isn't known (any more)."""
        child.channel.close()
        try:
            with self._lock:
                ended: Ended | None = self._request(("end", child.pid))
                return ended
        except KilledError:
            return None

    def close(self) -> None:
        """End the keeper, which ends its children."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._kill()

    def forget(self) -> None:
        """Let go of a keeper that belongs to our parent process."""
        self._control.close()
        self._process.returncode = 0  # it is not ours to wait for

    def _request(self, message: tuple[Any, ...], descriptor: int | None = None) -> Any:
        try:
            wire.send(self._control, pickle.dumps(message), descriptor)
            return wire.loads(wire.receive(self._control))
        except (OSError, EOFError) as error:
            self._kill()
            raise KilledError("crashed: the process that keeps the children died") from error
        except BaseException:
            # Interrupted between question and answer: nobody could tell any more which answer is whose.
            self._kill()
            raise

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return {**kept, **imports_as_here(), "PYTHONHASHSEED": "0"}
