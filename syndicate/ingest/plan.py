"""What is new, what really changed, what is a copy: decided here, written elsewhere. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndicate.ingest.fingerprint import alike
from syndicate.ingest.twins import Twins
from syndicate.model import EARLIEST, Article, Entry, Published, TopicSpec
from syndicate.normalize.identity import link_key, link_or_text_key
from syndicate.records import Change, Known
from syndicate.topics import classify

ByLink = Mapping[str, Sequence[Known]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article after stripping, the payload that it came from (digest), and what it is compared by.

    `raw` is the fingerprint of what the source gave, `content` that of the stripped article, `sketch` its text's.
    """

    article: Article
    raw: str
    payload: str
    content: str
    sketch: tuple[int, ...]


def match(prepared: Sequence[Prepared], known: Mapping[str, Known]) -> list[tuple[Prepared, Known | None]]:
    """Pair what was read with what is stored of the same article, if it is: each stored article at most once.

    A key speaks for an article only if link, title or text agree with it; else the guid went on to another
    article, as where guids count positions. Whatever its guid, an article is found by its link if title or text are as
    they were; a link alone is not enough, since some sources give all entries the same. What is new under a key that
    belongs to another article gets a key of its own.
    """
    by_link: dict[str, list[Known]] = defaultdict(list)
    for stored in known.values():
        by_link[link_key(stored.link)].append(stored)
    found: dict[int, Known] = {}
    taken: set[str] = set()
    for said in (_by_key_and_link, _by_link, _by_key):  # the surer words first: they leave less to the others
        for position, item in enumerate(prepared):
            before = None if position in found else said(item, known, by_link)
            if before is not None and (before.key not in taken or before.key == item.article.key):
                found[position] = before
                taken.add(before.key)
    return [(_freed(item, found.get(n), known), found.get(n)) for n, item in enumerate(prepared)]


def _by_key_and_link(item: Prepared, known: Mapping[str, Known], _: ByLink) -> Known | None:
    before = known.get(item.article.key)
    return before if before is not None and link_key(before.link) == link_key(item.article.link) else None


def _by_link(item: Prepared, _: Mapping[str, Known], by_link: ByLink) -> Known | None:
    link = link_key(item.article.link)
    candidates = [before for before in by_link.get(link, ()) if _same(before, item)] if link else []
    return candidates[0] if len(candidates) == 1 else None


def _by_key(item: Prepared, known: Mapping[str, Known], _: ByLink) -> Known | None:
    before = known.get(item.article.key)
    return before if before is not None and _same(before, item) else None


def _same(before: Known, item: Prepared) -> bool:
    return before.title.casefold() == item.article.title.casefold() or alike(before.sketch, item.sketch)


def _freed(item: Prepared, stored: Known | None, known: Mapping[str, Known]) -> Prepared:
    """The article under the key that it is stored by, or, new, under one that belongs to no other article."""
    article = item.article
    if stored is not None:
        return replace(item, article=replace(article, key=stored.key))
    if article.key not in known:
        return item
    entry = Entry(link=article.link, title=article.title, published=article.published)
    return replace(item, article=replace(article, key=link_or_text_key(entry)))


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
    elsewhere = Twins(twins)
    changes: dict[str, Change] = {}
    for item, before in match(prepared, known):
        article = item.article
        if before is not None and before.fingerprint == item.content:
            continue
        changes[article.key] = Change(
            kind="new" if before is None else "edited",
            published=_publish(article, before, public_url, now - timedelta(seconds=len(changes))),
            raw=item.raw,
            fingerprint=item.content,
            sketch=item.sketch,
            topics=classify(article, topics),
            payload=item.payload,
            # When ours came first, the other is the copy.
            duplicate_of=elsewhere.first(article.link, item.sketch, before.received if before else None),
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
