"""The message processor: keeps the customer's language, and takes no payload that the bot did not offer.

Rasa's conditional responses choose by slot, and no slot mapping reads what a graph component says of a message.
So the `language` of the parsed message (bot/components/language.py) becomes a slot event right behind the message.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

import rasa.core.agent
from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import ActiveLoop, ConversationPaused, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.action_call import READ_ALL, with_whole_conversation
from bot.engine.mood import MOOD_SLOT, UPSET, mood_events
from bot.engine.plain_text import is_payload, payloads_read, was_offered
from bot.stores.turn import Turn, current_turn

LANGUAGE_SLOT = "language"
LANGUAGE_LOCK_SLOT = "language_lock"
PENDING_SLOT = "pending_request"
OFFER_SLOT = "offer"
# One message is read at a time, while the event loop goes on with the other customers: encoders run without the
# interpreter's lock. One thread, because components need not bear more.
_READER = ThreadPoolExecutor(1, thread_name_prefix="reader")
SECOND = "second_request"  # in the metadata of a part of a message that was said before


class OwnMessage(UserMessage):
    """A payload that the bot itself brings up."""


class FrontdeskProcessor(MessageProcessor):
    """Rasa's processor with these mends."""

    trusts_payloads = False  # true for a developer's commands, which type `/intent`

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Rasa's parsing, where `/intent` is plain text unless the bot offered exactly that."""
        turn = current_turn(message.sender_id)
        # Our own channels look buttons up themselves; over rasa's, a payload is a button's text.
        pressed = turn.pressed if isinstance(turn, Turn) else was_offered(message.text, tracker)
        allowed = self.trusts_payloads or pressed or isinstance(message, OwnMessage)
        with payloads_read(allowed):
            parsed = await self._read(message, tracker, only_output_properties)
        if allowed and is_payload(message.text):
            parsed["language"] = None  # a pressed button says nothing about the customer's language
            return parsed
        requests = parsed.get("requests")
        if not requests or (message.metadata or {}).get(SECOND):
            return parsed
        with payloads_read(False):
            first = UserMessage(requests[0]["text"], sender_id=message.sender_id, metadata=message.metadata)
            parsed = await self._read(first, tracker, only_output_properties)
        said = {"request": requests[0]["text"], "second_request": requests[1]["text"]}
        return {**parsed, "requests": requests, **said}

    async def _read(
        self, message: UserMessage, tracker: DialogueStateTracker | None, only_output_properties: bool
    ) -> dict[str, Any]:
        """Rasa's parsing, its graph in a thread."""
        if self.http_interpreter:
            return dict(await super().parse_message(message, tracker, only_output_properties))
        if tracker is None:
            tracker = DialogueStateTracker.from_events(message.sender_id, [])
        read = partial(self._parse_message_with_graph, message, tracker, only_output_properties)
        # The context says whether a payload is read as one.
        loop, context = asyncio.get_running_loop(), copy_context()
        parsed: dict[str, Any] = await loop.run_in_executor(_READER, context.run, read)
        self._update_full_retrieval_intent(parsed)
        self._check_for_unseen_features(parsed)
        return parsed

    async def _run_prediction_loop(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        """As rasa's; the second request of a message is taken up when the first one is done with."""
        await super()._run_prediction_loop(output_channel, tracker)
        await self._take_up_second(output_channel, tracker)
        await self._soothe(output_channel, tracker)

    async def _take_up_second(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        latest = tracker.latest_message
        if latest is None or tracker.active_loop_name or tracker.is_paused():
            return
        # The form of a task keeps it for when the task is done with.
        second = tracker.slots[PENDING_SLOT].value if PENDING_SLOT in tracker.slots else None
        second = second or (latest.parse_data or {}).get("second_request")
        if not second:
            return
        if PENDING_SLOT in tracker.slots:
            tracker.update(SlotSet(PENDING_SLOT, None), self.domain)
        metadata = {**(latest.metadata or {}), SECOND: True}
        channel, name = latest.input_channel, f"{latest.message_id}/2"
        said = UserMessage(second, output_channel, tracker.sender_id, input_channel=channel, message_id=name)
        said.metadata = metadata
        await self._follow_up(said, tracker)

    async def _soothe(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        """A run of negative messages is told to the rules, once, when what was asked has been answered.

        Not in the middle of a form, and not where a person has just been offered or has the conversation.
        """
        latest = tracker.latest_message
        if latest is None or tracker.active_loop_name or tracker.is_paused() or UPSET not in self.domain.intents:
            return
        events = mood_events(tracker)
        tracker.update_with_events(events, self.domain)
        if not events or events[0].value is None or OFFER_SLOT not in tracker.slots or tracker.get_slot(OFFER_SLOT):
            return
        channel, name = latest.input_channel, f"{latest.message_id}/{MOOD_SLOT}"
        said = OwnMessage(f"/{UPSET}", output_channel, tracker.sender_id, input_channel=channel, message_id=name)
        said.metadata = {**(latest.metadata or {}), SECOND: True}
        await self._follow_up(said, tracker)

    async def _follow_up(self, said: UserMessage, tracker: DialogueStateTracker) -> None:
        await self._handle_message_with_tracker(said, tracker)
        await self.run_action_extract_slots(said.output_channel, tracker)
        await super()._run_prediction_loop(said.output_channel, tracker)

    async def _run_action(self, action: Action, tracker: DialogueStateTracker, *arguments: Any, **more: Any) -> bool:
        """As rasa's; an action that reads all of a long conversation gets it from the store."""
        whole = getattr(self.tracker_store, "whole", None)
        events = await whole(tracker) if whole and action.name() in READ_ALL else None
        with with_whole_conversation(events):
            return bool(await super()._run_action(action, tracker, *arguments, **more))

    async def _update_tracker_session(self, tracker: DialogueStateTracker, *arguments: Any, **more: Any) -> None:
        """As rasa's; a new session keeps the form that is open, and the person who has the conversation."""
        loop, paused = tracker.active_loop_name, tracker.is_paused()
        await super()._update_tracker_session(tracker, *arguments, **more)
        if loop and tracker.active_loop_name is None:
            tracker.update(ActiveLoop(loop), self.domain)
        if paused and not tracker.is_paused():
            tracker.update(ConversationPaused(), self.domain)

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        await super()._handle_message_with_tracker(message, tracker)
        tracker.update_with_events(_language_events(tracker, (message.metadata or {}).get("language")), self.domain)


def _language_events(tracker: DialogueStateTracker, page_language: str | None = None) -> list[Any]:
    """What the latest message changes: a message without letters (`ok`, `42`) leaves the language as it was.

    A customer who asked for a language keeps it (`language_lock`) until a message comes in that language. Before
    anything else tells, the language of the page counts.
    """
    if LANGUAGE_SLOT not in tracker.slots or not isinstance(tracker.latest_message, UserUttered):
        return []
    spoken = (tracker.latest_message.parse_data or {}).get("language")
    lock = tracker.get_slot(LANGUAGE_LOCK_SLOT) if LANGUAGE_LOCK_SLOT in tracker.slots else None
    events = []
    if spoken and lock == spoken:
        events.append(SlotSet(LANGUAGE_LOCK_SLOT, None))
    language = lock or spoken or tracker.get_slot(LANGUAGE_SLOT) or page_language
    if language != tracker.get_slot(LANGUAGE_SLOT):
        events.append(SlotSet(LANGUAGE_SLOT, language))
    return events


def mend(*, trusts_payloads: bool) -> None:
    """Make agents build this processor."""
    FrontdeskProcessor.trusts_payloads = trusts_payloads
    rasa.core.agent.MessageProcessor = FrontdeskProcessor
