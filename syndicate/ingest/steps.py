"""The steps that ingest, rebuild and replay share: what is known, entries made articles, changes decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.errors import KilledError
from syndicate.ingest.plan import Prepared, plan
from syndicate.ingest.process import Found, Job, Outcome, prepare, reject
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import Reading, SourceSpec
from syndicate.normalize.identity import link_key
from syndicate.records import Change, Known
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.strip import Rulings

Batch = tuple[Reading, tuple[Found, ...]]


@dataclass(frozen=True, slots=True)
class Steps:
    """The middle of every flow that makes articles: it asks the store and the sandbox, and writes nothing."""

    store: Store
    sandbox: Sandbox
    settings: Settings

    def known(self, key: str, found: Sequence[Found]) -> dict[str, Known]:
        """What is stored of these entries, by article key; looked up by link too, since guids get renumbered."""
        links = [link for f in found if (link := link_key(f.entry.link))]
        return self.store.known(key, keys=[f.key for f in found], links=links)

    def prepare(
        self, spec: SourceSpec, batches: Iterable[Batch], known: dict[str, Known], *, again: bool = False
    ) -> Outcome:
        """Make articles of entries; those that the source gave word for word before are left out.

        With `again` they are not, and what is prepared teaches the stripper nothing new.
        """
        raws = frozenset() if again else frozenset(k.raw for k in known.values())
        rulings = Rulings.of(self.store.rulings(spec.key))
        memory = self.store.memory(spec.key)
        hold_share = self.settings.strip.hold_share
        total = Outcome()
        for context, found in batches:
            outcome = self._run(Job(spec, context, found, raws, memory, rulings, hold_share, learn=not again))
            memory = outcome.memory or memory
            total = total.plus(outcome)
        return total

    def plan(self, key: str, prepared: Sequence[Prepared], known: dict[str, Known], now: datetime) -> list[Change]:
        """Decide what these articles change."""
        links = [link for p in prepared if (link := link_key(p.article.link))]
        sketches = {value for p in prepared for value in p.sketch}
        twins = self.store.twins(key, links, sketches) if prepared else ()
        return plan(prepared, known, twins, self.settings.all_topics, self.settings.public_url, now)

    def _run(self, job: Job) -> Outcome:
        """Prepare a job in the sandbox; when that kills the child, in halves, so that only the culprits fail."""
        try:
            return self.sandbox.run(prepare, job)
        except KilledError as error:
            if len(job.found) == 1:
                return Outcome(rejected=(reject(job, "normalize", job.found[0], error),))
        half = len(job.found) // 2
        first = self._run(replace(job, found=job.found[:half]))
        return first.plus(self._run(replace(job, found=job.found[half:], memory=first.memory or job.memory)))
