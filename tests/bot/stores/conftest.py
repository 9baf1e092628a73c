import os

import pytest
from rasa.shared.core.domain import Domain

from bot.stores.database import Database
from bot.stores.schema import metadata

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
    _drop(address)
    yield address
    _drop(address)


def _drop(address):
    database = Database(address)
    metadata.drop_all(database.engine)
    database.close()


@pytest.fixture
def database(url):
    made = Database(url)
    yield made
    made.close()
