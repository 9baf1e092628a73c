"""The tables of the conversations' database (SQLite or PostgreSQL), and an engine for it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.pool import QueuePool

from textkit.errors import SettingError

metadata = sa.MetaData()

# `opening` stands for what a long session no longer reads: the events from `opened_at` on follow it.
conversations = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.String(255), primary_key=True),
    sa.Column("sequence", sa.Integer, nullable=False),  # of its last event; the first has 1
    sa.Column("session", sa.Integer, nullable=False),
    sa.Column("opened_at", sa.Integer, nullable=False),
    sa.Column("opening", sa.Text, nullable=False),  # JSON: a list of events
    sa.Column("updated_at", sa.Float, nullable=False),
)

events = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("session", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False),
    sa.Column("data", sa.Text, nullable=False),  # JSON, as rasa dumps an event
    sa.Column("published", sa.Boolean, nullable=False),
    sa.UniqueConstraint("conversation", "sequence", name="event_place"),
)
sa.Index(
    "event_unpublished",
    events.c.id,
    sqlite_where=events.c.published == sa.false(),
    postgresql_where=events.c.published == sa.false(),
)

# A customer's message, kept before it is acknowledged; `replies` is null until its turn is over.
messages = sa.Table(
    "message",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("message_id", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # JSON
    sa.Column("accepted_at", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),  # how often a process that began anew took it up
    sa.Column("server", sa.String(255), nullable=False),
    sa.Column("replies", sa.Text),  # JSON: a list of messages of the bot
    sa.UniqueConstraint("conversation", "message_id", name="message_once"),
)
sa.Index(
    "message_open",
    messages.c.id,
    sqlite_where=messages.c.replies.is_(None),
    postgresql_where=messages.c.replies.is_(None),
)

# What a person said or did in a conversation; kept in the transaction that puts it into the tracker.
pushed = sa.Table(
    "pushed",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("push_id", sa.String(64), nullable=False),
    sa.Column("event", sa.String(32), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),  # of the person
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("pushed_at", sa.Float, nullable=False),
    sa.UniqueConstraint("conversation", "push_id", name="pushed_once"),
)


def open_engine(url: str) -> Engine:
    """An engine whose commits survive a power cut; makes the tables that are missing.

    SQLite runs in WAL mode and waits for the disk at every commit.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingError(f"Conversations cannot be kept in {parsed.get_backend_name()}.", "Use SQLite or PostgreSQL.")
    options: dict[str, Any] = {"pool_pre_ping": True}
    if parsed.get_backend_name() == "sqlite":
        options = {"poolclass": QueuePool, "connect_args": {"check_same_thread": False, "timeout": 30}}
    engine = sa.create_engine(parsed, **options)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_at_once)
    try:
        metadata.create_all(engine)
    except (IntegrityError, OperationalError, ProgrammingError):
        metadata.create_all(engine)  # another server that starts at the same time has made some of them
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # else the driver begins transactions by rules of its own
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_at_once(connection: Any) -> None:
    """A writer takes its lock at the beginning: an upgrade in the middle could fail."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
