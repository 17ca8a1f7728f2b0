"""Alembic's entry: runs the migrations on the connection that `directory.database` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from directory import models

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=models.SQLModel.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
