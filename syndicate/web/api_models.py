"""What the admin API takes and answers, as its description names it."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from syndicate.model import Cut
from syndicate.partners import MOST_ITEMS, NAME_LENGTH
from syndicate.push.webhooks import Report
from syndicate.records import (
    ArticleStatus,
    Listed,
    Proposal,
    Quarantined,
    Ruling,
    Run,
    SourceState,
    StoredArticle,
    Withdrawal,
)
from syndicate.records_served import Partner
from syndicate.settings_lists import usable_key
from syndicate.store.corrections import NOTE_LENGTH
from syndicate.store.withdrawals import REASON_LENGTH
from syndicate.web.problems import PROBLEM_TYPE


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    title: str
    status: int
    detail: str


def refused(*statuses: int) -> dict[Any, Any]:
    """These answers, for the description of a route: each is a problem document."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    return {status: {"content": content} for status in statuses}


class Runs(BaseModel):
    """The latest runs, newest first."""

    runs: list[Run]


class Sources(BaseModel):
    """All sources with their poll state."""

    sources: list[SourceState]


class SourceModel(BaseModel):
    """One source with its poll state."""

    source: SourceState


class SourceChange(BaseModel):
    """What is said of a source anew."""

    model_config = ConfigDict(extra="forbid")

    location: str = Field("", description="Its address")
    title: str = Field("", description="The publisher's name")
    language: str = Field("", description="A language tag, where the source does not say")
    rights: str = Field("", description="Whose its articles are, where they don't say")
    full_text: bool = Field(False, description="Fetch the article's page where the feed has a teaser")
    every: int | None = Field(None, description="Poll every so many seconds instead of by its own rhythm")
    cron: str = Field("", description="Poll at these times (five fields, UTC)")
    article_pattern: str = Field("", description="Of a page: what the addresses of its articles look like")
    push: bool = Field(True, description="Subscribe to its hub, if it names one")


class NewSource(SourceChange):
    """A source to be added."""

    key: str = Field(description="What it is called: small letters, digits, hyphens")
    kind: Literal["feed", "page", "wordpress"]


class Quarantine(BaseModel):
    """What could not be taken in."""

    items: list[Quarantined]


class QuarantinedModel(BaseModel):
    """One item of the quarantine."""

    item: Quarantined


class Cuts(BaseModel):
    """Texts that were cut from an article, by their blocks."""

    cuts: dict[str, Cut]


class Proposals(BaseModel):
    """Texts that may be boilerplate and wait for a word, most often seen first."""

    proposals: list[Proposal]


class Rulings(BaseModel):
    """Which texts stay or go, in which source ("*": in all)."""

    rulings: list[Ruling]


class Restored(BaseModel):
    """Which of an article's cuts stays from now on."""

    model_config = ConfigDict(extra="forbid")

    block: str = Field(max_length=64)
    everywhere: bool = Field(False, description="In the articles of all sources")


class Verdict(BaseModel):
    """What is to become of a proposal."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(max_length=64, description="Where it was proposed")
    verdict: Literal["cut", "keep"]
    everywhere: bool = Field(False, description="In the articles of all sources")


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


def _key(key: str) -> str:
    usable_key(key)
    return key


Key = Annotated[str, AfterValidator(_key)]
Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
Keys = Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(max_length=1_000)]
Items = Annotated[int, Field(ge=0, le=MOST_ITEMS)]


class NewPartner(BaseModel):
    """A site that is to import feeds of its own; no topics means every one, 0 items as many as the profile lets."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    key: Key
    name: Name
    profile: str = Field("plain", max_length=32)
    topics: Keys = ()
    items: Items = 0


class PartnerChange(BaseModel):
    """What is to be another; what is not named stays."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Name | None = None
    profile: str | None = Field(None, max_length=32)
    topics: Keys | None = None
    items: Items | None = None
    paused: bool | None = None


class Partners(BaseModel):
    """All partners; nobody's token."""

    partners: list[Partner]


class PartnerModel(BaseModel):
    """One partner, the addresses of its feeds, and the topics (with a reason) whose feeds are not built yet.

    `token` is there when it was made just now; nobody can be told it again.
    """

    partner: Partner
    feeds: dict[str, dict[str, str]] = Field(default_factory=dict)
    standing: dict[str, str] = Field(default_factory=dict)
    token: str = ""
    webhook: Report | None = None


class KeyPath(BaseModel):
    """The key of a source, a partner or a topic."""

    key: str = Field(max_length=64)


class IdPath(BaseModel):
    """An id."""

    id: str = Field(max_length=64)


class ItemPath(BaseModel):
    """The number of an item of the quarantine."""

    id: int = Field(ge=1, le=2**31 - 1)


class BlockPath(BaseModel):
    """A block that is proposed."""

    block: str = Field(max_length=64)


class RulingPath(BlockPath):
    """A ruling: its scope (a source, or "*") and its block."""

    scope: str = Field(max_length=64)


class Limit(BaseModel):
    """How many to list."""

    limit: int = Field(50, ge=1, le=500)


class Which(Limit):
    """Which articles to list."""

    status: ArticleStatus | None = None
    source: str | None = Field(None, max_length=64)
