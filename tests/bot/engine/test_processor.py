"""The language slot, buttons and typed payloads, in an agent of this process."""

import asyncio
import itertools
import threading
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ConversationPaused, ConversationResumed, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.processor import FrontdeskProcessor, _language_events
from bot.stores.turn import Turn, handling

OFFERED = '/inform{"city": "Bristol"}'
_senders = (f"customer-{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def agent(bot_folder: Path):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(bot_folder))
        yield asyncio.run(load_agent(str(bot_folder / "models")))


@pytest.fixture
def customer(agent: Agent) -> "Customer":
    return Customer(agent, next(_senders))


class Customer:
    def __init__(self, agent: Agent, sender: str) -> None:
        self.agent = agent
        self.sender = sender

    def say(self, text: str, **more: Any) -> list[str]:
        message = UserMessage(text, CollectingOutputChannel(), self.sender, **more)
        return [answer["text"] for answer in asyncio.run(self.agent.handle_message(message))]

    def tracker(self) -> DialogueStateTracker:
        return asyncio.run(self.agent.tracker_store.retrieve(self.sender))

    def slot(self, name: str) -> object:
        return self.tracker().get_slot(name)

    def lock(self, language: str) -> None:
        self.set("language_lock", language)

    def set(self, slot: str, value: str) -> None:
        tracker = self.tracker()
        tracker.update(SlotSet(slot, value))
        asyncio.run(self.agent.tracker_store.save(tracker))


def test_agents_use_our_processor(agent: Agent):
    assert type(agent.processor) is FrontdeskProcessor


def test_messages_are_read_beside_the_event_loop(customer: Customer, monkeypatch: pytest.MonkeyPatch):
    runner, threads = customer.agent.processor.graph_runner, []
    run = runner.run

    def noted(inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        threads.append(threading.current_thread().name)
        return run(inputs, targets)

    monkeypatch.setattr(runner, "run", noted)
    assert customer.say("goodbye") == ["Goodbye."]
    assert threads[0].startswith("reader")
    assert set(threads[1:]) == {threading.main_thread().name}  # predictions


def test_the_language_follows_the_messages(customer: Customer):
    assert customer.say("再见") == ["再见。"]
    assert customer.slot("language") == "zh"
    assert customer.say("goodbye") == ["Goodbye."]
    assert customer.slot("language") == "en"


def test_the_slot_event_stands_right_behind_the_message(customer: Customer):
    customer.say("再见")
    events = list(customer.tracker().events)
    position = next(index for index, event in enumerate(events) if isinstance(event, UserUttered))
    assert events[position + 1] == SlotSet("language", "zh")


@pytest.mark.parametrize("text", ["42", "?!", "👍"])
def test_a_message_without_letters_leaves_the_language(customer: Customer, text: str):
    customer.say("再见")
    customer.say(text)
    assert customer.slot("language") == "zh"


def test_the_same_language_makes_no_event(customer: Customer):
    for _ in range(3):
        customer.say("goodbye")
    assert [event.value for event in customer.tracker().events if isinstance(event, SlotSet)] == ["en"]


def test_a_lock_holds_until_a_message_in_that_language(customer: Customer):
    customer.say("goodbye")
    customer.lock("zh")
    assert customer.say("goodbye") == ["再见。"]
    assert (customer.slot("language"), customer.slot("language_lock")) == ("zh", "zh")
    customer.say("42")
    assert (customer.slot("language"), customer.slot("language_lock")) == ("zh", "zh")
    customer.say("再见")
    assert (customer.slot("language"), customer.slot("language_lock")) == ("zh", None)
    assert customer.say("goodbye") == ["Goodbye."]


def test_the_second_request_of_a_message_follows_the_first(customer: Customer):
    assert customer.say("goodbye and also hello") == ["Goodbye.", "Hello, shall I tell you about today's menu?"]
    said = [event for event in customer.tracker().events if isinstance(event, UserUttered)]
    assert [event.text for event in said] == ["goodbye and also hello", "hello"]
    assert [bool(event.metadata.get("second_request")) for event in said] == [False, True]
    assert said[1].message_id == f"{said[0].message_id}/2"


def test_a_part_that_is_taken_up_is_not_parted_again(customer: Customer):
    customer.say("goodbye and also hello", metadata={"second_request": True})
    assert len([event for event in customer.tracker().events if isinstance(event, UserUttered)]) == 1


def test_a_run_of_negative_messages_is_told_to_the_rules_once(customer: Customer):
    assert customer.say("goodbye, awful bot") == ["Goodbye."]
    assert customer.say("awful, goodbye") == ["Goodbye.", "I am sorry."]
    assert customer.slot("mood") == "negative"
    assert customer.say("goodbye, awful bot") == ["Goodbye."]
    assert customer.say("goodbye") == ["Goodbye."]  # what the bot brought up itself does not stand in the way
    said = [event for event in customer.tracker().events if isinstance(event, UserUttered)]
    assert [event.text for event in said if event.metadata.get("second_request")] == ["/upset"]


def test_a_person_who_has_just_been_offered_is_not_offered_again(customer: Customer):
    customer.say("goodbye, awful bot")
    customer.set("offer", "person")
    assert customer.say("goodbye, awful bot") == ["Goodbye."]
    assert customer.slot("mood") == "negative"


def test_a_form_is_not_interrupted(customer: Customer):
    customer.say("book a table")
    assert customer.say("Bristol, awful bot") == ["For how many?"]
    assert customer.say("awful, just me") == ["A table in Bristol for awful, just me.", "I am sorry."]


def test_nobody_types_what_the_bot_brings_up(customer: Customer):
    customer.say("/upset")
    (said,) = [event for event in customer.tracker().events if isinstance(event, UserUttered)]
    assert said.intent["name"] != "upset"


def test_a_bot_without_the_slots_is_left_alone():
    tracker = DialogueStateTracker.from_events("nobody", [UserUttered("hi", parse_data={"language": "en"})], slots=[])
    assert _language_events(tracker) == []


def test_a_bot_without_the_lock_has_the_language():
    domain = Domain.from_yaml('{version: "3.1", slots: {language: {type: text, mappings: [{type: custom}]}}}')
    event = UserUttered("hi", parse_data={"language": "en"})
    tracker = DialogueStateTracker.from_events("nobody", [event], slots=domain.slots)
    assert _language_events(tracker) == [SlotSet("language", "en")]


def test_the_language_of_the_page_counts_before_the_first_words(customer: Customer):
    customer.say("42", metadata={"language": "zh"})
    assert customer.slot("language") == "zh"
    customer.say("goodbye", metadata={"language": "zh"})
    assert customer.slot("language") == "en"
    customer.say("42", metadata={"language": "zh"})
    assert customer.slot("language") == "en"


def test_a_button_hands_over_its_intent(customer: Customer):
    button = {"intent": {"name": "inform", "confidence": 1.0}, "entities": [{"entity": "city", "value": "Bristol"}]}
    assert customer.say("book a table") == ["In which city?"]
    assert customer.say("Bristol", parse_data={"text": "Bristol", **button}) == ["For how many?"]
    assert customer.slot("city") == "Bristol"
    assert customer.slot("language") == "en"


def test_a_payload_that_the_bot_offered_is_read(customer: Customer):
    customer.say("再见")
    customer.say("book a table", parse_data={"text": "", "intent": {"name": "book_table"}, "entities": []})
    assert customer.say(OFFERED) == ["For how many?"]
    assert customer.slot("city") == "Bristol"
    assert customer.slot("language") == "zh"


@pytest.mark.parametrize("text", [OFFERED.replace("Bristol", "Atlantis"), OFFERED + " ?", "/goodbye", "/restart"])
def test_another_payload_is_plain_text(customer: Customer, text: str):
    customer.say("book a table")
    customer.say(text)
    _assert_plain_text(customer.tracker())


def test_a_payload_is_plain_text_before_it_is_offered(customer: Customer):
    customer.say(OFFERED)
    _assert_plain_text(customer.tracker())


def test_a_payload_offered_to_another_customer_is_plain_text(agent: Agent, customer: Customer):
    Customer(agent, next(_senders)).say("book a table")
    customer.say("book a table", parse_data={"text": "", "intent": {"name": "greet"}, "entities": []})
    customer.say(OFFERED)
    _assert_plain_text(customer.tracker())


def test_a_developer_types_any_payload(customer: Customer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(FrontdeskProcessor, "trusts_payloads", True)
    customer.say("book a table")
    customer.say(OFFERED.replace("Bristol", "Atlantis"))
    assert customer.slot("city") == "Atlantis"


def _assert_plain_text(tracker: DialogueStateTracker) -> None:
    message = next(event for event in reversed(tracker.events) if isinstance(event, UserUttered))
    assert message.text.startswith("/")
    assert message.intent["confidence"] < 1
    assert not [entity for entity in message.entities if entity["extractor"] == "RegexMessageHandler"]


def test_a_payload_counts_in_our_channel_when_it_was_pressed_alone(customer: Customer):
    customer.say("book a table")
    with handling(Turn(customer.sender, "m-000001")):
        customer.say(OFFERED)
    with handling(Turn(customer.sender, "m-000002", pressed=True)):
        customer.say('/inform{"city": "Atlantis"}')
    told = [e for e in customer.tracker().events if isinstance(e, UserUttered)]
    assert [e.intent["confidence"] == 1 for e in told] == [False, False, True]
    assert customer.slot("city") == "Atlantis"


def test_a_new_session_leaves_the_conversation_with_the_person_who_has_it(customer: Customer, monkeypatch):
    assert customer.say("goodbye") == ["Goodbye."]
    tracker = customer.tracker()
    tracker.update(ConversationPaused())
    asyncio.run(customer.agent.tracker_store.save(tracker))
    assert customer.say("goodbye") == []
    monkeypatch.setattr(customer.agent.processor, "_has_session_expired", lambda tracker: True)
    assert customer.say("goodbye") == []
    told = asyncio.run(customer.agent.tracker_store.retrieve_full_tracker(customer.sender)).events
    assert sum(isinstance(e, SessionStarted) for e in told) == 2
    monkeypatch.undo()
    tracker = customer.tracker()
    tracker.update(ConversationResumed())
    asyncio.run(customer.agent.tracker_store.save(tracker))
    assert customer.say("goodbye") == ["Goodbye."]


def test_a_request_that_waits_is_taken_up_when_the_form_ends(customer: Customer):
    customer.say("book a table")
    customer.set("pending_request", "goodbye")
    assert customer.say("Bristol") == ["For how many?"]
    assert customer.slot("pending_request") == "goodbye"
    assert customer.say("four") == ["A table in Bristol for four.", "Goodbye."]
    assert customer.slot("pending_request") is None
    assert customer.say("goodbye") == ["Goodbye."]


def test_a_form_goes_on_in_a_new_session(customer: Customer, agent: Agent, monkeypatch: pytest.MonkeyPatch):
    customer.say("book a table")
    with monkeypatch.context() as patch:
        patch.setattr(agent.processor, "_has_session_expired", lambda tracker: True)
        assert customer.say("Bristol") == ["For how many?"]
    assert customer.say("four") == ["A table in Bristol for four."]
    assert customer.tracker().active_loop_name is None
