"""What the store keeps of those who are served: partners with feeds of their own, and subscribers of the hub."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from syndicate.model import FeedFormat

WebhookStatus = Literal["active", "failing", "ended"]
WEBHOOK_STATES: tuple[WebhookStatus, ...] = ("active", "failing", "ended")
Contract = tuple[str, int]  # a profile, and how many articles at most (0: as many as it lets)


@dataclass(frozen=True, slots=True)
class Partner:
    """A site that imports feeds of its own: the profile they have, which topics (none means every one), how they are.

    `items` is how many articles a feed holds at most, 0 as many as the profile lets it. `seen` is the day when a feed
    was last asked for with the partner's token. Of the token itself only the store knows, and only its hash.
    """

    key: str
    name: str
    created: datetime
    profile: str = "plain"
    topics: tuple[str, ...] = ()
    items: int = 0
    paused: bool = False
    seen: datetime | None = None

    @property
    def contract(self) -> Contract:
        """What tells the feeds of this partner from those of others."""
        return self.profile, self.items

    def imports(self, topic: str) -> bool:
        """Whether this topic is among those of the partner."""
        return not self.topics or topic in self.topics


@dataclass(frozen=True, slots=True)
class Edition:
    """What all partners of one contract are served of a topic in one format, but for their own addresses in it."""

    topic: str
    contract: Contract
    format: FeedFormat
    etag: str
    body: bytes
    built: datetime


@dataclass(frozen=True, slots=True)
class HubRequest:
    """What was asked of the hub for a callback (an address at `host`), which has yet to say so itself; or a last word.

    `lease` is in seconds. `id`, `tries` and `due` are the store's: how often the callback was asked, and when it is
    to be asked next, or until when somebody has taken that upon himself.
    """

    topic: str
    format: FeedFormat
    callback: str
    host: str
    mode: Literal["subscribe", "unsubscribe", "denied"]
    at: datetime
    secret: str = field(default="", repr=False)
    lease: int = 0
    id: int = 0
    tries: int = 0
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class HubLimits:
    """How many subscriptions and requests together there may be, how many requests of these, and of one host."""

    all: int
    waiting: int
    of_host: int
    waiting_of_host: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who is sent a feed's editions until `expires`; `due` is when he may be sent one, or as in `HubRequest`.

    `delivered` is the ETag of the edition that he has, `owed` that of the feed's last one; `failures` counts deliveries
    in a row that failed.
    """

    id: int
    topic: str
    format: FeedFormat
    callback: str
    host: str
    secret: str = field(repr=False)
    expires: datetime
    delivered: str
    failures: int
    due: datetime
    owed: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a partner is sent what changed in its feeds, and the secret (standardwebhooks.com) that signs it.

    `ended` is when the address said that it is gone for good.
    """

    partner: str
    url: str = field(repr=False)
    host: str
    secret: str = field(repr=False)
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What a webhook is sent of a topic.

    `owed` is the ETag of the edition that its partner is served by now, `delivered` that of the last one of which the
    webhook has everything. `known` says what it has (see `push.messages`), `sent` when it took something last, and
    `position` up to where in the topic's archive nothing was kept from it. `failures` counts those in a row, the first
    of them at `failing`, and `error` is the last one's reason. `due` is as in `Subscription`. `id` is 0 as long as
    nothing was tried.
    """

    webhook: Webhook
    topic: str
    contract: Contract
    owed: str
    id: int = 0
    delivered: str = ""
    known: bytes = field(default=b"", repr=False)
    position: int = 0
    sent: datetime | None = None
    failures: int = 0
    failing: datetime | None = None
    error: str = ""
    due: datetime | None = None

    @property
    def host(self) -> str:
        """Where it goes."""
        return self.webhook.host


@dataclass(frozen=True, slots=True)
class WebhookState:
    """How it is with a partner's webhook: since when deliveries fail, of whatever topic, and what was said last."""

    partner: str
    host: str
    ended: datetime | None = None
    failing: datetime | None = None
    error: str = ""

    @property
    def state(self) -> WebhookStatus:
        """The same in a word."""
        return "ended" if self.ended else "failing" if self.failing else "active"
