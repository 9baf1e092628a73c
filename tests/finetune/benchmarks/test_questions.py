import json

import pytest

from finetune.benchmarks.questions import (
    GoldQuestion,
    auroc,
    document_is_first,
    has_values,
    is_right,
    read_questions,
    run,
)
from knowledge.answerer import Answerer
from knowledge.index import Index
from textkit.errors import DocumentError, FrontdeskError
from textkit.settings import ROOT

GOLD = {"question": "postage for sending it back", "kind": "fact", "answerable": True, "documents": ["en/returns.md"]}
GOLD["values"] = [["£2.95", "2.95 pounds"]]


def gold(
    question="postage for sending it back", answerable=True, documents=("en/returns.md",), values=(("£2.95",),), **more
):
    return GoldQuestion(question, more.get("kind", "fact"), answerable, documents, values, more.get("previous"))


def nonsense(question, kind):
    return gold(question, False, (), (), kind=kind)


def test_every_line_of_a_file_is_a_question(tmp_path):
    (tmp_path / "q.jsonl").write_text(f"{json.dumps(GOLD)}\n\n{json.dumps(GOLD | {'previous': 'returns?'})}\n")
    first, second = read_questions(tmp_path / "q.jsonl")
    assert first == gold(values=(("£2.95", "2.95 pounds"),))
    assert second.previous == "returns?"


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "7", json.dumps({k: v for k, v in GOLD.items() if k != "kind"}), json.dumps(GOLD | {"values": 3})],
)
def test_a_line_of_another_form_is_named(tmp_path, line):
    (tmp_path / "q.jsonl").write_text(f"{json.dumps(GOLD)}\n{line}\n")
    with pytest.raises(DocumentError, match=r"q\.jsonl, line 2"):
        read_questions(tmp_path / "q.jsonl")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DocumentError, match=r"q\.jsonl does not exist"):
        read_questions(tmp_path / "q.jsonl")


@pytest.mark.parametrize(
    ("text", "values", "right"),
    [
        ("It costs £2.95.", [["£2.95"]], True),
        ("Within 30  Days of it", [["30 days"]], True),
        ("30天内", [["30 天"]], True),
        ("It costs £3.95.", [["£2.95"]], False),
        ("From 3 to 5 days", [["3 to 5 days", "3-5 days"], ["card"]], False),
        ("3-5 days by card", [["3 to 5 days", "3-5 days"], ["card"]], True),
        ("anything", [], True),
    ],
)
def test_an_answer_needs_one_spelling_of_every_value(text, values, right):
    assert has_values(text, values) is right


def test_right_is_the_gold_value_from_a_gold_document(answerer):
    answer = answerer.answer("postage for sending it back", "en")
    assert is_right(gold(), answer)
    assert not is_right(gold(documents=("en/faq.csv",)), answer)
    assert not is_right(gold(values=(("£9",),)), answer)
    assert not is_right(gold(), answerer.answer("what is the weather in Paris", "en"))


def test_the_first_document_counts_whether_answered_or_not(answerer):
    assert document_is_first(gold(), answerer, "en")
    assert not document_is_first(gold(documents=("en/faq.csv",)), answerer, "en")
    assert document_is_first(gold("成都品茶会什么时候", documents=("zh/tasting.txt",)), answerer, "zh")


def test_figures_are_shares_of_their_own_kind_of_question(answerer):
    golds = [
        gold(),
        gold("How long is the guarantee on a grinder?", documents=("en/warranty.pdf",), values=(("2 years",),)),
        gold(values=(("£9",),)),
        gold("qwerty asdf", documents=("en/kettle.docx",)),
        nonsense("what is the weather in Paris", "off_topic"),
        nonsense("zxcv uiop", "off_topic"),
        nonsense("postage for sending it back", "near_miss"),
    ]
    figures = run(answerer, golds, "en")
    assert figures["questions"] == 7
    assert figures["recall@1"] == 0.75
    assert figures["answered_right"] == 0.5
    assert (figures["abstained"], figures["abstained_off_topic"], figures["abstained_near_miss"]) == (0.6667, 1.0, 0.0)
    assert figures["abstained_answerable"] == 0.25
    assert 1 <= figures["units_per_answer"] <= 3
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]


def test_questions_of_a_language_without_documents_are_refused(answerer):
    english = Index("v", {}, {}, {"en": answerer.index.languages["en"]})
    with pytest.raises(FrontdeskError, match="no documents in zh"):
        run(Answerer(english, answerer.glossary), [gold("退款")], "zh")
    with pytest.raises(FrontdeskError, match="question file is empty"):
        run(answerer, [], "en")


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.3], [0.5, 0.1], 0.75),
        ([], [0.1], 0.0),
    ],
)
def test_auroc_is_the_chance_that_a_positive_scores_higher(positive, negative, area):
    assert auroc(positive, negative) == area


@pytest.mark.parametrize("file", sorted((ROOT / "tests/data/questions").glob("*.jsonl")), ids=lambda file: file.name)
def test_the_question_files_of_the_repository_agree_with_the_library(file):
    golds = read_questions(file)
    assert golds
    for made in golds:
        assert made.answerable == bool(made.documents) == bool(made.values)
        assert all((ROOT / "knowledge/library" / name).is_file() for name in made.documents)
    assert len({(g.question, g.previous) for g in golds}) == len(golds)
