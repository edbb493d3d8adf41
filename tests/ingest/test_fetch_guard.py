"""No spelling, no redirect and no name server leads a fetch to a private network."""

import asyncio
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from shutil import which

import pytest

from syndicate.errors import FetchError, RefusedError
from syndicate.ingest.deadline import tls_context
from syndicate.ingest.fetch import Fetcher
from syndicate.ingest.guard import Address, Guard, parse
from syndicate.ingest.transport import Transport
from syndicate.settings import FetchSettings
from tests.faults import origin as faults
from tests.faults.origin import Origin, Reply, redirect
from tests.faults.spellings import LOOPBACK_URLS

SETTINGS = FetchSettings(host_pause_seconds=0, total_seconds=5)
LOOPBACK = ip_address("127.0.0.1")
ELSEWHERE = ip_address("127.0.0.9")
PUBLIC = ip_address("93.184.216.34")


@pytest.fixture
def canary() -> Iterator[Origin]:
    """A listener on loopback that nobody may connect to."""
    with Origin() as origin:
        origin.serve_otherwise(Reply(b"secret"))
        yield origin


@pytest.fixture
def outside() -> Iterator[Origin]:
    """An origin that may be reached: it stands for the public internet."""
    with Origin() as origin:
        yield origin


@pytest.mark.parametrize("spelling", LOOPBACK_URLS)
def test_no_spelling_reaches_a_private_address(spelling: str, canary: Origin) -> None:
    """Sixty ways to write loopback, with the system's own resolver, and not one connection."""
    with pytest.raises(RefusedError):
        Fetcher(SETTINGS, transport=Transport(SETTINGS, Guard(), offline=lambda: False)).get(
            spelling.format(port=canary.port)
        )
    assert canary.connections == 0


@pytest.mark.parametrize("hop", range(1, 6))
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_reaches_a_private_address(hop: int, status: int, outside: Origin, canary: Origin) -> None:
    """The guard judges each hop, the fifth like the first."""
    # Both listen on loopback, so the guard allows one name for it and not the other.
    transport = Transport(SETTINGS, Guard(hosts=frozenset(("outside.example",))), resolve=lambda *_: (LOOPBACK,))
    for number in range(1, hop):
        outside.serve(f"/{number}", redirect(f"http://outside.example:{outside.port}/{number + 1}", status))
    outside.serve(f"/{hop}", redirect(f"http://inside.example:{canary.port}/", status))
    with pytest.raises(RefusedError, match=r"inside\.example is at 127\.0\.0\.1"):
        Fetcher(SETTINGS, transport=transport).get(f"http://outside.example:{outside.port}/1")
    assert (len(outside.requests), canary.connections) == (hop, 0)


@pytest.mark.parametrize("location", LOOPBACK_URLS[::6])
def test_no_spelling_in_a_redirect_reaches_a_private_address(location: str, outside: Origin, canary: Origin) -> None:
    """A redirect's address is read as strictly as a source's."""
    transport = Transport(SETTINGS, Guard(hosts=frozenset(("outside.example",))), resolve=lambda *_: (LOOPBACK,))
    outside.serve("/", redirect(location.format(port=canary.port).encode().decode("latin-1")))
    with pytest.raises(FetchError):
        Fetcher(SETTINGS, transport=transport).get(f"http://outside.example:{outside.port}/")
    assert canary.connections == 0


def test_a_resolver_that_changes_its_mind_is_asked_once(canary: Origin) -> None:
    """The address that was judged is the one that is connected to: no second look-up, no rebinding."""
    asked: list[str] = []

    def alternating(host: str, seconds: float) -> tuple[Address, ...]:
        asked.append(host)
        return (ELSEWHERE,) if len(asked) % 2 else (LOOPBACK,)

    # Nobody listens at the allowed address, which stands for a public one.
    transport = Transport(SETTINGS, Guard.of([str(ELSEWHERE)]), resolve=alternating)
    for expected in ("refused the connection", "is not a public address") * 2:
        with pytest.raises(FetchError, match=expected):
            Fetcher(SETTINGS, transport=transport).get(f"http://rebinding.example:{canary.port}/")
    assert (len(asked), canary.connections) == (4, 0)


def test_one_private_answer_among_public_ones_is_refused(canary: Origin) -> None:
    """All answers are judged before any is used."""
    transport = Transport(SETTINGS, Guard(), resolve=lambda *_: (PUBLIC, LOOPBACK))
    with pytest.raises(RefusedError):
        Fetcher(SETTINGS, transport=transport).get(f"http://mixed.example:{canary.port}/")
    assert canary.connections == 0


