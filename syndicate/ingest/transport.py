"""One guarded HTTP exchange: the address checked and then connected to is one and the same.

Built on urllib3's connection classes, which take their socket from us. There is no proxy, no netrc, no cookie, no
redirect and no retry here, since none of urllib3's pools or managers are used.
"""

import http.client
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from socket import AF_INET, AF_INET6, gaierror
from typing import TYPE_CHECKING, Any

import urllib3.exceptions
from urllib3 import BaseHTTPResponse
from urllib3._collections import HTTPHeaderDict
from urllib3.connection import HTTPConnection, HTTPSConnection

from syndicate.errors import FetchError, OfflineError, RefusedError
from syndicate.ingest.deadline import Budget, LimitedSocket, connect, tls_context
from syndicate.ingest.encodings import ACCEPTED, codings, decoded
from syndicate.ingest.guard import Address, Guard, Target
from syndicate.ingest.reasons import one_line
from syndicate.ingest.resolver import Resolve, first_of, network_down, resolve
from syndicate.settings import FetchSettings

if TYPE_CHECKING:
    from syndicate.ingest.encodings import Readable

_CHUNK = 65_536
# http.client's reader takes this much at once, so some of a body may come with the headers.
_READ_AHEAD = 8_192


def agent_line(text: str) -> str:
    """What can stand in a `User-Agent` header of this text."""
    return re.sub(r"[^\x20-\x7e]", "", text) or "Syndicate"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one exchange brought; `body` is decoded, and empty unless something was asked for and the status is 2xx."""

    status: int
    reason: str
    headers: HTTPHeaderDict
    body: bytes = b""


class Transport:
    """Makes single exchanges within limits; safe to share between threads.

    `resolve`, `offline` and `monotonic` are the outside world, replaced in tests.
    """

    def __init__(
        self,
        limits: FetchSettings,
        guard: Guard,
        *,
        resolve: Resolve = resolve,
        offline: Callable[[], bool] = network_down,
        monotonic: Callable[[], float] = time.monotonic,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits
        self._guard = guard
        self._resolve = resolve
        self._offline = offline
        self._monotonic = monotonic
        self._given_tls = tls

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or tls_context()

    def budget(self) -> Budget:
        """A fresh budget for one fetch with all its hops."""
        total = self._limits.total_seconds
        return Budget(self._monotonic, self._monotonic() + total, total, self._limits.header_bytes)

    def exchange(
        self, target: Target, headers: Mapping[str, str], budget: Budget, *, sent: bytes | None = None
    ) -> Answer:
        """Ask for what is there and read the answer; redirects are answers like others.

        With `sent` it is a POST of these bytes, whose answer's body is left unread.

        Raises RefusedError (address, sizes), OfflineError (our own network), FetchError (everything else that can
        happen on a network).
        """
        addresses, private = self._checked_addresses(target, budget)
        with self._connected(target, addresses, budget, private=private) as plain:
            connection = self._connection(target, budget)
            # urllib3 asks this method for the socket that it speaks TLS or HTTP on.
            connection._new_conn = lambda: plain  # type: ignore[method-assign]
            connection.response_class = _FinalResponse
            try:
                plain.settimeout(budget.seconds())
                return self._converse(connection, target, headers, budget, sent)
            except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError) as error:
                raise _explained(error, target, budget) from error
            finally:
                connection.close()

    def _checked_addresses(self, target: Target, budget: Budget) -> tuple[tuple[Address, ...], bool]:
        budget.doing = "looking up the name"
        if target.address is not None:
            addresses: tuple[Address, ...] = (target.address,)
        else:
            try:
                addresses = self._resolve(target.host, budget.seconds())
            except gaierror as error:
                raise self._blamed(FetchError(f"the name {target.host} has no address ({error.strerror})")) from error
            except TimeoutError as error:
                raise self._blamed(budget.late()) from error
            except (OSError, UnicodeError, ValueError) as error:
                raise FetchError(f"the name {target.host} can't be looked up ({error})") from error
        if not addresses:
            raise FetchError(f"the name {target.host} has no address")
        private = self._guard.admit(target, addresses)
        return first_of(addresses), private

    def _connected(
        self, target: Target, addresses: tuple[Address, ...], budget: Budget, *, private: bool
    ) -> LimitedSocket:
        budget.doing = "connecting"
        try:
            return _first_connected(addresses, target.port, budget)
        except OSError as error:
            explained = _explained(error, target, budget)
            raise (explained if private else self._blamed(explained)) from error

    def _blamed(self, error: FetchError) -> FetchError:
        """The same failure as our own, if it is we who are cut off from the internet."""
        return OfflineError(f"our own network is down ({error})") if self._offline() else error

    def _connection(self, target: Target, budget: Budget) -> HTTPConnection:
        seconds = budget.seconds()
        if target.scheme == "https":
            return HTTPSConnection(target.host, target.port, timeout=seconds, ssl_context=self._tls)
        return HTTPConnection(target.host, target.port, timeout=seconds)

    def _converse(
        self,
        connection: HTTPConnection,
        target: Target,
        headers: Mapping[str, str],
        budget: Budget,
        sent: bytes | None,
    ) -> Answer:
        budget.doing = "greeting"
        connection.connect()
        budget.doing = "sending the request"
        # The TLS socket is one of ours, too; it gets its budget here, after the handshake.
        connection.sock.budget = budget  # type: ignore[union-attr] # urllib3 says only "a socket"
        connection.sock.settimeout(budget.seconds())
        own = {"Host": target.authority, "Accept-Encoding": ACCEPTED, "Connection": "close"}
        method = "GET" if sent is None else "POST"
        told = {**own, **headers}
        connection.request(method, target.path, sent, told, preload_content=False, decode_content=False)
        budget.doing = "reading the headers"
        budget.bytes_left = self._limits.header_bytes + _READ_AHEAD
        response = connection.getresponse()
        try:
            return self._answer(response, budget, to_read=sent is None)
        finally:
            response.close()

    def _answer(self, response: BaseHTTPResponse, budget: Budget, *, to_read: bool) -> Answer:
        limits = self._limits
        if sum(len(name) + len(value) + 4 for name, value in response.headers.iteritems()) > limits.header_bytes:
            raise RefusedError(f"refused: more than {limits.header_bytes} bytes of headers")
        if not to_read or not 200 <= response.status < 300:
            return Answer(response.status, response.reason or "", response.headers)
        budget.doing = "reading the body"
        budget.bytes_left = limits.wire_bytes + limits.header_bytes
        return Answer(response.status, response.reason or "", response.headers, self._body(response, budget))

    def _body(self, response: BaseHTTPResponse, budget: Budget) -> bytes:
        limits = self._limits
        declared = response.headers.get("Content-Length", "")
        if declared.isdecimal() and int(declared[:20]) > limits.wire_bytes:
            raise RefusedError(f"refused: {declared[:20]} bytes are announced, at most {limits.wire_bytes} are taken")
        applied = codings(response.headers.get("Content-Encoding", ""), limits.encodings)

        def watched(link: "Readable") -> "Readable":
            return _Watched(link.read, limits.decoded_bytes, "when unpacked", budget)

        wire = _Watched(partial(_read, response), limits.wire_bytes, "on the wire", budget)
        body = decoded(wire, applied, watched)
        return b"".join(iter(partial(body.read, _CHUNK), b""))


class _FinalResponse(http.client.HTTPResponse):
    """Passes over interim answers (RFC 9110, section 15.2), of which http.client knows 100 alone; 101 is none to us."""

    def begin(self) -> None:
        super().begin()
        while 101 < self.status < 200:
            self.headers = None  # type: ignore[assignment] # as long as no answer has begun
            super().begin()


class _Watched:
    """What a link of the chain gives, up to a limit and within the budget's time; `where` says it to people."""

    def __init__(self, plain: Callable[[int], bytes], limit: int, where: str, budget: Budget) -> None:
        self._plain = plain
        self._limit = limit
        self._where = where
        self._budget = budget
        self._taken = 0

    def read(self, size: int, /) -> bytes:
        chunk = self._plain(size)
        self._budget.seconds()
        self._taken += len(chunk)
        if self._taken > self._limit:
            raise RefusedError(f"refused: more than {self._limit} bytes {self._where}")
        return chunk


