"""What an action reads from rasa's tracker."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from textkit.language import Language

Event = dict[str, Any]
# Names the step of the turn that is asked for; the same when the call, or the whole turn, is repeated.
idempotency_key: ContextVar[str | None] = ContextVar("idempotency_key", default=None)


def language_of(tracker: Tracker) -> Language:
    """The customer's language; English until a message tells."""
    return "zh" if tracker.get_slot("language") == "zh" else "en"


def latest_text(tracker: Tracker) -> str:
    """The customer's latest message as they saw it themselves; of two requests in it the one that is being handled."""
    return str(tracker.latest_message.get("request") or _shown(tracker.latest_message))


def entity(tracker: Tracker, name: str) -> str | None:
    """The value that a button sent along under `name`."""
    value = next(iter(tracker.get_latest_entity_values(name)), None)
    return value if isinstance(value, str) else None


def events_since_start(tracker: Tracker) -> list[Event]:
    """The events since the conversation was last started over."""
    events = tracker.events
    for position in range(len(events) - 1, -1, -1):
        if events[position].get("name") in ("action_start_over", "action_restart"):
            return list(events[position:])
    return list(events)


def transcript(tracker: Tracker) -> list[dict[str, Any]]:
    """The whole conversation as `{"from": "customer" or "bot", "text": ..., "at": seconds since 1970}`.

    What a person on our side said has `"from": "operator"` and their `name`.
    """
    lines = []
    for event in tracker.events:
        if event.get("event") == "user" and event.get("text") and not _is_second(event):
            lines.append({"from": "customer", "text": _shown(event), "at": event.get("timestamp")})
        elif event.get("event") == "bot" and event.get("text"):
            operator = operator_of(event)
            who = {"from": "operator", "name": operator} if operator else {"from": "bot"}
            lines.append({**who, "text": event["text"], "at": event.get("timestamp")})
    return lines


def bot_messages_to_last_question(tracker: Tracker) -> list[Event]:
    """The bot's messages in answer to the customer's last message but one."""
    turns: list[list[Event]] = [[]]
    for event in events_since_start(tracker):
        if event.get("event") == "user":
            turns.append([])
        elif event.get("event") == "bot" and not operator_of(event):
            turns[-1].append(event)
    return next((turn for turn in reversed(turns) if turn), [])


def custom_of(event: Event) -> dict[str, Any]:
    """What a bot message carries for the widget: `kind`, `answer_id`, `citations`, ..."""
    custom = (event.get("data") or {}).get("custom") or {}
    return dict(custom.get("frontdesk") or {})


def operator_of(event: Event) -> str | None:
    """The person on our side who wrote this message of "the bot", if one did (bot/channels/internal.py)."""
    name = (event.get("metadata") or {}).get("operator")
    return name if isinstance(name, str) and name else None


def offering(tracker: Tracker, offer: str | None, reason: str | None = None) -> list[Event]:
    """The slots of an offer: what a yes would accept, and the reason of the ticket if it is not the usual one."""
    changed = tracker.get_slot("offer_reason") != reason
    return [SlotSet("offer", offer), *([SlotSet("offer_reason", reason)] if changed else [])]


def _is_second(event: Event) -> bool:
    """Whether a part of a message is taken up that has been said before (bot/engine/processor.py)."""
    return bool((event.get("metadata") or {}).get("second_request"))


def _shown(event: Event) -> str:
    """A pressed button counts as its title, not as its payload."""
    return str((event.get("metadata") or {}).get("title") or event.get("text") or "")
