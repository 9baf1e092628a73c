"""XLSX to Markdown: a section per sheet, a table per block of rows, remarks as sentences."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_LOCALE = re.compile(r"\[\$-[^\]]*\]")  # `[$-409]` in a number format names a language, no dollars


def xlsx_to_markdown(path: Path) -> str:
    """Every visible sheet; raises what openpyxl raises on a damaged file.

    A row with one filled cell is a caption or a remark; the first row with more is the header of those below it, up
    to an empty row. Values are shown as the sheet shows money, shares and dates.
    """
    from openpyxl import load_workbook

    workbook = load_workbook(path, data_only=True)
    parts: list[str] = []
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            parts += [f"## {sheet.title}", *_blocks([[shown(cell) for cell in row] for row in sheet.iter_rows()])]
    workbook.close()
    return "\n\n".join(parts)


def _blocks(rows: Sequence[Sequence[str]]) -> list[str]:
    blocks: list[str] = []
    table: list[str] = []
    for row in rows:
        filled = [cell for cell in row if cell]
        if len(filled) > 1:
            cells = list(row)
            while cells and not cells[-1]:
                cells.pop()
            if table:
                cells += [""] * (table[0].count("|") - 1 - len(cells))
            table.append(f"| {' | '.join(c.replace('|', '/') for c in cells)} |")
            if len(table) == 1:
                table.append("|" + " --- |" * len(cells))
        else:
            blocks += ["\n".join(table)] * bool(table) + filled
            table = []
    return blocks + ["\n".join(table)] * bool(table)


def shown(cell: Any) -> str:
    """The text of a cell, with the currency or percent sign of its number format."""
    value, form = cell.value, _LOCALE.sub("", str(cell.number_format))
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == datetime.time() else "%Y-%m-%d %H:%M")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if "%" in form:
            return f"{value * 100:.10g}%"
        sign = next((s for s in "£¥€$" if s in form), "")
        comma = "," if sign else ""
        if value == int(value):  # whole, and in full: a phone number or a bar code has 11 digits and more
            return f"{sign}{int(value):{comma}}"
        return sign + (f"{value:,.2f}" if ".00" in form else f"{value:{comma}.10g}")
    return " ".join(str(value).split())
