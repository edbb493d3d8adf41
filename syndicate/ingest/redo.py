"""Doing it again from what is kept: `rebuild` under today's rules, `replay` of what waits in quarantine."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from syndicate.errors import BusyError, IngestError, LeaseLostError, UnreadableError, UsageError
from syndicate.ingest.flood import read_in
from syndicate.ingest.lease import Lease, take
from syndicate.ingest.pages import read_page
from syndicate.ingest.plan import Plan
from syndicate.ingest.process import Found, Outcome, context_of, found_in, losses
from syndicate.ingest.sandbox import Sandbox
from syndicate.ingest.steps import Batch, Steps
from syndicate.model import Article, Entry, Failure, Payload, Reading
from syndicate.normalize.identity import link_or_text_key
from syndicate.normalize.urls import link_key
from syndicate.records import Ingested, Known, SourceState
from syndicate.settings import Settings
from syndicate.store import Store


@dataclass(frozen=True, slots=True)
class Difference:
    """How an article's text would change: lines that go, lines that come, and why it would be held ("" if not)."""

    article: str
    title: str
    gone: tuple[str, ...]
    come: tuple[str, ...]
    held: str = ""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild of one source changed (or would), and what could not be rebuilt.

    `error` says why it ended before all of the source's articles were rebuilt, `forgotten` how many of them can't be
    because their payloads are not kept any more.
    """

    source: str
    articles: int
    differences: tuple[Difference, ...] = ()
    failures: tuple[Failure, ...] = ()
    error: str = ""
    forgotten: int = 0


class Redo:
    """Works on stored payloads only; fetches nothing."""

    def __init__(self, store: Store, sandbox: Sandbox, settings: Settings, now: Callable[[], datetime]) -> None:
        self._store = store
        self._sandbox = sandbox
        self._steps = Steps(store, sandbox, settings)
        self._now = now

    def rebuild(
        self, key: str, holder: str, *, dry_run: bool, got_on: Callable[[int, int], None] = lambda *_: None
    ) -> Rebuilt:
        """Strip and classify a source's stored payloads again. With `dry_run` nothing is written.

        `got_on` is told how many steps of how many were made. Raises UsageError for an unknown source.
        """
        try:
            with self._leased(key, holder) as (state, lease):
                return self._rebuilt(state, lease, got_on, dry_run=dry_run)
        except BusyError:
            return Rebuilt(key, 0, error="another worker is polling it just now")

    def replay(self, item_id: int, holder: str) -> tuple[Failure, ...]:
        """Take in again what waits in quarantine; gives why it still fails (nothing: it has gone through).

        An article of which the source has said something else since then stays as it is. Raises UsageError when there
        is no such item.
        """
        item = self._store.quarantined(item_id)
        if item is None:
            raise UsageError(f"quarantine item {item_id}: no such item; `syndicate quarantine` lists them")
        key, digest = item.rejected.source, item.rejected.payload
        payload = self._store.payload(digest, key)
        if payload is None:
            return (Failure(item.rejected.where, "its payload is not kept any more; discard it"),)
        try:
            with self._leased(key, holder) as (state, lease):
                batch = self._read(state, payload, digest)
                known = self._steps.known(key, batch[1])
                outcome = self._steps.prepare(state.spec, [batch], known, lease.renew)
                done = Ingested(key, lease.epoch, state, self._now(), rejected=outcome.rejected, memory=outcome.memory)
                decide = partial(self._still_true, state, outcome, known, digest)
                _, written = self._steps.settle(decide, lambda _: done)
        except IngestError as error:
            return (Failure(item.rejected.where, str(error)),)
        rejected = (Failure(r.where, r.reason) for r in (*outcome.rejected, *written.rejected))
        failed = tuple(f for f in (*batch[0].failures, *rejected) if f.where == item.rejected.where)
        if not failed:
            self._store.settle(item_id, "replayed")
        return failed

    def _still_true(self, state: SourceState, outcome: Outcome, known: Mapping[str, Known], digest: str) -> Plan:
        """Decide what of an old payload's articles to store: those that no later payload has spoken against."""
        decided = self._steps.plan(state.spec, outcome, known, self._now())
        stored = {c.article.id: s.payload for c in decided.changes if (s := self._store.article(c.article.id))}
        kept = self._store.last_came(state.spec.key, (digest, *stored.values()))
        # Of what is not kept any more we know at least how old it is.
        forgotten = self._now() - timedelta(days=self._steps.settings.ingest.payload_days)
        later = {i for i, last in stored.items() if last != digest and kept.get(last, forgotten) >= kept[digest]}
        if not later:
            return replace(decided, renewals=(), given={})
        raws = {change.raw for change in decided.changes if change.article.id in later}
        prepared = tuple(item for item in outcome.prepared if item.raw not in raws)
        present = outcome.present | {k.raw for k in known.values() if k.id in later}
        still = replace(outcome, prepared=prepared, present=present)
        return replace(self._steps.plan(state.spec, still, known, self._now()), renewals=(), given={})

    @contextmanager
    def _leased(self, key: str, holder: str) -> Iterator[tuple[SourceState, Lease]]:
        state, lease = take(self._store, key, holder, self._now)
        if lease is None:
            raise BusyError(f"source {key!r} is being polled just now; try again in a moment")
        try:
            yield state, lease
        finally:
            lease.release()

    def _rebuilt(
        self, state: SourceState, lease: Lease, got_on: Callable[[int, int], None], *, dry_run: bool
    ) -> Rebuilt:
        """Rebuild all articles of a source, for as long as it is ours."""
        by_payload = self._by_payload(state.spec.key)
        steps, all_steps = count(1), 2 * len(by_payload)

        def step() -> None:
            got_on(next(steps), all_steps)

        differences: list[Difference] = []
        failures: list[Failure] = []
        error = ""
        try:
            memory = self._recalled(state, by_payload, lease, step)
            for digest, articles in by_payload.items():
                changed, failed = self._redone(state, digest, articles, memory, lease, dry_run=dry_run)
                differences += changed
                failures += failed
                step()
        except LeaseLostError:
            kept = "" if dry_run else f"; {len(differences)} of its articles were changed before, and stay so"
            error = f"another worker took it over before all was rebuilt{kept}"
        forgotten = self._store.forgotten(state.spec.key)
        total = sum(map(len, by_payload.values())) + forgotten
        return Rebuilt(state.spec.key, total, tuple(differences), tuple(failures), error, forgotten)

    def _by_payload(self, key: str) -> dict[str, dict[str, Article]]:
        """A source's articles by their keys, under the payload that each came from; those received first come first.

        Those whose payload is not kept any more, which may be years of them, are left out.
        """
        by_payload: dict[str, dict[str, Article]] = defaultdict(dict)
        kept = self._store.each_article(source=key, kept=True)
        for stored in sorted(kept, key=lambda stored: stored.published.received):
            by_payload[stored.payload][stored.published.article.key] = stored.published.article
        return by_payload

    def _recalled(
        self, state: SourceState, by_payload: dict[str, dict[str, Article]], lease: Lease, step: Callable[[], None]
    ) -> bytes | None:
        """The source's memory with what it has forgotten: a footer that was given up must not come back for that."""
        memory = self._store.memory(state.spec.key)
        for digest, articles in by_payload.items():
            payload = self._store.payload(digest, state.spec.key)
            if payload is not None:
                batch = self._batch(state, payload, digest, articles)
                memory = self._steps.recall(state.spec, batch, memory, lease.renew)
            step()
        return memory

    def _batch(self, state: SourceState, payload: Payload, digest: str, articles: dict[str, Article]) -> Batch:
        """The entries that a payload's articles were made of."""
        try:
            context, found = self._read(state, payload, digest)
        except IngestError:
            context, found = Reading(format="page"), ()
        if context.format == "page" and state.spec.kind != "page":
            found = ()  # the page of a teaser: what its feed said of the article counts, and is in the store
        listed = [f for item in found if (f := _stored_as(item, articles))]
        missing = articles.keys() - {f.key for f in listed}
        listed += [Found(_entry(articles[k]), k, digest, page=payload) for k in sorted(missing)]
        return context, tuple(listed)

    def _redone(
        self,
        state: SourceState,
        digest: str,
        articles: dict[str, Article],
        memory: bytes | None,
        lease: Lease,
        *,
        dry_run: bool,
    ) -> tuple[list[Difference], list[Failure]]:
        """Strip the articles of one payload again, and write them; gives what that changes, and what failed."""
        key = state.spec.key
        payload = self._store.payload(digest, key)
        if payload is None:
            return [], [Failure(a.title, "its payload is not kept any more") for a in articles.values()]
        decide, outcome = self._again(state, self._batch(state, payload, digest, articles), memory, lease)
        plan = decide()
        if (plan.changes or plan.renewals) and not dry_run:
            plan, _ = self._steps.settle(decide, lambda _: Ingested(key, lease.epoch, state, self._now()))
        changed = [_difference(articles.get(c.article.key), c.article) for c in plan.changes]
        return changed, [Failure(r.where, r.reason) for r in outcome.rejected]

    def _again(
        self, state: SourceState, batch: Batch, memory: bytes | None, lease: Lease
    ) -> tuple[Callable[[], Plan], Outcome]:
        """Prepare a batch again; gives how to decide what that changes of its articles, and what became of it."""
        spec, keys = state.spec, {found.key for found in batch[1]}
        known = self._steps.known(spec.key, batch[1])
        outcome = self._steps.prepare(spec, [batch], known, lease.renew, again=True, recalled=memory)

        def decide() -> Plan:
            plan = self._steps.plan(spec, outcome, known, self._now())
            changes = tuple(c for c in plan.changes if c.article.key in keys)
            return replace(plan, changes=changes, renewals=tuple(r for r in plan.renewals if r.article.key in keys))

        return decide, outcome

    def _read(self, state: SourceState, payload: Payload, digest: str) -> Batch:
        """Read a payload as what it was taken for: a document of the source's kind, else an article's page."""
        spec, rulings = state.spec, self._steps.rulings(state.spec.key)
        try:
            if spec.kind == "page":
                reading = self._sandbox.run(read_page, payload, spec, rulings)
            else:
                reading = read_in(self._sandbox, payload, spec, rulings)
        except UnreadableError:
            if not spec.full_text:
                raise
            reading = self._sandbox.run(read_page, payload, spec, rulings)
        return replace(context_of(reading), failures=losses(reading, payload)), found_in(reading, digest)


