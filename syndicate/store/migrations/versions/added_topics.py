"""Topics that admins add beside those of the configuration."""

import sqlalchemy as sa
from alembic import op

revision = "added_topics"
down_revision = "webhooks"


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "topics",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("classified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_topics"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("topics")
