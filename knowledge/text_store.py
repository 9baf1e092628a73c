"""Documents, passages and units in one SQLite file; offsets are code points into the document's text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from knowledge.chunks import Passage, Unit
from knowledge.documents import Document

_SCHEMA = """
create table document (id text primary key, title text, source text, language text, text text) strict;
create table passage (n integer primary key, id text unique, document text references document, headings text,
                      start integer, stop integer) strict;
create table unit (passage integer references passage, start integer, stop integer, kind text, header text, lead text,
                   questions text) strict;
create table unanswered (language text, question text) strict;
"""


def write(
    file: Path, documents: Iterable[Document], passages: Iterable[Passage], unanswered: Iterable[tuple[str, str]]
) -> None:
    """Write a new file; `unanswered` has questions that the documents do not answer, each behind its language."""
    with closing(sqlite3.connect(file)) as db, db:
        db.executescript(_SCHEMA)
        rows = [(d.id, d.title, d.source, d.language, d.text) for d in documents]
        db.executemany("insert into document values (?, ?, ?, ?, ?)", rows)
        for n, p in enumerate(passages):
            row = (n, p.id, p.document_id, _json(p.headings), p.start, p.end)
            db.execute("insert into passage values (?, ?, ?, ?, ?, ?)", row)
            units = [(n, u.start, u.end, u.kind, _json(u.header), u.lead, _json(u.questions)) for u in p.units]
            db.executemany("insert into unit values (?, ?, ?, ?, ?, ?, ?)", units)
        db.executemany("insert into unanswered values (?, ?)", unanswered)


def read(file: Path) -> tuple[dict[str, Document], list[Passage]]:
    """The documents and passages in the file, in the order in which they were written."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
        documents = {row[0]: Document(*row) for row in db.execute("select * from document")}
        units: dict[int, list[Unit]] = {}
        for n, start, stop, kind, header, lead, questions in db.execute("select * from unit order by rowid"):
            asked = tuple(json.loads(questions))
            units.setdefault(n, []).append(Unit(start, stop, kind, tuple(json.loads(header)), lead, asked))
        passages = [
            Passage(name, document, tuple(json.loads(headings)), start, stop, tuple(units.get(n, ())))
            for n, name, document, headings, start, stop in db.execute("select * from passage order by n")
        ]
    return documents, passages


def read_unanswered(file: Path, language: str) -> list[str]:
    """The questions in `language` that the documents do not answer, in order."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
        found = db.execute("select question from unanswered where language = ? order by rowid", [language])
        return [question for (question,) in found]


def _json(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False)
