"""Trackers and states as rasa itself makes them, over conversations that are put together by chance."""

import random

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.engine import history

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet, ask]
entities: [city]
slots:
  city: {type: text, mappings: [{type: custom}]}
  offer: {type: categorical, values: [person], mappings: [{type: custom}]}
  note: {type: text, influence_conversation: false, mappings: [{type: custom}]}
actions: [action_answer]
responses: {utter_greet: [{text: Hello}], utter_more: [{text: More}]}
forms: {booking_form: {required_slots: [city]}}
"""
)
RULE_ONLY = {"rule_only_slots": ["city"], "rule_only_loops": ["booking_form"]}
WAYS = [{}, {"ignore_rule_only_turns": True}, {"ignore_rule_only_turns": True, "rule_only_data": RULE_ONLY}]
STATE = ("sender_id", "slots", "latest_message", "followup_action", "paused", "active_loop", "latest_action", "events")


def turn(chance: random.Random, rare: bool) -> list:
    """Events of one turn as a processor logs them; with `rare`, those that take others back too."""
    intent = chance.choice(["greet", "ask"])
    entities = [{"entity": "city", "value": "Bristol"}] if chance.random() < 0.4 else []
    events = [UserUttered("hi", {"name": intent}, entities)]
    for _ in range(chance.randrange(3)):
        if chance.random() < 0.8:
            events.append(DefinePrevUserUtteredFeaturization(chance.random() < 0.2))
        name = chance.choice(["action_answer", "utter_greet", "utter_more", "booking_form"])
        events.append(ActionExecuted(name, hide_rule_turn=chance.random() < 0.4))
        slot = SlotSet(chance.choice(["city", "offer", "note"]), chance.choice(["person", None]))
        events += chance.sample([BotUttered("Hello"), slot, FollowupAction("utter_more")], chance.randrange(4))
    if chance.random() < 0.15:
        events.append(chance.choice([AllSlotsReset(), ConversationPaused(), Restarted(), SessionStarted()]))
    if rare and chance.random() < 0.4:
        back = [ActionReverted(), UserUtteranceReverted(), ActiveLoop("booking_form"), ActiveLoop(None)]
        events.append(chance.choice([*back, EntitiesAdded([{"entity": "city", "value": "London"}])]))
    return [*events, ActionExecuted("action_listen", hide_rule_turn=chance.random() < 0.3)]


def turn_of_form(chance: random.Random, active: bool) -> tuple[list, bool]:
    """Events of one turn with a form, which begins, goes on, is left for another action, or ends."""
    events: list = [UserUttered("hi", {"name": chance.choice(["greet", "ask"])})]
    if chance.random() < 0.25:
        if active and chance.random() < 0.7:
            events.append(ActionExecutionRejected("booking_form"))
        events += [DefinePrevUserUtteredFeaturization(False), ActionExecuted("action_answer"), BotUttered("x")]
        events += [ActionExecuted("action_listen")] if chance.random() < 0.5 else []
    events += [DefinePrevUserUtteredFeaturization(False), ActionExecuted("booking_form", hide_rule_turn=True)]
    if not active:
        events += [ActiveLoop("booking_form"), SlotSet("requested_slot", "city")]
    events += chance.sample([SlotSet("city", "Bristol"), BotUttered("Which city?"), SlotSet("offer", "person")], 2)
    if active and chance.random() < 0.3:
        return [*events, ActiveLoop(None), SlotSet("requested_slot", None), ActionExecuted("action_listen")], False
    return [*events, ActionExecuted("action_listen", hide_rule_turn=chance.random() < 0.5)], True


@pytest.mark.parametrize("seed", range(60))
def test_forms_come_to_what_rasa_s_own_replay_comes_to(seed: int):
    chance = random.Random(seed)
    tracker = DialogueStateTracker("c", DOMAIN.slots)
    tracker.update(ActionExecuted("action_listen"))
    active = False
    for _ in range(8):
        form = active or chance.random() < 0.6
        events, active = turn_of_form(chance, active) if form else (turn(chance, rare=False), False)
        for event in events:
            tracker.update(event, DOMAIN)
            if chance.random() < 0.5:
                assert list(map(id, tracker.applied_events())) == list(map(id, history._stock_applied(tracker)))
            for way in WAYS:
                if chance.random() < 0.5:
                    assert DOMAIN.states_for_tracker_history(tracker, **way) == history._stock_states(
                        DOMAIN, tracker, **way
                    )


def test_a_turn_of_a_form_reads_its_own_events_only(monkeypatch: pytest.MonkeyPatch):
    tracker = conversation(30)
    answer = [UserUttered("Bristol", {"name": "ask"}), ActionExecuted("booking_form"), ActionExecuted("action_listen")]
    begin = [answer[0], answer[1], ActiveLoop("booking_form"), SlotSet("requested_slot", "city"), answer[2]]
    for event in begin:
        tracker.update(event, DOMAIN)
    DOMAIN.states_for_tracker_history(tracker)
    asked = []
    monkeypatch.setattr(DOMAIN, "get_active_state", lambda t: asked.append(t) or {})
    for event in answer * 3:
        tracker.update(event, DOMAIN)
        DOMAIN.states_for_tracker_history(tracker)
    assert len(asked) <= len(answer) * 3 * 2


def state_of(tracker: DialogueStateTracker) -> dict:
    state = tracker.current_state(EventVerbosity.ALL)
    state["paused"] = tracker.is_paused()
    return {key: state.get(key) for key in STATE} | {"set": [s.has_been_set for s in tracker.slots.values()]}


@pytest.mark.parametrize("rare", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_it_comes_to_what_rasa_s_own_replay_comes_to(seed: int, rare: bool):
    chance = random.Random(seed)
    tracker = DialogueStateTracker("c", DOMAIN.slots)
    for event in [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]:
        tracker.update(event)
    for _ in range(6):
        for event in turn(chance, rare):
            tracker.update(event, DOMAIN)
            if chance.random() < 0.5:
                assert state_of(tracker.copy()) == state_of(history._stock_copy(tracker))
                assert list(map(id, tracker.applied_events())) == list(map(id, history._stock_applied(tracker)))
            for way in WAYS:
                if chance.random() < 0.5:
                    assert DOMAIN.states_for_tracker_history(tracker, **way) == history._stock_states(
                        DOMAIN, tracker, **way
                    )


def conversation(turns: int) -> DialogueStateTracker:
    chance = random.Random(turns)
    events = [event for _ in range(turns) for event in turn(chance, rare=False)]
    return DialogueStateTracker.from_events("c", events, DOMAIN.slots)


def test_a_policy_may_write_into_its_states():
    tracker = conversation(4)
    for state in DOMAIN.states_for_tracker_history(tracker):
        state.get("user", {}).clear()
    assert DOMAIN.states_for_tracker_history(tracker) == history._stock_states(DOMAIN, tracker)


def test_a_copy_is_a_tracker_of_its_own():
    tracker = conversation(4)
    tracker.update(SlotSet("city", "Bristol"))
    copied = tracker.copy()
    copied.update(SlotSet("city", "London"))
    copied.update(ActiveLoop("booking_form"))
    assert (tracker.get_slot("city"), tracker.active_loop) == ("Bristol", None)
    assert tracker.copy().get_slot("city") == "Bristol"
    assert len(copied.events) == len(tracker.events) + 2


def test_events_that_are_gone_are_forgotten():
    tracker = conversation(6)
    tracker.copy(), DOMAIN.states_for_tracker_history(tracker)
    for _ in range(5):
        tracker.events.pop()
    assert tracker.applied_events() == history._stock_applied(tracker)
    assert DOMAIN.states_for_tracker_history(tracker) == history._stock_states(DOMAIN, tracker)


def test_another_domain_is_asked_anew():
    tracker = conversation(6)
    DOMAIN.states_for_tracker_history(tracker)
    other = Domain.from_yaml(
        'version: "3.1"\nintents: [greet, ask: {use_entities: []}]\nentities: [city]\nactions: [action_answer]'
    )
    assert other.states_for_tracker_history(tracker) == history._stock_states(other, tracker)


def test_a_turn_reads_its_own_events_only(monkeypatch: pytest.MonkeyPatch):
    tracker = conversation(30)
    DOMAIN.states_for_tracker_history(tracker)
    asked = []
    monkeypatch.setattr(DOMAIN, "get_active_state", lambda t: asked.append(t) or {})
    tracker.update(UserUttered("hi", {"name": "greet"}), DOMAIN)
    for _ in range(3):
        DOMAIN.states_for_tracker_history(tracker)
    assert len(asked) == 1
