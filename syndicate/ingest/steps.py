"""The steps that ingest, rebuild and replay share: what is known, entries made articles, changes decided."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime

from syndicate.current_topics import beside
from syndicate.errors import KilledError, OutdatedError
from syndicate.ingest.match import comparable
from syndicate.ingest.plan import Basis, Plan, plan
from syndicate.ingest.process import Found, Job, Outcome, prepare, recall, reject
from syndicate.ingest.sandbox import Sandbox
from syndicate.model import Reading, SourceSpec
from syndicate.normalize.identity import link_or_text_key
from syndicate.normalize.urls import link_key
from syndicate.records import Ingested, Known, Looked, Written
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.store.lookup import sightings
from syndicate.strip.rulings import Rulings

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
        """What is stored of these entries, by article key; looked up by link or title too: guids get renumbered."""
        links = [link for f in found if (link := link_key(f.entry.link))]
        names = [name for f in found for name in (f.key, link_or_text_key(f.entry))]
        return self.store.known(key, keys=names, links=links)

    def rulings(self, key: str) -> Rulings:
        """What people said of this source's blocks, in rulings and in the configuration."""
        return Rulings.of(self.store.rulings(key), self.settings.boilerplate, key)

    def recall(self, spec: SourceSpec, batch: Batch, memory: bytes | None, renew: Callable[[], None]) -> bytes | None:
        """Give a memory that also knows what it has forgotten of entries that are to be stripped again.

        `renew` is called between slow steps, here and below, to keep the source's lease.
        """
        context, found = batch
        rulings = self.rulings(spec.key)
        for start in range(0, len(found), PORTION):
            portion = found[start : start + PORTION]
            renew()
            with suppress(KilledError):  # `prepare` finds the culprit and rejects it
                memory = self.sandbox.run(recall, Job(spec, context, portion, memory=memory, rulings=rulings))
        return memory

    def prepare(
        self,
        spec: SourceSpec,
        batches: Iterable[Batch],
        known: dict[str, Known],
        renew: Callable[[], None],
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
                outcome = self._run(job, KILLS - total.kills, renew)
                memory = outcome.memory or memory
                total = total.plus(outcome)
        if total.kills >= KILLS:
            total = replace(total, exhausted=f"its entries have killed {KILLS} children")
        return total

    def plan(self, spec: SourceSpec, outcome: Outcome, known: Mapping[str, Known], now: datetime) -> Plan:
        """Decide what these articles change, beside what all sources have given that may be the same."""
        prepared = outcome.prepared
        given = {k.id: one.payload for one in outcome.still if (k := known.get(one.key)) and k.raw == one.raw}
        if not prepared:
            return Plan(given=given)
        spares = {name for item in prepared for name in item.spares} - known.keys()
        known = {**known, **self.store.known(spec.key, keys=spares)}
        before = comparable(prepared, known.values())
        named = (*(k.link for k in before), *(p.article.link for p in prepared))
        links = frozenset(link for name in named if (link := link_key(name)))
        sketches = (*(k.sketch for k in before), *(p.sketch for p in prepared))
        values = frozenset(value for sketch in sketches for value in sketch)
        found = self.store.twins(links, values)
        ours = {**known, **{twin.key: twin for twin in found if twin.source == spec.key}}
        near = tuple(twin for twin in found if twin.source != spec.key)
        # Copies of what may change are compared, too: they may be copies no more.
        killed = [twin for twin in (*ours.values(), *near) if twin.status == "killed"]  # of these none is passed over
        worth = (*comparable(prepared, ours.values()), *comparable(prepared, near), *comparable(prepared, killed))
        ids = {twin.id for twin in worth}
        ids |= {twin.id for twin in found if twin.duplicate_of in ids}
        basis = Basis(ours, near, self.store.told(ids), outcome.present, spec.location)
        added, mark = self.store.topics_to_plan_by()
        decided = plan(prepared, basis, beside(self.settings, added), self.settings.public_url, now)
        return replace(decided, looked=Looked(links, values, sightings(found), mark), given=given)

    def settle(self, plan: Callable[[], Plan], ingested: Callable[[Plan], Ingested]) -> tuple[Plan, Written]:
        """Plan and write; again for as long as another source has written twins in between."""
        while True:
            decided = plan()
            work = replace(ingested(decided), **{f.name: getattr(decided, f.name) for f in fields(decided)})
            try:
                return decided, self.store.write(work)
            except OutdatedError:
                continue

    def _run(self, job: Job, kills: int, renew: Callable[[], None]) -> Outcome:
        """Prepare a job in the sandbox; when that kills the child, in halves, so that only the culprits fail.

        Once it has cost `kills` children, what is left is rejected.
        """
        if kills <= 0:
            unread = KilledError(f"not prepared: its neighbours have killed {KILLS} children")
            return Outcome(rejected=tuple(reject(job, "normalize", found, unread) for found in job.found))
        renew()
        try:
            return self.sandbox.run(prepare, job)
        except KilledError as error:
            if len(job.found) == 1:
                return Outcome(rejected=(reject(job, "normalize", job.found[0], error),), kills=1)
        half = len(job.found) // 2
        first = self._run(replace(job, found=job.found[:half]), kills - 1, renew)
        left = replace(job, found=job.found[half:], memory=first.memory or job.memory)
        both = first.plus(self._run(left, kills - 1 - first.kills, renew))
        return replace(both, kills=both.kills + 1)
