"""Asking the store whether it answers, without hanging where it hangs."""

import threading
import time
from concurrent.futures import Future

from syndicate.errors import StoreError
from syndicate.store.database import Database


class Probe:
    """Asks in a thread of its own, one question at a time, however many wait for its answer."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._answer: Future[None] | None = None
        self._asked = 0.0

    def ping(self, seconds: float) -> None:
        """Return when the store answers; raises StoreError when it can't, or not within `seconds`."""
        with self._lock:
            if self._answer is None or self._answer.done():
                self._answer, self._asked = Future(), time.monotonic()
                threading.Thread(target=self._ask, args=(self._answer,), name="probe", daemon=True).start()
            answer, left = self._answer, self._asked + seconds - time.monotonic()
        try:
            answer.result(max(left, 0))
        except TimeoutError:
            raise StoreError(f"{self._store.where}: no answer within {seconds:g} s (see the server's log)") from None

    def _ask(self, answer: Future[None]) -> None:
        try:
            self._store.ping()
        except BaseException as error:  # noqa: BLE001 - whoever waits for the answer gets it
            answer.set_exception(error)
        else:
            answer.set_result(None)
