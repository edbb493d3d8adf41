"""The store's tables.

A change here needs a migration beside it: the contract suite compares the two.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    desc,
    false,
    true,
)

from syndicate.store.columns import Sketch, Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sources = Table(
    "sources",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("spec", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("location", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("paused", Boolean, nullable=False, server_default=false()),
    Column("etag", Text, nullable=False, default=""),
    Column("modified", Text, nullable=False, default=""),
    Column("payload", String(64), nullable=False, default=""),
    Column("due", Utc),
    Column("interval", Float, nullable=False, default=0.0),
    Column("failures", Integer, nullable=False, default=0),
    Column("last_checked", Utc),
    Column("last_success", Utc),
    Column("last_new", Utc),
    Column("last_error", Text, nullable=False, default=""),
    Column("rhythm", Text, nullable=False, default="[]"),
    Column("ttl", Float, nullable=False, server_default="0"),
    Column("skip_hours", Text, nullable=False, server_default=""),
    Column("hub", Text, nullable=False, server_default=""),
    Column("hub_topic", Text, nullable=False, server_default=""),
    Index("ix_sources_due", "status", "enabled", "due"),
)

# Apart from `sources`, so that a poll that learns nothing does not write the memory again.
memories = Table(
    "memories",
    metadata,
    Column("source", String(64), ForeignKey("sources.key"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("holder", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expires", Utc, nullable=False),
)

payloads = Table(
    "payloads",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("kept", Utc, nullable=False, index=True),
)

# The same bytes may come from two sources, each with an address of its own that relative links hang on.
payload_origins = Table(
    "payload_origins",
    metadata,
    Column("digest", String(64), ForeignKey("payloads.digest", ondelete="CASCADE"), nullable=False),
    Column("source", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("modified", Utc),
    Column("kept", Utc, nullable=False),
    PrimaryKeyConstraint("digest", "source"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("source", String(64), ForeignKey("sources.key"), nullable=False),
    Column("entry_key", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("link_hash", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("guid", Text, nullable=False),
    Column("raw", String(128), nullable=False),
    Column("fingerprint", String(128), nullable=False),
    Column("sketch", Sketch, nullable=False),
    Column("received", Utc, nullable=False),
    Column("revised", Utc, nullable=False),
    Column("ranked", Utc, nullable=False),
    Column("status", String(16), nullable=False),
    Column("duplicate_of", String(24), nullable=False, default=""),
    Column("released", Boolean, nullable=False, server_default=false()),
    Column("shown", Boolean, nullable=False, server_default=false()),
    Column("payload", String(64), nullable=False),
    Column("cut_count", Integer, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("source", "entry_key"),
    Index("ix_articles_link", "link_hash"),
    Index("ix_articles_duplicate_of", "duplicate_of"),
    Index("ix_articles_ranked", "status", desc("ranked"), "id"),
    Index("ix_articles_received", desc("received"), "id"),
)

# The first values of each sketch: articles that share one of them are worth comparing.
sketch_values = Table(
    "sketch_values",
    metadata,
    Column("value", BigInteger, nullable=False),
    Column("article", String(24), ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    PrimaryKeyConstraint("value", "article"),
    sqlite_with_rowid=False,
)

# `ranked` is repeated here so that one index gives a topic's newest articles in order, ties included. What is not
# an article's `own` topic is one of its copies'.
article_topics = Table(
    "article_topics",
    metadata,
    Column("article", String(24), ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("ranked", Utc, nullable=False),
    Column("own", Boolean, nullable=False, server_default=true()),
    PrimaryKeyConstraint("article", "topic"),
    Index("ix_article_topics_ranked", "topic", desc("ranked"), "article"),
)

# Where articles stand in the archives of their topics: whatever was ever live in one has a row and, once it has left
# the feed, a position for good. Rows stay whatever becomes of the articles: no position is used again, no page shifts.
places = Table(
    "places",
    metadata,
    Column("article", String(24), ForeignKey("articles.id"), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("position", Integer),
    PrimaryKeyConstraint("article", "topic"),
    UniqueConstraint("topic", "position"),
    sqlite_with_rowid=False,
)

# Stories that people withdrew, by their originals.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("article", String(24), ForeignKey("articles.id"), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("reason", Text, nullable=False),
)

# What each topic's partners are told of them: as it was then, whatever becomes of the articles.
tombstones = Table(
    "tombstones",
    metadata,
    Column("topic", String(64), nullable=False),
    Column("guid", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("withdrawal", String(24), ForeignKey("withdrawals.article"), nullable=False, index=True),
    PrimaryKeyConstraint("topic", "guid"),
)

# What admins have put right, beside the articles: whatever their sources say of them, it stays.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("article", String(24), ForeignKey("articles.id"), nullable=False, index=True),
    Column("at", Utc, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_autoincrement=True,
)

# Ids are never used again (AUTOINCREMENT): a builder that is done with row 5 must not delete a later row 5.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("topic", String(64), nullable=False, index=True),
    sqlite_autoincrement=True,
)

# A dropped feed's row stays, empty: were it to come back, its version must go on growing.
feeds = Table(
    "feeds",
    metadata,
    Column("topic", String(64), nullable=False),
    Column("format", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    Column("etag", Text, nullable=False),
    Column("updated", Utc, nullable=False),
    Column("built", Utc, nullable=False),
    Column("dropped", Boolean, nullable=False, server_default=false()),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("topic", "format"),
)

# What callbacks have confirmed, and apart from it what they have yet to confirm: until then nothing changes for them.
# `delivered` and `known` are ETags. Secrets stand as they are: who signs with one needs it itself.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("topic", String(64), nullable=False),
    Column("format", String(8), nullable=False),
    Column("callback", Text, nullable=False),
    Column("host", String(255), nullable=False, index=True),
    Column("secret", Text, nullable=False),
    Column("expires", Utc, nullable=False),
    Column("delivered", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("due", Utc, nullable=False),
    UniqueConstraint("topic", "format", "callback"),
    sqlite_autoincrement=True,
)

hub_requests = Table(
    "hub_requests",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("topic", String(64), nullable=False),
    Column("format", String(8), nullable=False),
    Column("callback", Text, nullable=False),
    Column("host", String(255), nullable=False, index=True),
    Column("mode", String(16), nullable=False),
    Column("at", Utc, nullable=False),
    Column("secret", Text, nullable=False),
    Column("lease", Integer, nullable=False),
    Column("known", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Utc, nullable=False),
    UniqueConstraint("topic", "format", "callback"),
    sqlite_autoincrement=True,
)

# What admins have added beside the configuration's; `classified` says whether what is stored was by the rule of now.
topics = Table(
    "topics",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("spec", Text, nullable=False),
    Column("classified", Boolean, nullable=False),
)

# What we ourselves subscribe to: where the hubs of sources tell us of changes (`callback` is the end of that address).
# `look` is when a source is to be polled since its hub told so, `looked` when it last was, `again` whether once more.
source_subscriptions = Table(
    "source_subscriptions",
    metadata,
    Column("callback", String(64), primary_key=True),
    Column("source", String(64), ForeignKey("sources.key"), nullable=False),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("host", String(255), nullable=False),
    Column("secret", Text, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("due", Utc, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("expires", Utc),
    Column("told", Utc),
    Column("look", Utc),
    Column("looked", Utc),
    Column("again", Boolean, nullable=False),
    UniqueConstraint("source", "hub", "topic"),
)

# Tokens are known by their hashes alone. `topics` are keys, parted by blanks; none means every topic.
partners = Table(
    "partners",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("profile", String(32), nullable=False),
    Column("topics", Text, nullable=False),
    Column("items", Integer, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("created", Utc, nullable=False),
    Column("seen", Utc),
)

# Where partners are sent what changed in their feeds. The secret stands as it is, since who signs with it needs it.
webhooks = Table(
    "webhooks",
    metadata,
    Column("partner", String(64), ForeignKey("partners.key", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("host", String(255), nullable=False),
    Column("secret", Text, nullable=False),
    Column("ended", Utc),
)

# What a webhook was sent of a topic, and how that went: `delivered` is an ETag, `position` one in the archive.
postings = Table(
    "postings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("partner", String(64), ForeignKey("webhooks.partner", ondelete="CASCADE"), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("delivered", Text, nullable=False),
    Column("known", LargeBinary, nullable=False),
    Column("position", Integer, nullable=False),
    Column("sent", Utc),
    Column("failures", Integer, nullable=False),
    Column("failing", Utc),
    Column("error", Text, nullable=False),
    Column("due", Utc, nullable=False),
    UniqueConstraint("partner", "topic"),
    sqlite_autoincrement=True,
)

# What partners are served of a topic. All who have one contract share it: it holds nobody's address.
editions = Table(
    "editions",
    metadata,
    Column("topic", String(64), nullable=False),
    Column("profile", String(32), nullable=False),
    Column("items", Integer, nullable=False),
    Column("format", String(8), nullable=False),
    Column("etag", Text, nullable=False),
    Column("built", Utc, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("topic", "profile", "items", "format"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("trigger", String(64), nullable=False),
    Column("sources", Text, nullable=False),
    Column("started", Utc, nullable=False, index=True),
    Column("finished", Utc),
    Column("state", String(16), nullable=False, index=True),
    Column("report", Text, nullable=False),
)

# `mark` is made of source, place, reason and stage: an entry that fails at every poll waits once, not every time.
quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("mark", String(64), nullable=False, index=True),
    Column("source", String(64), nullable=False),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("payload", String(64), nullable=False, index=True),
    Column("stage", String(16), nullable=False),
    Column("at", Utc, nullable=False),
    Column("state", String(16), nullable=False),
    Index("ix_quarantine_state", "state", "id"),
    sqlite_autoincrement=True,
)

rulings = Table(
    "rulings",
    metadata,
    Column("scope", String(64), nullable=False),
    Column("block", String(64), nullable=False),
    Column("verdict", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Utc, nullable=False),
    PrimaryKeyConstraint("scope", "block"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("source", String(64), nullable=False),
    Column("block", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("family", String(64), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("first", Utc, nullable=False),
    PrimaryKeyConstraint("source", "block"),
)

beats = Table(
    "beats",
    metadata,
    Column("role", String(64), nullable=False),
    Column("holder", String(200), nullable=False),
    Column("at", Utc, nullable=False),
    PrimaryKeyConstraint("role", "holder"),
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("value", Text, nullable=False),
)
