"""Prices, stock and opening hours as rasa calls for them."""

import pytest

from actions.sample.goods import product_rows
from actions.shopping import ActionProduct, ActionStoreHours
from actions.store.models import Product
from tests.actions.conversing import act, call_of, said


@pytest.fixture
def stocked(shop):
    with shop.database.write() as session:
        session.add_all(Product(**row) for row in product_rows())
    return shop


def naming(text, sku):
    return {**said(text), "found": [{"entity": "product", "value": sku, "text": text}]}


async def test_a_product_that_is_named(stocked):
    (message,), slots = await act(ActionProduct, naming("how much is the Rook", "GR-ROOK"))
    assert message["text"].startswith("Rook Electric Grinder: £199, in stock.")
    assert message["custom"]["frontdesk"]["kind"] == "cards"
    assert slots["shown_product"] == "GR-ROOK"


async def test_the_product_of_the_page(stocked):
    message = {**said("is this in stock?"), "metadata": {"product": "GR-LINNET"}}
    (reply,), _ = await act(ActionProduct, message, slots={"language": "zh"})
    assert reply["text"] == "红雀电动磨豆机：¥980，已停产。"


async def test_what_was_shown_last_is_pointed_at(stocked):
    slots = {"shown_product": "GR-ROOK"}
    (reply,), _ = await act(ActionProduct, said("and is it in stock?"), slots=slots)
    assert reply["text"].startswith("Rook Electric Grinder")
    (reply,), _ = await act(ActionProduct, said("What does the return label cost?"), slots=slots)
    assert reply["response"] == "utter_answer"


async def test_no_product_is_a_question_to_the_documents(stocked):
    (reply,), slots = await act(ActionProduct, said("What does the return label cost?"))
    assert reply["response"] == "utter_answer"
    (reply,), _ = await act(ActionProduct, said("asdf qwer zxcv"))
    assert reply["response"] == "utter_which_product"


async def test_hours(stocked):
    (reply,), slots = await act(ActionStoreHours, said("when does Bristol open?"))
    assert reply["text"].startswith("Bristol (14 Quayside Lane")
    assert slots["offer"] is None


async def test_anything_else_about_stores(stocked):
    (reply,), _ = await act(ActionStoreHours, said("Are dogs welcome?"))
    assert reply["response"] == "utter_answer"


def test_a_call_carries_what_was_found():
    call = call_of("action_product", naming("the Rook", "GR-ROOK"))
    assert call["tracker"]["latest_message"]["found"][0]["value"] == "GR-ROOK"
