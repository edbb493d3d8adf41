"""Names to addresses within a deadline, and whether our own network is there at all.

`getaddrinfo` knows no timeout, so it runs in a thread that may be left behind; the number of those is bounded.
"""

import secrets
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from syndicate.ingest.guard import Address, address_of

Resolve = Callable[[str, float], tuple[Address, ...]]

_LOOKUPS = threading.BoundedSemaphore(64)
_ROUTES = Path("/proc/net/route")
_ROUTES_V6 = Path("/proc/net/ipv6_route")
_RESOLVERS = Path("/etc/resolv.conf")
_UDP = socket.SOCK_DGRAM
_SERVFAIL = 2


def resolve(host: str, seconds: float) -> tuple[Address, ...]:
    """All addresses of a name, each once, in the system's order.

    Raises socket.gaierror if there are none, TimeoutError if they don't come in time or too many look-ups hang.
    """
    if not _LOOKUPS.acquire(timeout=seconds):
        raise TimeoutError("too many name look-ups hang")
    answers: SimpleQueue[tuple[Address, ...] | BaseException] = SimpleQueue()
    try:
        threading.Thread(target=_look_up, args=(host, answers), name=f"resolve {host}", daemon=True).start()
    except BaseException:  # no memory or no threads left, for the moment
        _LOOKUPS.release()
        raise
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"the name {host} was not resolved in time") from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _look_up(host: str, answers: "SimpleQueue[tuple[Address, ...] | BaseException]") -> None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        answers.put(tuple(dict.fromkeys(address_of(str(info[4][0])) for info in found)))
    except BaseException as error:  # noqa: BLE001 - whatever it is, the waiting thread raises it
        answers.put(error)
    finally:
        _LOOKUPS.release()


# --- is it us? -----------------------------------------------------------------------------------------------


def network_down() -> bool:
    """Whether our own network is down: no default route, or none of the system's resolvers has an answer.

    Takes 0.8 seconds if the resolvers are silent; asked only when a public host could not be resolved or reached.
    """
    return not has_default_route() or not any_resolver_answers(_resolvers())


def has_default_route(v4: Path = _ROUTES, v6: Path = _ROUTES_V6) -> bool:
    """Whether packets to the internet have a way out; True where the system doesn't say."""
    known = False
    for table, destination, mask in ((v4, 1, 7), (v6, 0, 1)):
        try:
            rows = [line.split() for line in table.read_text(encoding="ascii").splitlines()]
        except (OSError, UnicodeDecodeError):
            continue
        known = True
        # The kernel lists an unreachable default route on `lo` for IPv6; that is no way out.
        if any(len(row) > mask and _zero(row[destination]) and _zero(row[mask]) and "lo" not in row for row in rows):
            return True
    return not known


def _zero(field: str) -> bool:
    return bool(field) and not field.strip("0")


def _resolvers() -> tuple[str, ...]:
    try:
        lines = _RESOLVERS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.split() for line in lines)
    servers = tuple(words[1] for words in named if len(words) > 1 and words[0] == "nameserver")
    return servers[:3] or ("127.0.0.1",)


def any_resolver_answers(servers: Iterable[str], *, port: int = 53, seconds: float = 0.8) -> bool:
    """Whether one of the resolvers says anything but "I can't" about the root zone (RFC 1035)."""
    number = secrets.token_bytes(2)
    question = number + bytes.fromhex("0100 0001 0000 0000 0000 00 0002 0001")
    with selectors.DefaultSelector() as selector, ExitStack() as opened:
        for server in servers:
            sock = opened.enter_context(socket.socket(socket.AF_INET6 if ":" in server else socket.AF_INET, _UDP))
            with suppress(OSError):
                sock.connect((server, port))
                sock.send(question)
                selector.register(sock, selectors.EVENT_READ)
        ends = time.monotonic() + seconds
        while selector.get_map() and (left := ends - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                if _says_something(key.fileobj, number):
                    return True
                selector.unregister(key.fileobj)
    return False


def _says_something(sock: Any, number: bytes) -> bool:
    try:
        answer: bytes = sock.recv(4_096)
    except OSError:
        return False
    return len(answer) >= 12 and answer[:2] == number and answer[3] & 15 != _SERVFAIL


def first_of(addresses: Iterable[Address], limit: int = 4) -> tuple[Address, ...]:
    """The few addresses worth trying to connect to, both families among them if there are both."""
    found = tuple(addresses)
    heads = tuple(
        dict.fromkeys(next(a for a in found if a.version == version) for version in {a.version for a in found})
    )
    return tuple(dict.fromkeys((*found[: limit - 1], *heads)))[:limit]
