"""Deadlines and manners: no origin holds us longer than we allow, and none is crowded by us."""

import gzip
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import pytest

from syndicate.errors import CrowdedError, FetchError
from syndicate.ingest import resolver
from syndicate.ingest.fetch import Fetcher
from syndicate.ingest.guard import Guard, parse
from syndicate.ingest.manners import Manners
from syndicate.ingest.transport import Transport
from syndicate.settings import FetchSettings
from tests.faults import origin as faults
from tests.faults.origin import Origin, Reply

TOTAL = 0.5
PATIENT = FetchSettings(host_pause_seconds=0, total_seconds=60)
IMPATIENT = FetchSettings(host_pause_seconds=0, total_seconds=TOTAL)


@pytest.mark.parametrize(
    ("fault", "doing"),
    [
        (faults.hang(), "reading the headers"),
        (faults.drip(b"<rss/>" * 500, 0.02), "reading the body"),
        (faults.drip(b"<rss/>" * 500, 0.02, headers_too=True), "reading the headers"),
        (faults.slow_redirect(0.1), ""),
        (faults.drip_chunks(0.02), "reading the body"),
    ],
)
def test_the_deadline_holds_against_every_drip(fault: faults.Behaviour, doing: str, origin: Origin) -> None:
    """Whoever sends a byte now and then is stopped within a second of the deadline, and the reason says at what."""
    settings = IMPATIENT.model_copy(update={"redirects": 20})
    started = time.monotonic()
    with pytest.raises(FetchError, match=f"within 0.5 seconds .stopped while {doing}"):
        Fetcher(settings, ["127.0.0.1"]).get(origin.serve("/slow", fault))
    assert time.monotonic() - started < TOTAL + 1


def test_the_deadline_holds_while_a_name_is_looked_up() -> None:
    """A name server that keeps silent is waited for no longer than anybody else."""
    silent = threading.Event()
    original = resolver.socket.getaddrinfo
    resolver.socket.getaddrinfo = lambda *_, **__: silent.wait(30)  # type: ignore[assignment] # a fake that hangs
    try:
        started = time.monotonic()
        transport = Transport(IMPATIENT, Guard(), offline=lambda: False)
        with pytest.raises(FetchError, match="looking up the name"):
            Fetcher(IMPATIENT, transport=transport).get("http://paper.example/")
        assert time.monotonic() - started < TOTAL + 1
    finally:
        resolver.socket.getaddrinfo = original
        silent.set()


def test_the_deadline_holds_while_connecting() -> None:
    """A host that doesn't answer gets the time we have, and no more."""
    with socket.socket() as listener, ExitStack() as opened:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        # With the queue full, the kernel drops what else comes.
        for _ in range(4):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        started = time.monotonic()
        with pytest.raises(FetchError, match="stopped while connecting"):
            Fetcher(IMPATIENT, ["127.0.0.1"]).get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        assert time.monotonic() - started < TOTAL + 1


def test_each_address_of_a_host_gets_its_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that keeps silent does not eat the time of those behind it."""
    now, shares = [0.0], []

    def silent(_: object, __: int, ___: object, seconds: float) -> None:
        shares.append(seconds)
        now[0] += seconds
        raise TimeoutError

    monkeypatch.setattr("syndicate.ingest.transport.connect", silent)
    addresses = tuple(ip_address(f"127.0.0.{number}") for number in range(1, 4))
    slow = Transport(PATIENT, Guard.of(["127.0.0.0/8"]), resolve=lambda *_: addresses, monotonic=lambda: now[0])
    with pytest.raises(FetchError, match="stopped while connecting"):
        Fetcher(PATIENT, transport=slow).get("http://paper.example/")
    assert shares == [20] * 3


def test_what_is_sent_comes_whole_and_its_answer_unread(origin: Origin) -> None:
    """A POST carries exactly these bytes; an answer without end is none of our business."""
    origin.serve("/in", faults.endless(b"x" * 1_000))
    transport = Transport(PATIENT, Guard.of(["127.0.0.1"]))
    answer = transport.exchange(parse(origin.url("/in?a=b")), {"X-A": "1"}, transport.budget(), sent=b"\0news")
    [got] = origin.requests
    assert (answer.status, answer.body) == (200, b"")
    assert (got.method, got.path, got.body, got.headers["x-a"]) == ("POST", "/in?a=b", b"\0news", "1")


def test_the_deadline_is_for_all_hops_together(origin: Origin) -> None:
    """Five slow redirects don't get five deadlines."""
    clock = iter(range(1_000_000))
    settings = FetchSettings(host_pause_seconds=0, total_seconds=40, redirects=20)
    transport = Transport(settings, Guard.of(["127.0.0.1"]), monotonic=lambda: float(next(clock)))
    origin.serve("/", faults.endless_redirect())
    with pytest.raises(FetchError, match="within 40 seconds"):
        Fetcher(settings, transport=transport).get(origin.url("/"))
    assert 1 < len(origin.requests) < 20


