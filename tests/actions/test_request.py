"""Requests that a person has to carry out, and messages that may mean two things."""

import pytest

from actions.request import TITLES, ActionClarify, ActionOfferPerson, ActionRequest
from tests.actions.conversing import act, said


async def test_a_request_gets_what_the_documents_say_and_a_person(shop):
    messages, slots = await act(ActionRequest, said("How long do I have to return something?"))
    assert [m["response"] for m in messages] == ["utter_answer", "utter_request"]
    assert messages[1]["buttons"][-1]["payload"] == "/human"
    assert slots["offer"] == "person"


async def test_a_request_that_the_documents_do_not_cover_goes_to_a_person(shop):
    messages, _ = await act(ActionRequest, said("asdf qwer zxcv"))
    assert [m["response"] for m in messages] == ["utter_request_unknown"]


@pytest.mark.parametrize(("language", "first"), [("en", "Cancel an order"), ("zh", "取消订单")])
async def test_a_wavering_message_is_asked_back_with_a_button_for_each(shop, language, first):
    message = {**said("that order, you know"), "candidates": ["cancel_order", "change_order"]}
    (reply,), slots = await act(ActionClarify, message, slots={"language": language})
    assert reply["response"] == "utter_clarify"
    assert [button["title"] for button in reply["buttons"]][0] == first
    assert len(reply["buttons"]) == 3
    assert reply["buttons"][0]["payload"] == '/cancel_order{"question": "that order, you know"}'
    assert slots == {}


async def test_a_wavering_follow_up_goes_on_with_the_question_before_it(shop):
    message = {**said("and in London?"), "candidates": ["store_hours", "product_stock"]}
    (reply,), _ = await act(ActionClarify, message, slots={"last_question": "When is the Bristol store open?"})
    assert reply["response"] in ("utter_answer", "utter_unknown")


def test_every_title_speaks_both_languages():
    assert all(set(titles) == {"en", "zh"} for titles in TITLES.values())


async def test_an_offer_is_remembered(shop):
    _, slots = await act(ActionOfferPerson, said("this is terrible"))
    assert slots == {"offer": "person"}


async def test_a_customer_who_is_upset_is_the_reason_of_the_ticket(shop):
    message = {**said("/upset"), "intent": {"name": "upset"}}
    _, slots = await act(ActionOfferPerson, message)
    assert slots == {"offer": "person", "offer_reason": "negative_sentiment"}


async def test_of_two_requests_the_one_in_hand_is_answered(shop):
    message = said("I want my money back and how long do I have to return something?")
    messages, slots = await act(ActionRequest, {**message, "request": "How long do I have to return something?"})
    assert messages[0]["response"] == "utter_answer"
    assert slots["last_question"] == "How long do I have to return something?"
