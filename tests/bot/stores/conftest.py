import os

import pytest
from rasa.shared.core.domain import Domain
from sqlalchemy import create_engine, text

from bot.stores.database import Database

DOMAIN = """
version: "3.1"
intents: [greet, ask]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  offer: {type: categorical, values: [person], mappings: [{type: custom}]}
responses:
  utter_greet: [{text: Hello}]
actions: [action_answer]
"""
POSTGRES = os.environ.get("FRONTDESK_TEST_POSTGRES_URL", "")


@pytest.fixture(scope="session")
def domain():
    return Domain.from_yaml(DOMAIN)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The URL of an empty database, once for each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/conversations.db"
        return
    if not POSTGRES:
        pytest.skip("FRONTDESK_TEST_POSTGRES_URL is not set")
    address = POSTGRES.replace("postgresql+psycopg://", "postgresql://")
    # A schema of its own: the tests of the other runtime empty theirs meanwhile.
    own = f"{address}{'&' if '?' in address else '?'}options=-csearch_path%3Dconversations"
    server = create_engine(address)
    _empty(server)
    yield own
    _empty(server)
    server.dispose()


def _empty(server):
    with server.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS conversations CASCADE"))
        connection.execute(text("CREATE SCHEMA conversations"))


@pytest.fixture
def database(url):
    made = Database(url)
    yield made
    made.close()
