import asyncio
from functools import partial

import pytest
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.graph_runner import OrderedGraphRunner


@pytest.fixture(scope="module")
def processor(bot_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(bot_folder)  # a component of the small bot's own
        return asyncio.run(load_agent(str(bot_folder / "models"))).processor


def read_and_predict(processor, text):
    """What the processor makes of a message: its parse data and the next action."""
    parsed = asyncio.run(processor.parse_message(UserMessage(text)))
    said = UserUttered(text, parsed["intent"], parsed["entities"], parsed)
    events = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen"), said]
    tracker = DialogueStateTracker.from_events("c", events, processor.domain.slots)
    prediction = processor._predict_next_with_tracker(tracker)
    return {k: v for k, v in parsed.items() if k != "message_id"}, prediction.probabilities, prediction.policy_name


@pytest.mark.parametrize("text", ["hello", "bye", "something else altogether"])
def test_a_model_answers_as_with_rasa_s_own_runner(processor, text, monkeypatch):
    runner = processor.graph_runner
    assert isinstance(runner, OrderedGraphRunner)
    ours = read_and_predict(processor, text)
    monkeypatch.setattr(runner, "run", partial(DaskGraphRunner.run, runner))
    assert ours == read_and_predict(processor, text)


def test_a_missing_input_is_named_as_before(processor):
    targets = [processor.model_metadata.nlu_target]
    with pytest.raises(GraphRunError, match="Missing input to run node") as ours:
        processor.graph_runner.run(targets=targets)
    with pytest.raises(GraphRunError) as theirs:
        DaskGraphRunner.run(processor.graph_runner, targets=targets)
    assert str(ours.value) == str(theirs.value)
