"""When articles were matched, how often they are read, and what is searched for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("article", sa.Column("matched_at", sa.Integer(), nullable=True))
    op.add_column("article", sa.Column("matched_by", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "article_click",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_click_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "day", name=op.f("pk_article_click")),
    )
    op.create_table(
        "search_count",
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("query", "day", name=op.f("pk_search_count")),
    )
    op.create_index("ix_search_count_day", "search_count", ["day"])


def downgrade() -> None:
    op.drop_index("ix_search_count_day", "search_count")
    op.drop_table("search_count")
    op.drop_table("article_click")
    # Dropped in place: copying a table (batch mode) would lose its triggers.
    op.drop_column("article", "matched_by")
    op.drop_column("article", "matched_at")
