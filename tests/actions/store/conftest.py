import os

import pytest
from sqlalchemy import text

from actions.store.database import open_database
from actions.store.models import Customer

POSTGRES = os.environ.get("FRONTDESK_TEST_POSTGRES_URL", "")


@pytest.fixture
def database(tmp_path):
    opened = open_database(f"sqlite:///{tmp_path}/shop/frontdesk.db")
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def customer():
    row = {"name": "周岚", "email": "zhou.lan@example.com", "phone": "+8613800001234", "market": "cn", "language": "zh"}
    return lambda **changes: Customer(**{**row, "city": "上海", **changes})


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request):
    """An empty database, once of each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    if not POSTGRES:
        pytest.skip("FRONTDESK_TEST_POSTGRES_URL is not set")
    opened = open_database(POSTGRES)
    with opened.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    opened.upgrade()
    yield opened
    opened.close()
