"""The form's actions as rasa calls for them."""

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.conversation import idempotency_key
from actions.sample.generate import seed
from actions.tasks import ActionAnswerAside, ActionCarryOut, ActionLeaveTask, ValidateTaskForm
from tests.actions.conversing import act, call_of, did, replied, said

NUMBER, EMAIL = "LE-E2UD-6NGS", "priya.sharma@example.com"


@pytest.fixture
def seeded(shop):
    shop.database.seed_if_empty(seed)
    return shop


def understood(text, intent, *entities, **more):
    found = [{"entity": name, "value": value, "text": value} for name, value in entities]
    return {**said(text), "intent": {"name": intent, "confidence": 0.9}, "found": found, **more}


async def run(action, *events, slots=None):
    executor = ActionExecutor()
    executor.register_action(action)
    return await executor.run(call_of(action().name(), *events, slots=slots))


async def test_from_the_first_message_to_the_end(seeded):
    first = understood(f"cancel {NUMBER}, {EMAIL}", "cancel_order", ("order_number", NUMBER), ("email", EMAIL))
    (asked,), slots = await act(ValidateTaskForm, first)
    assert asked["text"].startswith(f"I’ll cancel order {NUMBER}")
    assert slots["requested_slot"] == "confirmed"
    assert EMAIL not in str(slots)
    (more, after) = await act(ValidateTaskForm, first, understood("yes", "affirm"), slots=slots)
    assert (more, after["confirmed"], after["requested_slot"]) == ([], "yes", None)
    key = idempotency_key.set("web-1:m2:1")
    try:
        done = [await act(ActionCarryOut, understood("yes", "affirm"), slots={**slots, **after}) for _ in range(2)]
    finally:
        idempotency_key.reset(key)
    assert done[0] == done[1]
    assert "is cancelled, reference R-" in done[0][0][0]["text"]
    assert done[0][1]["task"] is None
    assert "order_number" not in done[0][1]


async def test_a_question_is_rejected_and_leaves_the_slots(seeded):
    slots = {"task": "cancel_order", "order_number": NUMBER, "requested_slot": "contact"}
    result = await run(ValidateTaskForm, understood("how long does delivery take?", "ask"), slots=slots)
    assert [event["event"] for event in result.events] == ["action_execution_rejected"]


async def test_behind_an_answer_the_form_only_asks_again(seeded):
    slots = {"task": "cancel_order", "order_number": NUMBER, "requested_slot": "contact"}
    events = (understood("how long does delivery take?", "ask"), did("action_answer"), replied("3 days"))
    (asked,), _ = await act(ValidateTaskForm, *events, did("task_form"), slots=slots)
    assert asked["text"].startswith(f"So, for order {NUMBER}")


async def test_cards_reach_the_page(seeded):
    first = understood(f"where is {NUMBER} {EMAIL}", "order_status", ("order_number", NUMBER), ("email", EMAIL))
    _, slots = await act(ValidateTaskForm, first)
    (reply,), _ = await act(ActionCarryOut, first, slots=slots)
    assert reply["custom"]["frontdesk"]["cards"][0]["title"] == NUMBER


async def test_a_weak_guess_is_no_word_to_go_by(seeded):
    slots = {"task": "cancel_order", "order_number": NUMBER, "requested_slot": "contact"}
    message = {**understood("blah", "human"), "intent": {"name": "human", "confidence": 0.3}}
    replies, _ = await act(ValidateTaskForm, message, slots=slots)
    assert replies[0]["text"].startswith("Sorry")


async def test_leaving(seeded):
    slots = {"task": "cancel_order", "order_number": NUMBER, "requested_slot": "contact", "pending_request": "x"}
    result = await run(ActionLeaveTask, understood("a person", "human"), slots=slots)
    assert {e["name"]: e["value"] for e in result.events if e["event"] == "slot"} == {
        "task": None,
        "requested_slot": None,
        "pending_request": None,
    }
    assert result.events[-1] == {"event": "active_loop", "timestamp": None, "name": None}


async def test_aside_says_nothing_where_the_documents_do_not_know_and_the_task_only_begins(seeded):
    assert await act(ActionAnswerAside, said("asdf qwer zxcv")) == ([], {})
    (reply,), _ = await act(ActionAnswerAside, said("asdf qwer zxcv"), slots={"requested_slot": "contact"})
    assert reply["response"] == "utter_unknown"


async def test_the_reason_of_a_ticket_after_a_refusal(seeded):
    from actions.handoff import ActionHandoff
    from actions.store.tickets import list_open

    slots = {"offer": "person", "offer_reason": "policy_restriction"}
    _, after = await act(ActionHandoff, said("yes please"), slots=slots)
    assert after == {"offer": None, "offer_reason": None}
    with seeded.database.read() as session:
        assert [ticket.reason for ticket in list_open(session)] == ["policy_restriction"]


async def test_a_button_that_says_what_a_message_meant_stands_for_the_message(seeded):
    pressed = {**understood("/cancel_order", "cancel_order"), "metadata": {"title": "Cancel an order"}}
    executor = ActionExecutor()
    executor.register_action(ValidateTaskForm)
    call = call_of("validate_task_form", pressed, question=f"the order {NUMBER}, {EMAIL}")
    result = await executor.run(call)
    assert result.responses[0]["text"].startswith(f"I’ll cancel order {NUMBER}")
