"""More entries than a child can read: what it can read of them comes through."""

from collections.abc import Callable
from typing import Any

import pytest

from syndicate.errors import KilledError
from syndicate.ingest.flood import read_in
from syndicate.model import Payload, SourceSpec
from syndicate.strip.rulings import Rulings

SPEC = SourceSpec("paper", "feed", "https://paper.example/feed")


class _Weak:
    """A sandbox whose child is killed when it reads more than `bearable` entries; counts the children it costs."""

    def __init__(self, bearable: int) -> None:
        self.bearable = bearable
        self.kills = 0

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        reading = function(*args)
        if len(reading.entries) > self.bearable:
            self.kills += 1
            raise KilledError("killed: it needed more than 2 seconds of CPU")
        return reading


def _feed(entries: int) -> Payload:
    items = "".join(f"<item><title>Ferry {n}</title><guid>f-{n}</guid></item>" for n in range(entries))
    body = f"<rss version='2.0'><channel><title>A paper</title>{items}</channel></rss>"
    return Payload(body.encode(), SPEC.location, "application/rss+xml")


@pytest.mark.parametrize(("bearable", "read"), [(2_000, 2_000), (1_500, 1_000), (300, 200)])
def test_of_a_flood_is_read_what_a_child_can_read(bearable: int, read: int) -> None:
    """A document whose entries kill the child is read again with fewer of them, the first ones, and says so."""
    sandbox = _Weak(bearable)
    reading = read_in(sandbox, _feed(2_000), SPEC, Rulings())  # type: ignore[arg-type] # it stands for a sandbox
    assert [entry.title for entry in reading.entries] == [f"Ferry {n}" for n in range(read)]
    assert len(reading.keys) == read
    told = [] if read == 2_000 else [f"2000 entries; only the first {read} are read"]
    assert [failure.reason for failure in reading.failures] == told


@pytest.mark.parametrize(("entries", "kills"), [(50, 1), (500, 2), (2_000, 3)])
def test_a_document_that_kills_whatever_is_left_out_is_given_up(entries: int, kills: int) -> None:
    """Few children are spent on it, and only one where it holds no more entries than would be read again."""
    sandbox = _Weak(0)
    with pytest.raises(KilledError, match="of CPU"):
        read_in(sandbox, _feed(entries), SPEC, Rulings())  # type: ignore[arg-type] # as above
    assert sandbox.kills == kills
