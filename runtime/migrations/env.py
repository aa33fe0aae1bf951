"""What Alembic runs; the connection, already in a transaction, comes from `runtime.database`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
