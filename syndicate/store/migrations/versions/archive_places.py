"""Where articles stand in the archives of their topics."""

import sqlalchemy as sa
from alembic import op

revision = "archive_places"
down_revision = "partners_and_editions"


def upgrade() -> None:
    """Let every article that is live wait for its place; it gets one when its feed is built without it."""
    op.create_table(
        "places",
        sa.Column("article", sa.String(24), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer()),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_places_article"),
        sa.PrimaryKeyConstraint("article", "topic", name="pk_places"),
        sa.UniqueConstraint("topic", "position", name="uq_places_topic_position"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO places (article, topic) "
        "SELECT article, topic FROM article_topics JOIN articles ON id = article WHERE status = 'live' "
        "UNION ALL SELECT id, 'all' FROM articles WHERE status = 'live' ORDER BY 1, 2"
    )


def downgrade() -> None:
    """Forget all places: with the next upgrade archives begin anew."""
    op.drop_table("places")
