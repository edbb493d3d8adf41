"""Names are looked up within bounds that hold up nobody for good."""

import threading
from ipaddress import ip_address

import pytest

from syndicate.ingest.resolver import first_of, resolve


def test_a_look_up_that_never_began_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """When no thread could be started a hundred times, for want of memory, names are found again afterwards."""

    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as lean:
        lean.setattr(threading.Thread, "start", no_thread)
        for _ in range(100):
            with pytest.raises(RuntimeError):
                resolve("127.0.0.1", 0.01)
    assert [str(address) for address in resolve("127.0.0.1", 30)] == ["127.0.0.1"]


def test_both_families_are_among_the_few_that_are_tried() -> None:
    """Behind five addresses of a family that leads nowhere, the one of the other is not forgotten."""
    sixes, four = [ip_address(f"2001:db8::{number}") for number in range(1, 6)], ip_address("192.0.2.1")
    tried = first_of([*sixes, four])
    assert (tried[0], len(tried), four in tried) == (sixes[0], 4, True)
    assert first_of([four]) == (four,)
