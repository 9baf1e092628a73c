import pytest

from actions.store.database import open_database
from actions.store.models import Customer


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
