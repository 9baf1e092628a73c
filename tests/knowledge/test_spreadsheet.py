import datetime

import pytest
from openpyxl import Workbook

from knowledge.spreadsheet import shown, xlsx_to_markdown


def test_a_sheet_becomes_a_section_with_caption_table_and_remark(library):
    assert xlsx_to_markdown(library / "en/repairs.xlsx").split("\n\n") == [
        "## Repairs",
        "Prices of common repairs",
        "| Repair | Price | Days |\n| --- | --- | --- |\n| New pump | £64 | 7 |\n| New seal | £18.50 | 2 |",
        "A diagnosis costs £25.",
    ]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, "General", ""),
        (64, "£#,##0.00", "£64"),
        (1490.5, "£#,##0.00", "£1,490.50"),
        (2980, "[$¥-804]#,##0", "¥2,980"),
        (9.8, "#,##0.00 [$€-407]", "€9.80"),
        (0.075, "0.0%", "7.5%"),
        (0.1 + 0.2, "General", "0.3"),
        (5, "[$-409]0", "5"),
        (13800001234, "General", "13800001234"),
        (6901234567892, "0", "6901234567892"),
        (True, "General", "True"),
        (datetime.datetime(2026, 12, 24), "yyyy-mm-dd", "2026-12-24"),
        (datetime.datetime(2026, 12, 24, 16, 0), "yyyy-mm-dd", "2026-12-24 16:00"),
        (" 两\n行 ", "General", "两 行"),
    ],
)
def test_a_cell_is_shown_as_the_sheet_shows_it(value, form, text):
    cell = Workbook().active.cell(1, 1, value)
    cell.number_format = form
    assert shown(cell) == text


def test_an_empty_row_ends_a_table_and_pipes_do_not_break_it(tmp_path):
    workbook = Workbook()
    for row in [("a|b", "c"), (1, 2), (), ("d", "e", "f"), (3, 4)]:
        workbook.active.append(row)
    workbook.save(tmp_path / "a.xlsx")
    _, first, second = xlsx_to_markdown(tmp_path / "a.xlsx").split("\n\n")
    assert first == "| a/b | c |\n| --- | --- |\n| 1 | 2 |"
    assert second == "| d | e | f |\n| --- | --- | --- |\n| 3 | 4 |  |"
