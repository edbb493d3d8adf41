"""Which stories people have withdrawn, what partners are told of them, and which articles partners have ever seen."""

import sqlalchemy as sa
from alembic import op

revision = "withdrawn_stories"
down_revision = "topics_of_copies"


def upgrade() -> None:
    """Make room for them; of what is stored, those that are live are known to have been seen."""
    op.add_column("articles", sa.Column("shown", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE articles SET shown = (status = 'live')")
    op.create_table(
        "withdrawals",
        sa.Column("article", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_withdrawals_article"),
        sa.PrimaryKeyConstraint("article", name="pk_withdrawals"),
    )
    op.create_table(
        "tombstones",
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawal", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["withdrawal"], ["withdrawals.article"], name="fk_tombstones_withdrawal"),
        sa.PrimaryKeyConstraint("topic", "guid", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_withdrawal", "tombstones", ["withdrawal"])


def downgrade() -> None:
    """Forget what was told; what was killed is held back as somebody discarded it."""
    op.execute("UPDATE articles SET status = 'discarded' WHERE status = 'killed' AND duplicate_of = ''")
    op.execute("UPDATE articles SET status = 'duplicate' WHERE status = 'killed'")
    op.drop_table("tombstones")
    op.drop_table("withdrawals")
    op.drop_column("articles", "shown")
