import json
from typing import get_args

import pytest

from knowledge import weights as module
from knowledge.evidence import candidates, evidence, weigh_question
from knowledge.retriever import retrieve
from knowledge.weights import Taught, Weights, load_weights, taught_by, weigh
from textkit.errors import MissingArtefactError
from textkit.language import LANGUAGES

SMALL = Weights(unit={"words": 2.0}, gate={"score": 4.0}, gate_bias=-2.0, threshold=0.5)


def test_a_feature_that_is_absent_or_unknown_counts_nothing():
    assert weigh({"a": 2.0, "b": 5.0}, {"a": 3.0, "c": 7.0}) == 6.0


def test_shares_sum_to_one_and_follow_the_logits():
    shares = SMALL.shares([{"words": 0.0}, {"words": 1.0}, {"words": 5.0}])
    assert sum(shares) == pytest.approx(1)
    assert shares[0] < shares[1] < shares[2]
    assert SMALL.shares([{"words": 1000.0}, {"words": -1000.0}]) == [1.0, 0.0]


@pytest.mark.parametrize(("score", "confidence"), [(0.5, 0.5), (1.0, 0.8808), (0.0, 0.1192), (1e9, 1.0), (-1e9, 0.0)])
def test_confidence_is_logistic(score, confidence):
    assert SMALL.confidence({"score": score}) == pytest.approx(confidence, abs=1e-4)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("taught", get_args(Taught))
@pytest.mark.parametrize("view", ["both", "alone", "across"])
def test_the_weights_in_the_repository_name_only_features_that_exist(answerer, language, taught, view):
    own = answerer.index.languages[language]
    text = "refund 退款"
    read = {
        "both": lambda: answerer.read_own(own, text),
        "alone": lambda: (weigh_question(own, text), retrieve(own, text)),
        "across": lambda: answerer.read_across(own, text),
    }
    question, found = read[view]()
    listed = candidates(own, question, found)
    facts = evidence(own, question, found, listed, [1 / len(listed)] * len(listed))
    weights = load_weights(language, taught, view)
    assert set(weights.unit) == set(listed[0].features)
    assert set(weights.gate) == set(facts)
    assert 0 < weights.threshold < 1


@pytest.mark.parametrize(
    ("adapted", "unanswered", "taught"),
    [(False, False, "plain"), (False, True, "plain"), (True, False, "attached"), (True, True, "bounded")],
)
def test_what_an_index_has_learned_from_decides_its_weights(adapted, unanswered, taught):
    assert taught_by(adapted=adapted, unanswered=unanswered) == taught


@pytest.mark.parametrize("content", [None, "{", "{}", json.dumps({"unit": {}, "gates": {}})])
def test_weights_that_cannot_be_read_are_named(tmp_path, monkeypatch, content):
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    if content:
        (tmp_path / "en-plain.json").write_text(content)
    with pytest.raises(MissingArtefactError, match=r"en-plain\.json cannot be read"):
        load_weights.__wrapped__("en", "plain")
