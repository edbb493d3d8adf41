"""What is new, what really changed, what is a copy: decided here, written elsewhere. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndicate.ingest.fingerprint import alike, fingerprint, sketch
from syndicate.model import EARLIEST, Article, Published, TopicSpec
from syndicate.normalize.identity import link_key
from syndicate.records import Change, Known
from syndicate.topics import classify


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article after stripping, with the fingerprint of what the source gave and of the payload it came from."""

    article: Article
    raw: str
    payload: str


@dataclass(frozen=True, slots=True)
class Matched:
    """Which known articles of its own source a reading is about; `present` are the keys that the reading holds."""

    by_key: Mapping[str, Known]
    present: frozenset[str]

    def find(self, article: Article, similar: tuple[int, ...]) -> Known | None:
        """The stored article that this is a reading of, or None.

        By key; or, when the source renumbered its guids, by link: then the old key is gone from the reading, and
        title or text are as they were. A link alone is not enough, since some sources give all entries the same.
        """
        known = self.by_key.get(article.key)
        if known is not None:
            return known
        link = link_key(article.link)
        candidates = [
            k
            for k in self.by_key.values()
            if link and k.key not in self.present and link_key(k.link) == link and _same(k, article, similar)
        ]
        return candidates[0] if len(candidates) == 1 else None


def _same(known: Known, article: Article, similar: tuple[int, ...]) -> bool:
    return known.title.casefold() == article.title.casefold() or alike(known.sketch, similar)


def plan(
    prepared: Sequence[Prepared],
    known: Mapping[str, Known],
    twins: Sequence[Known],
    topics: Sequence[TopicSpec],
    public_url: str,
    now: datetime,
) -> list[Change]:
    """Decide what to store of one source's articles.

    `known` holds what this source gave before, by article key; `twins` other sources' articles with the same
    link or a near-identical text. Articles whose published content is unchanged give no change.
    """
    matched = Matched(known, frozenset(item.article.key for item in prepared))
    changes: dict[str, Change] = {}
    for item in prepared:
        similar = sketch(item.article.text)
        before = matched.find(item.article, similar)
        article = item.article if before is None else replace(item.article, key=before.key)
        content = fingerprint(article)
        if before is not None and before.fingerprint == content:
            continue
        changes[article.key] = Change(
            kind="new" if before is None else "edited",
            published=_publish(article, before, public_url, now - timedelta(seconds=len(changes))),
            raw=item.raw,
            fingerprint=content,
            sketch=similar,
            topics=classify(article, topics),
            payload=item.payload,
            duplicate_of=_first_of(article, similar, before, twins),
        )
    return list(changes.values())


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


def _first_of(article: Article, similar: tuple[int, ...], before: Known | None, twins: Sequence[Known]) -> str:
    """The id of another source's earlier article that says the same, or ""."""
    link = link_key(article.link)
    for twin in sorted(twins, key=lambda t: (t.received, t.id)):
        if before is not None and before.received <= twin.received:
            continue  # ours came first: the other is the copy
        if alike(twin.sketch, similar) or (link and link_key(twin.link) == link):
            return twin.id
    return ""
