"""The first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("published", sa.String(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("digest", name=op.f("uq_article_digest")),
    )
    op.create_table(
        "change",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "repository",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.String(), nullable=True),
        sa.Column("database_id", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("stars_asof", sa.String(), nullable=True),
        sa.Column("stars_source", sa.String(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("pushed_at", sa.String(), nullable=True),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository")),
        sa.UniqueConstraint("database_id", name=op.f("uq_repository_database_id")),
        sa.UniqueConstraint("key", name=op.f("uq_repository_key")),
        sa.UniqueConstraint("node_id", name=op.f("uq_repository_node_id")),
    )
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("slug", name=op.f("uq_term_slug")),
    )
    op.create_table(
        "label",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('pref', 'alt', 'hidden')", name=op.f("ck_label_kind")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_label_term_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
        sa.UniqueConstraint("term_id", "text", "language", name=op.f("uq_label_term_id_text_language")),
    )
    with op.batch_alter_table("label", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_folded"), ["folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_label_term_id"), ["term_id"], unique=False)

    op.create_table(
        "repository_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("noted_at", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repository.id"], name=op.f("fk_repository_name_repository_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository_name")),
        sa.UniqueConstraint("key", name=op.f("uq_repository_name_key")),
    )
    with op.batch_alter_table("repository_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repository_name_repository_id"), ["repository_id"], unique=False)

    op.create_table(
        "resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("summary_zh", sa.String(), nullable=False),
        sa.Column("summary_en", sa.String(), nullable=False),
        sa.Column("pricing", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=True),
        sa.Column("cited_by", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('project', 'model', 'dataset', 'tool', 'course', 'site')", name=op.f("ck_resource_kind")
        ),
        sa.ForeignKeyConstraint(["repository_id"], ["repository.id"], name=op.f("fk_resource_repository_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sa.UniqueConstraint("repository_id", name=op.f("uq_resource_repository_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_resource_slug")),
    )
    op.create_table(
        "star_sample",
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repository.id"], name=op.f("fk_star_sample_repository_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repository_id", "day", "source", name=op.f("pk_star_sample")),
    )
    op.create_table(
        "term_edge",
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('broader', 'related')", name=op.f("ck_term_edge_kind")),
        sa.ForeignKeyConstraint(["other_id"], ["term.id"], name=op.f("fk_term_edge_other_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_term_edge_term_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("term_id", "other_id", "kind", name=op.f("pk_term_edge")),
    )
    op.create_table(
        "article_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("group_position", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("pricing", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_match_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_article_match_resource_id")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_article_match_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_match")),
        sa.UniqueConstraint(
            "article_id",
            "resource_id",
            "term_id",
            "origin",
            name=op.f("uq_article_match_article_id_resource_id_term_id_origin"),
        ),
    )
    with op.batch_alter_table("article_match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_match_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_match_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.Column("term_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_event_resource_id")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_event_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_resource_id"), ["resource_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_term_id"), ["term_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("canonical", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=True),
        sa.Column("last_ok", sa.String(), nullable=True),
        sa.Column("last_checked", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("memory", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "role IN ('repository', 'homepage', 'docs', 'paper', 'model', 'demo', 'download', 'page')",
            name=op.f("ck_link_role"),
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_link_resource_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("resource_id", "canonical", name=op.f("uq_link_resource_id_canonical")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_canonical", ["canonical"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("filed_at", sa.String(), nullable=False),
        sa.Column("decided_at", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_proposal_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_proposal_fingerprint")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_resource_id"), ["resource_id"], unique=False)
        batch_op.create_index("ix_proposal_state_kind", ["state", "kind"], unique=False)

    op.create_table(
        "provenance",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("set_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_provenance_resource_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "field", name=op.f("pk_provenance")),
    )
    op.create_table(
        "resource_name",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_resource_name_resource_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "text", name=op.f("pk_resource_name")),
    )
    op.create_table(
        "resource_tag",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_resource_tag_resource_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "text", name=op.f("pk_resource_tag")),
    )
    op.create_table(
        "resource_term",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_resource_term_resource_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_resource_term_term_id")),
        sa.PrimaryKeyConstraint("resource_id", "term_id", name=op.f("pk_resource_term")),
    )
    with op.batch_alter_table("resource_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_term_term_id"), ["term_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("resource_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_term_term_id"))

    op.drop_table("resource_term")
    op.drop_table("resource_tag")
    op.drop_table("resource_name")
    op.drop_table("provenance")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_state_kind")
        batch_op.drop_index(batch_op.f("ix_proposal_resource_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_canonical")

    op.drop_table("link")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_term_id"))
        batch_op.drop_index(batch_op.f("ix_event_resource_id"))

    op.drop_table("event")
    with op.batch_alter_table("article_match", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_match_resource_id"))
        batch_op.drop_index(batch_op.f("ix_article_match_article_id"))

    op.drop_table("article_match")
    op.drop_table("term_edge")
    op.drop_table("star_sample")
    op.drop_table("resource")
    with op.batch_alter_table("repository_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repository_name_repository_id"))

    op.drop_table("repository_name")
    with op.batch_alter_table("label", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_label_term_id"))
        batch_op.drop_index(batch_op.f("ix_label_folded"))

    op.drop_table("label")
    op.drop_table("term")
    op.drop_table("repository")
    op.drop_table("change")
    op.drop_table("article")
