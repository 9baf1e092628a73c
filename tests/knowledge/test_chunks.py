import re

import pytest

from knowledge.chunks import MAX_CHARACTERS, row_cells, split_document, unit_text
from knowledge.documents import Document, normalise_text
from knowledge.loaders import find_files, load_document
from textkit.settings import ROOT


def document(markdown, language="en", title="Returns"):
    return Document("d", title, "d.md", language, normalise_text(markdown))


def shown(made):
    return [unit_text(made, unit) for passage in split_document(made) for unit in passage.units]


def test_every_section_is_a_passage_with_its_headings():
    made = document(
        "# Returns\n\nIntro here now.\n\n## Cost\n\nA label costs £2.95.\n\n### Abroad\n\nYou pay."
        "\n\n## Time\n\n30 days from now."
    )
    assert [p.headings for p in split_document(made)] == [
        ("Returns",),
        ("Returns", "Cost"),
        ("Returns", "Cost", "Abroad"),
        ("Returns", "Time"),
    ]


def test_a_document_without_a_heading_has_its_title_as_one():
    assert split_document(document("Only one sentence."))[0].headings == ("Returns",)


def test_a_row_is_shown_with_its_header_in_either_language():
    table = "| {0} | {1} | {2} |\n|---|---|---|\n| Express | £6.95 | |\n"
    assert shown(document(table.format("Method", "Price", "Note"))) == ["Method: Express; Price: £6.95"]
    assert shown(document(table.format("方式", "价格", "备注"), "zh")) == ["方式：Express；价格：£6.95"]


def test_two_tables_keep_their_own_headers():
    made = document("| A | B |\n|---|---|\n| 1 | 2 |\n\n| C | D |\n|---|---|\n| 3 | 4 |\n")
    assert shown(made) == ["A: 1; B: 2", "C: 3; D: 4"]


def test_the_items_of_a_list_know_the_line_that_introduces_them():
    made = document("We need:\n\n- the order number;\n- a photo.\n\nThank you very much.")
    units = [u for p in split_document(made) for u in p.units]
    assert [u.lead for u in units] == ["", "We need:", "We need:", ""]
    assert shown(made)[1:3] == ["the order number;", "a photo."]


def test_an_answer_under_a_question_stays_whole():
    assert shown(document("# Can I pay cash?\n\nNo. Cash is for stores only.")) == ["No. Cash is for stores only."]
    assert shown(document("# 可以货到付款吗？\n\n不可以。门店才收现金。", "zh")) == ["不可以。门店才收现金。"]


def test_a_very_short_sentence_is_joined_to_the_next():
    assert shown(document("# Pay\n\nNo. Cash is for stores only. Cards are fine everywhere.")) == [
        "No. Cash is for stores only.",
        "Cards are fine everywhere.",
    ]


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "This sentence is one of a great many. "), ("zh", "这是很多句话中的一句。")]
)
def test_a_long_section_is_cut_between_its_units(language, sentence):
    passages = split_document(document("# Long\n\n" + sentence * 200, language))
    assert len(passages) > 3
    assert max(p.end - p.start for p in passages) <= MAX_CHARACTERS[language] + len(sentence)
    assert sum(len(p.units) for p in passages) == 200


def test_empty_cells_and_unnamed_columns_are_empty():
    assert row_cells("| NaN | Unnamed: 3 | a \\| b | x |") == ["", "", "a \\| b", "x"]


def test_headings_alone_make_no_passage():
    assert split_document(document("# One\n\n## Two\n")) == []


@pytest.fixture(scope="module")
def real_documents():
    return [load_document(path, base) for path, base in find_files([ROOT / "knowledge/library"])]


def test_in_the_sample_library_every_line_is_in_exactly_one_unit(real_documents):
    assert {d.language for d in real_documents} == {"en", "zh"}
    for made in real_documents:
        units = [u for p in split_document(made) for u in p.units]
        assert all(a.end <= b.start for a, b in zip(units, units[1:], strict=False)), made.source
        covered = set().union(*(range(u.start, u.end) for u in units))
        left = "".join(c for i, c in enumerate(made.text) if i not in covered)
        lost = [line for line in left.split("\n") if re.search(r"\w", line) and not _is_frame(line)]
        assert not lost, (made.source, lost)


def _is_frame(line):
    """A heading, the header of a table, or the mark of a list item."""
    return re.match(r"\s*(#|\||\d{1,2}[.)、）]\s*$)", line)


def test_in_the_sample_library_passages_span_their_units(real_documents):
    for made in real_documents:
        for passage in split_document(made):
            assert (passage.start, passage.end) == (passage.units[0].start, passage.units[-1].end)
            assert all(made.text[u.start : u.end].strip() == made.text[u.start : u.end] for u in passage.units)
            assert passage.document_id == made.id
