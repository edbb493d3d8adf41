"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from redis import Redis

from syndicate.ingest.sandbox import Sandbox
from syndicate.private_redis import PrivateRedis
from syndicate.store import Store
from tests.faults.origin import Origin

hypothesis_settings.register_profile("any machine", deadline=None)  # a busy one is no defect
hypothesis_settings.load_profile("any machine")

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


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, to be copied for each test: to make them takes longer than most tests do."""
    file = tmp_path_factory.mktemp("template") / "wire.db"
    store = Store(f"sqlite:///{file}")
    store.upgrade()
    store.close()
    return file


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox as the product runs it, for all tests of a process: its children take seconds to get warm."""
    with Sandbox(children=2) as running:
        yield running


@pytest.fixture
def origin() -> Iterator[Origin]:
    """A fault-making origin on loopback."""
    with Origin() as running:
        yield running
