"""Rasa's training examples: read them, and add to them without touching what is there.

New lines go under `examples: |` of their intent, or into a new entry at the end of the file. The file is not written
anew from its parsed form: comments, order and spelling stay, and what was made is parsed and compared before it counts.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from finetune.clean.machine import key_of
from textkit.errors import FrontdeskError

INTENT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MARKUP = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")  # entities that are marked in an example
_EMPTY = 'version: "3.1"\n\nnlu:\n'


@dataclasses.dataclass(frozen=True)
class Example:
    """A message and its intent."""

    text: str
    intent: str


def read_examples(folder: Path) -> list[Example]:
    """Every example of the files in `folder`, without the markup of entities."""
    files = sorted(folder.glob("*.yml")) if folder.is_dir() else []
    found = [Example(text, name) for file in files for name, texts in _parse(file).items() for text in texts]
    if not found:
        raise FrontdeskError(f"There is no training example in {folder}.", "Name the folder of your nlu files.")
    return found


def _parse(file: Path, text: str | None = None) -> dict[str, list[str]]:
    """The examples of each intent in `file`."""
    import yaml

    try:
        loaded = yaml.safe_load(file.read_text(encoding="utf-8") if text is None else text) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FrontdeskError(f"{file}:{line} is no YAML ({error.problem}).", "Mend the line.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise FrontdeskError(f"{file} cannot be read ({type(error).__name__}).", "It must be a YAML file.") from error
    entries = loaded.get("nlu") if isinstance(loaded, dict) else None
    examples: dict[str, list[str]] = {}
    for entry in entries or []:
        if isinstance(entry, dict) and isinstance(entry.get("intent"), str):
            examples.setdefault(entry["intent"], []).extend(_texts(entry.get("examples")))
    return examples


def _texts(written: Any) -> list[str]:
    if isinstance(written, list):
        rows = [row.get("text", "") if isinstance(row, dict) else str(row) for row in written]
    else:
        rows = [line.strip().removeprefix("-") for line in str(written or "").splitlines()]
    return [text for row in rows if (text := _MARKUP.sub(r"\1", str(row)).strip())]


def merge(file: Path, added: Mapping[str, Sequence[str]], write: bool = True) -> dict[str, int]:
    """Add examples to `file`, made when missing; returns how many each intent got.

    A text that an intent of the file has already (case, spaces and punctuation aside) is not added again.
    """
    for name in added:
        if not INTENT.fullmatch(name):
            raise FrontdeskError(f"{name!r} is no name for an intent.", "Lower case, digits and _, such as gift_wrap.")
    text = file.read_text(encoding="utf-8") if file.exists() else _EMPTY
    before = _parse(file, text)
    known = {key_of(example) for examples in before.values() for example in examples}
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
        _check(before, _parse(file, text), counts, file)
        if write:
            draft = file.with_name(f".{file.name}.{os.getpid()}")
            draft.write_text(text, encoding="utf-8")
            os.replace(draft, file)
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


def _check(
    before: Mapping[str, list[str]], after: Mapping[str, list[str]], counts: Mapping[str, int], file: Path
) -> None:
    """Nothing may be missing, and nothing may be there but what was added."""
    for name in {*before, *after}:
        old, new = before.get(name, []), after.get(name, [])
        if len(new) != len(old) + counts.get(name, 0) or [t for t in old if t not in new]:
            raise FrontdeskError(f"{file} would lose or change examples of {name}; nothing was written.")