def _stored_as(found: Found, articles: dict[str, Article]) -> Found | None:
    """The entry under the key that its article is stored by; None where it is none of these articles.

    Its date may have been told elsewhere, as by the sitemap that named it.
    """
    if found.key in articles:
        dated = found.entry.published or articles[found.key].published
        return replace(found, entry=replace(found.entry, published=dated))
    link, place = link_key(found.entry.link), link_or_text_key(found.entry)
    there = [k for k, a in articles.items() if k.partition("#")[0] == place or (link and link == link_key(a.link))]
    return _stored_as(replace(found, key=there[0]), articles) if len(there) == 1 else None


def _entry(article: Article) -> Entry:
    """What a stored article's source said of it, as an entry that still needs its page."""
    return Entry(
        key=article.key,
        link=article.link,
        title=article.title,
        excerpt_only=True,
        authors=article.authors,
        published=article.published,
        updated=article.updated,
        categories=article.categories,
        language=article.language,
        rights=article.rights,
        original=article.original,
        images=article.images,
        enclosures=article.enclosures,
    )


def _difference(before: Article | None, after: Article) -> Difference:
    old = Counter(before.text.split("\n") if before else ())  # a line that stands twice may come or go once
    new = Counter(after.text.split("\n"))
    return Difference(after.id, after.title, tuple((old - new).elements()), tuple((new - old).elements()), after.held)
