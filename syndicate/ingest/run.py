"""The flow of ingestion for one source: collect, look, prepare, plan, write. One lease, one transaction a poll."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

import structlog

from syndicate.errors import (
    CrowdedError,
    GoneError,
    IngestError,
    LeaseLostError,
    OfflineError,
    StoreError,
)
from syndicate.ingest import pace, teasers
from syndicate.ingest.collect import Collected, Collector, Document
from syndicate.ingest.lease import Lease, take
from syndicate.ingest.look import STILL_YOUNG, Look
from syndicate.ingest.pace import Limits, Wishes
from syndicate.ingest.plan import Plan
from syndicate.ingest.readers.wordpress import part_number
from syndicate.ingest.reasons import remarks, told
from syndicate.ingest.sandbox import Sandbox
from syndicate.ingest.sighting import Sighting
from syndicate.ingest.steps import Steps
from syndicate.model import Failure
from syndicate.records import Change, Ingested, Rejected, SourceState
from syndicate.settings import Settings
from syndicate.store import Store

log = structlog.get_logger()

LOOK_SECONDS = 120.0  # after this much time no further page is fetched in the same poll
_PART = "part "
_TO_BE_SEEN = frozenset({"failed", "gone"})  # outcomes that somebody may have to do something about
FOLDER_LIMITS = Limits(floor=15, ceiling=60)  # listing a folder costs nothing, and who drops a file there waits


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one run did with one source; `failures` name what did not go through, and why.

    `revived` says that the source had ended (410), and answers again.
    """

    source: str
    outcome: Literal["changed", "unchanged", "failed", "offline", "busy", "gone"]
    new: int = 0
    edited: int = 0
    unchanged: int = 0
    held: int = 0
    failures: tuple[Failure, ...] = ()
    error: str = ""
    seconds: float = 0.0
    revived: bool = False

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, for the store and for programs."""
        return asdict(self)


class Ingestion:
    """Takes in the articles of one source at a time; may be used by several threads and processes at once."""

    def __init__(
        self, store: Store, collector: Collector, sandbox: Sandbox, settings: Settings, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._collector = collector
        self._sandbox = sandbox
        self._settings = settings
        self._now = now
        self._steps = Steps(store, sandbox, settings)

    def ingest(self, key: str, holder: str) -> SourceReport:
        """Poll one source now and report. Raises UsageError for an unknown source, StoreError when the store fails.

        Every other failure, a bug of ours included, ends in the report: no source stops another.
        """
        started = time.monotonic()
        state, lease = take(self._store, key, holder, self._now)
        if lease is None:
            return SourceReport(key, "busy", error="another worker is polling it")
        try:
            report = self._poll(state, lease)
        except LeaseLostError as error:
            report = SourceReport(key, "busy", error=str(error))
        except BaseException:
            lease.release()
            raise
        revived = state.status == "gone" and report.outcome in {"changed", "unchanged"}
        report = replace(report, seconds=round(time.monotonic() - started, 3), revived=revived)
        tell = log.warning if report.outcome in _TO_BE_SEEN else log.info
        tell("ingested", **{k: v for k, v in report.as_json().items() if v})
        return report

    def _poll(self, state: SourceState, lease: Lease) -> SourceReport:
        """Poll under the lease, and give it back; together with the outcome where that is all there is to write."""
        key, epoch = state.spec.key, lease.epoch
        try:
            collected = self._once_more(self._collector.collect(state, self._now()))
            if not collected.documents:
                wishes = Wishes(collected.wait)
                after = pace.after_success(collected.state, (), wishes, self._limits(state), self._now())
                self._store.save_state(after, epoch, release=True)
                return SourceReport(key, "unchanged", failures=collected.overlooked)
            report = self._take_in(collected, self._look(collected, lease), lease)
            lease.release()
            return report
        except GoneError as error:
            ended = replace(state, status="gone", last_error=str(error), last_checked=self._now())
            self._store.save_state(ended, epoch, release=True)
            return SourceReport(key, "gone", error=str(error))
        except (OfflineError, CrowdedError) as error:
            after = pace.after_outage(state, self._limits(state), self._now())
            self._store.save_state(after, epoch, release=True)
            return SourceReport(key, "offline" if isinstance(error, OfflineError) else "busy", error=str(error))
        except (LeaseLostError, StoreError):
            raise
        except IngestError as error:
            return self._failed(state, error, epoch)
        except Exception as error:  # a bug met by one source must not stop the others
            log.exception("bug", source=key)
            return self._failed(state, error, epoch)

    def _once_more(self, collected: Collected) -> Collected:
        """A listing that is as it was, to be read once more while pages that it names may still be corrected."""
        state = collected.before
        recent = state.last_new and state.last_checked and state.last_checked - state.last_new < STILL_YOUNG
        if collected.documents or state.spec.kind != "page" or not recent:
            return collected
        payload = self._store.payload(state.payload, state.spec.key)
        return replace(collected, documents=(Document(payload.url, lambda: payload),)) if payload else collected

    def _failed(self, state: SourceState, error: Exception, epoch: int) -> SourceReport:
        reason, wishes = told(error), Wishes(getattr(error, "retry_after", None) or 0.0)
        after = pace.after_failure(state, reason, wishes, self._limits(state), self._now())
        self._store.save_state(after, epoch, release=True)
        return SourceReport(state.spec.key, "failed", error=reason)

    def _limits(self, state: SourceState) -> Limits:
        if state.spec.kind == "folder":
            return FOLDER_LIMITS
        ingest = self._settings.ingest
        return Limits(ingest.min_interval_seconds, ingest.max_interval_seconds)

    def _look(self, collected: Collected, lease: Lease) -> Sighting:
        spec = collected.state.spec
        began = time.monotonic()

        def late() -> bool:
            return time.monotonic() - began > LOOK_SECONDS

        look = Look(
            spec=spec,
            store=self._store,
            collector=self._collector,
            sandbox=self._sandbox,
            pages=self._settings.ingest.pages_per_run,
            now=self._now,
            renew=lease.renew,
            late=late,
            rulings=self._steps.rulings(spec.key),
            checked=collected.before.last_checked,
            go_on=_part_left(collected.before),
        )
        look.sighting.wishes = Wishes(collected.wait)
        return look.at(collected.documents)

    def _take_in(self, collected: Collected, sighting: Sighting, lease: Lease) -> SourceReport:
        """Prepare what was seen, decide what it changes, and write that in one transaction."""
        key, now = collected.state.spec.key, self._now()
        found = [f for _, batch in sighting.batches for f in batch]
        known = self._steps.known(key, found)
        outcome = self._steps.prepare(collected.state.spec, sighting.batches, known, lease.renew)
        outcome = replace(outcome, present=outcome.present | sighting.present)
        rejected = (*sighting.rejected, *outcome.rejected)
        failures = _told_of(sighting, rejected)
        barren = not found and not sighting.passed and bool(failures)
        failed = failures[0].reason if barren else outcome.exhausted
        notes = {teasers.note(key): teasers.dump(sighting.teasers)} if sighting.teasers else {}

        def ingested(plan: Plan) -> Ingested:
            state = self._next(collected, plan.changes, sighting, now, failed)
            return Ingested(key, lease.epoch, state, now, rejected=rejected, memory=outcome.memory, notes=notes)

        spec = collected.state.spec
        plan, written = self._steps.settle(lambda: self._steps.plan(spec, outcome, known, now), ingested)
        changes = plan.changes
        failures += [Failure(r.where, r.reason) for r in written.rejected]
        left = {failure.where for failure in sighting.deferred}
        failures += collected.settle(sighting.verdicts((*rejected, *written.rejected)), left)
        return SourceReport(
            key,
            "failed" if failed else "changed" if written.new or written.edited else "unchanged",
            new=written.new,
            edited=written.edited,
            unchanged=sighting.passed + len(found) - len(outcome.rejected) - len(changes),
            held=sum(1 for c in changes if c.article.held),
            failures=(*failures, *collected.overlooked),
            error=failed,
        )

    def _next(
        self, collected: Collected, changes: Sequence[Change], sighting: Sighting, now: datetime, failure: str
    ) -> SourceState:
        """The poll state to write. While something is left over, the validators stay, so that it comes again."""
        before, after = collected.before, collected.state
        if failure:
            return pace.after_failure(before, failure, sighting.wishes, self._limits(before), now)
        if sighting.deferred:
            payload = _left_over(before, sighting.deferred)
            after = replace(after, etag=before.etag, modified=before.modified, payload=payload)
        elif after.location != before.location and not (sighting.passed or any(found for _, found in sighting.batches)):
            after = before  # it was led to an empty place: no reason to forget where it was
        dates = [c.article.published or now for c in changes if c.kind == "new"]
        return pace.after_success(after, dates, sighting.wishes, self._limits(before), now)


def _told_of(sighting: Sighting, rejected: Sequence[Rejected]) -> list[Failure]:
    """What a report tells of a poll beside its articles: what failed, was put off, or was not taken in whole."""
    return [
        *(Failure(one.where, one.reason) for one in rejected),
        *sighting.refused,
        *sighting.deferred,
        *sighting.noticed,
        *(remark for _, batch in sighting.batches for found in batch for remark in remarks(found.entry)),
    ]


def _left_over(before: SourceState, deferred: Sequence[Failure]) -> str:
    """What stands for the payload of a poll that was not finished: what did, or the part of an API to go on with."""
    parts = [part_number(before.spec.location, failure.where) for failure in deferred]
    return f"{_PART}{max(parts)}" if before.spec.kind == "wordpress" and any(parts) else before.payload


def _part_left(before: SourceState) -> int:
    """The part of an API's answer that the last poll could not get; 0 for none."""
    return int(before.payload.removeprefix(_PART)) if before.payload.startswith(_PART) else 0
