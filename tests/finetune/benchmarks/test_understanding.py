import json

import pytest

from finetune.benchmarks import understanding
from finetune.benchmarks.entities import score
from textkit.entities import Catalogue
from textkit.errors import FrontdeskError

ROOK = {
    "sku": "GR-ROOK",
    "name_en": "Rook hand grinder",
    "name_zh": "车磨手摇磨豆机",
    "aliases": {"en": ["rook"], "zh": []},
}


def write(folder, name, *rows):
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def read_as(answers):
    """A parser that says what `answers` has for each text: intent, its confidence, how far outside."""

    def parse(texts):
        made = []
        for text in texts:
            name, share, outside = answers[text]
            ranking = [{"name": name, "confidence": share}, {"name": "greet", "confidence": 1 - share}]
            intent = {"name": "ask" if outside >= 0.5 else name}
            made.append({"intent": intent, "intent_ranking": ranking, "outside": {"score": outside, "threshold": 0.5}})
        return made

    return parse


def test_the_likeliest_class_and_the_route_are_two_figures(tmp_path):
    write(tmp_path, "intents_dev_en.jsonl", {"text": "a", "intent": "bye"}, {"text": "b", "intent": "human"})
    answers = {"a": ("bye", 0.9, 0.7), "b": ("human", 0.3, 0.1)}
    figures = understanding.run(tmp_path, "en", "dev", read_as(answers))
    assert (figures["accuracy"], figures["accuracy_routed"], figures["sent_to_documents"]) == (0.5, 0.5, 0.5)


def test_out_of_scope_is_told_from_the_rest(tmp_path):
    write(tmp_path, "intents_dev_en.jsonl", {"text": "a", "intent": "bye"}, {"text": "b", "intent": "human"})
    write(tmp_path, "outside_dev_en.jsonl", {"text": "c", "near": True}, {"text": "d", "near": False})
    answers = {"a": ("bye", 0.9, 0.2), "b": ("human", 0.9, 0.4), "c": ("bye", 0.9, 0.3), "d": ("bye", 0.9, 0.8)}
    figures = understanding.run(tmp_path, "en", "dev", read_as(answers))
    assert figures["outside_auroc"] == 0.75
    assert (figures["outside_accepted_near"], figures["outside_accepted_far"]) == (1.0, 0.0)


def test_a_split_without_files_is_named(tmp_path):
    with pytest.raises(FrontdeskError, match="no test file for en and 'tset'"):
        understanding.run(tmp_path, "en", "tset", read_as({}))


def test_an_entity_counts_when_kind_place_and_value_agree():
    text = "two rooks for £49.50"
    right = [
        {"entity": "quantity", "start": 0, "end": 3, "value": 2},
        {"entity": "product", "start": 4, "end": 9, "value": "GR-ROOK"},
        {"entity": "amount", "start": 14, "end": 20, "value": {"value": 49.5, "currency": "GBP"}},
    ]
    wrong = [right[0], right[1], {**right[2], "value": {"value": 49.0, "currency": "GBP"}}]
    rows = [{"text": text, "today": "2026-11-24", "entities": gold} for gold in (right, wrong)]
    figures = score(rows, Catalogue.of([ROOK]))
    assert (figures["quantity_f1"], figures["product_f1"], figures["amount_f1"]) == (1.0, 1.0, 0.5)
    assert figures["entity_f1"] == pytest.approx(5 / 6, abs=1e-4)
