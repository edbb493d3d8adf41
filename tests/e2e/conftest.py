"""What the tests of whole flows share: an origin, a clock that they set, and houses to order."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syndicate.bootstrap import Services
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import SourceSpec
from tests.e2e.house import Origin, house

OpenHouse = Callable[..., AbstractContextManager[Services]]


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, **amount: float) -> None:
        """Let time pass: hours=2, seconds=30 ..."""
        self.time += timedelta(**amount)


@pytest.fixture
def origin() -> Iterator[Origin]:
    """A web server on loopback."""
    with Origin() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """The clock that the house goes by."""
    return Clock()


@pytest.fixture
def open_house(tmp_path: Path, redis_url: str, sandbox: Sandbox, clock: Clock, sqlite_template: Path) -> OpenHouse:
    """Open a house with these sources and settings; its store is in the test's own folder."""
    (tmp_path / "house").mkdir()
    shutil.copy(sqlite_template, tmp_path / "house" / "syndicate.db")

    def opening(*sources: SourceSpec, **settings: Any) -> AbstractContextManager[Services]:
        address = settings.pop("redis_url", redis_url)
        return house(tmp_path / "house", address, sources, clock, sandbox, **settings)

    return opening
