"""Chatwoot: conversations with their messages, or messages alone, as its API and webhooks give them.

A page of the API keeps them under `payload` or `data.payload`; an export is often one object per line or an array.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from finetune.chats.message import Message, Sender
from finetune.chats.reading import LeftOut, Options, Read, make_message
from finetune.chats.records import Problem, Record

INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)
TYPES = {"incoming": INCOMING, "outgoing": OUTGOING, "activity": ACTIVITY, "template": TEMPLATE}


def is_chatwoot(record: Record) -> bool:
    """Whether a record looks like a message, a conversation or a page of either."""
    parts = list(_parts(record.value))
    return any("message_type" in part or _is_conversation(part) for part in parts)


def read_chatwoot(file: Path, records: Iterable[Record | Problem], options: Options) -> Read:
    """What customers, agents and bots wrote; private notes, activities and forms are left out."""
    for record in records:
        if isinstance(record, Problem):
            yield record
            continue
        found = False
        for part in _parts(record.value):
            found = True
            messages = part["messages"] if _is_conversation(part) else [part]
            for number, message in enumerate(messages, 1):
                try:
                    yield _message(message, part, options)
                except ValueError as error:
                    yield Problem(file, record.line, f"message {number}: {error}")
        if not found:
            yield Problem(file, record.line, "neither a message nor a conversation")


def _parts(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The conversations or messages of a record, taken out of the API's wrapping."""
    data = value.get("data")
    payload = value.get("payload", data.get("payload") if isinstance(data, dict) else None)
    if isinstance(payload, dict):
        payload = payload.get("messages", payload.get("conversations"))
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, dict))
    else:
        yield value


def _is_conversation(part: dict[str, Any]) -> bool:
    messages = part.get("messages")
    return isinstance(messages, list) and all(isinstance(m, dict) and "message_type" in m for m in messages)


def _message(message: dict[str, Any], part: dict[str, Any], options: Options) -> Message | LeftOut:
    kind = message.get("message_type")
    kind = TYPES.get(kind, kind) if isinstance(kind, str) else kind
    if kind not in TYPES.values() or isinstance(kind, bool):
        raise ValueError("message_type is none of incoming (0), outgoing (1), activity (2) and template (3)")
    if kind in (ACTIVITY, TEMPLATE):
        return LeftOut("activity" if kind == ACTIVITY else "form or greeting of the channel")
    if message.get("private"):
        return LeftOut("internal note")
    within = message.get("conversation")
    name = message.get("conversation_id") or (within.get("id") if isinstance(within, dict) else None)
    if name is None and part is not message:
        name = part.get("id")
    if name is None:
        raise ValueError("its conversation is not named")
    sender = "customer" if kind == INCOMING else _sender(message)
    return make_message(f"chatwoot-{name}", message.get("created_at"), sender, message.get("content"), options)


def _sender(message: dict[str, Any]) -> Sender:
    by = message.get("sender")
    kind = message.get("sender_type") or (by.get("type") if isinstance(by, dict) else None)
    return "bot" if str(kind).lower().replace("_", "") == "agentbot" else "agent"
