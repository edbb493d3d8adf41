"""Which hubs sources name, and what we subscribe to there."""

import sqlalchemy as sa
from alembic import op

revision = "source_subscriptions"
down_revision = "added_topics"


def upgrade() -> None:
    """Remember hubs from the next document on, and make room for subscriptions."""
    for name in ("hub", "hub_topic"):
        op.add_column("sources", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.create_table(
        "source_subscriptions",
        sa.Column("callback", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True)),
        sa.Column("told", sa.DateTime(timezone=True)),
        sa.Column("look", sa.DateTime(timezone=True)),
        sa.Column("looked", sa.DateTime(timezone=True)),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name="fk_source_subscriptions_source"),
        sa.PrimaryKeyConstraint("callback", name="pk_source_subscriptions"),
        sa.UniqueConstraint("source", "hub", "topic", name="uq_source_subscriptions_source_hub_topic"),
    )


def downgrade() -> None:
    """Forget all of it: hubs are no longer answered, and leave by themselves."""
    op.drop_table("source_subscriptions")
    for name in ("hub_topic", "hub"):
        op.drop_column("sources", name)
