"""Labelled examples and question pairs from CSV and JSONL files; a bad row is named by file and line.

Labelled examples may stand in Rasa's own form too (`nlu.yml`): what trains the bot can be fine-tuned on as it is.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from textkit.errors import FrontdeskError

_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
PAIR = ("query", "positive")
LONGEST = 100_000  # characters of one field


class ExampleError(FrontdeskError):
    """A file of examples that cannot be used as it is."""


@dataclasses.dataclass(frozen=True)
class Example:
    """A text and its label."""

    text: str
    label: str


@dataclasses.dataclass(frozen=True)
class Pair:
    """A question, a text that answers it (empty where none does), and texts that do not."""

    query: str
    positive: str
    negatives: tuple[str, ...] = ()


def read_examples(file: Path) -> list[Example]:
    """The rows of a CSV or JSONL file with `text` and `label`, or the intents of an nlu.yml; raises ExampleError."""
    if file.suffix.lower() in (".yml", ".yaml"):
        return read_nlu(file)
    return [Example(row["text"], row["label"]) for _, row in read_rows(file, ("text", "label"))]


def read_nlu(file: Path) -> list[Example]:
    """The examples of every intent in a file in Rasa's form, entities without their marks; raises ExampleError."""
    import yaml

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExampleError(f"{file} cannot be read ({error.strerror}).", "Check the path.") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())[:200]
        raise ExampleError(f"{file} is not YAML ({said}).", "`frontdesk rasa data validate` says more.") from error
    blocks = content.get("nlu") if isinstance(content, dict) else None
    if not isinstance(blocks, list):
        raise ExampleError(f"{file} has no list `nlu`.", "Give a file in the form of bot/data/nlu/en.yml.")
    found = []
    for block in blocks:
        if not isinstance(block, dict) or "intent" not in block:
            continue  # synonyms, look-up tables
        lines = str(block.get("examples") or "").splitlines()
        texts = [_ENTITY.sub(r"\1", line.strip().removeprefix("-").strip()) for line in lines]
        found += [Example(text, str(block["intent"])) for text in texts if text]
    if not found:
        raise ExampleError(f"{file} has no example of an intent.", "Give a file in the form of bot/data/nlu/en.yml.")
    return found


def read_texts(file: Path) -> list[str]:
    """The `text` of every row of a CSV or JSONL file; raises ExampleError."""
    return [row["text"] for _, row in read_rows(file, ("text",))]


def read_pairs(file: Path, *, unanswered: bool = False) -> list[Pair]:
    """The rows of a CSV or JSONL file with `query`, `positive` and perhaps `negative`; raises ExampleError.

    In JSONL `negative` may be a list. With `unanswered` a row that has one may have an empty `positive`.
    """
    found = []
    for line, row in _raw_rows(file, PAIR):
        query, positive = (_text(file, line, column, row.get(column), PAIR) for column in PAIR)
        given = row.get("negative")
        several = given if isinstance(given, list) else [] if given is None else [given]
        negatives = tuple(filter(None, (_text(file, line, "negative", each, PAIR) for each in several)))
        if not query or not (positive or unanswered):
            hint = "Fill it in or take the row out; only rerankers learn from questions that nothing answers."
            raise ExampleError(f"{file}:{line}: {'positive' if query else 'query'!r} is empty.", hint)
        if not positive and not negatives:
            raise ExampleError(
                f"{file}:{line}: both 'positive' and 'negative' are empty.",
                "For a question that nothing answers, give texts that do not as 'negative'.",
            )
        found.append(Pair(query, positive, negatives))
    if not found:
        raise ExampleError(f"{file} has no rows.", _expected(PAIR))
    return found


