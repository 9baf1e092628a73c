import json

import pytest

from finetune.examples import (
    Example,
    ExampleError,
    Pair,
    check_known,
    check_training,
    read_examples,
    read_pairs,
    read_texts,
)


def written(tmp_path, name, text, encoding="utf-8"):
    file = tmp_path / name
    file.write_text(text, encoding=encoding)
    return file


def test_a_table_and_lines_of_json_say_the_same(tmp_path):
    table = written(tmp_path, "a.csv", '\ufefftext,label,note\n"Where, oh where?",status,x\n 发票呢 ,invoice,\n')
    rows = [{"text": "Where, oh where?", "label": "status"}, {"text": "发票呢", "label": "invoice", "more": 1}]
    lines = written(tmp_path, "a.jsonl", "\n".join(json.dumps(row) for row in rows) + "\n\n")
    assert read_examples(table) == read_examples(lines) == [Example(row["text"], row["label"]) for row in rows]
    assert read_texts(table) == ["Where, oh where?", "发票呢"]


def test_a_pair_may_have_a_text_that_does_not_answer(tmp_path):
    file = written(tmp_path, "a.tsv", "query\tpositive\tnegative\nHow long?\tTwo days.\tNo.\nHow much?\t5 euros.\t\n")
    assert read_pairs(file) == [Pair("How long?", "Two days.", ("No.",)), Pair("How much?", "5 euros.")]


def test_rasa_s_own_examples_are_read(tmp_path):
    pytest.importorskip("yaml", reason="group finetune is not installed")
    text = """version: "3.1"
nlu:
- intent: status
  examples: |
    - where is [R-1](order_number)
    - 我的[手冲壶]{"entity": "product"}到哪了
- synonym: x
  examples: |
    - y
"""
    assert read_examples(written(tmp_path, "en.yml", text)) == [
        Example("where is R-1", "status"),
        Example("我的手冲壶到哪了", "status"),
    ]
    for bad, said in (("nlu: 3", "no list `nlu`"), ("a: [", "is not YAML"), ("nlu: []", "no example of an intent")):
        with pytest.raises(ExampleError, match=said):
            read_examples(written(tmp_path, "bad.yml", bad))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "text,intent\nhello,greet\n", r"a\.csv has no column 'label'; it has 'text', 'intent'\..*text,label"),
        ("a.csv", "text,label\nhello,greet,now\n", r"a\.csv:2: this row has another number of fields"),
        ("a.csv", "text,label\nhello\n", r"a\.csv:2: this row has another number of fields"),
        ("a.csv", "text,label\n  ,greet\n", r"a\.csv:2: 'text' is empty"),
        ("a.csv", "text,label\nhello,\n", r"a\.csv:2: 'label' is empty"),
        ("a.csv", 'text,label\n"hello,greet\n', r"a\.csv:2: this is not CSV"),
        ("a.csv", "text,label\n", r"a\.csv has no rows"),
        ("a.csv", "", r"a\.csv has no column 'text', 'label'; it has none"),
        ("a.jsonl", '{"text": "hello", "label": "greet"}\n{"text": \n', r"a\.jsonl:2: this is not JSON"),
        ("a.jsonl", '["hello"]\n', r"a\.jsonl:1: this is a list, not an object"),
        ("a.jsonl", '{"text": "hello"}\n', r"a\.jsonl:1: 'label' is missing"),
        ("a.jsonl", '{"text": "hello", "label": 3}\n', r"a\.jsonl:1: 'label' is 3, not a text"),
        ("a.jsonl", '{"text": null, "label": "greet"}\n', r"a\.jsonl:1: 'text' is null, not a text"),
        ("a.jsonl", json.dumps({"text": "x" * 100_001, "label": "greet"}), r"a\.jsonl:1: 'text' has 100001 characters"),
        ("a.xlsx", "text,label\n", r"a\.xlsx is neither \.csv, \.tsv nor \.jsonl"),
    ],
)
def test_a_bad_row_is_named(tmp_path, name, text, said):
    with pytest.raises(ExampleError, match=said):
        read_examples(written(tmp_path, name, text))


def test_a_file_that_is_not_there_or_not_utf8_is_named(tmp_path):
    with pytest.raises(ExampleError, match=r"a\.csv cannot be read \(No such file"):
        read_examples(tmp_path / "a.csv")
    with pytest.raises(ExampleError, match=r"a\.csv is not UTF-8 text"):
        read_examples(written(tmp_path, "a.csv", "text,label\n发票,invoice\n", encoding="gb18030"))


def test_what_no_classifier_can_be_fitted_to_is_refused():
    two = [Example("a", "x"), Example("b", "x"), Example("c", "y"), Example("d", "y")]
    check_training(two, "train.csv")
    with pytest.raises(ExampleError, match=r"train\.csv has one label, 'x'"):
        check_training(two[:2], "train.csv")
    with pytest.raises(ExampleError, match=r"train\.csv has one example only of 'y'"):
        check_training(two[:3], "train.csv")


def test_a_label_that_was_never_trained_is_refused():
    check_known([Example("a", "x")], ("x", "y"), "test.csv")
    with pytest.raises(ExampleError, match=r"test\.csv has labels that the training examples lack: 'z'"):
        check_known([Example("a", "z")], ("x", "y"), "test.csv")


def test_a_question_that_nothing_answers_has_texts_that_do_not(tmp_path):
    rows = [
        {"query": "How long?", "positive": "Two days.", "negative": ["No.", " ", "5 euros."]},
        {"query": "Why?", "positive": "", "negative": "No."},
    ]
    file = written(tmp_path, "a.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert read_pairs(file, unanswered=True) == [
        Pair("How long?", "Two days.", ("No.", "5 euros.")),
        Pair("Why?", "", ("No.",)),
    ]
    with pytest.raises(ExampleError, match=r"a\.jsonl:2: 'positive' is empty\..*only rerankers"):
        read_pairs(file)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"query": "", "positive": "", "negative": "No."}, "'query' is empty"),
        ({"query": "Why?", "positive": "", "negative": []}, "both 'positive' and 'negative' are empty"),
        ({"query": "Why?", "positive": "", "negative": [3]}, "'negative' is 3, not a text"),
        ({"query": "Why?", "negative": "No."}, "'positive' is missing"),
    ],
)
def test_a_bad_pair_is_named(tmp_path, row, said):
    with pytest.raises(ExampleError, match=said):
        read_pairs(written(tmp_path, "a.jsonl", json.dumps(row)), unanswered=True)
