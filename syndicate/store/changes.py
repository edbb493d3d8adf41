"""What becomes of an article in the write of an ingest: its status, by what is stored and what people decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syndicate.records import ArticleStatus, Change
from syndicate.store.codec import dump_article, link_hash


@dataclass(frozen=True, slots=True)
class Item:
    """A change with its article's id, which is a hash and worth computing only once, and what becomes of it.

    `released` says that a person published the article as it is told by its source now, whatever is cut from it,
    `shown` that feeds show it, or have shown it.
    """

    id: str
    change: Change
    status: ArticleStatus
    released: bool
    duplicate_of: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Before:
    """What was stored of an article that a change is about."""

    status: ArticleStatus
    raw: str
    payload: str
    released: bool
    duplicate_of: str
    shown: bool
    topics: frozenset[str]

    @property
    def live(self) -> bool:
        """Whether feeds showed it."""
        return self.status == "live"

    def says_the_same(self, change: Change) -> bool:
        """Whether the source says what it said: the change is of our own making."""
        return change.retold or self.raw == change.raw or self.payload == change.payload


def item_of(article_id: str, change: Change, before: Before | None, killed: Mapping[str, str]) -> Item:
    """Decide what becomes of a change; a person's word on a held article holds until its source says something else.

    That an article is killed holds whatever its source says. `killed` are those that changes call originals, each with
    the original of its story.
    """
    decided = before if before is not None and before.says_the_same(change) else None
    released = decided is not None and decided.released
    shown = before is not None and before.shown
    if before is not None and before.status == "killed":
        return Item(article_id, change, "killed", released, before.duplicate_of, shown)
    if change.duplicate_of in killed:
        return Item(article_id, change, "killed", released, killed[change.duplicate_of], shown)
    status: ArticleStatus = "held" if change.article.held and not released else "live"
    if decided is not None and decided.status == "discarded":
        status = "discarded"
    if change.duplicate_of:
        status = "duplicate"
    return Item(article_id, change, status, released, change.duplicate_of, shown or status == "live")


def row_of(item: Item) -> dict[str, Any]:
    """The columns of an article as it is written."""
    change = item.change
    article, published = change.article, change.published
    return {
        "id": item.id,
        "source": article.source,
        "entry_key": article.key,
        "link": article.link,
        "link_hash": link_hash(article.link),
        "title": article.title,
        "guid": published.guid,
        "raw": change.raw,
        "fingerprint": change.fingerprint,
        "sketch": change.sketch,
        "received": published.received,
        "revised": published.revised,
        "ranked": published.ranked,
        "status": item.status,
        "released": item.released,
        "shown": item.shown,
        "duplicate_of": item.duplicate_of,
        "payload": change.payload,
        "cut_count": len(article.cuts),
        "document": dump_article(article),
    }
