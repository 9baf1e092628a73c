import pytest

from knowledge.answerer import rank_units
from knowledge.chunks import unit_text
from knowledge.evidence import candidates, evidence, weigh_question
from knowledge.retriever import retrieve

ASKED = [("en", "How much is express delivery?"), ("zh", "成都品茶会几点开始"), ("en", "qwerty"), ("zh", "🙂")]


@pytest.mark.parametrize(("language", "text"), ASKED)
def test_features_lie_where_the_weights_can_be_read(index, language, text):
    own = index.languages[language]
    question, found = weigh_question(own, text), retrieve(own, text)
    ranked, scores = rank_units(own, question, found)
    facts = evidence(own, question, found, ranked, scores)
    for values in [*(c.features for c in ranked), facts]:
        assert all(-1.01 <= v <= 1.01 for v in values.values()), values
    assert sum(scores) == pytest.approx(1)
    assert scores == sorted(scores, reverse=True)


def test_a_rare_word_weighs_more_than_a_common_one(index):
    question = weigh_question(index.languages["en"], "delivery £2.95 zebra")
    assert sum(question.words.values()) == pytest.approx(1)
    assert question.words["deliveri"] < question.words["2.95"] < question.words["zebra"]


def test_a_unit_knows_what_of_the_question_it_covers(index):
    own = index.languages["en"]
    question, found = weigh_question(own, "new pump price"), retrieve(own, "new pump price")
    row = next(
        c
        for c in candidates(own, question, found)
        if "pump" in unit_text(own.text.documents[c.passage.document_id], c.unit)
    )
    assert row.features["row"] == 1
    assert row.features["covered_with_asked"] == pytest.approx(1)
    assert row.features["covered_alone"] <= row.features["covered"] <= 1
    assert row.features["not_asked"] == 0


@pytest.mark.parametrize(
    ("question", "held"), [("how much is the return label", 1.0), ("how long is the return label", 0.0)]
)
def test_a_value_of_the_kind_that_is_asked_for_is_seen(index, question, held):
    own = index.languages["en"]
    asked = weigh_question(own, question)
    listed = candidates(own, asked, retrieve(own, question))
    label = next(c for c in listed if "£2.95" in unit_text(own.text.documents[c.passage.document_id], c.unit))
    assert (label.features["kind_held"], label.features["kind_missing"]) == (held, 1 - held)


def test_a_word_that_is_nowhere_is_evidence_against(index):
    own = index.languages["en"]

    def facts(text):
        question, found = weigh_question(own, text), retrieve(own, text)
        return evidence(own, question, found, *rank_units(own, question, found))

    known, foreign = facts("how much is the return label"), facts("how much is the return label in Venezuela")
    assert known["unknown"] == 0 < foreign["unknown"]
    assert foreign["rarest_missing"] > known["rarest_missing"]
    assert foreign["soft_weakest"] <= known["soft_weakest"]


def test_a_second_opinion_is_weighed_where_there_is_one(answerer):
    own = answerer.index.languages["en"]
    question, found = answerer.read_own(own, "how much is the return label")
    facts = evidence(own, question, found, *rank_units(own, question, found))
    assert facts["shared_top_similarity"] > facts["shared_level"]
    assert facts["best_shared_similarity"] == pytest.approx(facts["shared_top_similarity"], abs=0.1)
    assert all(-1.01 <= v <= 1.01 for v in facts.values()), facts
    without = retrieve(own, question.text)
    assert "shared_similarity" not in candidates(own, question, without)[0].features
