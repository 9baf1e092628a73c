"""Runs the migrations to the newest revision: no alembic.ini, no change to logging."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_ID = 0x1A2C_0E3B


def upgrade(engine: Engine) -> None:
    """Migrates the database of `engine` in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        lock(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def lock(connection: Connection) -> None:
    """Waits until this transaction is the only one that migrates or seeds (SQLite's writers queue anyway)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": LOCK_ID})
