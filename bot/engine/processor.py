"""The message processor that remembers the customer's language.

Rasa's conditional responses choose by slot, and no slot mapping reads what a graph component says of a message.
So the `language` of the parsed message (bot/components/language.py) becomes a slot event right behind the message.
"""

from typing import Any

import rasa.core.agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

LANGUAGE_SLOT = "language"
LANGUAGE_LOCK_SLOT = "language_lock"


class FrontdeskProcessor(MessageProcessor):
    """Rasa's processor, which also keeps the slots `language` and `language_lock` up to date."""

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        await super()._handle_message_with_tracker(message, tracker)
        tracker.update_with_events(_language_events(tracker), self.domain)


def _language_events(tracker: DialogueStateTracker) -> list[Any]:
    """What the latest message changes: a message without letters (`ok`, `42`) leaves the language as it was.

    A customer who asked for a language keeps it (`language_lock`) until a message comes in that language.
    """
    if LANGUAGE_SLOT not in tracker.slots or not isinstance(tracker.latest_message, UserUttered):
        return []
    spoken = (tracker.latest_message.parse_data or {}).get("language")
    lock = tracker.get_slot(LANGUAGE_LOCK_SLOT) if LANGUAGE_LOCK_SLOT in tracker.slots else None
    events = []
    if spoken and lock == spoken:
        events.append(SlotSet(LANGUAGE_LOCK_SLOT, None))
    language = lock or spoken or tracker.get_slot(LANGUAGE_SLOT)
    if language != tracker.get_slot(LANGUAGE_SLOT):
        events.append(SlotSet(LANGUAGE_SLOT, language))
    return events


def mend() -> None:
    """Make agents build this processor."""
    rasa.core.agent.MessageProcessor = FrontdeskProcessor
