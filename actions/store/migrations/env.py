"""Alembic's entry: `actions.store.upgrade` hands it an open connection; revisions are written by hand."""

from alembic import context

from actions.store.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
