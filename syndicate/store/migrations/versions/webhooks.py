"""Webhooks of partners, and what each was sent of each topic."""

import sqlalchemy as sa
from alembic import op

revision = "webhooks"
down_revision = "archive_places"


def upgrade() -> None:
    """Make room for both."""
    op.create_table(
        "webhooks",
        sa.Column("partner", sa.String(64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["partner"], ["partners.key"], name="fk_webhooks_partner", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("partner", name="pk_webhooks"),
    )
    op.create_table(
        "postings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("delivered", sa.Text(), nullable=False),
        sa.Column("known", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner"], ["webhooks.partner"], name="fk_postings_partner", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_postings"),
        sa.UniqueConstraint("partner", "topic", name="uq_postings_partner_topic"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("postings")
    op.drop_table("webhooks")
