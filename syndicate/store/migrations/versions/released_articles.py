"""Which articles a person has released."""

import sqlalchemy as sa
from alembic import op

revision = "released_articles"
down_revision = "first_tables"


def upgrade() -> None:
    """Say of each article whether it was released; of those that are stored none was."""
    op.add_column("articles", sa.Column("released", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Forget which were released."""
    op.drop_column("articles", "released")
