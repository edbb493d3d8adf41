"""Who is sent which feed, and what callbacks have yet to confirm."""

import sqlalchemy as sa
from alembic import op

revision = "hub_subscriptions"
down_revision = "corrected_articles"


def upgrade() -> None:
    """Make room for both."""
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("topic", "format", "callback", name="uq_subscriptions_topic_format_callback"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hub_requests",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hub_requests"),
        sa.UniqueConstraint("topic", "format", "callback", name="uq_hub_requests_topic_format_callback"),
        sqlite_autoincrement=True,
    )
    for table in ("subscriptions", "hub_requests"):
        op.create_index(f"ix_{table}_host", table, ["host"])


def downgrade() -> None:
    """Forget all subscribers."""
    op.drop_table("hub_requests")
    op.drop_table("subscriptions")
