import asyncio
import threading

import pytest
from sqlalchemy import bindparam, event, select, text
from sqlalchemy.exc import IntegrityError

from bot.stores.schema import conversations, open_engine
from textkit.errors import SettingError


def insert(name):
    row = {"id": name, "sequence": 1, "session": 1, "opened_at": 1, "opening": "[]", "updated_at": 0.0}
    columns, values = ", ".join(row), ", ".join(f":{c}" for c in row)
    return lambda connection: connection.execute(text(f"INSERT INTO conversation ({columns}) VALUES ({values})"), row)


def names(database):
    query = text("SELECT id FROM conversation ORDER BY id")
    return database.read(lambda connection: list(connection.execute(query).scalars()))


def test_what_comes_together_is_committed_together(database):
    gate, commits = threading.Event(), []

    async def check():
        blocked = asyncio.ensure_future(database.write(lambda c: gate.wait(10)))
        await asyncio.sleep(0.1)
        event.listen(database.engine, "commit", lambda c: commits.append(c))
        others = [asyncio.ensure_future(database.write(insert(f"c{n}"))) for n in range(5)]
        await asyncio.sleep(0.1)
        gate.set()
        await asyncio.gather(blocked, *others)

    asyncio.run(check())
    assert len(commits) == 2
    assert names(database) == [f"c{n}" for n in range(5)]


def test_one_that_fails_takes_no_other_along(database):
    gate = threading.Event()

    async def check():
        blocked = asyncio.ensure_future(database.write(lambda c: gate.wait(10)))
        await asyncio.sleep(0.1)
        jobs = [asyncio.ensure_future(database.write(insert(name))) for name in ("a", "b", "a", "c")]
        await asyncio.sleep(0.1)
        gate.set()
        return await asyncio.gather(blocked, *jobs, return_exceptions=True)

    results = asyncio.run(check())
    assert [isinstance(r, IntegrityError) for r in results] == [False, False, False, True, False]
    assert names(database) == ["a", "b", "c"]


def test_what_is_written_is_there_for_the_next_process(database, url):
    asyncio.run(database.write(insert("a")))
    engine = open_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM conversation")).scalar() == 1
    engine.dispose()


def test_a_file_waits_for_the_disk(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/c.db")
    with engine.connect() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous")]
    engine.dispose()
    assert pragmas == ["wal", 2]


def test_another_kind_of_database_is_refused():
    with pytest.raises(SettingError, match="Conversations cannot be kept in mysql"):
        open_engine("mysql://localhost/x")


ROW = select(conversations.c.id, conversations.c.sequence).where(conversations.c.id == bindparam("of"))


def test_a_row_is_found_as_it_is_on_disk(database):
    async def check():
        assert await database.fetch_row(ROW, of="a") is None
        await database.write(insert("a"))
        row = await database.fetch_row(ROW, of="a")
        assert (row.id, row.sequence) == ("a", 1)
        await database.write(lambda c: c.execute(conversations.update().values(sequence=2)).rowcount)
        assert (await database.fetch_row(ROW, of="a")).sequence == 2

    asyncio.run(check())


def test_reading_a_row_holds_no_lock(database):
    async def check():
        await database.write(insert("a"))
        await database.fetch_row(ROW, of="a")
        return await asyncio.wait_for(database.write(insert("b")), 5)

    asyncio.run(check())
    assert names(database) == ["a", "b"]


def test_one_job_has_no_savepoint(database):
    spoken = []
    event.listen(database.engine, "savepoint", lambda *_: spoken.append("savepoint"))
    asyncio.run(database.write(insert("a")))
    assert names(database) == ["a"]
    assert spoken == []


def test_a_job_that_fails_alone_leaves_nothing(database):
    def job(connection):
        insert("a")(connection)
        insert("a")(connection)

    with pytest.raises(IntegrityError):
        asyncio.run(database.write(job))
    assert names(database) == []
