import pytest
from rasa_sdk import Tracker

from actions.conversation import (
    bot_messages_to_last_question,
    custom_of,
    entity,
    events_since_start,
    language_of,
    latest_text,
    transcript,
)
from tests.actions.conversing import call_of, did, replied, said


def tracker(*events, **more):
    return Tracker.from_dict(call_of("action", *events, **more)["tracker"])


@pytest.mark.parametrize(("slot", "language"), [("zh", "zh"), ("en", "en"), (None, "en"), ("fr", "en")])
def test_the_language_is_that_of_the_slot(slot, language):
    assert language_of(tracker(slots={"language": slot})) == language


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (said("Where is my parcel?"), "Where is my parcel?"),
        (said("/human", metadata={"title": "转人工"}), "转人工"),
        (said("/human", metadata={"title": ""}), "/human"),
        (said("hello", metadata=None), "hello"),
        (said(""), ""),
    ],
)
def test_a_pressed_button_counts_as_its_title(event, text):
    assert latest_text(tracker(event)) == text
    assert [line["text"] for line in transcript(tracker(event))] == ([text] if text else [])


@pytest.mark.parametrize(("value", "found"), [("退货", "退货"), ("", ""), (5, None), (["a"], None), (None, None)])
def test_a_button_s_value_is_a_text_or_nothing(value, found):
    assert entity(tracker(question=value), "question") == found
    assert entity(tracker(question=value), "answer_id") is None


def test_the_transcript_has_both_sides_in_order():
    conversation = tracker(
        did("action_session_start"),
        said("Hello"),
        replied("Hi!"),
        said("/ask{}", metadata={"title": "怎么退货"}),
        did("action_answer"),
        replied(None, custom={"frontdesk": {}}),
        replied("30 天", buttons=[{"title": "转人工", "payload": "/human"}]),
        {"event": "slot", "name": "language", "value": "zh"},
    )
    assert transcript(conversation) == [
        {"from": "customer", "text": "Hello", "at": 1.5},
        {"from": "bot", "text": "Hi!", "at": 2.5},
        {"from": "customer", "text": "怎么退货", "at": 1.5},
        {"from": "bot", "text": "30 天", "at": 2.5},
    ]


@pytest.mark.parametrize("name", ["action_start_over", "action_restart"])
def test_a_new_start_ends_what_was_before(name):
    events = [said("a"), replied("b"), did(name), replied("c"), said("d")]
    assert events_since_start(tracker(*events)) == events[2:]
    assert events_since_start(tracker(*events, did(name), said("e"))) == [did(name), said("e")]
    assert events_since_start(tracker(*events[:2])) == events[:2]


def test_the_last_turn_in_which_the_bot_spoke():
    first, second = [replied("1"), replied("2")], [replied("3")]
    assert bot_messages_to_last_question(tracker(said("a"), *first, said("again"))) == first
    assert bot_messages_to_last_question(tracker(said("a"), *first, said("b"), *second, said("again"))) == second
    assert bot_messages_to_last_question(tracker(said("a"), *first, said("thumb"), said("again"))) == first
    assert bot_messages_to_last_question(tracker(said("again"))) == []


@pytest.mark.parametrize("event", [replied("a"), {"event": "bot"}, replied("a", custom=None), replied("a", custom={})])
def test_a_message_without_anything_for_the_widget(event):
    assert custom_of(event) == {}


def test_what_a_message_carries_for_the_widget():
    assert custom_of(replied("a", custom={"frontdesk": {"answer_id": "x"}})) == {"answer_id": "x"}


def test_what_a_person_said_is_theirs_and_is_not_repeated_as_the_bot_s():
    conversation = tracker(said("Hello"), replied("Hi!"), {**replied("Mia here"), "metadata": {"operator": "Mia"}})
    assert transcript(conversation)[-1] == {"from": "operator", "name": "Mia", "text": "Mia here", "at": 2.5}
    assert [event["text"] for event in bot_messages_to_last_question(conversation)] == ["Hi!"]
