"""Alembic's entry: runs the steps on the connection that `upgrade` hands over."""

from alembic import context

from dispatch import schema

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=schema.metadata(),
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
