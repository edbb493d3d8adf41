"""What the last document of each source asked for: how long to wait, and which hours to skip."""

import sqlalchemy as sa
from alembic import op

revision = "asked_pace"
down_revision = "paused_sources"


def upgrade() -> None:
    """Remember it from the next document on."""
    op.add_column("sources", sa.Column("ttl", sa.Float(), server_default="0", nullable=False))
    op.add_column("sources", sa.Column("skip_hours", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("sources", "skip_hours")
    op.drop_column("sources", "ttl")
