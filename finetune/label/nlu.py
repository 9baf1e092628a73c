"""Rasa's training examples: read them, and add to them without touching what is there.

New lines go under `examples: |` of their intent, or into a new entry at the end of the list. The file is not written
anew from its parsed form: comments, order and spelling stay, and what was made is parsed and compared before it counts.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from finetune.clean.machine import key_of
from finetune.examples import Example, read_nlu
from textkit.errors import FrontdeskError

INTENT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_EMPTY = 'version: "3.1"\n\nnlu:\n'


def read_examples(folder: Path) -> list[Example]:
    """Every example of the files in `folder`."""
    files = sorted(folder.glob("*.yml")) if folder.is_dir() else []
    found = [example for file in files for example in read_nlu(file)]
    if not found:
        raise FrontdeskError(f"There is no training example in {folder}.", "Name the folder of your nlu files.")
    return found


def merge(file: Path, added: Mapping[str, Sequence[str]], write: bool = True) -> dict[str, int]:
    """Add examples to `file`, made when missing; returns how many each intent got.

    A text that an intent of the file has already (case, spaces and punctuation aside) is not added again.
    """
    for name in added:
        if not INTENT.fullmatch(name):
            raise FrontdeskError(f"{name!r} is no name for an intent.", "Lower case, digits and _, such as gift_wrap.")
    before = read_nlu(file) if file.exists() else []
    text = file.read_text(encoding="utf-8") if before else _EMPTY
    known = {key_of(example.text) for example in before}
    counts: dict[str, int] = {}
    for name, texts in added.items():
        fresh = []
        for example in map(_one_line, texts):
            if example and key_of(example) not in known:
                known.add(key_of(example))
                fresh.append(example)
        if fresh:
            text = _insert(file, text, name, fresh)
            counts[name] = len(fresh)
    if counts:
        draft = file.with_name(f".{os.getpid()}.{file.name}")
        try:
            draft.write_text(text, encoding="utf-8")
            _check(before, read_nlu(draft), counts, file)
            if write:
                os.replace(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    return counts


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("](", "] (").replace("]{", "] {")


def _insert(file: Path, text: str, name: str, fresh: Sequence[str]) -> str:
    """`text` with the examples in the intent's block, or in a block of their own at the end of the list."""
    import yaml

    lines = text.rstrip("\n").split("\n")
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    entries: Any = next((value for key, value in root.value if key.value == "nlu"), None)
    for entry in entries.value or []:
        fields = {key.value: value for key, value in entry.value}
        block = fields.get("examples")
        if block is None or block.style != "|" or "intent" not in fields or fields["intent"].value != name:
            continue
        first, end = block.start_mark.line + 1, min(block.end_mark.line + 1, len(lines))
        rows = [n for n in range(first, end) if lines[n].lstrip().startswith("- ") and _is_in(lines, n, first)]
        if rows:
            return _with_lines(lines, rows[-1] + 1, [f"{_indent(lines[first])}- {example}" for example in fresh])
    # Nothing there in the usual form: Rasa joins blocks of one intent.
    items = entries.value or []
    if items and entries.flow_style:
        raise FrontdeskError(f"{file}: the list `nlu` is in brackets.", "Write one entry per line, as Rasa does.")
    dash = _indent(lines[items[0].start_mark.line]) if items else ""
    end = min(entries.end_mark.line, len(lines)) if items else entries.start_mark.line + 1
    end = len(lines) if end >= len(lines) - 1 and not re.match(r"\w", lines[-1]) else end
    while end > 1 and not lines[end - 1].strip():
        end -= 1
    head = [f"{dash}- intent: {name}", f"{dash}  examples: |"]
    return _with_lines(lines, end, [*head, *(f"{dash}    - {example}" for example in fresh)])


def _is_in(lines: Sequence[str], number: int, first: int) -> bool:
    """Whether a line is as deep as the first of its block."""
    return _indent(lines[number]) == _indent(lines[first])


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _with_lines(lines: Sequence[str], place: int, more: Sequence[str]) -> str:
    return "\n".join([*lines[:place], *more, *lines[place:]]) + "\n"


def _check(before: Sequence[Example], after: Sequence[Example], counts: Mapping[str, int], file: Path) -> None:
    """Nothing may be missing, and nothing may be there but what was added."""
    old, new = Counter(before), Counter(after)
    added = Counter(example.label for example in (new - old).elements())
    if old - new or added != Counter(counts):
        raise FrontdeskError(f"The examples of {file} would not stay as they are; nothing was written.")