def read_rows(file: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers and the stripped values of `columns` (none empty), and of `optional` ones where they are filled."""
    count = 0
    for line, row in _raw_rows(file, columns):
        values = {}
        for column in (*columns, *optional):
            value = row.get(column)
            if value is None and column in optional:
                continue
            text = _text(file, line, column, value, columns)
            if text:
                values[column] = text
            elif column in columns:
                raise ExampleError(f"{file}:{line}: {column!r} is empty.", "Fill it in or take the row out.")
        count += 1
        yield line, values
    if not count:
        raise ExampleError(f"{file} has no rows.", _expected(columns))


def _text(file: Path, line: int, column: str, value: Any, columns: Sequence[str]) -> str:  # noqa: ANN401  JSON
    """A field without the space around it."""
    if not isinstance(value, str):
        raise ExampleError(f"{file}:{line}: {column!r} is {_shown(value)}, not a text.", _expected(columns))
    if len(value) > LONGEST:
        raise ExampleError(f"{file}:{line}: {column!r} has {len(value)} characters; {LONGEST} are allowed.")
    return value.strip()


def check_training(examples: Sequence[Example], name: str) -> None:
    """Refuse examples that no classifier can be fitted to; `name` is what they are called in the message."""
    counts = Counter(example.label for example in examples)
    if len(counts) < 2:
        raise ExampleError(f"{name} has one label, {next(iter(counts))!r}; a classifier needs two or more.")
    single = sorted(label for label, count in counts.items() if count == 1)
    if single:
        raise ExampleError(
            f"{name} has one example only of {_listed(single)}.",
            "Two are the least (one is held out to choose by): add examples, or leave the label out.",
        )


def check_known(examples: Sequence[Example], labels: Iterable[str], name: str) -> None:
    """Refuse examples whose label the model does not know."""
    known = set(labels)
    unknown = sorted({example.label for example in examples} - known)
    if unknown:
        raise ExampleError(
            f"{name} has labels that the training examples lack: {_listed(unknown)}.",
            "Check the spelling, or add examples of them to the training file.",
        )


def _raw_rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if file.suffix.lower() not in (".csv", ".tsv", ".jsonl"):
        raise ExampleError(f"{file} is neither .csv, .tsv nor .jsonl.", _expected(columns))
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            if file.suffix.lower() == ".jsonl":
                yield from _json_rows(file, lines, columns)
            else:
                yield from _table_rows(file, lines, columns)
    except OSError as error:
        raise ExampleError(f"{file} cannot be read ({error.strerror}).", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise ExampleError(f"{file} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from error


def _json_rows(file: Path, lines: Iterable[str], columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ExampleError(f"{file}:{number}: this is not JSON ({error}).", _expected(columns)) from error
        if not isinstance(row, dict):
            raise ExampleError(f"{file}:{number}: this is {_shown(row)}, not an object.", _expected(columns))
        missing = [column for column in columns if column not in row]
        if missing:
            raise ExampleError(f"{file}:{number}: {_listed(missing)} is missing.", _expected(columns))
        yield number, row


def _table_rows(file: Path, lines: Iterable[str], columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.DictReader(lines, delimiter="\t" if file.suffix.lower() == ".tsv" else ",", strict=True)
    try:
        header = reader.fieldnames or []
        missing = [column for column in columns if column not in header]
        if missing:
            raise ExampleError(
                f"{file} has no column {_listed(missing)}; it has {_listed(header)}.", _expected(columns)
            )
        for row in reader:
            if None in row or None in row.values():
                raise ExampleError(f"{file}:{reader.line_num}: this row has another number of fields than the header.")
            yield reader.line_num, row
    except csv.Error as error:
        line = reader.reader.line_num
        raise ExampleError(f"{file}:{line}: this is not CSV ({error}).", _expected(columns)) from error


def _expected(columns: Sequence[str]) -> str:
    row = ", ".join(f'"{column}": "..."' for column in columns)
    return f"Give a CSV file with the columns {','.join(columns)}, or JSONL with one object a line: {{{row}}}."


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown or "none"


def _shown(value: Any) -> str:  # noqa: ANN401  any JSON value
    return {"NoneType": "null", "dict": "an object", "list": "a list"}.get(type(value).__name__, repr(value)[:40])
