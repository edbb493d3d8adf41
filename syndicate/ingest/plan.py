"""What is new, what really changed, what is a copy, and what is one no more: decided here, written elsewhere. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndicate.ingest.likeness import is_mere_excerpt, is_near_copy, is_retold, wording, words
from syndicate.ingest.match import Prepared, match, versions
from syndicate.ingest.twins import Told, Twins, crowded, is_left
from syndicate.ingest.withdrawn import Withdrawn
from syndicate.model import EARLIEST, Article, Published, TopicSpec
from syndicate.records import ArticleStatus, Change, Heir, Known, Looked, Orphan, Renewal
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
    """What to write of one source's articles, what becomes of their copies and originals, and what this goes by.

    `given` says in which payload (its digest) unchanged articles (by id) came this time.
    """

    changes: tuple[Change, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    heirs: tuple[Heir, ...] = ()
    looked: Looked | None = None
    given: Mapping[str, str] = field(default_factory=dict)


def plan(
    prepared: Sequence[Prepared], basis: Basis, topics: Sequence[TopicSpec], public_url: str, now: datetime
) -> Plan:
    """Decide what to store of one source's articles.

    Those whose published content is unchanged give no change (what is cut of them is put down anew if it is something
    else), nor do those that come without the text that they had.
    """
    stored = (*basis.known.values(), *basis.near)
    common = crowded((item.article.link for item in prepared), stored)
    matched = match(prepared, basis.known, basis.told, basis.present, common)
    edits = [
        (item, before)
        for item, before in matched
        if before is None or (before.fingerprint != item.content and not _is_emptied(item, basis.told.get(before.id)))
    ]
    withdrawn = Withdrawn(stored, basis.told, common, basis.location, edits)
    killed = {item.article.id: of for item, before in edits if (of := withdrawn.retold_by(item, before))}
    left = {id_: k for id_, k in (_left(edits, basis, common) | _corrected(edits, basis)).items() if id_ not in killed}
    copies = _Copies(stored, basis, common, edits, left, withdrawn, killed)
    changes: dict[str, Change] = {}
    for item, before in edits:
        original = copies.original(item, before)
        shown = left.get(item.article.id, before)
        changes[item.article.key] = Change(
            kind="new" if before is None else "edited",
            published=_publish(item, shown, public_url, now - timedelta(seconds=len(changes))),
            raw=item.raw,
            fingerprint=item.content,
            sketch=item.sketch,
            topics=classify(item.article, topics),
            payload=item.payload,
            duplicate_of=original,
            retold=before is not None and before.id in basis.told and is_retold(basis.told[before.id], item.article),
        )
    written = tuple(changes.values())
    renewals = tuple(_renewals(matched, basis.told))
    return Plan(written, renewals, tuple(copies.orphans(written)), tuple(copies.heirs(public_url)))


def _renewals(matched: Iterable[tuple[Prepared, Known | None]], told: Mapping[str, Article]) -> Iterator[Renewal]:
    """What is put down anew of articles that are published as they were: a cut is a cut, also when it is all there is.

    So is why one is held. What an admin can't see can't be undone. Dates stay as they are: partners would see them.
    """
    for item, before in matched:
        if before and before.fingerprint == item.content and before.raw != item.raw and before.id in told:
            now = item.article
            article = replace(told[before.id], cuts=now.cuts, doubts=now.doubts, held=now.held)
            yield Renewal(article, item.raw, item.payload)


def _left(edits: Sequence[tuple[Prepared, Known | None]], basis: Basis, common: frozenset[str]) -> dict[str, Known]:
    """The articles of retired sources that ours (by id) are later versions of, and take the place of.

    What people hold or refused takes none, nor does an excerpt.
    """
    abandoned = [known for known in basis.near if known.status == "live" and is_left(known, basis.location)]
    found = versions([item for item, _ in edits], abandoned, basis.told, basis.present, common)
    pairs = [(*edits[position], twin) for position, twin in found.items()]
    return {
        item.article.id: twin
        for item, before, twin in pairs
        if before is None or before.duplicate_of == twin.id or twin.received < before.received
        if not item.article.held and not (before and before.status == "discarded")
        if not is_mere_excerpt(item.article, basis.told[twin.id])
    }


def _corrected(edits: Sequence[tuple[Prepared, Known | None]], basis: Basis) -> dict[str, Known]:
    """The articles of which ours (by id) were copies within their source, and are now corrections.

    The last word counts: of each that of one copy whose own words changed, unless it was edited itself.
    """
    edited = {before.id for _, before in edits if before}
    live = {k.id: k for k in basis.known.values() if k.status == "live" and k.id in basis.told and k.id not in edited}
    found: dict[str, tuple[str, Known]] = {}
    for item, before in edits:
        twin = live.get(before.duplicate_of) if before and before.raw != item.raw and before.id in basis.told else None
        if before is None or twin is None or item.article.held or is_retold(basis.told[before.id], item.article):
            continue
        ours, theirs = item.article, basis.told[twin.id]
        says_more = wording(ours) != wording(theirs) and not is_mere_excerpt(ours, theirs)
        if says_more and is_near_copy(ours, theirs):
            found.setdefault(twin.id, (ours.id, twin))
    return dict(found.values())


class _Copies:
    """What is a copy of what, among what is stored and what this reading brings; `edits` may change what is stored.

    When ours came first, the other is the copy. `left` are the articles that ours (by id) take the place of: those of
    retired sources, and those that a copy corrects. `killed` are those that tell a withdrawn story, and its id.
    """

    def __init__(
        self,
        stored: Sequence[Known],
        basis: Basis,
        common: frozenset[str],
        edits: Sequence[tuple[Prepared, Known | None]],
        left: Mapping[str, Known],
        withdrawn: Withdrawn,
        killed: Mapping[str, str],
    ) -> None:
        self._stored, self._basis, self._common = stored, basis, common
        self._edited = frozenset(before.id for _, before in edits if before)
        self._titles = Counter(words(item.article.title) for item, _ in edits)
        self._by_id = {known.id: known for known in stored}
        self._twins = Twins(stored, basis.told, common)
        self._left, self._withdrawn, self._killed = left, withdrawn, killed
        self._stands = {twin.id: article for article, twin in left.items()}  # by the id of what is left
        self._said: dict[str, str] = {}  # by wording, the article that brought it in this reading

    def original(self, item: Prepared, before: Known | None) -> str:
        """The id of the article that this one is a copy of, or ""."""
        article, ours = item.article, Told(item.article, item.sketch, self._basis.location)
        if article.id in self._left:
            return ""
        if (story := self._killed.get(article.id)) is not None:
            return "" if story == article.id else story
        if before and before.retired and before.duplicate_of:
            return before.duplicate_of  # it was left, or never shown: a rebuild does not bring it back
        first = self._twins.first(ours, before, self._edited)
        first = self._stands.get(first, first)
        if first or article.held or not item.sketch or self._titles[words(article.title)] == 1:
            return first
        first = self._said.setdefault(wording(article), article.id)
        return "" if first == article.id else first

    def heirs(self, public_url: str) -> Iterator[Heir]:
        """Who takes the place of whom."""
        for article, twin in self._left.items():
            before = self._by_id.get(article)
            yield Heir(article, twin.id, before.guid if before else _guid(article, public_url))

    def orphans(self, changes: Sequence[Change]) -> Iterator[Orphan]:
        """What becomes of the stored copies of articles that were changed: live, another's copy, or as they were.

        Those that nobody keeps up any more stay: what was told so long ago must not come back as something new.
        """
        changed = self._edited | self._stands.keys()
        alive = [k for k in self._stored if not k.retired and k.id not in self._edited]
        copies = [k for k in alive if k.duplicate_of in changed and k.status == "duplicate"]
        if not copies:
            return
        told = {**self._basis.told, **{change.article.id: change.article for change in changes}}
        stored = dict(self._by_id)
        for article, twin in self._left.items():
            stored[twin.id] = replace(twin, status="duplicate", duplicate_of=article)
        for change in changes:
            stored[change.article.id] = _known(change, stored.get(change.article.id), self._basis.location)
        twins = Twins(stored.values(), told, self._common)
        freed: list[Known] = []
        for copy in sorted(copies, key=lambda known: (known.received, known.id))[:_MOST_COPIES]:
            if copy.id not in told:
                continue
            theirs = Told(told[copy.id], copy.sketch, copy.location)
            first = self._withdrawn.copied_by(theirs) or twins.first(theirs, copy)
            first = first or next((f.id for f in freed if twins.is_copy(theirs, f)), "")
            if first != copy.duplicate_of:
                freed += [copy] if not first else []
                yield Orphan(copy.id, first)


def _known(change: Change, before: Known | None, location: str) -> Known:
    """What the store knows of an article once its change is written."""
    article, published = change.article, change.published
    as_told = change.retold or (before is not None and before.raw == change.raw)
    released = before is not None and before.released and as_told  # by a person
    alone: ArticleStatus = "held" if article.held and not released else "live"
    if before is not None and before.status == "killed":
        alone = "killed"
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


def _guid(article_id: str, public_url: str) -> str:
    return f"{public_url}/a/{article_id}"


def _publish(item: Prepared, before: Known | None, public_url: str, now: datetime) -> Published:
    """Keep guid and first arrival for ever; let the time of revision follow real changes only.

    The caller sets `now` a second apart for each article, so that those without a date keep their source's order.
    """
    article = item.article
    claimed = article.updated or article.published
    if claimed and not EARLIEST <= claimed <= now:
        claimed = None
    if before is None:
        return Published(article, _guid(article.id, public_url), received=now, revised=claimed or now)
    revised = claimed if claimed and before.revised < claimed else max(now, before.revised)
    if before.fingerprint == item.content:  # it only takes another's place
        revised = before.revised
    return Published(article, before.guid, before.received, revised)


def _is_emptied(item: Prepared, before: Article | None) -> bool:
    """Whether an article that had a text comes without any: it says nothing, shows nothing, and nothing was cut."""
    after = item.article
    return (
        before is not None
        and bool(before.text)
        and not (after.text or after.cuts)
        and bool(after.held or not after.html)
    )
