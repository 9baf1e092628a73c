"""JSON objects of a file with the lines on which they begin: JSON lines, an array, or one object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textkit.errors import FrontdeskError

LONGEST_LINE = 16 * 2**20  # bytes; a ticket with all its comments is far shorter
SHOWN = 60


@dataclass(frozen=True)
class Record:
    """An object, and the line on which it begins."""

    line: int
    value: dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """What cannot be used, and why; the reason never quotes a message."""

    file: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


def first_bytes(file: Path) -> bytes:
    """The beginning of `file`; raises FrontdeskError when it is absent, empty or not text."""
    try:
        with file.open("rb") as source:
            begin = source.read(65536)
    except OSError as error:
        raise FrontdeskError(f"{file} cannot be read ({error.strerror}).", "Check the name of the file.") from error
    if not begin.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FrontdeskError(f"{file} is empty.", "Export the conversations again.")
    if b"\0" in begin and not begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FrontdeskError(f"{file} is not a text file.", "Unpack it, or save it as JSON, JSON lines or CSV.")
    return begin


def read_json_records(file: Path) -> Iterator[Record | Problem]:
    """Every object of `file`; a broken line is a Problem and reading goes on."""
    begin = first_bytes(file).lstrip(b"\xef\xbb\xbf \t\r\n")
    if begin.startswith(b"["):
        return _array(file)
    first = begin.partition(b"\n")[0]
    if begin.startswith(b"{") and not _is_json(first) and (whole := _whole(file)) is not None:
        return iter([Record(1, whole)])
    return _lines(file)


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _whole(file: Path) -> dict[str, Any] | None:
    """The one object that is all of `file`, or None."""
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _lines(file: Path) -> Iterator[Record | Problem]:
    with file.open("rb") as source:
        number = 0
        while line := source.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                while line and not line.endswith(b"\n"):
                    line = source.readline(LONGEST_LINE)
                yield Problem(file, number, f"the line is longer than {LONGEST_LINE // 2**20} MB")
            elif line.strip(b"\xef\xbb\xbf \t\r\n"):
                yield _object(file, number, line)


def _object(file: Path, number: int, line: bytes) -> Record | Problem:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Problem(file, number, "not UTF-8")
    except RecursionError:
        return Problem(file, number, "nested too deeply")
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "a number with too many digits"
        return Problem(file, number, f"no JSON ({reason.lower()})")
    return Record(number, value) if isinstance(value, dict) else Problem(file, number, "not a JSON object")


def _array(file: Path) -> Iterator[Record | Problem]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FrontdeskError(f"{file} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from error
    decoder = json.JSONDecoder()
    position, line = text.index("[") + 1, 1 + text.count("\n", 0, text.index("["))
    while True:
        begin = position
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        line += text.count("\n", begin, position)
        if position == len(text):
            yield Problem(file, line, "the array has no end; what is missing is not read")
            return
        if text[position] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            reason = error.msg.lower() if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            yield Problem(file, line, f"no JSON ({reason}); nothing after it is read")
            return
        yield Record(line, value) if isinstance(value, dict) else Problem(file, line, "not a JSON object")
        line += text.count("\n", position, end)
        position = end
