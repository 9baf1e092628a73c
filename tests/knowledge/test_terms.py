import math

import numpy as np
import pytest

from knowledge.terms import ANALYSERS, TermIndex, bigram_terms, inverse_frequencies, word_terms

TEXTS = {
    "en": ["Refunds take three days.", "Express delivery costs more.", "Gift cards have no refund."],
    "zh": ["退款三天到账。", "次日达运费更贵。", "礼品卡不能退款。"],
}


def test_words_and_bigrams_of_mixed_text():
    assert word_terms("Forge Duo 的保修 is long") == ["forg", "duo", "保修", "long"]
    assert bigram_terms("Forge 退款码 茶") == ["forg", "退款", "款码", "茶"]


def test_bigrams_serve_traditional_text():
    assert "退貨" in bigram_terms("可以退貨嗎")


@pytest.mark.parametrize("analyser", ANALYSERS)
@pytest.mark.parametrize(
    ("language", "query", "best"), [("en", "how long do refunds take", 0), ("zh", "次日达多少钱", 1)]
)
def test_the_text_that_shares_the_rarest_words_is_first(analyser, language, query, best):
    index = TermIndex.build(TEXTS[language], analyser)
    assert index.scores(query).argmax() == best


def test_scores_are_lucenes_bm25():
    index = TermIndex.build(["a1 b1", "a1", "c1 c1 d1"], "words")
    rarity = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = rarity * 2 / (2 + 1.2 * (1 - 0.75 + 0.75 * 3 / 2))
    np.testing.assert_allclose(index.scores("c1"), [0, 0, expected], rtol=1e-5)


@pytest.mark.parametrize("query", ["", "?!", "the of and", "的了吗", "xylophone"])
def test_a_query_that_shares_no_term_scores_nothing(query):
    np.testing.assert_array_equal(TermIndex.build(TEXTS["en"], "words").scores(query), np.zeros(3))


@pytest.mark.parametrize("texts", [[], ["?"], ["", "…"]])
def test_collections_without_a_term_are_served(texts, tmp_path):
    index = TermIndex.build(texts, "words")
    assert index.scores("refund").tolist() == [0.0] * len(texts)
    index.save(tmp_path)
    assert TermIndex.load(tmp_path, "words", len(texts)).scores("refund").tolist() == [0.0] * len(texts)


@pytest.mark.parametrize("language", TEXTS)
def test_what_is_saved_reads_back_exactly_and_holds_no_pickle(tmp_path, language):
    index = TermIndex.build(TEXTS[language], "bigrams")
    index.save(tmp_path)
    again = TermIndex.load(tmp_path, "bigrams", index.size)
    query = " ".join(TEXTS[language])
    np.testing.assert_array_equal(again.scores(query), index.scores(query))
    for file in tmp_path.glob("*.npy"):
        np.load(file, allow_pickle=False)


def test_rare_words_weigh_more_and_unknown_ones_most():
    rarity, unknown = inverse_frequencies(["refund days", "refund label", "refund"])
    assert rarity["refund"] == pytest.approx(math.log(4 / 3.5))
    assert rarity["refund"] < rarity["label"] < unknown
