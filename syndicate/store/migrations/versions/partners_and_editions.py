"""Partners with feeds of their own, and what they are served."""

import sqlalchemy as sa
from alembic import op

revision = "partners_and_editions"
down_revision = "hub_subscriptions"


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "partners",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("profile", sa.String(32), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("key", name="pk_partners"),
    )
    op.create_table(
        "editions",
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("profile", sa.String(32), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("built", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "profile", "items", "format", name="pk_editions"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("editions")
    op.drop_table("partners")
