"""What is seen of links night by night, runs that can be taken up again, and the growth of stars"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Columns are added in place: copying a table (batch mode) would lose its triggers.
    op.add_column("repository", sa.Column("growth_7", sa.Integer(), nullable=True))
    op.add_column("repository", sa.Column("growth_30", sa.Integer(), nullable=True))
    op.add_column("repository", sa.Column("memory", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("star_sample", sa.Column("until", sa.String(), nullable=True))
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_table(
        "run_item",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("checker", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_item_run_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_run_item_link_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "link_id", name=op.f("pk_run_item")),
    )
    op.create_index("ix_run_item_link_id", "run_item", ["link_id"])
    op.create_table(
        "link_probe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("first_at", sa.String(), nullable=False),
        sa.Column("last_at", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_probe_link_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_probe")),
    )
    op.create_index("ix_link_probe_link_id", "link_probe", ["link_id"])
    op.create_table(
        "link_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_change_link_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_link_change_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_change")),
    )
    op.create_index("ix_link_change_link_id", "link_change", ["link_id"])
    op.create_index("ix_link_change_run_id", "link_change", ["run_id"])


def downgrade() -> None:
    for table in ("link_change", "link_probe", "run_item", "run"):
        op.drop_table(table)
    with op.batch_alter_table("star_sample") as table:
        table.drop_column("until")
    with op.batch_alter_table("repository") as table:
        for column in ("memory", "growth_30", "growth_7"):
            table.drop_column(column)
