"""What a reader yields: messages, rows that are wrong, and what is left out on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from finetune.chats.message import LONGEST, Message, Sender
from finetune.chats.records import Problem
from finetune.chats.times import read_time
from textkit.language import detect_language


@dataclass(frozen=True)
class LeftOut:
    """Something that is no message of a conversation, such as an internal note."""

    reason: str


Read = Iterator[Message | Problem | LeftOut]


@dataclass(frozen=True)
class Options:
    """How a file is to be read; `columns` and `senders` matter for rows only."""

    columns: Mapping[str, str] = field(default_factory=dict)  # our name -> the file's
    senders: Mapping[str, Sender] = field(default_factory=dict)  # the file's word -> ours; `*` is every other word
    zone: tzinfo = UTC
    encoding: str = "utf-8-sig"


def make_message(
    conversation: Any, time: Any, sender: Sender, text: Any, options: Options, **more: str | None
) -> Message | LeftOut:
    """A message of raw values; raises ValueError with the reason when they make none."""
    if text is None or (isinstance(text, str) and not text.strip()):
        return LeftOut("no text")
    if not isinstance(text, str):
        raise ValueError("the text is not text")
    if len(text) > LONGEST:
        raise ValueError(f"the text has {len(text)} characters; the limit is {LONGEST}")
    if isinstance(conversation, bool) or not isinstance(conversation, int | str) or conversation == "":
        raise ValueError("the conversation has no name")
    clean = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").strip()
    language = more.get("language") or detect_language(clean)
    when = None if time is None or time == "" else read_time(time, options.zone)
    return Message(str(conversation), when, sender, clean, language, more.get("label") or None)