def test_unpacking_is_within_the_deadline(origin: Origin) -> None:
    """A bomb that unfolds slowly is stopped by the clock, too."""
    clock = iter(range(1_000_000))
    settings = FetchSettings(host_pause_seconds=0, total_seconds=60, decoded_bytes=1_000_000_000)
    transport = Transport(settings, Guard.of(["127.0.0.1"]), monotonic=lambda: float(next(clock)))
    bomb = Reply(gzip.compress(b"\0" * 20_000_000), headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="within 60 seconds"):
        Fetcher(settings, transport=transport).get(origin.serve("/bomb", bomb))


def test_few_requests_run_at_one_host_at_a_time() -> None:
    """The third waits until one of two has ended; another host's does not."""
    manners = Manners(2, 0)
    order: list[str] = []
    inside, leave = threading.Barrier(3), threading.Event()

    def occupy() -> None:
        with manners.turn("a", 10):
            inside.wait(30)
            leave.wait(5)
            order.append("first")

    with ThreadPoolExecutor(3) as threads:
        for _ in range(2):
            threads.submit(occupy)
        inside.wait(30)
        with manners.turn("b", 10):
            order.append("other host")
        with pytest.raises(FetchError, match="busy"), manners.turn("a", 0):
            pass
        third = threads.submit(_third, manners, order)
        leave.set()
        third.result()
    assert order[0] == "other host"
    assert "first" in order[: order.index("third")]


@pytest.mark.parametrize("path", ["/feed", "/moved"])
def test_no_request_goes_to_a_host_out_of_turn(path: str, origin: Origin) -> None:
    """Neither a source's own address nor one that it redirects to is asked while the host has its fill of us."""
    now = [100.0]

    def wait(_: threading.Condition, seconds: float) -> None:
        now[0] += seconds

    origin.serve("/moved", faults.redirect(f"http://b.example:{origin.port}/feed"))
    manners = Manners(1, 0, monotonic=lambda: now[0], wait=wait)
    transport = Transport(PATIENT, Guard.of(["127.0.0.1"]), resolve=lambda *_: (ip_address("127.0.0.1"),))
    host = "a" if path == "/moved" else "b"
    with manners.turn("b.example", 1), pytest.raises(CrowdedError, match=r"b\.example is busy"):
        Fetcher(PATIENT, transport=transport, manners=manners).get(f"http://{host}.example:{origin.port}{path}")
    assert [request.path for request in origin.requests] == ([path] if host == "a" else [])


def _third(manners: Manners, order: list[str]) -> None:
    with manners.turn("a", 10):
        order.append("third")


def test_requests_at_one_host_start_with_a_pause_between() -> None:
    """The second waits for the rest of the pause; a redirect goes on at once; another host is not concerned."""
    now = [100.0]
    waits: list[float] = []

    def wait(condition: threading.Condition, seconds: float) -> None:
        waits.append(round(seconds, 3))
        now[0] += seconds

    manners = Manners(2, 0.5, monotonic=lambda: now[0], wait=wait)
    with manners.turn("a", 10), manners.turn("b", 10), manners.turn("a", 10, pause=False):
        pass
    assert waits == []
    now[0] += 0.2
    with manners.turn("a", 10):
        pass
    assert waits == [0.3]
    with pytest.raises(FetchError, match="busy") as caught, manners.turn("a", 0.1):
        pass
    assert caught.value.retry_after == 1.0


def test_hosts_are_forgotten() -> None:
    """Thousands of hosts leave nothing behind."""
    now = [0.0]
    manners = Manners(2, 0.5, monotonic=lambda: now[0])
    for number in range(2_000):
        now[0] += 1
        with manners.turn(f"host-{number}", 1):
            pass
    assert len(manners._hosts) <= 257


def test_a_default_route_is_read_from_the_system(tmp_path: Path) -> None:
    """No route to everywhere means that our own network is down."""
    v4, v6 = tmp_path / "route", tmp_path / "ipv6_route"
    head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
    v4.write_text(head + "eth0\t0010A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
    v6.write_text(f"{'0' * 32} 00 {'0' * 32} 00 {'0' * 32} ffffffff 00000001 00000000 00200200       lo\n")
    assert not resolver.has_default_route(v4, v6)
    v4.write_text(head + "eth0\t00000000\t0110A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n")
    assert resolver.has_default_route(v4, v6)
    assert resolver.has_default_route(tmp_path / "none", tmp_path / "none")


@pytest.mark.parametrize(
    ("answer", "works"), [(bytes.fromhex("8180"), True), (bytes.fromhex("8182"), False), (b"", False)]
)
def test_resolvers_are_asked_whether_they_work(answer: bytes, works: bool) -> None:
    """An answer is an answer; "server failure" or silence is none."""
    with resolver.socket.socket(resolver.socket.AF_INET, resolver.socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]

        def serve() -> None:
            question, address = server.recvfrom(512)
            if answer:
                server.sendto(question[:2] + answer + question[4:], address)

        thread = threading.Thread(target=serve)
        thread.start()
        assert resolver.any_resolver_answers(["127.0.0.1"], port=port, seconds=5.0 if answer else 0.2) is works
        thread.join()
