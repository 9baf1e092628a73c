"""Text that starts with `/` is plain text, unless it is a payload that the bot itself offered.

Stock rasa reads `/intent{"slot": "value"}` from any channel, so a customer could choose intent, confidence and slots.
Here such a message counts only when it equals, to the letter, the payload of a button in the same conversation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

LOOK_BACK = 400  # events; a button further up has scrolled away
_process = RegexMessageHandler.process
_reads_payloads: ContextVar[bool] = ContextVar("reads_payloads", default=True)


def mend() -> None:
    """Make the handler of `/intent` messages obey `payloads_read`."""
    RegexMessageHandler.process = _process_if_read


@contextmanager
def payloads_read(allowed: bool) -> Iterator[None]:
    """Within the block, whether a message that looks like a payload is one."""
    token = _reads_payloads.set(allowed)
    try:
        yield
    finally:
        _reads_payloads.reset(token)


def is_payload(text: str | None) -> bool:
    """Whether `text` has the form of a payload."""
    return bool(text) and str(text).startswith("/")


def was_offered(payload: str | None, tracker: DialogueStateTracker | None) -> bool:
    """Whether the bot has offered `payload` in this conversation."""
    if tracker is None or not is_payload(payload):
        return False
    recent = list(tracker.events)[-LOOK_BACK:]
    return any(payload in _offered(e.data or {}) for e in reversed(recent) if isinstance(e, BotUttered))


def _offered(data: dict[str, Any]) -> list[str]:
    """The payloads of one bot message: its buttons, and the thumbs of an answer (actions/answer.py)."""
    buttons = [str(button.get("payload")) for button in data.get("buttons") or []]
    votes = ((data.get("custom") or {}).get("frontdesk") or {}).get("votes") or {}
    return [*buttons, *votes.values()]


# `wraps` keeps the stock annotations: rasa checks those of every component before it trains.
@wraps(RegexMessageHandler.process)
def _process_if_read(self: RegexMessageHandler, messages: list[Message], domain: Any = None) -> list[Message]:
    return _process(self, messages, domain) if _reads_payloads.get() else messages
