"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "first_tables"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "beats",
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("role", "holder", name=op.f("pk_beats")),
    )
    op.create_table(
        "feeds",
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("built", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "format", name=op.f("pk_feeds")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_topic"), "outbox", ["topic"], unique=False)
    op.create_table(
        "payloads",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_payloads")),
    )
    op.create_index(op.f("ix_payloads_kept"), "payloads", ["kept"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("block", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("first", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "block", name=op.f("pk_proposals")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_quarantine_mark"), "quarantine", ["mark"], unique=False)
    op.create_index(op.f("ix_quarantine_payload"), "quarantine", ["payload"], unique=False)
    op.create_index("ix_quarantine_state", "quarantine", ["state", "id"], unique=False)
    op.create_table(
        "rulings",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("block", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "block", name=op.f("pk_rulings")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("trigger", sa.String(length=64), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_state"), "runs", ["state"], unique=False)
    op.create_index(op.f("ix_runs_started"), "runs", ["started"], unique=False)
    op.create_table(
        "sources",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interval", sa.Float(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_checked", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_new", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sources")),
    )
    op.create_index("ix_sources_due", "sources", ["status", "enabled", "due"], unique=False)
    op.create_table(
        "articles",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("entry_key", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("link_hash", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("raw", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.String(length=128), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revised", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ranked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("duplicate_of", sa.String(length=24), nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.Column("cut_count", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_articles_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("source", "entry_key", name=op.f("uq_articles_source_entry_key")),
    )
    op.create_index("ix_articles_link", "articles", ["link_hash"], unique=False)
    op.create_index("ix_articles_ranked", "articles", ["status", sa.desc("ranked"), "id"], unique=False)
    op.create_index("ix_articles_received", "articles", [sa.desc("received"), "id"], unique=False)
    op.create_table(
        "memories",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_memories_source")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_memories")),
    )
    op.create_table(
        "payload_origins",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["payloads.digest"], name=op.f("fk_payload_origins_digest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "source", name=op.f("pk_payload_origins")),
    )
    op.create_table(
        "article_topics",
        sa.Column("article", sa.String(length=24), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("ranked", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name=op.f("fk_article_topics_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "topic", name=op.f("pk_article_topics")),
    )
    op.create_index("ix_article_topics_ranked", "article_topics", ["topic", sa.desc("ranked"), "article"], unique=False)
    op.create_table(
        "sketch_values",
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("article", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name=op.f("fk_sketch_values_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("value", "article", name=op.f("pk_sketch_values")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sketch_values_article"), "sketch_values", ["article"], unique=False)


def downgrade() -> None:
    """Remove all tables."""
    op.drop_index(op.f("ix_sketch_values_article"), table_name="sketch_values")
    op.drop_table("sketch_values")
    op.drop_index("ix_article_topics_ranked", table_name="article_topics")
    op.drop_table("article_topics")
    op.drop_table("payload_origins")
    op.drop_table("memories")
    op.drop_index("ix_articles_received", table_name="articles")
    op.drop_index("ix_articles_ranked", table_name="articles")
    op.drop_index("ix_articles_link", table_name="articles")
    op.drop_table("articles")
    op.drop_index("ix_sources_due", table_name="sources")
    op.drop_table("sources")
    op.drop_index(op.f("ix_runs_state"), table_name="runs")
    op.drop_index(op.f("ix_runs_started"), table_name="runs")
    op.drop_table("runs")
    op.drop_table("rulings")
    op.drop_index("ix_quarantine_state", table_name="quarantine")
    op.drop_index(op.f("ix_quarantine_payload"), table_name="quarantine")
    op.drop_index(op.f("ix_quarantine_mark"), table_name="quarantine")
    op.drop_table("quarantine")
    op.drop_table("proposals")
    op.drop_index(op.f("ix_payloads_kept"), table_name="payloads")
    op.drop_table("payloads")
    op.drop_index(op.f("ix_outbox_topic"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("meta")
    op.drop_table("leases")
    op.drop_table("feeds")
    op.drop_table("beats")
