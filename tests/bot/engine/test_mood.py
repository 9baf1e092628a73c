"""A run of negative messages becomes the slot `mood`, and the rules hear of it once."""

import pytest
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.mood import level, mood_events


def said(name="negative", confidence=0.95, **metadata):
    parsed = {"language": "en", "sentiment": {"name": name, "confidence": confidence}}
    return UserUttered("text", parse_data=parsed, metadata=metadata)


def tracker(*messages, mood=None):
    slots = [TextSlot("mood", [], influence_conversation=False)]
    made = DialogueStateTracker.from_events("customer", list(messages), slots=slots)
    if mood:
        made.update(SlotSet("mood", mood))
    return made


CALM, UNSURE = said("neutral"), said(confidence=0.6)
BUTTON = UserUttered("/human", parse_data={"language": None})


@pytest.mark.parametrize(
    "messages",
    [
        [said(), said()],
        [CALM, said(), BUTTON, said()],
        [said(), said(), CALM, said()],
        [said(), said(second_request=True), said()],
    ],
)
def test_a_run_sets_the_slot(messages):
    assert [(event.key, event.value) for event in mood_events(tracker(*messages))] == [("mood", "negative")]


@pytest.mark.parametrize("messages", [[], [said()], [said(), CALM, said()], [said(), UNSURE], [BUTTON, BUTTON]])
def test_a_single_message_is_no_run(messages):
    assert mood_events(tracker(*messages)) == []


def test_it_is_set_once_and_passes():
    assert mood_events(tracker(said(), said(), said(), mood="negative")) == []
    calm = tracker(said(), said(), CALM, CALM, CALM, CALM, mood="negative")
    assert [event.value for event in mood_events(calm)] == [None]


def test_a_bot_without_the_slot_or_a_model_is_left_alone():
    bare = DialogueStateTracker.from_events("customer", [said(), said()], slots=[])
    assert mood_events(bare) == []
    assert level(tracker(UserUttered("text", parse_data={"language": "en"}))) == 0
