"""Which format a file has, and its messages."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from finetune.chats.chatwoot import is_chatwoot, read_chatwoot
from finetune.chats.frontdesk import is_frontdesk, read_frontdesk
from finetune.chats.message import Message, by_conversation
from finetune.chats.reading import LeftOut, Options, Read
from finetune.chats.records import Problem, Record, first_bytes, read_json_records
from finetune.chats.rows import read_csv, read_rows
from finetune.chats.zendesk import is_zendesk, read_zendesk
from textkit.errors import FrontdeskError

Reader = Callable[[Path, Iterable[Record | Problem], Options], Read]
READERS: dict[str, Reader] = {
    "frontdesk": read_frontdesk,
    "zendesk": read_zendesk,
    "chatwoot": read_chatwoot,
    "jsonl": read_rows,
    "csv": read_rows,
}
FORMATS = tuple(READERS)
LOOKED_AT = 20  # records by which a format is told


@dataclass
class Chats:
    """What was read of a number of files."""

    messages: list[Message] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    formats: dict[Path, str] = field(default_factory=dict)


def read_chats(files: Sequence[Path], options: Options | None = None, forced: str | None = None) -> Chats:
    """The messages of `files`, conversations together and in the order of time.

    `forced` names the format of all; a file in which nothing can be read is an error.
    """
    chats, options = Chats(), options or Options()
    if forced is not None and forced not in READERS:
        raise FrontdeskError(f"There is no format {forced!r}.", f"--format takes {', '.join(FORMATS)}.")
    for file in files:
        before, wrong = len(chats.messages) + chats.left_out.total(), len(chats.problems)
        name, found = _open(file, options, forced)
        chats.formats[file] = name
        for part in found:
            if isinstance(part, Message):
                chats.messages.append(part)
            elif isinstance(part, LeftOut):
                chats.left_out[part.reason] += 1
            else:
                chats.problems.append(part)
        if len(chats.messages) + chats.left_out.total() == before:
            first = f" {chats.problems[wrong]}." if len(chats.problems) > wrong else ""
            raise FrontdeskError(
                f"There is no message in {file}, read as {name}.{first}",
                f"Say what it is with --format ({', '.join(FORMATS)}), and its columns with --map.",
            )
    chats.messages = [message for _, group in by_conversation(chats.messages) for message in group]
    return chats


def _open(file: Path, options: Options, forced: str | None) -> tuple[str, Read]:
    begin = first_bytes(file).lstrip(b"\xef\xbb\xbf \t\r\n")
    if forced == "csv" or (forced is None and not begin.startswith((b"{", b"["))):
        return "csv", read_rows(file, read_csv(file, options), options)
    records = read_json_records(file)
    looked = list(itertools.islice(records, LOOKED_AT))
    name = forced or _detect([record for record in looked if isinstance(record, Record)])
    return name, READERS[name](file, itertools.chain(looked, records), options)


def _detect(records: Sequence[Record]) -> str:
    for name, looks in (("frontdesk", is_frontdesk), ("zendesk", is_zendesk), ("chatwoot", is_chatwoot)):
        if any(looks(record) for record in records):
            return name
    return "jsonl"
