"""What admins have put right of articles."""

import sqlalchemy as sa
from alembic import op

revision = "corrected_articles"
down_revision = "withdrawn_stories"


def upgrade() -> None:
    """Make room for their notes."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("article", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_corrections_article"),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_article", "corrections", ["article"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("corrections")
