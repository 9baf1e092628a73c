"""Carrying out: once, and by one of those who come at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from actions.orders.clock import shop_now
from actions.orders.conclusion import conclude
from actions.orders.situation import Situation
from actions.orders.turn import FORM_SLOTS
from actions.orders.verification import Contact, Origin, verify
from actions.store.models import Case, Order, Product, Transaction

NUMBER, EMAIL = "LE-E2UD-6NGS", Contact("email", "priya.sharma@example.com")


def finish(store, conversation, key, **slots):
    with store.write() as session:
        filled = {**dict.fromkeys(FORM_SLOTS), "order_number": NUMBER, "confirmed": "yes", **slots}
        situation = Situation(session, "en", Origin(conversation, None), shop_now(session), filled)
        return [reply.text for reply in conclude(situation, key).replies]


def prove(store, *conversations):
    for conversation in conversations:
        with store.write() as session:
            assert verify(session, Origin(conversation, None), NUMBER, EMAIL, None) == "verified"


def rows(store, table):
    with store.read() as session:
        return len(list(session.scalars(select(table).where(table.order_number == NUMBER))))


def at_once(store, count, key):
    conversations = [f"c{n}" for n in range(count)]
    prove(store, *conversations)
    start = threading.Barrier(count)

    def go(conversation):
        start.wait()
        return finish(store, conversation, key(conversation), task="cancel_order")

    with ThreadPoolExecutor(count) as pool:
        said = [text for texts in pool.map(go, conversations) for text in texts]
    assert sum("is cancelled, reference R-" in text for text in said) == 1
    assert rows(store, Case) == 1
    assert rows(store, Transaction) == 1
    with store.read() as session:
        assert session.get(Order, NUMBER).status == "cancelled"


def test_of_several_at_the_same_time_one_does_it(store):
    at_once(store, 8, lambda conversation: f"{conversation}:m1:1:carry_out")


def test_of_several_at_the_same_time_one_does_it_on_postgres(postgres):
    at_once(postgres, 8, lambda conversation: f"{conversation}:m1:1:carry_out")


def test_the_same_call_again_says_the_same(store):
    prove(store, "a")
    said = [finish(store, "a", "a:m1:1:carry_out", task="cancel_order") for _ in range(3)]
    assert said[0] == said[1] == said[2]
    assert rows(store, Case) == 1


def test_without_a_yes_nothing_is_done(store):
    prove(store, "a")
    with pytest.raises(ValueError, match="has not been confirmed"):
        finish(store, "a", None, task="cancel_order", confirmed="no")
    assert rows(store, Case) == 0


@pytest.mark.parametrize("slots", [{}, {"order_number": "LE-R8TN-5VHC"}, {"order_number": "LE-2222-2222"}])
def test_without_proof_nothing_is_done_and_nothing_told(store, slots):
    (said,) = finish(store, "a", None, task="cancel_order", **slots)
    assert said.startswith("It has been a while")
    assert "LE-" not in said


def test_the_proof_of_another_conversation_is_none(store):
    prove(store, "a")
    (said,) = finish(store, "b", None, task="order_status")
    assert said.startswith("It has been a while")


def test_the_last_one_goes_to_one(store, seeded):
    with store.write() as session:
        session.get(Product, "GR-ROOK-WH").stock_bristol = 1
    said = []
    for conversation in ("a", "b"):
        with store.write() as session:
            contact = Contact("email", "oliver.barlow@example.com")
            verify(session, Origin(conversation, None), "LE-R8TN-5VHC", contact, None)
        slots = {"order_number": "LE-R8TN-5VHC", "item": "GR-ROOK", "variant": "GR-ROOK-WH", "used": "no"}
        said += finish(store, conversation, None, task="exchange_item", **slots)
    assert "registered under R-" in said[0]
    assert "exchanged once already" in said[1]
