from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from actions.store.models import Customer

SHANGHAI = timezone(timedelta(hours=8))


def test_a_time_comes_back_aware_and_in_utc(database, customer):
    with database.write() as session:
        session.add(customer(created_at=datetime(2026, 11, 22, 9, 30, tzinfo=SHANGHAI)))
    with database.read() as session:
        found = session.query(Customer).one()
        assert found.created_at == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
        assert found.created_at.tzinfo is UTC
        assert session.scalar(text("SELECT created_at FROM customers")).startswith("2026-11-22 01:30:00")


def test_a_naive_time_is_refused(database, customer):
    with pytest.raises(StatementError, match="needs a time zone"), database.write() as session:
        session.add(customer(created_at=datetime(2026, 11, 22)))
