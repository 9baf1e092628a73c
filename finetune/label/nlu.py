"""Rasa's training examples: read them, and add to them without touching what is there.

New lines go under `examples: |` of their intent, or into a new entry at the end of the file. The file is not written
anew from its parsed form: comments, order and spelling stay, and what was made is parsed and compared before it counts.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

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
    lines = text.rstrip("\n").split("\n")
    head = re.compile(rf"(\s*)-\s+intent:\s*[\"']?{re.escape(name)}[\"']?\s*(?:#.*)?$")
    start = next((n for n, line in enumerate(lines) if head.match(line)), None)
    if start is None:
        dash = next((line[: line.index("-")] for line in lines if re.match(r"\s*-\s+intent:", line)), "")
        block = [f"{dash}- intent: {name}", f"{dash}  examples: |", *(f"{dash}    - {example}" for example in fresh)]
        return "\n".join([*lines, *block]) + "\n"
    end = next((n for n in range(start + 1, len(lines)) if re.match(r"\s*-\s+\w+:|\w+:", lines[n])), len(lines))
    bar = next((n for n in range(start, end) if re.match(r"\s*examples:\s*\|", lines[n])), None)
    rows = [n for n in range(bar + 1, end) if lines[n].strip().startswith("- ")] if bar is not None else []
    if not rows:
        raise FrontdeskError(f"{file}:{start + 1}: the examples of {name} are not a list under `examples: |`.")
    indent = re.match(r"\s*", lines[rows[0]]).group()  # type: ignore[union-attr]
    lines[rows[-1] + 1 : rows[-1] + 1] = [f"{indent}- {example}" for example in fresh]
    return "\n".join(lines) + "\n"


def _check(before: Sequence[Example], after: Sequence[Example], counts: Mapping[str, int], file: Path) -> None:
    """Nothing may be missing, and nothing may be there but what was added."""
    old, new = Counter(before), Counter(after)
    added = Counter(example.label for example in (new - old).elements())
    if old - new or added != Counter(counts):
        raise FrontdeskError(f"The examples of {file} would not stay as they are; nothing was written.")
