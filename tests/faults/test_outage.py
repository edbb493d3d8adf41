"""Our own network is down, or too busy: nobody else is blamed, nothing is forgotten, and all goes on when it is back."""

from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import gaierror

from structlog.testing import capture_logs

from syndicate.ingest.collect import Collector
from syndicate.ingest.fetch import Fetcher
from syndicate.ingest.guard import Address, Guard
from syndicate.ingest.manners import Manners
from syndicate.ingest.run import Ingestion
from syndicate.ingest.sandbox import Sandbox
from syndicate.ingest.transport import Transport
from syndicate.model import SourceSpec
from tests.faults import stories
from tests.faults.origin import Origin, Reply, Request, behaviour
from tests.faults.world import FETCH, World, world

PLACES = ("paper.example", "gone.example")


class Network:
    """Our way out: while it is `down` no name is found and no resolver answers; one name is never found."""

    down = False

    def resolve(self, host: str, seconds: float) -> tuple[Address, ...]:
        if self.down or host == "gone.example":
            raise gaierror(-3, "Temporary failure in name resolution")
        return (ip_address("127.0.0.1"),)

    def offline(self) -> bool:
        return self.down


def _polled(here: World, key: str) -> tuple[str, int, timedelta]:
    """How a poll ended, the source's failures after it, and when it is due again."""
    report = here.ingest(key)
    state = here.store.source(key)
    assert state is not None
    assert state.due is not None
    return report.outcome, state.failures, state.due - here.now


def test_an_outage_of_ours_is_held_against_nobody(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """During the outage every source waits a little and keeps its record; a source that is itself gone does not."""

    def reply(request: Request) -> Reply:
        if request.headers.get("if-none-match") == '"1"':
            return Reply(status=304)
        return Reply(stories.feed(stories.stories(3)), headers={"ETag": '"1"'})

    origin.serve("/feed", behaviour(reply))
    specs = [SourceSpec(host.partition(".")[0], "feed", f"http://{host}:{origin.port}/feed") for host in PLACES]
    network = Network()
    transport = Transport(FETCH, Guard(hosts=frozenset(PLACES)), resolve=network.resolve, offline=network.offline)
    with world(tmp_path, sandbox, specs) as here:
        collector = Collector(Fetcher(FETCH, transport=transport))
        here.ingestion = Ingestion(here.store, collector, sandbox, here.settings, lambda: here.now)
        floor = timedelta(seconds=here.settings.ingest.min_interval_seconds)
        with capture_logs() as said:
            assert _polled(here, "paper")[:2] == ("changed", 0)
            assert _polled(here, "gone")[:2] == ("failed", 1)
        assert [line["log_level"] for line in said] == ["info", "warning"]
        network.down = True
        for _ in range(5):
            for key, failures in (("paper", 0), ("gone", 1)):
                outcome, counted, wait = _polled(here, key)
                assert (outcome, counted) == ("offline", failures)
                assert timedelta() < wait <= 1.2 * floor
            here.later(hours=1)
        network.down = False
        assert _polled(here, "paper")[:2] == ("unchanged", 0), "the validators were forgotten"
        assert _polled(here, "gone")[:2] == ("failed", 2)
        assert len(here.articles("paper")) == 3
        assert here.store.quarantine() == ()


def test_a_crowd_of_ours_is_held_against_nobody(origin: Origin, sandbox: Sandbox, tmp_path: Path) -> None:
    """A source that was not asked, because our other requests kept its host busy, keeps its record and comes soon."""
    fetch, manners = FETCH.model_copy(update={"per_host": 1}), Manners(1, 0)
    origin.serve("/feed", Reply(stories.feed(stories.stories(3))))
    with world(tmp_path, sandbox, [SourceSpec("paper", "feed", origin.url("/feed"))]) as here:

        def wait_for_our_turn(seconds: float) -> None:
            fetcher = Fetcher(fetch.model_copy(update={"total_seconds": seconds}), ["127.0.0.1"], manners=manners)
            here.ingestion = Ingestion(here.store, Collector(fetcher), sandbox, here.settings, lambda: here.now)

        wait_for_our_turn(0.1)
        with manners.turn("127.0.0.1", 1):
            outcome, failures, wait = _polled(here, "paper")
        assert (outcome, failures, origin.connections) == ("busy", 0, 0)
        assert wait <= timedelta(seconds=1.2 * here.settings.ingest.min_interval_seconds)
        wait_for_our_turn(15)
        assert _polled(here, "paper")[:2] == ("changed", 0)
