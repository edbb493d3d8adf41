"""What is new, what really changed, what is a copy: decided here, written elsewhere. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.ingest.fingerprint import alike, fingerprint, sketch
from syndicate.model import Article, Published, TopicSpec
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
    """Which known articles of its own source a reading is about, by key or, when guids were renumbered, by link."""

    by_key: Mapping[str, Known]

    def find(self, article: Article) -> Known | None:
        """The stored article that this is a reading of, or None."""
        known = self.by_key.get(article.key)
        if known is not None:
            return known
        link = link_key(article.link)
        candidates = [k for k in self.by_key.values() if link and link_key(k.link) == link]
        return candidates[0] if len(candidates) == 1 else None


def plan(
    prepared: Iterable[Prepared],
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
    matched = Matched(known)
    changes: dict[str, Change] = {}
    for item in prepared:
        before = matched.find(item.article)
        article = item.article if before is None else replace(item.article, key=before.key)
        content = fingerprint(article)
        if before is not None and before.fingerprint == content:
            continue
        similar = sketch(article.text)
        changes[article.key] = Change(
            kind="new" if before is None else "edited",
            published=_publish(article, before, public_url, now),
            raw=item.raw,
            fingerprint=content,
            sketch=similar,
            topics=classify(article, topics),
            payload=item.payload,
            duplicate_of=_first_of(article, similar, before, twins),
        )
    return list(changes.values())


def _publish(article: Article, before: Known | None, public_url: str, now: datetime) -> Published:
    """Keep guid and first arrival for ever; let the time of revision follow real changes only."""
    claimed = article.updated or article.published
    if before is None:
        revised = min(claimed, now) if claimed else now
        return Published(article, guid=f"{public_url}/a/{article.id}", received=now, revised=revised)
    revised = claimed if claimed and before.revised < claimed <= now else max(now, before.revised)
    return Published(article, guid=before.guid, received=before.received, revised=revised)


def _first_of(article: Article, similar: tuple[int, ...], before: Known | None, twins: Sequence[Known]) -> str:
    """The id of another source's earlier article that says the same, or ""."""
    link = link_key(article.link)
    for twin in sorted(twins, key=lambda t: (t.received, t.id)):
        if before is not None and before.received <= twin.received:
            continue  # ours came first: the other is the copy
        if alike(twin.sketch, similar) or (link and link_key(twin.link) == link):
            return twin.id
    return ""
