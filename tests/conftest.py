"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from syndicate.private_redis import PrivateRedis
from tests.faults.origin import Origin

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real captured input beside the checkout; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared/data beside this checkout: real captures are not tested here")
    return SHARED


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRedis]:
    """One real Redis for the whole run (for each worker of pytest-xdist), on a unix socket."""
    with PrivateRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: PrivateRedis) -> str:
    """The address of a real Redis that is empty when the test begins."""
    with Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture
def origin() -> Iterator[Origin]:
    """A fault-making origin on loopback."""
    with Origin() as running:
        yield running
