"""What clients send: JSON objects, and the messages in them, checked where they enter."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from bot.channels.refusals import RefusedError
from textkit.language import LANGUAGES

MAX_FRAME = 64 * 1024  # bytes
_PRODUCT = re.compile(r"[A-Z0-9-]{2,32}")
_BROKEN = re.compile("[\udc80-\udcff]")
_NAME_LENGTHS = range(8, 65)


@dataclasses.dataclass(frozen=True)
class Said:
    """A message of a customer: `text`, or the id of a pressed `button`; `about` goes with it to the actions."""

    message_id: str
    text: str
    button: str | None
    about: dict[str, str]


def read_object(data: bytes | str) -> dict[str, Any]:
    """The JSON object in a frame or a body; raises RefusedError."""
    if not isinstance(data, str):
        if len(data) > MAX_FRAME:
            raise RefusedError("too_large")
        try:
            data = bytes(data).decode("utf-8")
        except UnicodeDecodeError:
            raise RefusedError("not_json") from None
    # No character has more than four bytes: most frames need not be encoded to be measured.
    if 4 * len(data) > MAX_FRAME and len(data.encode("utf-8", "surrogatepass")) > MAX_FRAME:
        raise RefusedError("too_large")
    if _BROKEN.search(data):
        raise RefusedError("not_json")  # bytes that are no UTF-8 (bot/engine/sanic_websocket.py)
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        raise RefusedError("not_json") from None
    if not isinstance(read, dict):
        raise RefusedError("bad_frame")
    return read


def read_message(body: dict[str, Any], limit: int) -> Said:
    """The message in a client's object; `limit` in characters; raises RefusedError."""
    name = body.get("id")
    named = isinstance(name, str) and len(name) in _NAME_LENGTHS and name.isprintable() and "/" not in name
    message_id = str(name) if named else None
    button = body.get("button")
    if button is not None and not isinstance(button, str):
        raise RefusedError("button_expired", message_id)
    text = "" if button is not None else _text(body.get("text"), limit, message_id)
    if message_id is None:
        raise RefusedError("no_id")
    return Said(message_id, text, button, _about(body, limit, message_id))


def _text(value: Any, limit: int, message_id: str | None) -> str:
    if not isinstance(value, str) or not (text := clean(value)):
        raise RefusedError("no_text", message_id)
    if len(value) > limit:
        raise RefusedError("too_long", message_id)
    return text


def _about(body: dict[str, Any], limit: int, message_id: str) -> dict[str, str]:
    """What else a message may say; a value of the wrong form is passed over."""
    about = {}
    if language := language_of(body):
        about["language"] = language
    page = body.get("page")
    product = page.get("product") if isinstance(page, dict) else None
    if isinstance(product, str) and _PRODUCT.fullmatch(product):
        about["product"] = product
    comment = body.get("comment")
    if isinstance(comment, str) and clean(comment):
        if len(comment) > limit:
            raise RefusedError("too_long", message_id)
        about["comment"] = clean(comment)
    return about


def language_of(body: dict[str, Any]) -> str | None:
    """The page's language, when a client's object names one that we speak."""
    language = body.get("language")
    return language if isinstance(language, str) and language in LANGUAGES else None


def clean(text: str) -> str:
    """`text` without what is none: control characters, half a surrogate pair, marks that turn or hide text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c if c in "\n\t\u200d" or c.isprintable() else " " if c.isspace() else "" for c in lines)
    return "".join(kept).strip(" \n\t\u200d")  # \u200d joins emoji; alone it shows nothing
