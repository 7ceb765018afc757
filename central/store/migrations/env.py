"""Alembic's entry: migrates over the connection it is handed."""

from __future__ import annotations

from alembic import context

from central.store.tables import Node

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Node.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
