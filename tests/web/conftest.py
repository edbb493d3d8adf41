"""A store, a Redis and the web door over them."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from functools import cache as remembered
from pathlib import Path
from typing import Any

import pytest
from flask.templating import Environment
from flask_openapi3 import utils

from syndicate.cache import PATIENT_SECONDS, Cache
from tests.web.wire import BreakableStore, Wire, make_wire, settings


@pytest.fixture(scope="session", autouse=True)
def schemas_made_once() -> Iterator[None]:
    """The doors of all tests describe the same API: to work out its schemas is nearly all that one costs."""
    made = remembered(utils.get_model_schema)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utils, "get_model_schema", lambda *asked, **how: deepcopy(made(*asked, **how)))
        yield


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """The doors of all tests show the same pages."""
    made, codes = Environment.compile, {}

    def compiled(self: Environment, *asked: Any) -> Any:
        if asked not in codes:
            codes[asked] = made(self, *asked)
        return codes[asked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compiled)
        yield


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
