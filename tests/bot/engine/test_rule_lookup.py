"""RulePolicy's predictions beside those of its own lookup, in the small bot's model."""

import asyncio
import itertools

import pytest
from rasa.core.agent import load_agent
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    DefinePrevUserUtteredFeaturization,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import rule_lookup

START = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
INTENTS = ["greet", "affirm", "deny", "goodbye", "book_table", "inform", "restart", "session_start", None]


@pytest.fixture(scope="module")
def processor(bot_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(bot_folder)
        return asyncio.run(load_agent(str(bot_folder / "models"))).processor


@pytest.fixture(scope="module")
def policy(processor) -> RulePolicy:
    nodes = processor.graph_runner._instantiated_nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, RulePolicy))


def turns(domain):
    """What may have happened before a prediction: said, said and answered, in a form, in a form that refused."""
    answers = ["utter_greet", "utter_goodbye", "utter_menu", "booking_form", "action_listen"]
    for first, second in itertools.product(INTENTS, repeat=2):
        said = UserUttered("first", {"name": first} if first else None)
        again = UserUttered("second", {"name": second} if second else None)
        yield [said]
        for answer in answers:
            answered = [said, DefinePrevUserUtteredFeaturization(False), ActionExecuted(answer)]
            yield answered
            yield [*answered, ActiveLoop("booking_form"), SlotSet("requested_slot", "city")]
            listened = [*answered, ActiveLoop("booking_form"), ActionExecuted("action_listen"), again]
            yield listened
            yield [*listened, ActionExecutionRejected("booking_form")]
            yield [*answered, ActionExecuted("action_listen"), again]


def predictions(policy, domain):
    made = []
    for events in turns(domain):
        tracker = DialogueStateTracker.from_events("c", [*START, *events], domain.slots)
        prediction, source = policy._predict(tracker, domain)
        made.append((prediction.probabilities, source, prediction.hide_rule_turn, prediction.events))
    return made


def test_every_prediction_is_as_with_rasa_s_own_lookup(processor, policy, monkeypatch):
    ours = predictions(policy, processor.domain)
    monkeypatch.setattr(RulePolicy, "_find_action_from_rules", rule_lookup._stock_find)
    monkeypatch.setattr(RulePolicy, "_get_possible_keys", rule_lookup._stock_keys)
    assert ours == predictions(policy, processor.domain)
    assert len({str(prediction) for prediction in ours}) > 10


def test_only_rules_behind_the_same_action_are_compared(processor, policy, monkeypatch):
    compared = []
    stock = RulePolicy._is_rule_applicable
    monkeypatch.setattr(RulePolicy, "_is_rule_applicable", lambda *a: compared.append(a) or stock(*a))
    said = UserUttered("hello", {"name": "greet"})
    tracker = DialogueStateTracker.from_events("c", [*START, *([said, *START[-1:]] * 30), said], processor.domain.slots)
    policy._predict(tracker, processor.domain)
    ours = len(compared)
    monkeypatch.setattr(RulePolicy, "_get_possible_keys", rule_lookup._stock_keys)
    policy._predict(tracker, processor.domain)
    assert ours < (len(compared) - ours) / 2
