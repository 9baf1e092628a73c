"""Debug messages that nobody reads are not prepared.

Stock rasa copies events and states deeply, and writes all states out as text, for debug messages whether or not debug
is on: several hundred microseconds a turn.
"""

from __future__ import annotations

import copy
import logging
from types import SimpleNamespace
from typing import Any

import rasa.core.policies.memoization
import rasa.core.policies.rule_policy
import rasa.core.processor
from rasa.core.policies.policy import Policy

# Everything that these modules copy goes into a debug message.
MODULES = (rasa.core.processor, rasa.core.policies.rule_policy, rasa.core.policies.memoization)
logger = logging.getLogger("rasa.core")
_stock_format = Policy.format_tracker_states


def mend() -> None:
    """Make these modules copy and write out for debug messages only when debug is on."""
    for module in MODULES:
        module.copy = SimpleNamespace(deepcopy=_copied_for_debug)
    Policy.format_tracker_states = staticmethod(_format_for_debug)


def _copied_for_debug(value: Any) -> Any:
    return copy.deepcopy(value) if logger.isEnabledFor(logging.DEBUG) else value


def _format_for_debug(states: list[dict[str, Any]]) -> str:
    return str(_stock_format(states)) if logger.isEnabledFor(logging.DEBUG) else ""
