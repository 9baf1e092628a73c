"""Conversations as rasa sends them to the action server, and actions run as the server runs them."""

from typing import Any

from rasa_sdk.executor import ActionExecutor

SLOTS = {"language": None, "language_lock": None, "offer": None, "last_question": None}


def said(text: str, **more: Any) -> dict[str, Any]:
    """The customer's event."""
    return {"event": "user", "text": text, "timestamp": 1.5, "metadata": {}, **more}


def replied(text: str | None, **data: Any) -> dict[str, Any]:
    """The bot's event."""
    return {"event": "bot", "text": text, "timestamp": 2.5, "data": data}


def did(name: str) -> dict[str, Any]:
    """The event of an action."""
    return {"event": "action", "name": name, "timestamp": 2.0}


def call_of(name: str, *events: dict[str, Any], slots: dict[str, Any] | None = None, **entities: str) -> dict[str, Any]:
    """The call of action `name` in a conversation of `events`, the customer's last one being answered."""
    last = next((event for event in reversed(events) if event["event"] == "user"), said(""))
    found = [{"entity": key, "value": value} for key, value in entities.items()]
    latest = {
        "text": last["text"],
        "metadata": last["metadata"],
        "message_id": last.get("message_id"),
        "entities": found,
        **{key: last[key] for key in ("candidates", "request", "found", "intent", "second_request") if key in last},
    }
    tracker = {
        "sender_id": "web-1",
        "slots": {**SLOTS, **(slots or {})},
        "latest_message": latest,
        "events": list(events),
        "paused": False,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": name, "sender_id": "web-1", "tracker": tracker, "domain": {}}


async def act(action: Any, *events: dict[str, Any], **more: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What `action` utters, and the slots it sets."""
    executor = ActionExecutor()
    executor.register_action(action)
    result = await executor.run(call_of(action().name(), *events, **more))
    slots = {event["name"]: event["value"] for event in result.events if event["event"] == "slot"}
    assert len(slots) == len(result.events)
    return result.responses, slots
