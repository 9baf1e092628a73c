import dataclasses
import json

import numpy as np
import pytest

from finetune.benchmarks import tune as module
from finetune.benchmarks.questions import GoldQuestion
from finetune.benchmarks.tune import examples, reads_own, tune, write_weights
from knowledge import weights as kept
from knowledge.answerer import rank_units
from knowledge.evidence import evidence, weigh_question
from knowledge.weights import Weights
from tests.knowledge.small_library import ATTACHED
from textkit.errors import FrontdeskError

OFF_TOPIC = {
    "en": [
        "what is the weather in Paris",
        "who won the football",
        "write me a poem about autumn leaves",
        "tell me a joke",
        "stock market today",
        "how do I fix my car",
        "recipe for lasagne",
        "capital of Peru",
    ],
    "zh": [
        "今天天气怎么样",
        "谁赢了比赛",
        "写一首诗",
        "讲个笑话",
        "股市行情",
        "怎么修汽车",
        "红烧肉怎么做",
        "秘鲁的首都",
    ],
}


def golds(language):
    """What is attached to the small library, worded anew, and as many questions about nothing in it."""
    found = [
        GoldQuestion(f"{question} today", "fact", True, (f"{language}/{name}",), ((quote.strip("| ")[:6],),), None)
        for name, quote, asked in ATTACHED[language]
        for question in asked
    ]
    return [*found, *(GoldQuestion(q, "off_topic", False, (), (), None) for q in OFF_TOPIC[language])]


@pytest.fixture(scope="module", params=["en", "zh"])
def tuned(request, answerer):
    index = answerer.index.languages[request.param]
    return index, golds(request.param), tune(index, golds(request.param), 0.9, reads_own(answerer, index)).weights


def test_candidates_are_labelled_by_the_value_in_the_gold_document(answerer):
    index = answerer.index.languages["en"]
    made = examples(index, golds("en"), reads_own(answerer, index))
    for example in made:
        right = [c for c, r in zip(example.candidates, example.right, strict=True) if r]
        assert bool(right) == example.gold.answerable
        sources = {index.text.documents[c.passage.document_id].source for c in right}
        assert sources <= set(example.gold.documents)


def test_the_weights_rank_the_right_unit_first_and_part_known_from_unknown(tuned, answerer, monkeypatch):
    index, asked, made = tuned
    weights = Weights(**made)
    monkeypatch.setattr("knowledge.answerer.load_weights", lambda *_, **__: weights)
    confidence = {True: [], False: []}
    for example in examples(index, asked, reads_own(answerer, index)):
        ranked, scores = rank_units(index, example.question, example.found)
        facts = evidence(index, example.question, example.found, ranked, scores)
        confidence[example.gold.answerable].append(weights.confidence(facts))
        if example.gold.answerable:
            right = [c.unit for c, r in zip(example.candidates, example.right, strict=True) if r]
            assert ranked[0].unit in right
    assert min(confidence[True]) > max(confidence[False])


def test_the_threshold_lets_the_wanted_share_through(answerer):
    index = answerer.index.languages["en"]
    thresholds = [
        tune(index, golds("en"), keep, reads_own(answerer, index)).weights["threshold"] for keep in (0.5, 0.9, 1.0)
    ]
    assert thresholds == sorted(thresholds, reverse=True)


def test_tuning_is_deterministic_and_reads_back(tuned, answerer, tmp_path, monkeypatch):
    index, asked, made = tuned
    again = tune(index, asked, 0.9, reads_own(answerer, index))
    assert again.weights == made
    assert set(again.figures) == {"recall@1", "answered_right", "abstained", "auroc"}
    assert min(again.figures.values()) > 0.5
    file = tmp_path / "zh-plain.json"
    write_weights(made, file)
    assert json.loads(file.read_text()) == made
    monkeypatch.setattr(kept, "FOLDER", tmp_path)
    assert dataclasses.asdict(kept.load_weights.__wrapped__("zh", "plain")) == made


def test_the_unit_model_learns_the_feature_that_tells():
    pick = np.random.default_rng(0)
    sets = []
    for _ in range(40):
        matrix = pick.normal(size=(6, 3))
        sets.append((matrix, matrix[:, 1] == matrix[:, 1].max()))
    weights = module._fit_units(sets)
    assert weights[1] > 5 * abs(weights[[0, 2]]).max()


def test_the_gate_is_fitted_on_raw_features():
    pick = np.random.default_rng(0)
    answerable = np.arange(200) % 4 == 0
    matrix = np.stack([100 + 10 * answerable + pick.normal(0, 3, 200), np.full(200, 7.0)], axis=1)
    weights, bias = module._fit_gate(matrix, answerable)
    chance = 1 / (1 + np.exp(-(matrix @ weights + bias)))
    assert ((chance > 0.5) == answerable).mean() > 0.9


@pytest.mark.parametrize("answerable", [True, False])
def test_questions_of_one_sort_alone_cannot_teach_the_gate(answerer, answerable):
    asked = [g for g in golds("en") if g.answerable is answerable]
    with pytest.raises(FrontdeskError, match="both"):
        tune(answerer.index.languages["en"], asked, 0.9, reads_own(answerer, answerer.index.languages["en"]))


def test_follow_ups_are_read_with_the_question_before_them(answerer):
    index = answerer.index.languages["zh"]
    gold = GoldQuestion("那最多多少人呢？", "follow_up", True, ("zh/tasting.txt",), (("12 人",),), "成都品茶会什么时候")
    (example,) = examples(index, [gold], reads_own(answerer, index))
    assert example.question.words == weigh_question(index, "成都品茶会什么时候，那最多多少人呢？").words
    _, found = answerer.read_own(index, example.question.text)
    assert example.found.hits[0].passage.id == found.hits[0].passage.id
