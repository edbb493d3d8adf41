"""Runs before they are carried out: what triggers them, and of which sources.

Every door orders runs; apart from `batch.py`, which loads all that it takes to carry them out.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from syndicate.errors import UsageError
from syndicate.records import Run
from syndicate.store import Store
from syndicate.store.leases import run_lease

BY_HAND = "cli"  # what triggers the runs that no worker knows of
REBUILD, REPLAY = "rebuild", "replay"  # what triggers the runs that fetch nothing
AGAIN = frozenset({REBUILD, REPLAY})
INTERRUPTED = {"error": "interrupted: the process that carried it out was ended"}


def new_run(store: Store, sources: Sequence[str], trigger: str, now: datetime) -> Run:
    """A run of these sources, or of all that are active when none are named.

    What fetches nothing can be done of any source. Raises UsageError for one that does not exist or has been retired.
    """
    again = trigger in AGAIN
    for key in sources:  # one by one: a tick asks for a few at a time, of thousands
        state = store.source(key)
        if state is None or (state.status == "retired" and not again):
            known = ", ".join(state.spec.key for state in store.sources() if state.status != "retired") or "none"
            raise UsageError(f"source {key!r}: no such source; there are: {known}")
    everything = () if sources else store.sources()
    chosen = tuple(dict.fromkeys(sources)) or tuple(s.spec.key for s in everything if again or s.status == "active")
    return Run(id=uuid.uuid4().hex, trigger=trigger, sources=chosen, started=now)


def end_orphans(store: Store, trigger: str, now: datetime) -> None:
    """Write down as failed what processes carried out themselves until they were killed."""
    for run in store.open_runs():
        if run.trigger == trigger and store.is_free(run_lease(run.id), now):
            store.finish_run(run.id, "failed", [INTERRUPTED], now)
