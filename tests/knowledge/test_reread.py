import dataclasses

import numpy as np
import pytest

from knowledge.answerer import Answerer, rank_units
from knowledge.reranker import open_rerankers
from knowledge.reread import READ, Ranking, gate_features, logits_of, reread, unit_features
from knowledge.weights import Weights, load_weights
from textkit.errors import FrontdeskError
from textkit.registry import Registry

QUESTION = "how long do I have to send it back"


class Prefers:
    """A reranker that knows the answer; keeps what it was asked."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def score(self, query, passages):
        self.asked.append((query, list(passages)))
        return np.array([6.0 if self.answer in passage else -6.0 for passage in passages], dtype=np.float32)


@pytest.fixture
def ranking(answerer):
    index = answerer.index.languages["en"]
    question, found = answerer.read_own(index, QUESTION)
    return index, question, Ranking(*rank_units(index, question, found), found)


def text_of(index, unit):
    return index.text.unit_in_context(unit.passage, unit.unit)


def test_only_the_best_units_are_read_and_as_the_training_has_them(ranking):
    index, question, listed = ranking
    reranker = Prefers("30 days")
    assert len(logits_of(index, question, listed.units, reranker)) == READ
    assert reranker.asked == [(QUESTION, [text_of(index, unit) for unit in listed.units[:READ]])]


def test_what_is_read_takes_a_new_order_within_the_share_that_it_had(ranking):
    index, question, listed = ranking
    third = listed.units[2]
    logits = logits_of(index, question, listed.units, Prefers(text_of(index, third)))
    made = reread(listed, logits, Weights({"ranked": 1.0, "reread": 100.0}, {}, 0.0, 0.5))
    assert made.units[0] is third
    assert made.units[READ:] == listed.units[READ:]
    assert sum(made.shares) == pytest.approx(1.0)
    assert sum(made.shares[:READ]) == pytest.approx(sum(listed.shares[:READ]))
    assert made.found.beside["reread_best"] == pytest.approx(0.6)
    assert made.found.beside["reread_none"] < 0.01


def test_without_a_say_of_the_reranker_the_order_stays(ranking):
    _, _, listed = ranking
    made = reread(listed, [0.0] * READ, Weights({"ranked": 1.0}, {}, 0.0, 0.5))
    assert made.units == listed.units
    assert made.shares == pytest.approx(listed.shares, abs=1e-5)


def test_the_gate_hears_when_none_of_them_answers(ranking):
    _, _, listed = ranking
    facts = gate_features(listed.units, [-6.0] * READ)
    assert facts["reread_none"] > 0.98
    assert facts["reread_top"] == facts["reread_best"] == -0.6
    assert {*unit_features([0.5], [2.0])[0].items()} == {("ranked", np.log(0.5)), ("reread", 0.2)}


def test_a_reranker_in_service_makes_the_bot_abstain(answerer, monkeypatch):
    index = answerer.index.languages["en"]
    usual = load_weights("en", index.taught, "both")
    gate = {**usual.gate, "reread_none": -50.0}
    second = dataclasses.replace(usual, unit={"ranked": 1.0, "reread": 10.0}, gate=gate)
    monkeypatch.setattr("knowledge.answerer.reranked_weights", lambda *_: second)
    sure, unsure = (
        Answerer(answerer.index, answerer.glossary, {"en": Prefers(said)}) for said in ("30 days", "nowhere said")
    )
    without = answerer.answer(QUESTION, "en")
    assert not without.abstained
    assert sure.answer(QUESTION, "en").answer.startswith(without.answer.split(" [")[0])
    assert unsure.answer(QUESTION, "en").score < 0.01
    assert sure.rank(QUESTION, "en")[0] == "en/returns.md"
    assert sure.answer("你们几点开门", "zh") == answerer.answer("你们几点开门", "zh")


def test_without_weights_for_it_a_reranker_is_not_asked(answerer, monkeypatch):
    reranker = Prefers("30 days")
    monkeypatch.setattr("knowledge.answerer.reranked_weights", lambda *_: None)
    made = Answerer(answerer.index, answerer.glossary, {"en": reranker}).answer(QUESTION, "en")
    assert made == answerer.answer(QUESTION, "en")
    assert not reranker.asked


def test_nothing_is_opened_where_nothing_was_promoted(tmp_path):
    assert open_rerankers(["en", "zh"], Registry(tmp_path)) == {}
    made = Registry(tmp_path)
    manifest = {"kind": "encoder"}
    made.publish("reranker-en", manifest, lambda folder: (folder / "model.onnx").write_bytes(b"x"))
    with pytest.raises(FrontdeskError, match="'encoder', not a reranker"):
        open_rerankers(["en"], made)
