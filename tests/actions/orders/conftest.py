"""The sample shop in a database of the test's own, and a customer who talks to the form without rasa."""

import itertools
import os
import shutil
from datetime import date

import pytest
from sqlalchemy import select, text, update

from actions.catalogue_file import write_catalogue
from actions.orders.clock import shop_now
from actions.orders.conclusion import conclude
from actions.orders.form import take
from actions.orders.message import Choice, Message
from actions.orders.situation import DETAILS, Situation
from actions.orders.turn import FORM_SLOTS
from actions.orders.verification import Contact, Origin, verify
from actions.sample.generate import seed
from actions.store.database import open_database
from actions.store.models import Case, Customer, Order, Product, Transaction
from textkit.entities import Catalogue, extract

POSTGRES = os.environ.get("FRONTDESK_TEST_POSTGRES_URL", "")
KEPT = ("order_number", "product", "pending_request")
_conversations = (f"talk-{n}" for n in itertools.count())


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """The file of a seeded database, and the catalogue beside it; tests only copy it."""
    folder = tmp_path_factory.mktemp("seeded")
    database = open_database(f"sqlite:///{folder}/shop.db")
    database.upgrade()
    database.seed_if_empty(seed)
    with database.read() as session:
        write_catalogue(session, folder / "catalogue.json")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return folder


@pytest.fixture(scope="session")
def catalogue(seeded):
    return Catalogue.read(seeded / "catalogue.json")


@pytest.fixture
def store(seeded, tmp_path):
    """A database of the test's own."""
    shutil.copy(seeded / "shop.db", tmp_path / "shop.db")
    database = open_database(f"sqlite:///{tmp_path}/shop.db")
    yield database
    database.close()


class Talk:
    """One conversation: says what the customer says, keeps the slots as rasa would."""

    def __init__(self, store, catalogue, language="en"):
        self.store, self.catalogue, self.language = store, catalogue, language
        self.conversation, self.network = next(_conversations), None
        self.slots = dict.fromkeys((*FORM_SLOTS, *DETAILS, "requested_slot"))
        self.buttons, self.replies, self.offer, self.rejected = {}, [], None, False
        self._turn = 0

    def situation(self, session):
        origin = Origin(self.conversation, self.network)
        return Situation(session, self.language, origin, shop_now(session), dict(self.slots))

    def say(self, text, intent="ask", **more):
        """The bot's texts in answer to a message that has been understood as `intent`."""
        found = extract(text, date(2026, 11, 22), self.language, self.catalogue)
        entities = [{"entity": e.entity, "value": e.value, "text": e.text} for e in found]
        return self.hear(Message(text=text, intent=intent, fresh=True, found=entities, network=self.network, **more))

    def press(self, title):
        return self.hear(Message(title, "choose", True, choice=self.buttons[title], network=self.network))

    def hear(self, message, key=None):
        self._turn += 1
        key = key or f"{self.conversation}:{self._turn}"
        with self.store.write() as session:
            outcome = take(self.situation(session), message, key)
        self.rejected = outcome.rejected
        if outcome.rejected:
            self.slots |= outcome.slots
            return []
        replies = list(outcome.replies)
        self.slots |= {**outcome.slots, "requested_slot": outcome.asked}
        if outcome.asked is None:
            with self.store.write() as session:
                done = conclude(self.situation(session), f"{key}:done")
            replies += done.replies
            self.offer = done.offer
            self.slots |= {name: None for name in self.slots if name not in KEPT}
        for button in (button for reply in replies for button in reply.buttons):
            self.buttons[button["title"]] = choice_of(button["payload"])
        self.replies = replies
        return [reply.text for reply in replies]

    def shown(self):
        """The titles of the latest buttons."""
        return [button["title"] for reply in self.replies for button in reply.buttons]

    def verified(self, number):
        """The customer of this order has shown who they are."""
        with self.store.write() as session:
            order = session.get(Order, number)
            contact = Contact("email", order.customer.email)
            assert verify(session, Origin(self.conversation, self.network), number, contact, None) == "verified"
        self.slots["order_number"] = number
        return self

    def cases(self):
        with self.store.read() as session:
            mine = select(Case).where(Case.conversation_id == self.conversation).order_by(Case.id)
            return list(session.scalars(mine))

    def order(self, number):
        with self.store.read() as session:
            order = session.get(Order, number)
            _ = order.items, order.customer
            return order

    def payments(self, number):
        with self.store.read() as session:
            rows = session.scalars(select(Transaction).where(Transaction.order_number == number))
            return sorted((row.kind, row.status) for row in rows)

    def change(self, number, **values):
        with self.store.write() as session:
            session.execute(update(Order).where(Order.number == number).values(**values))


def choice_of(payload):
    import json

    name, _, content = payload.partition("{")
    if name != "/choose":
        return None
    said = json.loads("{" + content)
    return Choice(said.get("task"), said.get("slot"), said.get("value"), said.get("about"))


@pytest.fixture
def talk(store, catalogue):
    return Talk(store, catalogue)


@pytest.fixture
def chinese(store, catalogue):
    return Talk(store, catalogue, "zh")


@pytest.fixture
def find(store):
    """The first order, by number, for which a condition holds."""

    def found(condition, market="uk"):
        with store.read() as session:
            orders = select(Order).join(Customer).where(Customer.market == market).order_by(Order.number)
            for order in session.scalars(orders):
                if condition(order):
                    _ = [item.product for item in order.items], order.customer
                    return order
        raise AssertionError("the sample has no such order")

    return found


def product_of(order):
    """Its only article."""
    (item,) = order.items
    assert isinstance(item.product, Product)
    return item.product


@pytest.fixture
def postgres():
    if not POSTGRES:
        pytest.skip("FRONTDESK_TEST_POSTGRES_URL is not set")
    database = open_database(POSTGRES)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.upgrade()
    database.seed_if_empty(seed)
    yield database
    database.close()
