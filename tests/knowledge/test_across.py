"""Questions in one language about documents in the other."""

import numpy as np
import pytest

from knowledge.across import SharedSpace
from knowledge.answerer import rank_units
from knowledge.background import background_questions
from knowledge.evidence import evidence
from tests.knowledge.conftest import E5
from textkit.encoders import RememberingEncoder, open_encoder


@pytest.fixture(scope="module")
def encoder(registry):
    return open_encoder(E5, "zh", registry)


@pytest.mark.parametrize(
    ("asked", "language", "source"),
    [
        ("免费品茶会是哪天", "zh", "zh/tasting.txt"),
        ("When is the tea tasting in Chengdu?", "zh", "zh/tasting.txt"),
        ("明天就要到，加急多少钱", "en", "en/delivery.html"),
        ("换个新水泵多少钱", "en", "en/repairs.xlsx"),
    ],
)
def test_the_shared_space_finds_what_is_asked_for_in_the_other_language(answerer, asked, language, source):
    index, space = answerer.index.languages[language], answerer.index.shared
    found = space.similarities(index, space.encoder.encode([asked]))
    best = index.text.passages[int(index.best_of_units(found.units).argmax())]
    assert index.text.documents[best.document_id].source == source


def test_what_only_the_other_language_says_is_found_and_said_so(answerer):
    _, found = answerer.read_across(answerer.index.languages["zh"], "When is the tea tasting in Chengdu?")
    assert found.hits[0].passage.document_id.startswith("zh-tasting")
    _, known = answerer.read_across(answerer.index.languages["zh"], "How long do I have to send it back?")
    for lead in ("units_lead", "asked_lead"):
        assert found.beside[lead] > known.beside[lead] + 0.1


def test_a_space_that_is_saved_says_the_same(answerer, encoder, tmp_path):
    index, space = answerer.index.languages["en"], answerer.index.shared
    space.save(tmp_path / "shared")
    again = SharedSpace.load(tmp_path / "shared", answerer.index.languages, encoder)
    vector = space.encoder.encode(["退货要几天"])
    for name in ("passages", "units", "asked", "background"):
        one, other = (getattr(s.similarities(index, vector), name) for s in (space, again))
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_remembering_encoder_encodes_each_text_once(encoder, monkeypatch):
    seen = []
    monkeypatch.setattr(encoder, "encode", lambda texts, plain=encoder.encode: (seen.extend(texts), plain(texts))[1])
    remembering = RememberingEncoder(encoder)
    first = remembering.encode(["退款", "refund", "退款"])
    assert seen == ["退款", "refund"]
    np.testing.assert_array_equal(first[0], first[2])
    remembering.encode_with_tokens(["发票"])
    np.testing.assert_allclose(remembering.encode(["发票"]), encoder.encode(["发票"]), atol=0.02)
    assert seen == ["退款", "refund", "发票"]
    assert remembering.encode([]).shape == (0, 384)


def test_what_was_found_first_spares_encoding_the_question_again(answerer, monkeypatch):
    question, own, other = "How much is a new pump?", *(answerer.index.languages[name] for name in ("en", "zh"))
    _, first = answerer.read_own(own, question)
    _, alone = answerer.read_across(other, question)
    monkeypatch.setattr(type(answerer.index.shared.encoder), "encode", lambda *_: pytest.fail("encoded again"))
    _, found = answerer.read_across(other, question, first)
    assert [h.passage.id for h in found.hits] == [h.passage.id for h in alone.hits]
    assert found.beside == pytest.approx(alone.beside, abs=0.02)  # alone it is read without its word pieces


def test_a_deep_encoder_is_read_shallowly_after_half_of_it(encoder):
    shallow, texts = encoder.shallow(), ["退款要多久", "how long does a refund take", "tea"]
    vectors = shallow.encode(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert shallow.digest != encoder.digest
    assert np.abs(vectors - encoder.encode(texts)).max() > 0.05


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_no_shop_could_answer_has_places_of_its_own(answerer, language):
    index, space, asked = answerer.index.languages[language], answerer.index.shared, background_questions(language)
    found = space.similarities(index, space.encoder.encode([asked[7]]))
    assert len(found.background) == len(asked) == len(set(asked))
    assert asked[int(found.background.argmax())] == asked[7]
    assert len(found.unanswered) == len(index.text.unanswered)


@pytest.mark.parametrize(
    ("language", "own", "elsewhere"),
    [
        ("en", "how much is the return label", "how do I renew my passport online"),
        ("zh", "退货运费谁出", "护照过期了怎么换"),
    ],
)
def test_a_question_for_nobodys_shop_is_nearer_to_its_like(answerer, language, own, elsewhere):
    index = answerer.index.languages[language]
    leads = []
    for question in (own, elsewhere):
        read, found = answerer.read_own(index, question)
        leads.append(evidence(index, read, found, *rank_units(index, read, found))["shared_background_lead"])
    assert leads[0] + 0.1 < leads[1]
