import ast
import logging
from pathlib import Path

import pytest
from rasa.core.policies.policy import Policy

from bot.engine import quiet_debug

STATES = [{}, {"user": {"intent": "greet"}, "prev_action": {"action_name": "utter_greet"}}]


@pytest.fixture(params=[logging.DEBUG, logging.INFO])
def level(request):
    before = quiet_debug.logger.level
    quiet_debug.logger.setLevel(request.param)
    yield request.param
    quiet_debug.logger.setLevel(before)


@pytest.mark.parametrize("module", quiet_debug.MODULES)
def test_copies_are_made_for_those_who_read_them(module, level: int):
    copied = module.copy.deepcopy(STATES)
    assert copied == STATES
    assert (copied is not STATES) is (level == logging.DEBUG)


def test_states_are_written_out_for_those_who_read_them(level: int):
    expected = quiet_debug._stock_format(STATES) if level == logging.DEBUG else ""
    assert Policy.format_tracker_states(STATES) == expected


def test_these_modules_copy_for_nothing_else():
    for module in quiet_debug.MODULES:
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        debugging = [call for call in calls if ast.unparse(call.func) == "structlogger.debug"]
        copied = [call for call in calls if ast.unparse(call.func) == "copy.deepcopy"]
        inside = [node for call in debugging for node in ast.walk(call)]
        assert copied
        assert all(call in inside for call in copied)
        assert not [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and ast.unparse(n) == "copy.copy"]
