"""What the tests of faults share."""

from collections.abc import Iterator

import pytest

from syndicate.ingest.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox as the product runs it, for all tests of a process."""
    with Sandbox(children=1) as running:
        yield running
