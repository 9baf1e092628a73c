import threading

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from actions.store.database import open_database
from actions.store.models import Customer, OrderItem, UnansweredQuestion
from actions.store.questions import save_unanswered
from textkit.errors import SettingError


def test_the_folder_is_made_and_sqlite_is_set_up(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/a/b/shop.db")
    with database.read() as session:
        pragmas = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "busy_timeout")]
    database.close()
    assert pragmas == ["wal", 1, 5000]
    assert (tmp_path / "a/b/shop.db").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "nonsense"])
def test_a_url_that_cannot_be_used_is_refused(url):
    with pytest.raises(SettingError, match="FRONTDESK_DATABASE_URL"):
        open_database(url)


def test_postgres_urls_use_the_installed_driver():
    database = open_database("postgresql://someone@localhost/shop")
    assert database.engine.url.drivername == "postgresql+psycopg"


def test_foreign_keys_and_checks_hold(database, customer):
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), database.write() as session:
        session.add(OrderItem(order_number="LE-AAAA-AAAA", sku="XX", quantity=1, unit_price=1))
    for wrong in ({"market": "us"}, {"email": "Zhou@example.com"}, {"points": -1}):
        with pytest.raises(IntegrityError, match="CHECK"), database.write() as session:
            session.add(customer(**wrong))


def test_a_block_that_raises_leaves_nothing_behind(database, customer):
    def write_twice():
        with database.write() as session:
            session.add(customer())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_twice()
    with database.read() as session:
        assert session.scalar(select(func.count(Customer.id))) == 0


def test_chinese_is_stored_as_written(database):
    with database.write() as session:
        save_unanswered(
            session,
            conversation_id="c",
            question="几点开门？",
            language="zh",
            score=None,
            passages=[{"text": "营业时间"}],
        )
    with database.read() as session:
        assert "营业时间" in session.scalar(text("SELECT passages FROM unanswered_questions"))


def test_writers_in_many_threads_wait_for_each_other(database):
    def count_then_write():
        for _ in range(10):
            with database.write() as session:
                number = session.scalar(select(func.count(UnansweredQuestion.id)))
                save_unanswered(
                    session, conversation_id="c", question=str(number), language="en", score=0.5, passages=[]
                )

    threads = [threading.Thread(target=count_then_write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        numbers = sorted(int(text) for text in session.scalars(select(UnansweredQuestion.question)))
    assert numbers == list(range(80))


def test_seeding_happens_once(database, customer):
    calls = []

    def seed(session):
        calls.append(session)
        session.add(customer())

    assert database.seed_if_empty(seed)
    assert not database.seed_if_empty(seed)
    assert len(calls) == 1