def _read(response: BaseHTTPResponse, size: int) -> bytes:
    try:
        return response.read(size, decode_content=False)
    except ValueError as error:  # a chunk of less than nothing, which urllib3 then asks its stream for
        raise http.client.HTTPException(str(error)) from error


def _first_connected(addresses: tuple[Address, ...], port: int, budget: Budget) -> LimitedSocket:
    """Connect to the first address that lets us; each gets its share of the time."""
    failure: OSError | None = None
    for tried, address in enumerate(addresses):
        family, name = (
            (AF_INET, (str(address), port)) if address.version == 4 else (AF_INET6, (str(address), port, 0, 0))
        )
        try:
            return connect(name, family, budget, budget.seconds() / (len(addresses) - tried))
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise budget.late() from failure
    raise failure or OSError("no address")


def _explained(error: Exception, target: Target, budget: Budget) -> FetchError:
    """Word a failure of the network for the person who looks after the source."""
    cause: Any = error
    while isinstance(cause, urllib3.exceptions.HTTPError) and (cause.__cause__ or cause.__context__):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, FetchError):
        return cause
    if isinstance(cause, TimeoutError):
        return budget.late()
    for kinds, wording in _WORDINGS:
        if isinstance(cause, kinds):
            return FetchError(wording(cause, target, budget))
    said = one_line(str(cause))[:120]
    return FetchError(f"{target.host} does not speak proper HTTP ({type(cause).__name__}: {said})")


_Wording = Callable[[Any, Target, Budget], str]
_WORDINGS: tuple[tuple[tuple[type[Exception], ...], _Wording], ...] = (
    (
        (ssl.SSLCertVerificationError,),
        lambda e, t, _: f"the TLS certificate of {t.host} is not valid: {e.verify_message or e.reason}",
    ),
    ((ssl.SSLError,), lambda e, t, _: f"TLS with {t.host} failed ({e.reason or e})"),
    ((ConnectionRefusedError,), lambda _, t, __: f"{t.host} refused the connection on port {t.port}"),
    (
        (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected),
        lambda _, t, b: f"{t.host} broke the connection (while {b.doing})",
    ),
    (
        (http.client.IncompleteRead, urllib3.exceptions.IncompleteRead),
        lambda _, __, ___: "the answer ends before its announced length",
    ),
    ((OSError,), lambda e, t, _: f"{t.host} can't be reached ({e.strerror or e})"),
)
