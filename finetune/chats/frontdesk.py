"""Frontdesk's own conversations, as `frontdesk conversations export` writes them: a conversation per line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from finetune.chats.reading import Options, Read, make_message
from finetune.chats.records import Problem, Record


def is_frontdesk(record: Record) -> bool:
    """Whether a record looks like one."""
    return isinstance(record.value.get("turns"), list) and "conversation" in record.value


def read_frontdesk(file: Path, records: Iterable[Record | Problem], options: Options) -> Read:
    """Their messages; the intents that the bot took them for are no labels and stay behind."""
    for record in records:
        if isinstance(record, Problem):
            yield record
            continue
        if not is_frontdesk(record):
            yield Problem(file, record.line, "no conversation with turns")
            continue
        for number, turn in enumerate(record.value["turns"], 1):
            try:
                if not isinstance(turn, dict) or turn.get("from") not in ("customer", "bot"):
                    raise ValueError("neither the customer's nor the bot's")
                language = turn.get("language") if isinstance(turn.get("language"), str) else None
                name, at = record.value["conversation"], turn.get("at")
                yield make_message(name, at, turn["from"], turn.get("text"), options, language=language)
            except ValueError as error:
                yield Problem(file, record.line, f"turn {number}: {error}")
