"""The process that keeps the sandbox's children: imports once, forks fast, tells how they ended.

It has a single thread, so that forking is safe, and does nothing but answer its parent. When the parent is gone, by
whatever death, it ends its children and itself.
"""

import gc
import os
import pickle
import resource
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from syndicate.errors import SyndicateError
from syndicate.ingest import wire
from syndicate.mortal import die_with

_HEARTBEAT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use (seconds of CPU) and what one child may hold (bytes of address space)."""

    cpu_seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: exit status or signal, seconds of CPU in all, and the most memory it held (bytes)."""

    status: int
    signal: int
    cpu: float
    memory: int


def main() -> None:
    """Serve the parent at the socket whose descriptor is the first argument, until it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    children: set[int] = set()
    try:
        _serve(control, children)
    except (EOFError, ConnectionError, KeyboardInterrupt):
        pass
    finally:
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in children:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _serve(control: socket.socket, children: set[int]) -> None:
    _, parent, limits, warm = pickle.loads(wire.receive(control))  # noqa: S301 - from our own parent
    for module in warm:
        _warm_up(module)
    gc.collect()
    gc.freeze()  # children would copy every page that their garbage collector touches
    _answer(control, None)
    while True:
        while not select.select([control], [], [], _HEARTBEAT_SECONDS)[0]:
            if os.getppid() != parent:
                return
        raw, descriptor = wire.receive_with_descriptor(control)
        message = pickle.loads(raw)  # noqa: S301 - from our own parent
        if message[0] == "fork" and descriptor is not None:
            pid = _fork(control, descriptor, limits)
            children.add(pid)
            _answer(control, pid)
        elif message[0] == "end":
            known = message[1] in children
            children.discard(message[1])
            _answer(control, _end(message[1]) if known else None)


def _warm_up(module: str) -> None:
    """Import a module, and let it touch what it loads late if it has a function `warm` for that."""
    if find_spec(module) is not None:
        getattr(import_module(module), "warm", lambda: None)()


def _answer(control: socket.socket, value: Any) -> None:
    wire.send(control, pickle.dumps(value))


def _end(pid: int) -> Ended:
    # A child that is already dead stays as it died; the signal only reaches one that lives.
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return Ended(max(code, 0), max(-code, 0), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def _fork(control: socket.socket, descriptor: int, limits: Limits) -> int:
    keeper = os.getpid()
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    try:
        control.close()
        _confine(limits, keeper)
        with socket.socket(fileno=descriptor) as channel:
            _work(channel, limits)
    except BaseException:  # noqa: BLE001 - whatever happens, a child must never run on as a second keeper
        os._exit(70)
    os._exit(0)


def _confine(limits: Limits, keeper: int) -> None:
    die_with(keeper)
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    os.close(silent)
    # The kernel keeps these: no core files, no written files, no more address space than allowed.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _work(channel: socket.socket, limits: Limits) -> None:
    while True:
        try:
            request = wire.receive(channel)
        except (EOFError, ConnectionError):
            return
        # The timer counts CPU time, not time; its signal ends the process even within a library written in C.
        signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
        reply = _reply(request, limits)
        signal.setitimer(signal.ITIMER_PROF, 0)
        wire.send(channel, reply)


def _reply(request: bytes, limits: Limits) -> bytes:
    try:
        function, args, kwargs = pickle.loads(request)  # noqa: S301 - from our own parent
        answer: tuple[str, Any] = ("value", function(*args, **kwargs))
        return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except SyndicateError as error:
        return pickle.dumps(("error", error.with_traceback(None)))
    except MemoryError:
        return pickle.dumps(("memory", limits.memory_bytes >> 20))
    except Exception as error:  # noqa: BLE001 - reported to the parent as what it is
        told = f"{type(error).__name__}: {error}"[:300], traceback.format_exc()[-4_000:]
        return pickle.dumps(("bug", told))
