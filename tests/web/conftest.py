"""A store, a Redis and the web door over them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.cache import PATIENT_SECONDS, Cache
from tests.web.wire import BreakableStore, Wire, make_wire, settings


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[BreakableStore]:
    """A real, empty store."""
    store = BreakableStore(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'store.db')}")
    yield store
    store.close()


@pytest.fixture
def cache(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cache]:
    """A cache on a real, empty Redis, which on a busy machine may be slow to answer: no time-out is tested by it."""
    monkeypatch.setattr("syndicate.cache.link.QUICK_SECONDS", PATIENT_SECONDS)
    cache = Cache(redis_url)
    yield cache
    cache.close()


@pytest.fixture
def wire(store: BreakableStore, cache: Cache) -> Iterator[Wire]:
    """The web door, not started yet: its first feed request starts it."""
    made = make_wire(store, cache, settings())
    yield made
    made.edge.close()
