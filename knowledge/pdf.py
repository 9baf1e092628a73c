"""PDF to Markdown: headings by the size of their letters, tables as tables, paragraphs whole."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.documents import glue

HEADING_SCALE = 1.12  # times the body's letters
LONGEST_HEADING = 120
_ITEM = re.compile(r"^\s*(?:[-*+•·▪◦]|\d{1,2}[.)、）])\s*\S")
_SENTENCE_END = re.compile(r"[.。！!；;，,]$")

Block = tuple[str, float, str]  # kind (`text` or `table`), size of the letters, content


def pdf_to_markdown(path: Path) -> str:
    """The text of every page in reading order; raises what pdfplumber raises on a damaged file."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        blocks = [block for page in pdf.pages for block in _blocks(page)]
    sizes = Counter[float]()
    for kind, size, content in blocks:
        if kind == "text":
            sizes[size] += len(content)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    levels = sorted({s for k, s, c in blocks if k == "text" and s >= body * HEADING_SCALE}, reverse=True)
    return "\n\n".join(_render(block, levels) for block in blocks)


def _render(block: Block, levels: list[float]) -> str:
    kind, size, content = block
    heading = kind == "text" and size in levels and len(content) <= LONGEST_HEADING
    if heading and not _SENTENCE_END.search(content):
        return f"{'#' * min(levels.index(size) + 1, 6)} {content}"
    return content


def _blocks(page: Any) -> Iterator[Block]:
    """Paragraphs and tables of a page from top to bottom."""
    tables = [(table.bbox, table.extract()) for table in page.find_tables()]
    tables = [(box, rows) for box, rows in tables if len(rows) > 1 and len(rows[0]) > 1]

    def outside(thing: dict[str, Any]) -> bool:
        middle = (thing["top"] + thing["bottom"]) / 2
        return not any(top <= middle <= bottom for (_, top, _, bottom), _ in tables)

    lines = page.filter(outside).extract_text_lines(return_chars=True)
    found = [(float(line["top"]), line) for line in lines] + [(float(box[1]), rows) for box, rows in tables]
    paragraph: list[dict[str, Any]] = []
    for _, thing in sorted(found, key=lambda pair: pair[0]):
        if isinstance(thing, list):
            yield from _paragraph(paragraph)
            paragraph = []
            yield "table", 0.0, _table(thing)
        elif paragraph and not _goes_on(paragraph[-1], thing):
            yield from _paragraph(paragraph)
            paragraph = [thing]
        else:
            paragraph.append(thing)
    yield from _paragraph(paragraph)


def _size(line: dict[str, Any]) -> float:
    return float(round(statistics.median(char["size"] for char in line["chars"]) * 2)) / 2


def _goes_on(before: dict[str, Any], line: dict[str, Any]) -> bool:
    """Whether `line` belongs to the paragraph of the line above it."""
    gap = line["top"] - before["bottom"]
    return bool(gap < 0.75 * _size(line) and _size(line) == _size(before) and not _ITEM.match(line["text"]))


def _paragraph(lines: list[dict[str, Any]]) -> Iterator[Block]:
    if lines:
        text = lines[0]["text"].strip()
        for line in lines[1:]:
            text = glue(text, line["text"].strip())
        yield "text", _size(lines[0]), text


def _table(rows: list[list[str | None]]) -> str:
    lines = []
    for number, row in enumerate(rows):
        cells = []
        for cell in row:
            text = ""
            for part in (cell or "").split("\n"):
                text = glue(text, part.strip()) if text else part.strip()
            cells.append(text.replace("|", "/"))
        lines.append(f"| {' | '.join(cells)} |")
        if number == 0:
            lines.append("|" + " --- |" * len(row))
    return "\n".join(lines)
