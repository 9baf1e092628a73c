"""Text that starts with `/` is plain text.

Stock rasa reads `/intent{"slot": "value"}` from any channel, so a customer could choose intent, confidence and slots.
Buttons do not need it: a channel hands over their intent as `UserMessage.parse_data`.
"""

from functools import wraps
from typing import Any

from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.nlu.training_data.message import Message


def mend() -> None:
    """Make the handler of `/intent` messages pass every message on unread."""
    RegexMessageHandler.process = _pass_on


# `wraps` keeps the stock annotations: rasa checks those of every component before it trains.
@wraps(RegexMessageHandler.process)
def _pass_on(self: RegexMessageHandler, messages: list[Message], domain: Any = None) -> list[Message]:
    return messages
