"""Which of an article's topics are its own, and which those of its copies."""

import sqlalchemy as sa
from alembic import op

revision = "topics_of_copies"
down_revision = "asked_pace"


def upgrade() -> None:
    """Call all topics that are stored the articles' own, and have them classified again at the next start."""
    op.add_column("article_topics", sa.Column("own", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_index("ix_articles_duplicate_of", "articles", ["duplicate_of"])
    op.execute("DELETE FROM meta WHERE key = 'rules'")


def downgrade() -> None:
    """Leave each article its own topics."""
    op.execute("DELETE FROM article_topics WHERE NOT own")
    op.drop_index("ix_articles_duplicate_of", "articles")
    op.drop_column("article_topics", "own")
