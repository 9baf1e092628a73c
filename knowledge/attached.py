"""Questions that editors attach to a sentence or row: the words in which customers ask for it.

A file `questions.jsonl` in a folder of documents, one line per passage:

    {"document": "returns.md", "quote": "30 days from delivery.", "questions": ["how long have I got to send it back"]}

The quote is a part of the document; the sentence or row in which it begins gets the questions. Retrieval reads them,
a customer never sees them.

A file `unanswered.jsonl` beside it holds questions that the documents do *not* answer, one per line:

    {"question": "do you send returns labels by post"}

What is alike to one of them is less likely to be answered: the gate learns where the documents end. A question that
stands under "unanswered" in the tickets can be copied there.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from knowledge.chunks import Passage, Unit
from knowledge.documents import Document, normalise_text
from textkit.errors import DocumentError

FILE = "questions.jsonl"
UNANSWERED_FILE = "unanswered.jsonl"
Attached = dict[str, list[tuple[str, list[str]]]]  # by source: quotes with their questions


def read_attached(folders: Iterable[Path]) -> Attached:
    """Every questions.jsonl under `folders`, by the source of the document; raises DocumentError on a bad line."""
    found: Attached = {}
    for base in folders:
        for file in sorted(base.rglob(FILE)) if base.is_dir() else []:
            for number, line in enumerate(_lines(file), 1):
                if line.strip():
                    name, quote, questions = _read_line(line, file, number)
                    source = (file.parent.relative_to(base) / name).as_posix()
                    found.setdefault(source, []).append((quote, questions))
    return found


def read_unanswered(folders: Iterable[Path]) -> list[str]:
    """The questions of every unanswered.jsonl under `folders`; raises DocumentError on a bad line."""
    found: dict[str, None] = {}
    for base in folders:
        for file in sorted(base.rglob(UNANSWERED_FILE)) if base.is_dir() else []:
            for number, line in enumerate(_lines(file), 1):
                if line.strip():
                    found[_read_question(line, file, number)] = None
    return list(found)


def _read_question(line: str, file: Path, number: int) -> str:
    try:
        question = json.loads(line)["question"]
        if not _are_texts([question]):
            raise TypeError("the question is not a text")
    except (ValueError, KeyError, TypeError) as error:
        form = 'Form: {"question": "..."}.'
        raise DocumentError(f"{file.name}, line {number} is not of the form that is wanted ({error}).", form) from error
    return str(question)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{file.name} is not UTF-8.", "Save it as UTF-8.") from error


def _read_line(line: str, file: Path, number: int) -> tuple[str, str, list[str]]:
    try:
        row = json.loads(line)
        name, quote, questions = row["document"], row["quote"], row["questions"]
    except (ValueError, KeyError, TypeError) as error:
        raise DocumentError(
            f"{file.name}, line {number} is not of the form that is wanted ({error}).", _FORM
        ) from error
    if not (_are_texts([name, quote]) and _are_texts(questions)):
        raise DocumentError(f"{file.name}, line {number} has a value of the wrong type.", _FORM)
    return name, quote, questions


_FORM = 'Form: {"document": "a.md", "quote": "...", "questions": ["..."]}.'


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(v, str) and v.strip() for v in values)


def attach(
    passages: list[Passage], documents: Mapping[str, Document], attached: Attached
) -> tuple[list[Passage], list[str]]:
    """`passages` with their questions, and the quotes that no longer stand in their documents."""
    units: dict[str, list[Unit]] = {}
    for passage in passages:
        units.setdefault(passage.document_id, []).extend(passage.units)
    questions: dict[tuple[str, int], list[str]] = {}
    lost: list[str] = []
    for document in documents.values():
        for quote, asked in attached.get(document.source, []):
            unit = _unit_of(quote, document, units.get(document.id, []))
            if unit is None:
                lost.append(f"{document.source}: {quote[:60]!r}")
            else:
                questions.setdefault((document.id, unit.start), []).extend(asked)
    return [_with_questions(p, questions) for p in passages], lost


def _unit_of(quote: str, document: Document, units: Sequence[Unit]) -> Unit | None:
    """The first sentence or row that a place of `quote` touches; headings have no questions."""
    for text in (quote, normalise_text(quote).strip()):
        for found in re.finditer(re.escape(text), document.text):
            for unit in units:
                if unit.start < found.end() and found.start() < unit.end:
                    return unit
    return None


def _with_questions(passage: Passage, questions: Mapping[tuple[str, int], list[str]]) -> Passage:
    asked = [questions.get((passage.document_id, unit.start), []) for unit in passage.units]
    units = tuple(dataclasses.replace(u, questions=tuple(q)) for u, q in zip(passage.units, asked, strict=True))
    return dataclasses.replace(passage, units=units)
