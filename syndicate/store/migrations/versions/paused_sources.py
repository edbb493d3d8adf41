"""Which sources a person has paused, also while they are not declared."""

import sqlalchemy as sa
from alembic import op

revision = "paused_sources"
down_revision = "released_articles"


def upgrade() -> None:
    """Say of each source whether it is paused."""
    op.add_column("sources", sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE sources SET paused = (status = 'paused')")


def downgrade() -> None:
    """Forget the pauses of what is not declared."""
    op.drop_column("sources", "paused")
