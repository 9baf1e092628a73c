"""Documents to passages: one per section, cut at paragraphs when long; each passage knows its quotable units."""

from __future__ import annotations

import dataclasses
import re
from typing import Literal

from knowledge.documents import Document
from knowledge.sentences import sentence_spans

MAX_CHARACTERS = {"en": 1400, "zh": 600}
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ITEM = re.compile(r"^\s*(?:[-*+•·]|\d{1,2}[.)、）])\s+")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_QUESTION = re.compile(r"[?？]\s*$")
# An answer under a question is read whole: its sentences ("No, nowhere.") lean on each other.
_WHOLE_ANSWER = {"en": 320, "zh": 140}
_SHORT = {"en": 12, "zh": 5}
_QUOTE_MARK = re.compile(r"^\s*>\s?")


@dataclasses.dataclass(frozen=True)
class Unit:
    """The smallest thing that is quoted: a sentence or a table row, at [start, end) of its document's text."""

    start: int
    end: int
    kind: Literal["sentence", "row"]
    header: tuple[str, ...] = ()
    lead: str = ""  # the line that introduces the list it stands in
    questions: tuple[str, ...] = ()  # ways in which customers ask for it (knowledge/attached.py)


@dataclasses.dataclass(frozen=True)
class Passage:
    """A section of a document, or a part of one."""

    id: str
    document_id: str
    headings: tuple[str, ...]
    start: int
    end: int
    units: tuple[Unit, ...]


@dataclasses.dataclass
class _Section:
    headings: tuple[str, ...]
    blocks: list[list[Unit]] = dataclasses.field(default_factory=list)


def split_document(document: Document) -> list[Passage]:
    """The passages of `document`, in order; every sentence and table row is in exactly one."""
    passages: list[Passage] = []
    limit = MAX_CHARACTERS[document.language]
    for section in _sections(document):
        for blocks in _pack(section.blocks, limit):
            units = tuple(unit for block in blocks for unit in block)
            name = f"{document.id}#{len(passages)}"
            passages.append(Passage(name, document.id, section.headings, units[0].start, units[-1].end, units))
    return passages


def unit_text(document: Document, unit: Unit) -> str:
    """What is shown of a unit: a sentence as it stands, a table row with its header, cell by cell."""
    raw = document.text[unit.start : unit.end]
    if unit.kind == "sentence":
        return raw
    colon, comma = ("：", "；") if document.language == "zh" else (": ", "; ")
    cells = row_cells(raw)
    names = unit.header if len(unit.header) == len(cells) else ("",) * len(cells)
    shown = [f"{n}{colon}{c}" if n and n != c else c for n, c in zip(names, cells, strict=True) if c]
    return comma.join(shown)


def row_cells(line: str) -> list[str]:
    """The cells of a Markdown table row; `NaN` and unnamed columns of spreadsheets are empty."""
    cells = [c.strip() for c in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
    return ["" if c in ("NaN", "nan") or re.fullmatch(r"Unnamed: \d+", c) else c for c in cells]


def _pack(blocks: list[list[Unit]], limit: int) -> list[list[list[Unit]]]:
    """Blocks joined until they reach `limit` characters; a longer block (a long table) is cut between its units."""
    pieces: list[list[Unit]] = []
    for block in blocks:
        piece: list[Unit] = []
        for unit in block:
            if piece and unit.end - piece[0].start > limit:
                pieces.append(piece)
                piece = []
            piece.append(unit)
        pieces.append(piece)
    packed: list[list[list[Unit]]] = []
    for piece in pieces:
        if packed and piece[-1].end - packed[-1][0][0].start <= limit:
            packed[-1].append(piece)
        else:
            packed.append([piece])
    return packed


def _sections(document: Document) -> list[_Section]:
    """Sections with their blocks: a paragraph, a list with the line before it, or a table."""
    sections = [_Section((document.title,))]
    path: list[tuple[int, str]] = []
    offset, lead, paragraph = 0, "", False
    header: tuple[str, ...] | None = ()
    table: tuple[str, ...] | None = None
    for line in document.text.split("\n"):
        start, offset = offset, offset + len(line) + 1
        heading = _HEADING.match(line)
        if heading:
            path = [p for p in path if p[0] < len(heading[1])] + [(len(heading[1]), heading[2])]
            names = tuple(name for _, name in path)
            names = names if names[0] == document.title else (document.title, *names)
            sections.append(_Section(names))
            table, lead, paragraph = None, "", False
        elif _RULE.match(line) and "-" in line:
            continue
        elif _ROW.match(line):
            table, unit = _read_row(document, line, start, table)
            if unit:
                _add(sections[-1], unit, new_block=unit is None or header != table)
                header = table
            paragraph = False
        elif not line.strip():
            table, paragraph = None, False
        else:
            table, header = None, ()
            units, lead = _read_text(document, line, start, lead, sections[-1].headings)
            for n, unit in enumerate(units):
                _add(sections[-1], unit, new_block=not paragraph and n == 0 and not unit.lead)
            paragraph = True
    return [s for s in sections if s.blocks]


def _add(section: _Section, unit: Unit, *, new_block: bool) -> None:
    if new_block or not section.blocks:
        section.blocks.append([])
    section.blocks[-1].append(unit)


def _read_row(
    document: Document, line: str, start: int, table: tuple[str, ...] | None
) -> tuple[tuple[str, ...], Unit | None]:
    """The header in force and the row's unit; the first row of a table is its header."""
    cells = row_cells(line)
    if table is None:
        return tuple(cells), None
    if not any(cells):
        return table, None
    left = start + len(line) - len(line.lstrip())
    return table, Unit(left, left + len(line.strip()), "row", table)


def _read_text(
    document: Document, line: str, start: int, lead: str, headings: tuple[str, ...]
) -> tuple[list[Unit], str]:
    """The sentences of a line, and the lead that holds for the list items after it."""
    item = _ITEM.match(line)
    mark = item or _QUOTE_MARK.match(line)
    left = start + (mark.end() if mark else len(line) - len(line.lstrip()))
    spans = _joined(document, sentence_spans(document.text, left, start + len(line)), headings)
    units = [Unit(a, b, "sentence", lead=lead if item else "") for a, b in spans]
    last = document.text[spans[-1][0] : spans[-1][1]] if spans else ""
    if not item:
        lead = last if last.endswith((":", "：")) else ""
    return units, lead


def _joined(document: Document, spans: list[tuple[int, int]], headings: tuple[str, ...]) -> list[tuple[int, int]]:
    """The whole line under a heading that asks; otherwise sentences, a very short one joined to the next."""
    if not spans:
        return []
    if _QUESTION.search(headings[-1]) and spans[-1][1] - spans[0][0] <= _WHOLE_ANSWER[document.language]:
        return [(spans[0][0], spans[-1][1])]
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] - joined[-1][0] < _SHORT[document.language]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
