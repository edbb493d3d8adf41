"""What the admin API takes and answers, as its description names it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from syndicate.records import ArticleStatus, Listed, Quarantined, Run, SourceState, StoredArticle, Withdrawal
from syndicate.store.corrections import NOTE_LENGTH
from syndicate.store.withdrawals import REASON_LENGTH


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    title: str
    status: int
    detail: str


class Runs(BaseModel):
    """The latest runs, newest first."""

    runs: list[Run]


class Sources(BaseModel):
    """All sources with their poll state."""

    sources: list[SourceState]


class Topics(BaseModel):
    """All topics with the addresses of their feeds."""

    topics: list[dict[str, Any]]


class Quarantine(BaseModel):
    """What could not be taken in."""

    items: list[Quarantined]


class RunModel(BaseModel):
    """One run and its report."""

    run: Run


class ArticleModel(BaseModel):
    """One article as it is stored, with what was cut from it."""

    article: StoredArticle


class WithdrawalModel(BaseModel):
    """A story that was withdrawn or revived, and the topics (with a reason) whose last good feeds are as they were."""

    article: StoredArticle
    withdrawal: Withdrawal
    standing: dict[str, str]


class Reason(BaseModel):
    """Why a story is withdrawn: every partner reads it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=REASON_LENGTH)


class CorrectionModel(BaseModel):
    """An article that was put right, and the topics (with a reason) whose last good feeds don't show that yet."""

    article: StoredArticle
    standing: dict[str, str]


class Note(BaseModel):
    """What is put right; readers see it below the article."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    note: str = Field(min_length=1, max_length=NOTE_LENGTH)


class Articles(BaseModel):
    """Articles, latest received first; each by itself has its text and cuts."""

    articles: list[Listed]


class KeyPath(BaseModel):
    """A source's key."""

    key: str = Field(max_length=64)


class IdPath(BaseModel):
    """An id."""

    id: str = Field(max_length=64)


class Limit(BaseModel):
    """How many to list."""

    limit: int = Field(50, ge=1, le=500)


class Which(Limit):
    """Which articles to list."""

    status: ArticleStatus | None = None
    source: str | None = Field(None, max_length=64)
