"""Questions that editors attach to a sentence or row: the words in which customers ask for it.

A file `questions.jsonl` in a folder of documents, one line per passage:

    {"document": "returns.md", "quote": "30 days from delivery.", "questions": ["how long have I got to send it back"]}

The quote is a part of the document; the sentence or row in which it begins gets the questions. Retrieval reads them,
a customer never sees them.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from knowledge.chunks import Passage
from knowledge.documents import Document, normalise_text
from textkit.errors import DocumentError

FILE = "questions.jsonl"
Attached = dict[str, list[tuple[str, list[str]]]]  # by source: quotes with their questions


def read_attached(folders: Iterable[Path]) -> Attached:
    """Every questions.jsonl under `folders`, by the source of the document; raises DocumentError on a bad line."""
    found: Attached = {}
    for base in folders:
        for file in sorted(base.rglob(FILE)) if base.is_dir() else []:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                if line.strip():
                    name, quote, questions = _read_line(line, file, number)
                    source = (file.parent / name).relative_to(base).as_posix()
                    found.setdefault(source, []).append((quote, questions))
    return found


def _read_line(line: str, file: Path, number: int) -> tuple[str, str, list[str]]:
    try:
        row = json.loads(line)
        name, quote, questions = row["document"], row["quote"], row["questions"]
    except (ValueError, KeyError, TypeError) as error:
        raise DocumentError(
            f"{file.name}, line {number} is not of the form that is wanted ({error}).", _FORM
        ) from error
    if not (isinstance(name, str) and isinstance(quote, str) and _are_texts(questions)):
        raise DocumentError(f"{file.name}, line {number} has a value of the wrong type.", _FORM)
    return name, quote, questions


_FORM = 'Form: {"document": "a.md", "quote": "...", "questions": ["..."]}.'


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(v, str) and v.strip() for v in values)


def attach(
    passages: list[Passage], documents: Mapping[str, Document], attached: Attached
) -> tuple[list[Passage], list[str]]:
    """`passages` with their questions, and the quotes that no longer stand in their documents."""
    questions: dict[tuple[str, int], list[str]] = {}
    lost: list[str] = []
    for document in documents.values():
        for quote, asked in attached.get(document.source, []):
            at = document.text.find(quote)
            at = document.text.find(normalise_text(quote).strip()) if at < 0 else at
            if at < 0:
                lost.append(f"{document.source}: {quote[:60]!r}")
            else:
                questions.setdefault((document.id, at), []).extend(asked)
    return [_with_questions(p, questions) for p in passages], lost


def _with_questions(passage: Passage, questions: Mapping[tuple[str, int], list[str]]) -> Passage:
    own = [(at, asked) for (name, at), asked in questions.items() if name == passage.document_id]
    units = []
    for unit in passage.units:
        asked = [q for at, texts in own if unit.start <= at < unit.end for q in texts]
        units.append(dataclasses.replace(unit, questions=tuple(asked)))
    return dataclasses.replace(passage, units=tuple(units))