def test_a_body_that_names_a_file_or_an_address_is_only_a_body(outside: Origin, canary: Origin) -> None:
    """What came is bytes; nobody opens or fetches what they spell."""
    fetcher = Fetcher(SETTINGS, ["127.0.0.1"])
    for text in ("/etc/passwd", "/dev/zero", canary.url("/")):
        payload = fetcher.get(outside.serve("/feed", Reply(text.encode()))).payload
        assert payload is not None
        assert payload.body == text.encode()
    assert canary.connections == 0


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for paper.example, which is its own authority."""
    if which("openssl") is None:
        pytest.skip("no openssl command here: TLS is not tested")
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=paper.example"
    )
    names = ["-addext", "subjectAltName=DNS:paper.example"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    return folder


@pytest.fixture
def secure(certificates: Path) -> Iterator[Origin]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "cert.pem", certificates / "key.pem")
    with Origin(context, "paper.example") as origin:
        origin.serve("/feed", Reply(b"<rss/>"))
        yield origin


def tls_fetcher(
    authority: Path | None, settings: FetchSettings = SETTINGS, monotonic: Callable[[], float] = time.monotonic
) -> Fetcher:
    context = tls_context()
    if authority is not None:
        context.load_verify_locations(authority / "cert.pem")
    guard = Guard.of(["127.0.0.1"])
    transport = Transport(settings, guard, resolve=lambda *_: (LOOPBACK,), tls=context, monotonic=monotonic)
    return Fetcher(settings, transport=transport)


def test_tls_checks_the_name_that_was_asked_for(secure: Origin, certificates: Path) -> None:
    """Connected to a checked address, but the certificate must be the name's."""
    got = tls_fetcher(certificates).get(secure.url("/feed"))
    assert got.payload is not None
    assert got.payload.body == b"<rss/>"
    with pytest.raises(FetchError, match=r"certificate of other\.example is not valid"):
        tls_fetcher(certificates).get(f"https://other.example:{secure.port}/feed")


def test_an_unknown_authority_is_refused(secure: Origin) -> None:
    """A certificate that nobody vouches for ends the fetch with the reason."""
    with pytest.raises(FetchError, match=r"certificate of paper\.example is not valid"):
        tls_fetcher(None).get(secure.url("/feed"))


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (faults.drip(b"x" * 500, 0), "within 30 seconds .stopped while reading the body"),
        (faults.drip(b"x" * 500, 0, headers_too=True), "within 30 seconds .stopped while reading the headers"),
        (
            faults.raw(b"HTTP/1.1 200 OK\r\n" + b"X: %b\r\n" % (b"y" * 1_000) * 99),
            "refused: too many bytes while reading the headers",
        ),
    ],
)
def test_limits_hold_within_tls(fault: faults.Behaviour, told: str, secure: Origin, certificates: Path) -> None:
    """Whoever drips, or sends too much, is stopped over TLS as over plain http."""
    clock = count()  # a second passes whenever somebody looks at it: at each byte that drips
    settings = FetchSettings(host_pause_seconds=0, total_seconds=30, header_bytes=4_096)
    secure.serve("/slow", fault)
    with pytest.raises(FetchError, match=told):
        tls_fetcher(certificates, settings, lambda: float(next(clock))).get(secure.url("/slow"))


class Sipping(Origin):
    """An origin that takes what it is sent in sips."""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("secure", [False, True])
def test_the_deadline_holds_against_who_hardly_reads(secure: bool, certificates: Path) -> None:
    """Whoever takes what is sent by and by does not get the whole time for each sip, over TLS as over plain http."""
    client, server = tls_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client.load_verify_locations(certificates / "cert.pem")
    server.load_cert_chain(certificates / "cert.pem", certificates / "key.pem")
    settings, guard = FetchSettings(total_seconds=0.5), Guard.of(["127.0.0.1"])
    transport = Transport(settings, guard, resolve=lambda *_: (LOOPBACK,), tls=client)
    with Sipping(server if secure else None, "paper.example") as sipping:
        began = time.monotonic()
        with pytest.raises(FetchError, match="while sending the request"):
            transport.exchange(parse(sipping.url("/")), {}, transport.budget(), sent=b"x" * 30_000_000)
        assert time.monotonic() - began < 2


def test_what_speaks_no_tls_is_named(outside: Origin, certificates: Path) -> None:
    """An https address of a plain port is a failure of TLS, not of the network."""
    outside.greeting = b"220 mail.example ESMTP\r\n"
    with pytest.raises(FetchError, match="TLS with"):
        tls_fetcher(certificates).get(f"https://paper.example:{outside.port}/feed")


def test_a_move_away_from_tls_is_not_remembered(secure: Origin, outside: Origin, certificates: Path) -> None:
    """A permanent redirect to plain http is followed, but the https address stays."""
    outside.serve("/feed", Reply(b"<rss/>"))
    secure.serve("/moved", redirect(f"http://paper.example:{outside.port}/feed", 301))
    got = tls_fetcher(certificates).get(secure.url("/moved"))
    assert (got.url, got.moved_to) == (f"http://paper.example:{outside.port}/feed", "")
