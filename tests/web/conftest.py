"""A store, a Redis and the web door over them."""

import pickle
import shutil
from collections.abc import Iterator
from functools import cache as remembered
from pathlib import Path
from typing import Any

import pytest
from flask.templating import Environment
from flask_openapi3 import utils
from werkzeug.routing import Rule

from syndicate.cache import PATIENT_SECONDS, Cache
from tests.web.wire import BreakableStore, Wire, make_wire, settings


@pytest.fixture(scope="session", autouse=True)
def schemas_made_once() -> Iterator[None]:
    """The doors of all tests describe the same API: to work out its schemas is nearly all that one costs."""
    original = utils.get_model_schema
    made = remembered(lambda *asked, **how: pickle.dumps(original(*asked, **how)))  # to copy one deeply costs more
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utils, "get_model_schema", lambda *asked, **how: pickle.loads(made(*asked, **how)))
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


@pytest.fixture(scope="session", autouse=True)
def addresses_compiled_once() -> Iterator[None]:
    """The doors of all tests have the same addresses: to compile what builds them is half of what one costs."""
    made, builders = Rule._compile_builder, {}

    def compiled(self: Rule, append_unknown: bool = True) -> Any:
        asked = (self.rule, *self._trace, repr(self.defaults), append_unknown)
        if asked not in builders:
            builders[asked] = made(self, append_unknown)
        return builders[asked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compiled)
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
