"""The steps that ingest, rebuild and replay share: what is known, entries made articles, changes decided."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.errors import KilledError
from syndicate.ingest.plan import Prepared, plan
from syndicate.ingest.process import Found, Job, Outcome, prepare, recall, reject
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import Reading, SourceSpec
from syndicate.normalize.identity import link_key
from syndicate.records import Change, Known
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.strip import Rulings

Batch = tuple[Reading, tuple[Found, ...]]

PORTION = 200  # entries a child gets at once: what a good source gives stays far from the limit of CPU
KILLS = 32  # children that one poll may cost; finding one culprit among a portion takes nine


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

    def rulings(self, key: str) -> Rulings:
        """What people said of this source's blocks, in rulings and in the configuration."""
        return Rulings.of(self.store.rulings(key), self.settings.boilerplate, key)

    def recall(self, spec: SourceSpec, batch: Batch, memory: bytes | None) -> bytes | None:
        """Give a memory that also knows what it has forgotten of entries that are to be stripped again."""
        context, found = batch
        rulings = self.rulings(spec.key)
        for start in range(0, len(found), PORTION):
            portion = found[start : start + PORTION]
            with suppress(KilledError):  # `prepare` finds the culprit and rejects it
                memory = self.sandbox.run(recall, Job(spec, context, portion, memory=memory, rulings=rulings))
        return memory

    def prepare(
        self,
        spec: SourceSpec,
        batches: Iterable[Batch],
        known: dict[str, Known],
        *,
        again: bool = False,
        recalled: bytes | None = None,
    ) -> Outcome:
        """Make articles of entries; those that the source gave word for word before are left out.

        With `again` they are not, and what is prepared teaches the stripper nothing new: it is stripped with the memory
        that was `recalled` for it. Entries that are left when the poll has cost `KILLS` children are rejected unread,
        and the outcome says that it is `exhausted`.
        """
        raws = frozenset() if again else frozenset(k.raw for k in known.values())
        rulings = self.rulings(spec.key)
        memory = recalled if again else self.store.memory(spec.key)
        hold_share = self.settings.strip.hold_share
        total = Outcome()
        for context, found in batches:
            for start in range(0, len(found), PORTION):
                portion = found[start : start + PORTION]
                job = Job(spec, context, portion, raws, memory, rulings, hold_share, learn=not again)
                outcome = self._run(job, KILLS - total.kills)
                memory = outcome.memory or memory
                total = total.plus(outcome)
        if total.kills >= KILLS:
            total = replace(total, exhausted=f"its entries have killed {KILLS} children")
        return total

    def plan(self, key: str, prepared: Sequence[Prepared], known: dict[str, Known], now: datetime) -> list[Change]:
        """Decide what these articles change."""
        links = [link for p in prepared if (link := link_key(p.article.link))]
        sketches = {value for p in prepared for value in p.sketch}
        twins = self.store.twins(key, links, sketches) if prepared else ()
        return plan(prepared, known, twins, self.settings.all_topics, self.settings.public_url, now)

    def _run(self, job: Job, kills: int) -> Outcome:
        """Prepare a job in the sandbox; when that kills the child, in halves, so that only the culprits fail.

        Once it has cost `kills` children, what is left is rejected.
        """
        if kills <= 0:
            unread = KilledError(f"not prepared: its neighbours have killed {KILLS} children")
            return Outcome(rejected=tuple(reject(job, "normalize", found, unread) for found in job.found))
        try:
            return self.sandbox.run(prepare, job)
        except KilledError as error:
            if len(job.found) == 1:
                return Outcome(rejected=(reject(job, "normalize", job.found[0], error),), kills=1)
        half = len(job.found) // 2
        first = self._run(replace(job, found=job.found[:half]), kills - 1)
        left = replace(job, found=job.found[half:], memory=first.memory or job.memory)
        both = first.plus(self._run(left, kills - 1 - first.kills))
        return replace(both, kills=both.kills + 1)
