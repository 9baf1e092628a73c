"""INSERT with ON CONFLICT, which SQLite and PostgreSQL spell alike."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from actions.store.base import Base


def insert_into(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """The insert statement of the session's database."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
