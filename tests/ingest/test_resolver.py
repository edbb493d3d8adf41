"""Names are looked up within bounds that hold up nobody for good."""

import threading

import pytest

from syndicate.ingest.resolver import resolve


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
