"""One writer for the conversations' database: what several turns save at the same time is committed together."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, make_url
from sqlalchemy.sql import Select

from bot.stores.schema import open_engine
from textkit.settings import settings

Result = TypeVar("Result")
Job = tuple[Callable[[Connection], Any], "Future[Any]"]
TOGETHER = 64  # jobs in one commit


class Database:
    """Reads at once, writes through one thread.

    A commit waits for the disk, some milliseconds that every turn would spend alone; the jobs that arrive meanwhile
    share the next one. When one of them fails, all are run again, each in a savepoint of its own: a job works on its
    connection and on nothing else.
    """

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._start = threading.Lock()
        self._reader: Any = None  # SQLite's, of the event loop
        self._writer: Connection | None = None  # likewise, of the thread
        self._prepared: dict[Select, tuple[str, list[str], Any]] = {}

    async def write(self, job: Callable[[Connection], Result]) -> Result:
        """Run `job` in a transaction; returns its result once that is on disk."""
        return await asyncio.wrap_future(self.submit(job))

    def submit(self, job: Callable[[Connection], Result]) -> Future[Result]:
        """As `write`, for callers outside the event loop."""
        done: Future[Result] = Future()
        with self._start:  # not in the constructor: a server may fork after it
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="conversations", daemon=True)
                self._thread.start()
            self._jobs.put((job, done))
        return done

    def read(self, job: Callable[[Connection], Result]) -> Result:
        """Run `job` at once, on a connection that only reads."""
        with self.engine.connect() as connection, connection.begin():
            return job(connection)

    async def fetch(self, job: Callable[[Connection], Result]) -> Result:
        """As `read`, from the event loop: a file on this machine answers in less time than a thread takes."""
        if self.engine.dialect.name == "sqlite":
            return self.read(job)
        return await asyncio.to_thread(self.read, job)

    async def fetch_row(self, query: Select, **values: Any) -> Any:
        """The one row that `query` (made once, with bound parameters) finds, or None.

        A file on this machine is asked without SQLAlchemy's transaction around it, which takes ten times as long: one
        statement sees one state of the database anyway.
        """
        if self.engine.dialect.name != "sqlite":
            return await asyncio.to_thread(self.read, lambda c: c.execute(query, values).one_or_none())
        if query not in self._prepared:
            made = query.compile(dialect=self.engine.dialect)
            self._prepared[query] = str(made), made.positiontup, namedtuple("Row", query.selected_columns.keys())
        text, order, row = self._prepared[query]
        if self._reader is None:
            self._reader = self.engine.raw_connection()
        # To the end, so that the statement holds no lock.
        found = self._reader.cursor().execute(text, [values[name] for name in order]).fetchall()
        return row(*found[0]) if found else None

    def close(self) -> None:
        """Wait for what is to be written, then close."""
        with self._start:
            if self._thread is not None:
                self._jobs.put(None)
                self._thread.join()
                self._thread = None
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        self.engine.dispose()

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch: list[Job] = [first]
            ends = False
            while len(batch) < TOGETHER and not self._jobs.empty():
                following = self._jobs.get()
                if following is None:
                    ends = True
                    break
                batch.append(following)
            self._commit(batch)
            if ends:
                return

    def _commit(self, batch: list[Job]) -> None:
        results: list[Any] = []
        try:
            with self._writing() as connection, connection.begin():
                results += (job(connection) for job, _ in batch)
        except Exception as error:
            if len(batch) > 1 and len(results) < len(batch):
                self._commit_apart(batch)
            else:
                _fail(batch, error)
            return
        for (_, done), result in zip(batch, results, strict=True):
            done.set_result(result)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """The thread's connection; a file's is kept while nothing fails on it."""
        connection = self._writer or self.engine.connect().execution_options(writes=True)
        self._writer = None
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if self.engine.dialect.name == "sqlite":
            self._writer = connection
        else:
            connection.close()  # the pool tries it before it is used again

    def _commit_apart(self, batch: list[Job]) -> None:
        """One commit for the jobs that succeed."""
        results: list[tuple[Future[Any], Any]] = []
        try:
            with self._writing() as connection, connection.begin():
                for job, done in batch:
                    try:
                        with connection.begin_nested():
                            results.append((done, job(connection)))
                    except Exception as error:
                        if not connection.in_transaction():
                            raise  # the whole transaction is gone, with the jobs before this one
                        done.set_exception(error)
        except Exception as error:
            _fail(batch, error)
            return
        for done, result in results:
            done.set_result(result)


def _fail(batch: list[Job], error: Exception) -> None:
    for _, done in batch:
        if not done.done():
            done.set_exception(error)


@cache
def open_database(url: str | None = None) -> Database:
    """The database at `url`, by default the one of the settings; one per process."""
    url = url or settings().resolved_conversations_url
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    return Database(url)
