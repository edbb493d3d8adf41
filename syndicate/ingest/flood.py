"""Reading a document that holds more entries than one child can read: again, with fewer of them."""

from syndicate.errors import KilledError
from syndicate.ingest.process import read_payload
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import Payload, Reading, SourceSpec
from syndicate.strip.rulings import Rulings

_FEWER = (1_000, 200)  # the first that a document names are its newest, and a good source names no more at once
_MARKS = (b"item", b"entry", b'"id"')


def read_in(sandbox: Sandbox, payload: Payload, spec: SourceSpec, rulings: Rulings) -> Reading:
    """Find the entries of a payload within the sandbox; of a flood those that it can read.

    Raises KilledError when even few of them kill the child, and what reading raises.
    """
    try:
        return sandbox.run(read_payload, payload, spec, rulings)
    except KilledError as error:
        killed = error
    for most in _FEWER:
        if _entries_at_most(payload) > most:
            try:
                return sandbox.run(read_payload, payload, spec, rulings, most)
            except KilledError as error:
                killed = error
    raise killed


def _entries_at_most(payload: Payload) -> int:
    """A number that the entries do not exceed, without reading them."""
    return sum(payload.body.count(mark) for mark in _MARKS)
