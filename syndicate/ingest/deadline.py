"""Sockets that keep a total deadline and a byte budget, whatever the other side does.

The timeouts of sockets, http.client and urllib3 are for one read: a server that sends a byte a second holds them for
ever. These sockets ask before every read how much time is left for the whole exchange, and count what came. They work
below http.client's buffering and within TLS, so dripped headers, dripped bodies and endless `100 Continue` answers end
like everything else, and so does sending to a server that hardly reads.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from syndicate.errors import FetchError, RefusedError


@dataclass(slots=True)
class Budget:
    """What is left of one exchange: time until `ends` (on `monotonic`'s scale) and bytes, which fall as they come.

    `total` is the whole time allowed, for the message; `doing` says what the exchange is at.
    """

    monotonic: Callable[[], float]
    ends: float
    total: float
    bytes_left: int
    doing: str = "connecting"

    def seconds(self) -> float:
        """The time that is left; raises FetchError if there is none."""
        left = self.ends - self.monotonic()
        if left <= 0:
            raise self.late()
        return left

    def late(self) -> FetchError:
        """The error that says the time is up."""
        return FetchError(f"no complete answer within {self.total:g} seconds (stopped while {self.doing})")

    def spend(self, count: int) -> None:
        """Count bytes that came; raises RefusedError when they are too many."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise RefusedError(f"refused: too many bytes while {self.doing}")


class _Limited:
    """What the two kinds of socket share; a socket without a budget behaves as usual."""

    budget: Budget | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Read as the plain socket does, within what is left of the budget."""
        with self._in_time():
            count: int = super().recv_into(*args, **kwargs)  # type: ignore[misc] # mixed into sockets only
        if self.budget is not None:
            self.budget.spend(count)
        return count

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        """Write all, within what is left of the budget: whoever takes a byte a second holds us no longer."""
        with self._in_time():
            super().sendall(*args, **kwargs)  # type: ignore[misc] # mixed into sockets only

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        budget = self.budget
        if budget is None:
            yield
            return
        self.settimeout(budget.seconds())  # type: ignore[attr-defined] # mixed into sockets only
        try:
            yield
        except TimeoutError as error:
            raise budget.late() from error


class LimitedSocket(_Limited, socket.socket):
    """A plain socket with a budget."""


class LimitedTLSSocket(_Limited, ssl.SSLSocket):
    """A TLS socket with a budget."""


def tls_context() -> ssl.SSLContext:
    """A context with the system's authorities, certificate and host name checked, whose sockets take a budget."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    context.sslsocket_class = LimitedTLSSocket
    return context


def connect(address: tuple[Any, ...], family: int, budget: Budget, seconds: float) -> LimitedSocket:
    """Open a TCP connection to exactly this address within `seconds`; raises OSError as sockets do."""
    sock = LimitedSocket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    sock.budget = budget
    return sock
