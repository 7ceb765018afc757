"""Alembic's entry: migrates over the connection it is handed."""

from __future__ import annotations

from typing import Final

from alembic import context

from central.store import tables, tables_bench, tables_labels

TABLES: Final = (tables, tables_bench, tables_labels)  # read, so that every table is known
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES[0].Node.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
