"""What is new, what really changed, what is a copy, and what is one no more: decided here, written elsewhere. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syndicate.ingest.likeness import wording
from syndicate.ingest.match import Prepared, match
from syndicate.ingest.twins import Told, Twins, crowded
from syndicate.model import EARLIEST, Article, Published, TopicSpec
from syndicate.records import ArticleStatus, Change, Known, Looked, Orphan
from syndicate.topics import classify

_MOST_COPIES = 100  # of what one reading changes that are looked at again; more come from somebody who floods


@dataclass(frozen=True, slots=True)
class Basis:
    """What the store says, by which one source's articles are planned.

    `known` holds what this source gave before, by article key; `near` other sources' articles with the same link or a
    near-identical text, and copies of ours; `told` what all these say, by id, where it has to be read. `present` are
    the fingerprints of what the source still gives unchanged; `location` is where it is polled.
    """

    known: Mapping[str, Known]
    near: Sequence[Known] = ()
    told: Mapping[str, Article] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    location: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write of one source's articles, what becomes of copies of them, and what this goes by."""

    changes: tuple[Change, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    looked: Looked | None = None


def plan(
    prepared: Sequence[Prepared], basis: Basis, topics: Sequence[TopicSpec], public_url: str, now: datetime
) -> Plan:
    """Decide what to store of one source's articles. Those whose published content is unchanged give no change."""
    stored = (*basis.known.values(), *basis.near)
    common = crowded((item.article.link for item in prepared), stored)
    matched = match(prepared, basis.known, basis.told, basis.present, common)
    edits = [(item, before) for item, before in matched if before is None or before.fingerprint != item.content]
    copies = _Copies(stored, basis, common, frozenset(before.id for _, before in edits if before))
    changes: dict[str, Change] = {}
    for item, before in edits:
        changes[item.article.key] = Change(
            kind="new" if before is None else "edited",
            published=_publish(item.article, before, public_url, now - timedelta(seconds=len(changes))),
            raw=item.raw,
            fingerprint=item.content,
            sketch=item.sketch,
            topics=classify(item.article, topics),
            payload=item.payload,
            duplicate_of=copies.original(item, before),
        )
    return Plan(tuple(changes.values()), tuple(copies.orphans(tuple(changes.values()))))


class _Copies:
    """What is a copy of what, among what is stored and what this reading brings; `edited` are ids of stored articles.

    When ours came first, the other is the copy.
    """

    def __init__(self, stored: Sequence[Known], basis: Basis, common: frozenset[str], edited: frozenset[str]) -> None:
        self._stored, self._basis, self._common, self._edited = stored, basis, common, edited
        self._twins = Twins(stored, basis.told, common)
        self._said: dict[str, str] = {}  # by wording, the article that brought it in this reading

    def original(self, item: Prepared, before: Known | None) -> str:
        """The id of the article that this one is a copy of, or ""."""
        article = item.article
        first = self._twins.first(Told(article, item.sketch, self._basis.location), before, self._edited)
        if first or article.held or not item.sketch:
            return first
        first = self._said.setdefault(wording(article), article.id)
        return "" if first == article.id else first

    def orphans(self, changes: Sequence[Change]) -> Iterator[Orphan]:
        """What becomes of the stored copies of articles that were changed: live, another's copy, or as they were."""
        copies = [k for k in self._stored if k.duplicate_of in self._edited and k.id not in self._edited]
        if not copies:
            return
        told = {**self._basis.told, **{change.article.id: change.article for change in changes}}
        stored = {known.id: known for known in self._stored}
        for change in changes:
            stored[change.article.id] = _known(change, stored.get(change.article.id), self._basis.location)
        twins = Twins(stored.values(), told, self._common)
        freed: list[Known] = []
        for copy in sorted(copies, key=lambda known: (known.received, known.id))[:_MOST_COPIES]:
            if copy.id not in told:
                continue
            theirs = Told(told[copy.id], copy.sketch, copy.location)
            first = twins.first(theirs, copy) or next((f.id for f in freed if twins.is_copy(theirs, f)), "")
            if first != copy.duplicate_of:
                freed += [copy] if not first else []
                yield Orphan(copy.id, first)


def _known(change: Change, before: Known | None, location: str) -> Known:
    """What the store knows of an article once its change is written."""
    article, published = change.article, change.published
    released = before is not None and before.released and before.raw == change.raw  # by a person, as it is told now
    alone: ArticleStatus = "held" if article.held and not released else "live"
    return Known(
        id=article.id,
        key=article.key,
        link=article.link,
        title=article.title,
        raw=change.raw,
        fingerprint=change.fingerprint,
        guid=published.guid,
        received=published.received,
        revised=published.revised,
        sketch=change.sketch,
        status="duplicate" if change.duplicate_of else alone,
        source=article.source,
        duplicate_of=change.duplicate_of,
        location=location,
    )


def _publish(article: Article, before: Known | None, public_url: str, now: datetime) -> Published:
    """Keep guid and first arrival for ever; let the time of revision follow real changes only.

    The caller sets `now` a second apart for each article, so that those without a date keep their source's order.
    """
    claimed = article.updated or article.published
    if claimed and not EARLIEST <= claimed <= now:
        claimed = None
    if before is None:
        return Published(article, f"{public_url}/a/{article.id}", received=now, revised=claimed or now)
    revised = claimed if claimed and before.revised < claimed else max(now, before.revised)
    return Published(article, before.guid, before.received, revised)
