"""A message per row, in JSON lines or CSV, with columns of any name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from finetune.chats.message import SENDERS, Sender
from finetune.chats.reading import Options, Read, make_message
from finetune.chats.records import Problem, Record, first_bytes
from textkit.errors import FrontdeskError

NAMES = ("conversation", "time", "from", "text", "language", "label")
# What exports call the sides; `--sender WORD=SIDE` adds to it.
WORDS: dict[str, Sender] = {
    **{side: side for side in SENDERS},
    **dict.fromkeys(("user", "client", "visitor", "end-user", "buyer", "顾客", "客户", "用户", "买家"), SENDERS[0]),
    **dict.fromkeys(("operator", "staff", "seller", "客服", "人工", "坐席", "卖家"), SENDERS[1]),
    **dict.fromkeys(("assistant", "chatbot", "robot", "机器人"), SENDERS[2]),
}
LARGEST_FIELD = 2**24  # characters of a CSV cell; by itself the csv module stops at 131,072


def read_rows(file: Path, records: Iterable[Record | Problem], options: Options) -> Read:
    """Messages of rows; raises FrontdeskError when the columns that are needed are not there."""
    columns: dict[str, str | None] | None = None
    for record in records:
        if isinstance(record, Problem):
            yield record
            continue
        if columns is None:
            columns = _columns(file, list(record.value), options)
        try:
            yield _message(record, columns, file, options)
        except ValueError as error:
            yield Problem(file, record.line, str(error))


def _columns(file: Path, there: list[str], options: Options) -> dict[str, str | None]:
    """The file's column for each of our names, None where it has none."""
    chosen: dict[str, str | None] = {}
    listed = ", ".join(str(name)[:40] for name in there[:20])
    for name in NAMES:
        asked = options.columns.get(name)
        if asked is not None and asked not in there:
            raise FrontdeskError(f"{file} has no column {asked!r} for {name}; it has {listed}.", "Correct --map.")
        chosen[name] = asked or (name if name in there else None)
    if chosen["text"] is None:
        raise FrontdeskError(
            f"{file} has no column `text`; it has {listed}.", f"Name the one with --map text={_example(there)}."
        )
    if chosen["from"] is None and "*" not in options.senders:
        raise FrontdeskError(
            f"{file} has no column `from`, which says who wrote a message; it has {listed}.",
            "Name it with --map from=COLUMN, or say that customers wrote all with --sender '*=customer'.",
        )
    return chosen


def _example(there: list[str]) -> str:
    likely = ("body", "content", "message", "utterance", "query", "内容", "消息")
    return next((name for name in there if str(name).lower() in likely), "COLUMN")


def _message(record: Record, columns: dict[str, str | None], file: Path, options: Options) -> Any:
    row: dict[str, Any] = {name: record.value.get(column) if column else None for name, column in columns.items()}
    if columns["text"] not in record.value:
        raise ValueError(f"there is no {columns['text']}")
    for name in ("language", "label"):
        if not isinstance(row[name] or "", str):
            raise ValueError(f"{name} is not text")
    name = f"{file.name}:{record.line}" if columns["conversation"] is None else row["conversation"]
    sender = _sender(row["from"], options)
    more = {"language": row["language"], "label": row["label"]}
    return make_message(name, row["time"], sender, row["text"], options, **more)


def _sender(word: Any, options: Options) -> Sender:
    known = str(word).strip()
    found = options.senders.get(known) or WORDS.get(known.lower()) or options.senders.get("*")
    if found is None:
        raise ValueError(f"who is {known[:40]!r}? Say it with --sender {known[:40]!r}=customer (or agent, or bot)")
    return found


@contextmanager
def _wide_fields() -> Iterator[None]:
    """The limit is one for the whole process, and others rely on the usual one."""
    usual = csv.field_size_limit(LARGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def read_csv(file: Path, options: Options) -> Iterator[Record | Problem]:
    """The rows of a CSV file with a header; comma, semicolon or tab between the cells."""
    begin = first_bytes(file)
    encoding = "utf-16" if begin.startswith((b"\xff\xfe", b"\xfe\xff")) else options.encoding
    try:
        text = file.read_bytes().decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + file.read_bytes()[: error.start].count(b"\n")
        raise FrontdeskError(
            f"{file}:{line} is not {encoding.removesuffix('-sig')}.",
            "Say what it is: --encoding gb18030 (Chinese Excel) or --encoding cp1252.",
        ) from error
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    names: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            with _wide_fields():
                cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(file, line, f"no CSV ({str(error).lower()}); nothing after it is read")
            return
        if not names:
            names = [cell.strip() for cell in cells]
        elif not any(cell.strip() for cell in cells):
            continue
        elif len(cells) != len(names):
            yield Problem(file, line, f"{len(cells)} cells where the header has {len(names)}")
        else:
            yield Record(line, dict(zip(names, cells, strict=True)))
