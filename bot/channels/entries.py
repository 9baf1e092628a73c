"""What a conversation shows: entries of the customer, the bot and the business's people, alike for every transport.

A button's payload never leaves the server. Its place stands in for it, `<message id>/<reply>/<n>`, where n counts the
payloads of the reply as they stand in it; the client sends the place back and the server looks the payload up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.stores.intake import Accepted, Replies
from bot.stores.pushed import SPOKEN, Push

Entry = dict[str, Any]
SHOWN = 100  # the last entries of a conversation are shown, and what is shown can be pressed
THUMBS = {"up": "👍", "down": "👎"}


def customer_entry(message: Accepted) -> Entry:
    """What a customer said or pressed."""
    text = message.body.get("title") if "button" in message.body else message.body["text"]
    pressed = {"button": message.body["button"]} if "button" in message.body else {}
    return {"id": message.message_id, "from": "customer", "text": text or "", "at": message.at, **pressed}


def reply_entries(message_id: str, replies: Replies, at: float = 0.0) -> list[Entry]:
    """The bot's replies to a message; `at` for those that do not know their time."""
    made = []
    for number, reply in enumerate(replies):
        place = f"{message_id}/{number}"
        shown, _ = _without_payloads(reply, place)
        head = {"id": place, "from": "bot", "text": shown.pop("text", ""), "at": shown.pop("at", at)}
        made.append({**head, **shown})
    return made


def push_entry(push: Push) -> Entry:
    """What a person said, or that one came or went."""
    head = {"id": f"p-{push.push_id}", "name": push.name, "at": push.at}
    if push.event == SPOKEN:
        return {**head, "from": "operator", "text": push.text}
    return {**head, "from": "system", "event": push.event}


def all_entries(messages: Iterable[Accepted], pushes: Iterable[Push]) -> list[Entry]:
    """What the conversation shows, by time."""
    entries: list[Entry] = []
    for message in messages:
        entries.append(customer_entry(message))
        entries += reply_entries(message.message_id, message.replies or [], message.at)
    entries += map(push_entry, pushes)
    return sorted(entries, key=lambda entry: float(entry["at"]))[-SHOWN:]


def split_button(button: str) -> tuple[str, int, int] | None:
    """The message, the reply and the number of a button id; None when it has another form."""
    message_id, *numbers = button.split("/")
    if len(numbers) != 2 or not all(n.isascii() and n.isdecimal() and len(n) < 4 for n in numbers):
        return None
    return message_id, int(numbers[0]), int(numbers[1])


def payload_at(replies: Replies, reply: int, number: int) -> tuple[str, str] | None:
    """Title and payload of a button, if the reply has it."""
    if reply >= len(replies):
        return None
    _, payloads = _without_payloads(replies[reply], "")
    return payloads[number] if number < len(payloads) else None


def _without_payloads(reply: dict[str, Any], place: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A reply as it is shown, and the titles and payloads of what can be pressed in it."""
    custom = reply.get("custom")
    if isinstance(custom, dict) and isinstance(custom.get("frontdesk"), dict):
        reply = {**reply, "custom": custom["frontdesk"]}
    payloads: list[tuple[str, str]] = []
    order = ("text", "buttons", "custom", "at")
    return {key: _shown(reply[key], key, place, payloads) for key in order if key in reply}, payloads


def _shown(value: Any, key: str, place: str, payloads: list[tuple[str, str]]) -> Any:
    if isinstance(value, list):
        return [_shown(item, key, place, payloads) for item in value]
    if not isinstance(value, dict):
        return value
    if key == "votes":
        value = {vote: {"payload": v} if isinstance(v, str) else v for vote, v in value.items()}
    if isinstance(value.get("payload"), str):
        payloads.append((str(value.get("title") or THUMBS.get(key, "")), value["payload"]))
        value = {"id": f"{place}/{len(payloads) - 1}", **{k: v for k, v in value.items() if k != "payload"}}
    return {k: _shown(v, k, place, payloads) for k, v in value.items()}
