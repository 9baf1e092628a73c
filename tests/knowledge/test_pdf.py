import pytest

from knowledge.pdf import pdf_to_markdown
from textkit.settings import ROOT


def test_headings_paragraphs_and_tables_of_a_page(library):
    assert pdf_to_markdown(library / "en/warranty.pdf").split("\n\n") == [
        "# Warranty",
        "The warranty begins on the day of delivery and goes over to a second owner. Limescale is not covered.",
        "| Goods | Warranty |\n| --- | --- |\n| Espresso machines | 3 years |\n| Grinders | 2 years |",
    ]


def test_a_chinese_page_keeps_its_table_and_glues_its_lines():
    text = pdf_to_markdown(ROOT / "knowledge/library/zh/pay-later-terms.pdf")
    assert text.startswith("# ")
    assert "\n| --- |" in text
    paragraphs = [p for p in text.split("\n\n") if not p.startswith(("#", "|"))]
    assert not any("\n" in p for p in paragraphs)


def test_a_damaged_file_is_an_error(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"no pdf")
    with pytest.raises(Exception, match="No /Root|PDF"):
        pdf_to_markdown(tmp_path / "a.pdf")
