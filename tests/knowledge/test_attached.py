import json

import pytest

from knowledge.attached import attach, read_attached, read_unanswered
from knowledge.chunks import split_document
from knowledge.documents import Document, normalise_text
from textkit.errors import DocumentError

TEXT = normalise_text(
    "# Label\n\nA **label** costs £2.95. It is free for Gold.\n\n- Post it in time.\n\n| A | B |\n|---|---|\n| 1 | 2 |"
)
RETURNS = Document("returns-1", "Label", "returns.md", "en", TEXT)


def write(folder, *rows):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "questions.jsonl").write_text("\n".join(lines))


def attach_to_returns(quote, source="returns.md"):
    passages, lost = attach(split_document(RETURNS), {RETURNS.id: RETURNS}, {source: [(quote, ["asked"])]})
    return [TEXT[u.start : u.end] for p in passages for u in p.units if u.questions], lost


def test_questions_are_named_from_the_folder_that_is_ingested(tmp_path):
    write(tmp_path / "en", {"document": "returns.md", "quote": "a", "questions": ["b", "c"]}, "")
    assert read_attached([tmp_path]) == {"en/returns.md": [("a", ["b", "c"])]}
    assert read_attached([tmp_path / "en"]) == {"returns.md": [("a", ["b", "c"])]}
    assert read_attached([tmp_path / "en/questions.jsonl"]) == {}


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[]",
        {"document": "a.md", "quote": "q"},
        {"document": "a.md", "quote": "q", "questions": "one"},
        {"document": "a.md", "quote": "q", "questions": [" "]},
        {"document": 1, "quote": "q", "questions": ["x"]},
        {"document": "a.md", "quote": "", "questions": ["x"]},
    ],
)
def test_a_bad_line_is_named(tmp_path, row):
    write(tmp_path, {"document": "a.md", "quote": "q", "questions": ["x"]}, row)
    with pytest.raises(DocumentError, match=r"questions\.jsonl, line 2"):
        read_attached([tmp_path])


def test_a_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / "questions.jsonl").write_bytes('{"document": "退货.md"}'.encode("gb18030"))
    with pytest.raises(DocumentError, match=r"questions\.jsonl"):
        read_attached([tmp_path])


@pytest.mark.parametrize(
    ("quote", "unit"),
    [
        ("A label costs", "A label costs £2.95."),
        ("A **label** costs £2.95.", "A label costs £2.95."),
        ("free for Gold", "It is free for Gold."),
        ("- Post it in time.", "Post it in time."),
        ("| 1 | 2 |", "| 1 | 2 |"),
    ],
)
def test_the_unit_in_which_a_quote_begins_gets_the_questions(quote, unit):
    assert attach_to_returns(quote) == ([unit], [])


@pytest.mark.parametrize("quote", ["A label costs £3.95.", "# Label", "| A | B |"])
def test_a_quote_that_is_in_no_sentence_or_row_is_reported(quote):
    units, lost = attach_to_returns(quote)
    assert units == []
    assert lost == [f"returns.md: {quote!r}"]


def test_unanswered_questions_are_read_once_each(tmp_path):
    (tmp_path / "en").mkdir()
    rows = [{"question": "a?"}, {"question": "寄标签吗"}, {"question": "a?"}]
    text = "\n".join(json.dumps(row) for row in rows) + "\n\n"
    (tmp_path / "en/unanswered.jsonl").write_text(text, encoding="utf-8")
    assert read_unanswered([tmp_path]) == ["a?", "寄标签吗"]
    assert read_unanswered([tmp_path / "en/unanswered.jsonl"]) == []


@pytest.mark.parametrize("line", ["no JSON", '{"question": 1}', '{"question": " "}', '{"asked": "a"}', "[]"])
def test_a_bad_line_of_unanswered_questions_is_named(tmp_path, line):
    (tmp_path / "unanswered.jsonl").write_text('{"question": "a?"}\n' + line, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"unanswered\.jsonl, line 2 is not of the form"):
        read_unanswered([tmp_path])
