"""The one form of a chat message that cleaning, labelling and training read, and its file: a JSON line per message.

    {"conversation": "web-41", "time": "2026-11-02T09:30:00Z", "from": "customer", "text": "...", "language": "en"}

`language` and `label` (the intent, where somebody has said it) may be absent; `time` is null where nobody knows it.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO, get_args

from finetune.chats.records import Problem, read_json_records
from textkit.errors import FrontdeskError

Sender = Literal["customer", "agent", "bot"]
SENDERS: tuple[Sender, ...] = get_args(Sender)
LONGEST = 20_000  # characters; what is longer is a document or a dump, not a message


@dataclasses.dataclass(frozen=True)
class Message:
    """What one side said."""

    conversation: str
    time: datetime | None
    sender: Sender
    text: str
    language: str | None = None
    label: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The object of its line."""
        time = None if self.time is None else self.time.astimezone(UTC).isoformat().replace("+00:00", "Z")
        row = {"conversation": self.conversation, "time": time, "from": self.sender, "text": self.text}
        row |= {name: value for name in ("language", "label") if (value := getattr(self, name))}
        return row


def message_of(row: dict[str, Any]) -> Message:
    """The message of a line's object; raises ValueError with the reason when it has not the form."""
    from finetune.chats.times import read_time

    missing = [name for name in ("conversation", "from", "text") if not isinstance(row.get(name), str)]
    if missing:
        raise ValueError(f"{', '.join(missing)} must be text")
    if row["from"] not in SENDERS:
        raise ValueError(f"from must be one of {', '.join(SENDERS)}, got {row['from'][:40]!r}")
    if len(row["text"]) > LONGEST:
        raise ValueError(f"the text has {len(row['text'])} characters; the limit is {LONGEST}")
    time = None if row.get("time") is None else read_time(row["time"])
    for name in ("language", "label"):
        if not isinstance(row.get(name) or "", str):
            raise ValueError(f"{name} must be text")
    text = row["text"].encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair is no text
    return Message(row["conversation"], time, row["from"], text, row.get("language"), row.get("label"))


def read_messages(file: Path) -> list[Message]:
    """The messages of a file that `frontdesk chats` wrote; a line of another form is an error."""
    found = []
    for record in read_json_records(file):
        if isinstance(record, Problem):
            raise FrontdeskError(f"{record}.", "`frontdesk chats import` makes the file from what you have.")
        try:
            found.append(message_of(record.value))
        except ValueError as error:
            raise FrontdeskError(
                f"{file}:{record.line}: {error}.", "`frontdesk chats import` makes the file from what you have."
            ) from error
    if not found:
        raise FrontdeskError(f"There is no message in {file}.", "`frontdesk chats import` makes such a file.")
    return found


def write_messages(messages: Iterable[Message], file: Path) -> int:
    """Write a line per message, in one step; only its owner may read the file. Returns their number."""
    return write_lines((message.as_dict() for message in messages), file)


def write_lines(rows: Iterable[dict[str, Any]], file: Path) -> int:
    """Write an object per line, in one step; only its owner may read the file. Returns their number."""
    count = 0
    with _own_file(file) as target:
        for row in rows:
            target.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def write_text(text: str, file: Path) -> None:
    """Write `text`, in one step; only its owner may read the file."""
    with _own_file(file) as target:
        target.write(text)


@contextmanager
def _own_file(file: Path) -> Iterator[TextIO]:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as target:
            yield target
        os.replace(draft, file)
    except OSError as error:
        raise FrontdeskError(f"{file} cannot be written ({error.strerror}).", "Name another file.") from error
    finally:
        draft.unlink(missing_ok=True)


def by_conversation(messages: Iterable[Message]) -> Iterator[tuple[str, list[Message]]]:
    """Each conversation with its messages in the order of time; where it is unknown, in their own order."""
    groups: dict[str, list[Message]] = {}
    for message in messages:
        groups.setdefault(message.conversation, []).append(message)
    for name, group in groups.items():
        if all(message.time for message in group):
            group.sort(key=lambda message: message.time or datetime.min.replace(tzinfo=UTC))
        yield name, group
