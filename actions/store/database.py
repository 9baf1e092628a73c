"""Opens the database: SQLite in a file by default, PostgreSQL by URL."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exists, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from actions.store.models import Customer, Product
from actions.store.upgrade import lock, upgrade
from textkit.errors import SettingError

WRITES = {"writes": True}


@dataclasses.dataclass(frozen=True)
class Database:
    """An engine and its sessions. All calls block: async callers go through `asyncio.to_thread`."""

    engine: Engine
    _read: sessionmaker[Session]
    _write: sessionmaker[Session]

    def read(self) -> AbstractContextManager[Session]:
        """A session for reading; nothing it changes is kept."""
        return self._read()

    def write(self) -> AbstractContextManager[Session]:
        """A session in one transaction: committed at the end of the block, rolled back when the block raises."""
        return self._write.begin()

    def upgrade(self) -> None:
        """Brings the schema to the newest revision; safe when several processes start at once."""
        upgrade(self.engine.execution_options(**WRITES))

    def seed_if_empty(self, seed: Callable[[Session], None]) -> bool:
        """Runs `seed` when there is neither a product nor a customer; tells whether it did."""
        with self.write() as session:
            lock(session.connection())
            if any(session.scalar(select(exists().select_from(table))) for table in (Product, Customer)):
                return False
            seed(session)
        return True

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at `url`; makes the folder of a SQLite file. Raises SettingError on a URL it cannot use."""
    target = _checked(url)
    options: dict[str, Any] = {"json_serializer": partial(json.dumps, ensure_ascii=False)}
    if target.get_backend_name() == "sqlite":
        Path(str(target.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(target, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(target, pool_pre_ping=True, **options)
    read = sessionmaker(engine, expire_on_commit=False)
    write = sessionmaker(engine.execution_options(**WRITES), expire_on_commit=False)
    return Database(engine, read, write)


def _checked(url: str) -> URL:
    hint = "Use sqlite:///var/frontdesk.db or postgresql+psycopg://user:password@host/name."
    try:
        target = make_url(url)
    except ArgumentError as error:
        raise SettingError("FRONTDESK_DATABASE_URL is not a database URL.", hint) from error
    if target.drivername in ("postgres", "postgresql"):
        return target.set(drivername="postgresql+psycopg")
    if target.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SettingError(f"FRONTDESK_DATABASE_URL has the unknown scheme {target.drivername!r}.", hint)
    if target.drivername == "sqlite" and target.database in (None, "", ":memory:"):
        raise SettingError("FRONTDESK_DATABASE_URL names no file, and threads do not share SQLite's memory.", hint)
    return target


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver starts no transactions of its own: `_begin_sqlite` does
    for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads, then writes, fails at once if another has written in between: writers queue up here.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
