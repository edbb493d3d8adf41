"""Alembic's entry: migrates over the connection, and in the transaction, that `Store.upgrade` opened."""

from alembic import context

from syndicate.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
